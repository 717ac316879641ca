package dev.reprise.tokenizer;

import java.util.function.IntFunction;

/**
 * Text from tokens that stand for bytes. Releases what it holds as soon as it ends in a whole character other than
 * U+FFFD, which is when the reference's {@code DecodeStream} does: a U+FFFD at the end may be the first half of a
 * character. Time for a token grows with its bytes alone. Holds at most what was not released, so callers that bound
 * the tokens of a stream bound its memory.
 */
final class ByteLevelDetokenizer implements IncrementalDetokenizer {
    static final byte[] NOTHING = new byte[0];

    private final IntFunction<byte[]> bytesOf;
    private final Utf8LossyDecoder decoder = new Utf8LossyDecoder();
    private final StringBuilder held = new StringBuilder();

    ByteLevelDetokenizer(IntFunction<byte[]> bytesOf) {
        this.bytesOf = bytesOf;
    }

    @Override
    public String append(int tokenId) {
        decoder.append(bytesOf.apply(tokenId), held);
        boolean whole =
                !decoder.isInsideCharacter() && !held.isEmpty() && held.charAt(held.length() - 1) != Utf8.REPLACEMENT;
        return whole ? release() : "";
    }

    @Override
    public String finish() {
        decoder.finish(held);
        return release();
    }

    private String release() {
        String released = held.toString();
        held.setLength(0);
        return released;
    }
}
