package dev.reprise.tokenizer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The 256 printable characters by which byte-level vocabularies write bytes: printable Latin-1 stands for itself, the
 * other 68 bytes are U+0100 onwards in byte order (GPT-2's {@code bytes_to_unicode}).
 */
final class ByteAlphabet {
    private static final char[] CHARACTERS = new char[256];
    private static final int LIMIT = 256 + 68;
    private static final short[] BYTES = new short[LIMIT];

    static {
        Arrays.fill(BYTES, (short) -1);
        char next = 256;
        for (int value = 0; value < 256; value++) {
            boolean printable = (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xFF && value != 0xAD);
            char character = printable ? (char) value : next++;
            CHARACTERS[value] = character;
            BYTES[character] = (short) value;
        }
    }

    private ByteAlphabet() {}

    static char characterOf(int value) {
        return CHARACTERS[value];
    }

    /** The byte that {@code character} writes, or -1. */
    static int byteOf(int character) {
        return character < LIMIT ? BYTES[character] : -1;
    }

    /** The bytes that {@code token} writes; null when a character of it is not in the alphabet. */
    static byte @Nullable [] bytesOf(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            int value = byteOf(token.charAt(i));
            if (value < 0) {
                return null;
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }
}
