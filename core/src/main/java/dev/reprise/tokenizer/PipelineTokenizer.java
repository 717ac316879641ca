package dev.reprise.tokenizer;

import dev.reprise.tokens.TokenIds;
import java.util.Arrays;

/** The steps of the reference: added tokens, normalizer, added tokens of the normalized text, pieces, model, frame. */
final class PipelineTokenizer implements Tokenizer {
    private final Vocabulary vocabulary;
    private final AddedTokenMatcher rawTokens;
    private final TextNormalizer normalizer;
    private final AddedTokenMatcher normalizedTokens;
    private final PreTokenizer preTokenizer;
    private final boolean piecesAreWritten;
    private final BpeModel model;
    private final Surroundings surroundings;

    /**
     * The parts of a pipeline.
     *
     * @param piecesAreWritten the pieces come in the characters that write bytes, not as UTF-8
     */
    record Parts(
            Vocabulary vocabulary,
            AddedTokenMatcher rawTokens,
            TextNormalizer normalizer,
            AddedTokenMatcher normalizedTokens,
            PreTokenizer preTokenizer,
            boolean piecesAreWritten,
            BpeModel model,
            Surroundings surroundings) {}

    PipelineTokenizer(Parts parts) {
        vocabulary = parts.vocabulary();
        rawTokens = parts.rawTokens();
        normalizer = parts.normalizer();
        normalizedTokens = parts.normalizedTokens();
        preTokenizer = parts.preTokenizer();
        piecesAreWritten = parts.piecesAreWritten();
        model = parts.model();
        surroundings = parts.surroundings();
    }

    @Override
    public TokenIds encode(String text, boolean addSpecialTokens) {
        TokenBuffer out = new TokenBuffer();
        WordMerger merger = model.newMerger();
        PieceSink toModel = (piece, from, to) -> model.encode(piece, from, to, merger, out);
        PieceSink sink = piecesAreWritten ? ByteLevelPreTokenizer.readingAlphabet(toModel) : toModel;
        if (addSpecialTokens) {
            out.addAll(surroundings.before());
        }
        for (AddedTokenMatcher.Part part : rawTokens.split(Utf8.wellFormed(text))) {
            switch (part) {
                case AddedTokenMatcher.Part.Token token -> out.add(token.id());
                case AddedTokenMatcher.Part.Text raw -> encodeNormalized(normalizer.normalize(raw.text()), sink, out);
            }
        }
        if (addSpecialTokens) {
            out.addAll(surroundings.after());
        }
        return out.toTokenIds();
    }

    private void encodeNormalized(String text, PieceSink sink, TokenBuffer out) {
        for (AddedTokenMatcher.Part part : normalizedTokens.split(text)) {
            switch (part) {
                case AddedTokenMatcher.Part.Token token -> out.add(token.id());
                case AddedTokenMatcher.Part.Text plain -> {
                    byte[] bytes = Utf8.encode(plain.text());
                    preTokenizer.split(bytes, 0, bytes.length, sink);
                }
            }
        }
    }

    @Override
    public String decode(TokenIds tokens, boolean skipSpecialTokens) {
        Utf8LossyDecoder decoder = new Utf8LossyDecoder();
        StringBuilder text = new StringBuilder(tokens.size() * 4);
        for (int i = 0; i < tokens.size(); i++) {
            decoder.append(bytesIn(tokens.get(i), skipSpecialTokens), text);
        }
        decoder.finish(text);
        return text.toString();
    }

    @Override
    public IncrementalDetokenizer detokenizer(boolean skipSpecialTokens) {
        return new ByteLevelDetokenizer(token -> bytesIn(token, skipSpecialTokens));
    }

    /** What a token adds to a decoded text; ids without a token add nothing, as in the reference. */
    private byte[] bytesIn(int token, boolean skipSpecialTokens) {
        byte[] bytes = vocabulary.bytes(token);
        return bytes == null || (skipSpecialTokens && vocabulary.isSpecial(token))
                ? ByteLevelDetokenizer.NOTHING
                : bytes;
    }

    @Override
    public int vocabularySize() {
        return vocabulary.size();
    }

    @Override
    public String tokenText(int tokenId) {
        return vocabulary.text(tokenId).orElseThrow(() -> noToken(tokenId));
    }

    @Override
    public byte[] tokenBytes(int tokenId) {
        byte[] bytes = vocabulary.bytes(tokenId);
        if (bytes == null) {
            throw noToken(tokenId);
        }
        return Arrays.copyOf(bytes, bytes.length);
    }

    private IllegalArgumentException noToken(int tokenId) {
        return new IllegalArgumentException(
                "token id %d has no token; ids are below %d".formatted(tokenId, vocabulary.size()));
    }
}
