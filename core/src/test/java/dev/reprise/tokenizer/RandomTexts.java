package dev.reprise.tokenizer;

import java.util.List;
import java.util.Random;

/** Texts of many scripts, with the white space, digits and quotes that split patterns care about. */
final class RandomTexts {
    private static final List<String> PARTS = List.of(
            "The",
            " code",
            " of",
            "don't",
            "I'LL",
            "'s",
            "'S",
            "'ſ",
            " ",
            "  ",
            "\n",
            "\r\n",
            "\t",
            "\u00A0",
            "\u3000",
            "\u2028",
            "1",
            "42",
            "4821",
            "½",
            "²",
            "é",
            "e\u0301",
            "日本語",
            "한국어",
            "مرحبا",
            "नमस्ते",
            "😀",
            "👨‍👩‍👧",
            ".",
            "...",
            "?!",
            "--",
            "<|end|>",
            "<tool_call>",
            "{\"a\": 1}",
            "_x",
            "ǅ",
            "ⅷ",
            "\u200D",
            "\u0000",
            "\uFFFD");

    private RandomTexts() {}

    static String next(Random random) {
        StringBuilder text = new StringBuilder();
        int parts = random.nextInt(30);
        for (int i = 0; i < parts; i++) {
            if (random.nextInt(8) == 0) {
                text.appendCodePoint(codePoint(random));
            } else {
                text.append(PARTS.get(random.nextInt(PARTS.size())));
            }
        }
        return text.toString();
    }

    private static int codePoint(Random random) {
        int codePoint = random.nextInt(random.nextBoolean() ? 0x3000 : Character.MAX_CODE_POINT + 1);
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE ? 'x' : codePoint;
    }
}
