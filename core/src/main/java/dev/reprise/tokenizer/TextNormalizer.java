package dev.reprise.tokenizer;

/** Rewrites a text before it is cut. Immutable, thread-safe. */
@FunctionalInterface
interface TextNormalizer {
    /** Leaves the text as it is. */
    TextNormalizer NONE = text -> text;
    /** Canonical composition. */
    TextNormalizer NFC = Nfc::compose;

    String normalize(String text);

    /** This, then {@code next}. */
    default TextNormalizer then(TextNormalizer next) {
        return text -> next.normalize(normalize(text));
    }
}
