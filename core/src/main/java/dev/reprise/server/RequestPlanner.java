package dev.reprise.server;

import dev.reprise.openai.ApiErrorCode;
import dev.reprise.openai.ApiException;
import dev.reprise.openai.CommonFields;
import dev.reprise.tokens.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Resolves a request against the model: defaults, limits, one choice for each prompt and {@code n}. */
final class RequestPlanner {
    /** What completions get when they do not say. */
    static final int DEFAULT_COMPLETION_TOKENS = 16;

    private final ServedModel model;
    private final int maxChoices;

    RequestPlanner(ServedModel model, int maxChoices) {
        this.model = model;
        this.maxChoices = maxChoices;
    }

    /** Refuses what cannot be planned whatever the prompt's tokens are, before they are computed. */
    void checkBeforeEncoding(CommonFields fields, int promptCount) {
        long choices = (long) promptCount * fields.output().choices();
        if (choices > maxChoices) {
            throw ApiException.of(
                    ApiErrorCode.INVALID_VALUE,
                    "n",
                    "%d prompts times `n` = %d are %d choices; at most %d are served in one request"
                            .formatted(promptCount, fields.output().choices(), choices, maxChoices));
        }
        int maxModelTokens = model.limits().maxModelTokens();
        if (fields.stop().maxTokens().orElse(1) > maxModelTokens) {
            throw ApiException.of(
                    ApiErrorCode.INVALID_VALUE,
                    "max_tokens",
                    "`max_tokens` is %d, the model's context has %d tokens; ask for fewer output tokens"
                            .formatted(fields.stop().maxTokens().getAsInt(), maxModelTokens));
        }
        for (int id : fields.stop().tokenIds()) {
            checkVocabulary(id, "stop_token_ids");
        }
    }

    /**
     * One planned choice for each prompt and {@code n}, those of one prompt in a row.
     *
     * @param defaultTokens output tokens when the request does not say; absent: what the context holds
     */
    List<PlannedChoice> plan(CommonFields fields, List<TokenIds> prompts, OptionalInt defaultTokens) {
        List<PlannedChoice> choices = new ArrayList<>();
        for (TokenIds prompt : prompts) {
            int maxTokens = maxTokens(fields, prompt, defaultTokens);
            for (int i = 0; i < fields.output().choices(); i++) {
                choices.add(new PlannedChoice(
                        prompt,
                        i == 0,
                        model.defaults()
                                .resolve(fields.sampling(), fields.output().logprobs(), i),
                        maxTokens));
            }
        }
        return choices;
    }

    /** Refuses ids that the model does not have. */
    void checkVocabulary(TokenIds tokens, String field) {
        for (int i = 0; i < tokens.size(); i++) {
            checkVocabulary(tokens.get(i), field);
        }
    }

    private void checkVocabulary(int id, String field) {
        if (id >= model.limits().vocabularySize()) {
            throw ApiException.of(
                    ApiErrorCode.INVALID_VALUE,
                    field,
                    "`%s` has token id %d, outside the vocabulary of %d tokens"
                            .formatted(field, id, model.limits().vocabularySize()));
        }
    }

    private int maxTokens(CommonFields fields, TokenIds prompt, OptionalInt defaultTokens) {
        int context = model.limits().maxModelTokens();
        int room = context - prompt.size();
        if (room < 1) {
            throw ApiException.of(
                    ApiErrorCode.CONTEXT_LENGTH_EXCEEDED,
                    "input_tokens",
                    ("the model's context has %d tokens, the prompt has %d and leaves no room for output;"
                                    + " shorten the prompt to at most %d tokens")
                            .formatted(context, prompt.size(), context - 1));
        }
        int wanted = fields.stop().maxTokens().orElse(defaultTokens.orElse(room));
        return Math.min(wanted, room);
    }
}
