package dev.reprise.server;

import dev.reprise.tokenizer.IncrementalDetokenizer;
import dev.reprise.tokenizer.Tokenizer;
import dev.reprise.tokens.TokenIds;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** One token for each byte; above them an end and a begin token and words that are their number. */
final class FakeTokenizer implements Tokenizer {
    static final int END = 256;
    static final int BEGIN = 257;
    static final int VOCABULARY = 8_192;

    @Override
    public TokenIds encode(String text, boolean addSpecialTokens) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int start = addSpecialTokens ? 1 : 0;
        int[] ids = new int[bytes.length + start];
        for (int i = 0; i < bytes.length; i++) {
            ids[start + i] = bytes[i] & 0xff;
        }
        if (addSpecialTokens) {
            ids[0] = BEGIN;
        }
        return TokenIds.of(ids);
    }

    @Override
    public String decode(TokenIds tokens, boolean skipSpecialTokens) {
        IncrementalDetokenizer detokenizer = detokenizer(skipSpecialTokens);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            text.append(detokenizer.append(tokens.get(i)));
        }
        return text + detokenizer.finish();
    }

    @Override
    public IncrementalDetokenizer detokenizer(boolean skipSpecialTokens) {
        return new IncrementalDetokenizer() {
            private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

            @Override
            public String append(int tokenId) {
                if (!(skipSpecialTokens && (tokenId == END || tokenId == BEGIN))) {
                    bytes.writeBytes(tokenBytes(tokenId));
                }
                String text = bytes.toString(StandardCharsets.UTF_8);
                boolean incomplete = text.endsWith("\uFFFD") && bytes.size() < 4;
                return incomplete ? "" : finish();
            }

            @Override
            public String finish() {
                String text = bytes.toString(StandardCharsets.UTF_8);
                bytes.reset();
                return text;
            }
        };
    }

    @Override
    public int vocabularySize() {
        return VOCABULARY;
    }

    @Override
    public String tokenText(int tokenId) {
        return new String(tokenBytes(tokenId), StandardCharsets.ISO_8859_1);
    }

    @Override
    public byte[] tokenBytes(int tokenId) {
        if (tokenId < 256) {
            return new byte[] {(byte) tokenId};
        }
        String text =
                switch (tokenId) {
                    case END -> "<|end|>";
                    case BEGIN -> "<|begin|>";
                    default -> " w" + tokenId;
                };
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
