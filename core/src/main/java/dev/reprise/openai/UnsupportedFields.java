package dev.reprise.openai;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Fields that OpenAI or vLLM know and that would change the answer, but are not built: asking for one is answered with
 * 501 and its name rather than with an answer that ignores it. Values that ask for nothing special pass.
 */
final class UnsupportedFields {
    private record Rule(String field, String meaning, Predicate<JsonNode> neutral) {}

    /** Zero asks for the prompt's own log probabilities, without alternatives. */
    private static final String PROMPT_LOGPROBS = "prompt_logprobs";

    private static final List<Rule> COMMON = List.of(
            rule("presence_penalty", "penalties"),
            rule("frequency_penalty", "penalties"),
            new Rule("repetition_penalty", "penalties", node -> isNumber(node, 1)),
            rule("min_p", "the min_p filter"),
            rule("min_tokens", "a least number of output tokens"),
            rule("logit_bias", "a bias on tokens"),
            rule("allowed_token_ids", "restricting the vocabulary"),
            rule("bad_words", "forbidden words"),
            rule("use_beam_search", "beam search"),
            rule("logits_processors", "logits processors"),
            rule(PROMPT_LOGPROBS, "log probabilities of the prompt"),
            rule("truncate_prompt_tokens", "truncating the prompt"),
            rule("structured_outputs", "structured output"),
            rule("guided_json", "structured output"),
            rule("guided_regex", "structured output"),
            rule("guided_choice", "structured output"),
            rule("guided_grammar", "structured output"),
            rule("kv_transfer_params", "KV transfer parameters of clients"),
            new Rule("response_format", "structured output", UnsupportedFields::isTextFormat));

    private static final List<Rule> CHAT = List.of(
            rule("tools", "tool calls"),
            new Rule("tool_choice", "tool calls", node -> isString(node, "none") || isString(node, "auto")),
            rule("functions", "function calls"),
            new Rule("function_call", "function calls", node -> isString(node, "none") || isString(node, "auto")),
            rule("audio", "audio output"),
            new Rule("modalities", "output other than text", UnsupportedFields::isTextModality),
            rule("documents", "documents"),
            rule("chat_template", "a chat template in the request"));

    private static final List<Rule> COMPLETION = List.of(
            rule("echo", "echoing the prompt"),
            new Rule("suffix", "text after the insertion", node -> isString(node, "")),
            rule("prompt_embeds", "prompt embeddings"));

    private UnsupportedFields() {}

    static void checkChat(Fields fields) {
        check(fields, COMMON);
        check(fields, CHAT);
    }

    static void checkCompletion(Fields fields) {
        check(fields, COMMON);
        check(fields, COMPLETION);
    }

    static ApiException notImplemented(String path, String meaning, @Nullable JsonNode value) {
        return ApiException.of(
                ApiErrorCode.NOT_IMPLEMENTED,
                path,
                "`%s` asks for %s, which is not implemented%s; leave it out"
                        .formatted(path, meaning, value == null ? "" : " (value: " + Values.show(value) + ")"));
    }

    private static void check(Fields fields, List<Rule> rules) {
        for (Rule rule : rules) {
            @Nullable JsonNode value = fields.json().get(rule.field());
            if (value != null && !isNeutral(rule, value) && !rule.neutral().test(value)) {
                throw notImplemented(fields.pathOf(rule.field()), rule.meaning(), value);
            }
        }
    }

    /** Whether {@code node} is what clients send to say that they want nothing special. */
    private static boolean isNeutral(Rule rule, JsonNode node) {
        return node.isNull()
                || (node.isBoolean() && !node.booleanValue())
                || (isNumber(node, 0) && !rule.field().equals(PROMPT_LOGPROBS))
                || (node.isContainer() && node.isEmpty());
    }

    private static Rule rule(String field, String meaning) {
        return new Rule(field, meaning, node -> false);
    }

    private static boolean isNumber(JsonNode node, double number) {
        return node.isNumber() && node.doubleValue() == number;
    }

    private static boolean isString(JsonNode node, String text) {
        return node.isString() && node.stringValue().equals(text);
    }

    private static boolean isTextFormat(JsonNode node) {
        @Nullable JsonNode type = node.get("type");
        return type != null && isString(type, "text");
    }

    private static boolean isTextModality(JsonNode node) {
        return node.size() == 1 && isString(node.get(0), "text");
    }
}
