package dev.reprise.runtime;

/**
 * Seeded randomness: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
 *
 * <p>The same seed gives the same numbers on every machine. Not thread-safe; give each owner a {@link #split}.
 */
public final class RandomSource {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private long state;

    /** A source whose whole sequence is determined by {@code seed}. */
    public RandomSource(long seed) {
        this.state = seed;
    }

    /** The next 64 uniformly distributed bits. */
    public long nextLong() {
        state += GOLDEN_GAMMA;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Uniform in [0, 1) with 53 random bits. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Uniform in [0, {@code bound}), {@code bound} > 0; the bias is below 2⁻³². */
    public int nextInt(int bound) {
        Checks.check(bound > 0, "bound must be positive, was %d", bound);
        return (int) (((nextLong() >>> 32) * bound) >>> 32);
    }

    /** An independent source, derived from the next number of this one. */
    public RandomSource split() {
        return new RandomSource(nextLong());
    }
}
