package dev.reprise.tokenizer;

import java.nio.charset.StandardCharsets;

/** UTF-8 as the tokenizers see it. Lone surrogates of a Java string count as U+FFFD. */
final class Utf8 {
    static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    static byte[] encode(String text) {
        return wellFormed(text).getBytes(StandardCharsets.UTF_8);
    }

    /** {@code text} with each lone surrogate replaced by U+FFFD; the same string where there is none. */
    static String wellFormed(String text) {
        int lone = firstLoneSurrogate(text, 0);
        if (lone < 0) {
            return text;
        }
        StringBuilder fixed = new StringBuilder(text);
        while (lone >= 0) {
            fixed.setCharAt(lone, REPLACEMENT);
            lone = firstLoneSurrogate(text, lone + 1);
        }
        return fixed.toString();
    }

    private static int firstLoneSurrogate(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return i;
            }
        }
        return -1;
    }

    /** The code point that starts at {@code at}; the bytes must be well-formed UTF-8. */
    static int codePointAt(byte[] text, int at) {
        int lead = text[at];
        if (lead >= 0) {
            return lead;
        }
        if ((lead & 0xE0) == 0xC0) {
            return ((lead & 0x1F) << 6) | (text[at + 1] & 0x3F);
        }
        if ((lead & 0xF0) == 0xE0) {
            return ((lead & 0x0F) << 12) | ((text[at + 1] & 0x3F) << 6) | (text[at + 2] & 0x3F);
        }
        return ((lead & 0x07) << 18)
                | ((text[at + 1] & 0x3F) << 12)
                | ((text[at + 2] & 0x3F) << 6)
                | (text[at + 3] & 0x3F);
    }

    /** How many bytes the character has that starts with {@code lead}. */
    static int lengthOf(byte lead) {
        if (lead >= 0) {
            return 1;
        }
        if ((lead & 0xE0) == 0xC0) {
            return 2;
        }
        return (lead & 0xF0) == 0xE0 ? 3 : 4;
    }
}
