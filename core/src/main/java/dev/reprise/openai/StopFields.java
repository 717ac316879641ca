package dev.reprise.openai;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * When the client wants generation to end.
 *
 * @param maxTokens output tokens at most, ≥ 1; absent: the endpoint's default
 * @param strings end when the output contains one of these, none of them empty
 * @param includeString leave the stop string in the text
 * @param tokenIds end after one of these
 * @param ignoreEos go on past the model's end of sequence
 */
public record StopFields(
        OptionalInt maxTokens, List<String> strings, boolean includeString, Set<Integer> tokenIds, boolean ignoreEos) {
    /** How many stop strings a request may have; vLLM sets no limit, every one costs a comparison for each token. */
    public static final int MAX_STRINGS = 16;
    /** How long a stop string may be, characters: so much text is held back while it could still begin one. */
    public static final int MAX_STRING_CHARACTERS = 1_024;
    /** How many stop token ids a request may have. */
    public static final int MAX_TOKEN_IDS = 1_024;

    /** Copies the collections. */
    public StopFields {
        strings = List.copyOf(strings);
        tokenIds = Set.copyOf(tokenIds);
    }

    static StopFields read(Fields fields) {
        OptionalInt completionTokens = fields.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
        OptionalInt maxTokens = fields.integer("max_tokens", 1, Integer.MAX_VALUE);
        Optional<int[]> tokenIds = fields.tokenIds("stop_token_ids", MAX_TOKEN_IDS);
        return new StopFields(
                completionTokens.isPresent() ? completionTokens : maxTokens,
                strings(fields),
                fields.flag("include_stop_str_in_output", false),
                tokenIds.map(ids -> Arrays.stream(ids).boxed().collect(Collectors.toSet()))
                        .orElse(Set.of()),
                fields.flag("ignore_eos", false));
    }

    private static List<String> strings(Fields fields) {
        List<String> strings = fields.stringOrStrings("stop", MAX_STRINGS);
        for (int i = 0; i < strings.size(); i++) {
            int length = strings.get(i).length();
            if (length == 0 || length > MAX_STRING_CHARACTERS) {
                throw ApiException.of(
                        ApiErrorCode.INVALID_VALUE,
                        "stop",
                        "`stop` strings must have 1 to %d characters, number %d has %d"
                                .formatted(MAX_STRING_CHARACTERS, i, length));
            }
        }
        return strings;
    }
}
