package dev.reprise.tokenizer;

import java.text.Normalizer;

/** Rewrites a text before it is cut. Immutable, thread-safe. */
@FunctionalInterface
interface TextNormalizer {
    /** Leaves the text as it is. */
    TextNormalizer NONE = text -> text;
    /** Canonical composition. */
    TextNormalizer NFC = TextNormalizer::compose;

    String normalize(String text);

    /** This, then {@code next}. */
    default TextNormalizer then(TextNormalizer next) {
        return text -> next.normalize(normalize(text));
    }

    private static String compose(String text) {
        return Normalizer.isNormalized(text, Normalizer.Form.NFC)
                ? text
                : Normalizer.normalize(text, Normalizer.Form.NFC);
    }
}
