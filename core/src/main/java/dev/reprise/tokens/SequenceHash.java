package dev.reprise.tokens;

/**
 * A block and all blocks before it: 64 bits, for finding only. Where KV bytes are reused, the token ids confirm the hit.
 * Computed by {@link BlockHasher}.
 */
public record SequenceHash(long value) {
    @Override
    public String toString() {
        return Long.toHexString(value);
    }
}
