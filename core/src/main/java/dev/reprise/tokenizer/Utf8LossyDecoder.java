package dev.reprise.tokenizer;

/**
 * Bytes to text where every maximal part that cannot be UTF-8 becomes one U+FFFD, as Unicode recommends and Rust's
 * {@code String::from_utf8_lossy} does. Fed in any portions; an incomplete character waits for its next byte. Not
 * thread-safe; constant state, constant time for each byte.
 */
final class Utf8LossyDecoder {
    private int codePoint;
    private int missing;
    private int lowest = 0x80;
    private int highest = 0xBF;

    /** Appends to {@code out} what {@code bytes} make certain. */
    void append(byte[] bytes, StringBuilder out) {
        for (byte b : bytes) {
            append(b & 0xFF, out);
        }
    }

    /** Whether a character has begun and is not complete. */
    boolean isInsideCharacter() {
        return missing > 0;
    }

    /** Ends the stream: an incomplete character becomes U+FFFD. */
    void finish(StringBuilder out) {
        if (missing > 0) {
            out.append(Utf8.REPLACEMENT);
        }
        reset();
    }

    private void append(int value, StringBuilder out) {
        if (missing > 0) {
            if (value >= lowest && value <= highest) {
                continueCharacter(value, out);
                return;
            }
            out.append(Utf8.REPLACEMENT);
            reset();
        }
        startCharacter(value, out);
    }

    private void continueCharacter(int value, StringBuilder out) {
        codePoint = (codePoint << 6) | (value & 0x3F);
        lowest = 0x80;
        highest = 0xBF;
        missing--;
        if (missing == 0) {
            out.appendCodePoint(codePoint);
        }
    }

    private void startCharacter(int value, StringBuilder out) {
        if (value < 0x80) {
            out.append((char) value);
        } else if (value >= 0xC2 && value <= 0xDF) {
            expect(1, value & 0x1F, 0x80, 0xBF);
        } else if (value >= 0xE0 && value <= 0xEF) {
            expect(2, value & 0x0F, value == 0xE0 ? 0xA0 : 0x80, value == 0xED ? 0x9F : 0xBF);
        } else if (value >= 0xF0 && value <= 0xF4) {
            expect(3, value & 0x07, value == 0xF0 ? 0x90 : 0x80, value == 0xF4 ? 0x8F : 0xBF);
        } else {
            out.append(Utf8.REPLACEMENT);
        }
    }

    private void expect(int continuations, int leadBits, int lowestNext, int highestNext) {
        missing = continuations;
        codePoint = leadBits;
        lowest = lowestNext;
        highest = highestNext;
    }

    private void reset() {
        missing = 0;
        lowest = 0x80;
        highest = 0xBF;
    }
}
