package dev.reprise.testing;

/** How long random tests run: a tenth of their length in {@code ./build test}, the whole in {@code ./build soak}. */
public final class TestScale {
    private TestScale() {}

    /** {@code soakRounds} at full length, {@code testRounds} when shorter. */
    public static int either(int soakRounds, int testRounds) {
        return scale() < 1.0 ? testRounds : soakRounds;
    }

    /** {@code fullRounds} times the scale, at least {@code minimum}. */
    public static int rounds(int fullRounds, int minimum) {
        return Math.max(minimum, (int) Math.round(fullRounds * scale()));
    }

    private static double scale() {
        return Double.parseDouble(System.getProperty("reprise.test.scale", "0.1"));
    }
}
