package dev.reprise.testing;

/** How long random tests run: a tenth of their length in {@code ./build test}, the whole in {@code ./build soak}. */
public final class TestScale {
    private TestScale() {}

    /** {@code fullRounds} times the scale, at least {@code minimum}. */
    public static int rounds(int fullRounds, int minimum) {
        double scale = Double.parseDouble(System.getProperty("reprise.test.scale", "0.1"));
        return Math.max(minimum, (int) Math.round(fullRounds * scale));
    }
}
