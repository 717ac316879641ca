package dev.reprise.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RandomSourceTest {
    /** The published first outputs of SplitMix64 for seed 1234567. */
    @Test
    void isSplitMix64() {
        RandomSource random = new RandomSource(1234567);
        assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("6457827717110365317");
        assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("3203168211198807973");
        assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("9817491932198370423");
    }

    @Test
    void staysInRangeAndIsEven() {
        RandomSource random = new RandomSource(5);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++) {
            counts[random.nextInt(7)]++;
            assertThat(random.nextDouble()).isBetween(0.0, Math.nextDown(1.0));
        }
        for (int count : counts) {
            assertThat(count).isBetween(9_500, 10_500);
        }
    }

    @Test
    void splitsDiffer() {
        RandomSource random = new RandomSource(5);
        assertThat(random.split().nextLong()).isNotEqualTo(random.split().nextLong());
    }
}
