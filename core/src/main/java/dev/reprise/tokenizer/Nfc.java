package dev.reprise.tokenizer;

import java.text.Normalizer;

/**
 * Canonical composition as the reference does it. Its tables are of Unicode 9: characters that came later neither
 * combine nor change places there. Those that do so in the JDK's tables cut a text into parts that are composed one by
 * one; all others are the same in both.
 */
final class Nfc {
    private static final CodePointSet YOUNGER = younger();

    private Nfc() {}

    static String compose(String text) {
        if (Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
            return text;
        }
        StringBuilder composed = new StringBuilder(text.length());
        int start = 0;
        int at = 0;
        while (at < text.length()) {
            int codePoint = text.codePointAt(at);
            int next = at + Character.charCount(codePoint);
            if (codePoint >= 0x7FD && YOUNGER.contains(codePoint)) {
                composed.append(jdk(text.substring(start, at))).append(text, at, next);
                start = next;
            }
            at = next;
        }
        return composed.append(jdk(text.substring(start))).toString();
    }

    private static String jdk(String part) {
        return Normalizer.normalize(part, Normalizer.Form.NFC);
    }

    private static CodePointSet younger() {
        int[] ranges = {
            0x7FD, 0x7FD, 0x897, 0x89F, 0x8CA, 0x8D3, 0x9FE, 0x9FE, 0xC3C, 0xC3C, 0xD3B, 0xD3C, 0xEBA, 0xEBA, 0x1715,
            0x1715, 0x1ABF, 0x1ACE, 0x1DF6, 0x1DFA, 0xA82C, 0xA82C, 0x105C0, 0x105F3, 0x10D24, 0x10D27, 0x10D69,
            0x10D6D, 0x10EAB, 0x10EAC, 0x10EFD, 0x10EFF, 0x10F46, 0x10F50, 0x10F82, 0x10F85, 0x11070, 0x11070, 0x1133B,
            0x1133B, 0x11380, 0x113FF, 0x1145E, 0x1145E, 0x11839, 0x1183A, 0x11900, 0x1195F, 0x119E0, 0x119E0, 0x11A34,
            0x11A34, 0x11A47, 0x11A47, 0x11A99, 0x11A99, 0x11D42, 0x11D42, 0x11D44, 0x11D45, 0x11D97, 0x11D97, 0x11F41,
            0x11F42, 0x16100, 0x1613F, 0x16D40, 0x16D7F, 0x16FF0, 0x16FF1, 0x1E08F, 0x1E08F, 0x1E130, 0x1E136, 0x1E2AE,
            0x1E2AE, 0x1E2EC, 0x1E2EF, 0x1E4EC, 0x1E4EF, 0x1E5EE, 0x1E5EF
        };
        CodePointSet all = CodePointSet.of(ranges[0]);
        for (int i = 2; i < ranges.length; i += 2) {
            all = all.union(CodePointSet.range(ranges[i], ranges[i + 1]));
        }
        return all;
    }
}
