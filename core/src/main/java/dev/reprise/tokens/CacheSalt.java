package dev.reprise.tokens;

/** 128 keyed bits that separate what may share KV blocks from what may not. Made by {@link CacheSaltFormula}. */
public record CacheSalt(long high, long low) {
    /** The 16 bytes, big-endian. */
    public byte[] toBytes() {
        byte[] bytes = new byte[16];
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (high >>> (56 - 8 * i));
            bytes[8 + i] = (byte) (low >>> (56 - 8 * i));
        }
        return bytes;
    }

    /** Hides the value: who knows a salt can probe what others cached. */
    @Override
    public String toString() {
        return "CacheSalt[redacted]";
    }
}
