package dev.reprise.tokenizer;

/**
 * A token that is found in the text as it stands, before the model sees the rest.
 *
 * @param singleWord only where no letter, digit or mark touches it
 * @param leftStrip takes the white space before it as well
 * @param rightStrip takes the white space after it as well
 * @param normalized looked for in the normalized text
 * @param special left out when decoding without special tokens
 */
record AddedToken(
        int id,
        String content,
        boolean singleWord,
        boolean leftStrip,
        boolean rightStrip,
        boolean normalized,
        boolean special) {}
