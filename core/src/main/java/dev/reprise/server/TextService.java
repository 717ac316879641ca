package dev.reprise.server;

import dev.reprise.openai.ApiErrorCode;
import dev.reprise.openai.ApiException;
import dev.reprise.openai.DetokenizeRequest;
import dev.reprise.openai.TokenizeAnswer;
import dev.reprise.openai.TokenizeRequest;
import dev.reprise.tokenizer.Tokenizer;
import dev.reprise.tokens.TokenIds;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** Serves /tokenize and /detokenize. Thread-safe. */
final class TextService {
    private final ServedModel model;
    private final PromptEncoder encoder;

    TextService(ServedModel model, PromptEncoder encoder) {
        this.model = model;
        this.encoder = encoder;
    }

    byte[] tokenize(TokenizeRequest request) throws InterruptedException {
        TokenIds tokens =
                switch (request.input()) {
                    case TokenizeRequest.Input.Chat(var conversation) ->
                        encoder.chat(conversation).prompts().getFirst();
                    case TokenizeRequest.Input.Prompt(var text, var special) -> encoder.text(text, special);
                };
        int[] ids = tokens.toArray();
        Optional<List<String>> texts = request.returnTokenTexts() ? Optional.of(texts(ids)) : Optional.empty();
        return new TokenizeAnswer(ids, texts, model.limits().maxModelTokens()).toJson();
    }

    byte[] detokenize(ObjectNode body, Consumer<Optional<String>> checkModel) {
        DetokenizeRequest request = DetokenizeRequest.read(body);
        checkModel.accept(request.model());
        Tokenizer tokenizer = model.tokenizer();
        for (int id : request.tokens()) {
            if (id >= tokenizer.vocabularySize()) {
                throw ApiException.of(
                        ApiErrorCode.INVALID_VALUE,
                        "tokens",
                        "`tokens` has id %d, outside the vocabulary of %d tokens"
                                .formatted(id, tokenizer.vocabularySize()));
            }
        }
        return TokenizeAnswer.detokenized(tokenizer.decode(TokenIds.of(request.tokens()), false));
    }

    private List<String> texts(int[] ids) {
        return Arrays.stream(ids).mapToObj(model.tokenizer()::tokenText).toList();
    }
}
