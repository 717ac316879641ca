package dev.reprise.tokens;

/** The content of one full block alone, salted: 64 bits, for finding only. Computed by {@link BlockHasher}. */
public record BlockHash(long value) {
    @Override
    public String toString() {
        return Long.toHexString(value);
    }
}
