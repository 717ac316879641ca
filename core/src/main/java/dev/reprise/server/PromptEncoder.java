package dev.reprise.server;

import dev.reprise.openai.ApiErrorCode;
import dev.reprise.openai.ApiException;
import dev.reprise.openai.ChatRequest;
import dev.reprise.openai.PromptInput;
import dev.reprise.template.ChatTemplate;
import dev.reprise.template.RenderOptions;
import dev.reprise.template.TemplateException;
import dev.reprise.tokens.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Text to token ids. CPU-bound, so only a few requests at once; the others wait in order of arrival. Thread-safe. */
final class PromptEncoder {
    private final ServedModel model;
    private final Semaphore permits;

    PromptEncoder(ServedModel model, int parallelism) {
        this.model = model;
        this.permits = new Semaphore(parallelism, true);
    }

    /**
     * Tokens and the texts that they were made of.
     *
     * @param prompts one for each input, each at least one token
     * @param texts what the tokenizer was given; nothing for token ids
     */
    record Encoded(List<TokenIds> prompts, List<String> texts) {}

    Encoded chat(ChatRequest.Conversation conversation) throws InterruptedException {
        ChatTemplate template = model.template()
                .orElseThrow(() -> ApiException.of(
                        ApiErrorCode.INVALID_VALUE,
                        "messages",
                        "model `%s` has no chat template; give one with --chat-template or use /v1/completions"
                                .formatted(model.name())));
        permits.acquire();
        try {
            String text = render(template, conversation);
            TokenIds tokens = model.tokenizer().encode(text, conversation.addSpecialTokens());
            return new Encoded(List.of(notEmpty(tokens, "messages")), List.of(text));
        } finally {
            permits.release();
        }
    }

    Encoded prompts(List<PromptInput> inputs, boolean addSpecialTokens) throws InterruptedException {
        List<TokenIds> prompts = new ArrayList<>(inputs.size());
        List<String> texts = new ArrayList<>();
        permits.acquire();
        try {
            for (PromptInput input : inputs) {
                TokenIds tokens =
                        switch (input) {
                            case PromptInput.Tokens(int[] ids) -> TokenIds.of(ids);
                            case PromptInput.Text(String text) -> {
                                texts.add(text);
                                yield model.tokenizer().encode(text, addSpecialTokens);
                            }
                        };
                prompts.add(notEmpty(tokens, "prompt"));
            }
        } finally {
            permits.release();
        }
        return new Encoded(prompts, texts);
    }

    /** A text as it is; may have no tokens. */
    TokenIds text(String text, boolean addSpecialTokens) throws InterruptedException {
        permits.acquire();
        try {
            return model.tokenizer().encode(text, addSpecialTokens);
        } finally {
            permits.release();
        }
    }

    private static TokenIds notEmpty(TokenIds tokens, String field) {
        if (tokens.size() == 0) {
            throw ApiException.of(
                    ApiErrorCode.INVALID_VALUE, field, "`%s` has no tokens; give at least one".formatted(field));
        }
        return tokens;
    }

    private static String render(ChatTemplate template, ChatRequest.Conversation conversation) {
        RenderOptions options = new RenderOptions(
                conversation.addGenerationPrompt(),
                conversation.continueFinalMessage(),
                Optional.empty(),
                conversation.variables());
        try {
            return template.render(conversation.messages(), options);
        } catch (TemplateException e) {
            throw switch (e.kind()) {
                case RAISED, EVALUATION ->
                    ApiException.of(
                            ApiErrorCode.INVALID_VALUE,
                            "messages",
                            "the chat template refuses these messages: %s".formatted(e.getMessage()));
                case TEMPLATE ->
                    ApiException.of(
                            ApiErrorCode.NOT_IMPLEMENTED,
                            "messages",
                            "the chat template needs what is not implemented: %s".formatted(e.getMessage()));
            };
        }
    }
}
