package dev.reprise.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code pre_tokenizer}: the steps in order, exactly one of which turns text into bytes. */
final class PreTokenizerReader {
    private static final String GPT2 =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
    private static final int MAX_NESTING = 32;

    private PreTokenizerReader() {}

    static List<PreTokenizer> read(JsonView view) {
        List<JsonView> flat = new ArrayList<>();
        flatten(view, flat, 0);
        List<JsonView> byteLevel =
                flat.stream().filter(step -> step.type().equals("ByteLevel")).toList();
        if (byteLevel.size() != 1) {
            flat.stream().filter(step -> !isKnown(step.type())).findFirst().ifPresent(step -> {
                throw step.unsupported("pre-tokenizer '" + step.type() + "'");
            });
            throw view.unsupported(
                    byteLevel.isEmpty()
                            ? "byte-pair encoding without a ByteLevel pre-tokenizer"
                            : byteLevel.size() + " ByteLevel pre-tokenizers");
        }
        List<PreTokenizer> stages = new ArrayList<>();
        for (int i = 0; i < flat.size(); i++) {
            stages.add(stage(flat.get(i), i == flat.size() - 1));
        }
        return stages;
    }

    private static boolean isKnown(String type) {
        return List.of("ByteLevel", "Split", "Digits", "Punctuation").contains(type);
    }

    private static void flatten(JsonView view, List<JsonView> flat, int nesting) {
        if (nesting > MAX_NESTING) {
            throw view.malformed("sequences nested deeper than " + MAX_NESTING);
        }
        if (view.type().equals("Sequence")) {
            for (JsonView part : view.child("pretokenizers").elements()) {
                flatten(part, flat, nesting + 1);
            }
        } else {
            flat.add(view);
        }
    }

    private static PreTokenizer stage(JsonView step, boolean isLast) {
        return switch (step.type()) {
            case "ByteLevel" ->
                new ByteLevelPreTokenizer(
                        step.bool("add_prefix_space", true),
                        step.bool("use_regex", true) ? Optional.of(SplitPattern.compile(GPT2)) : Optional.empty(),
                        !isLast);
            case "Split" ->
                new SplitPreTokenizer(pattern(step.child("pattern")), behavior(step), step.bool("invert", false));
            case "Digits" ->
                SplitPreTokenizer.aroundEach(
                        UnicodeSets.numeric(),
                        step.bool("individual_digits", false) ? SplitBehavior.ISOLATED : SplitBehavior.CONTIGUOUS);
            case "Punctuation" ->
                SplitPreTokenizer.aroundEach(
                        UnicodeSets.punctuation(),
                        step.optionalChild("behavior").isPresent() ? behavior(step) : SplitBehavior.ISOLATED);
            default -> throw step.unsupported("pre-tokenizer '" + step.type() + "'");
        };
    }

    private static SplitBehavior behavior(JsonView step) {
        JsonView name = step.child("behavior");
        return SplitBehavior.named(name.text())
                .orElseThrow(() -> name.malformed("unknown behavior '" + name.text() + "'"));
    }

    private static SplitPattern pattern(JsonView view) {
        Optional<JsonView> literal = view.optionalChild("String");
        try {
            if (literal.isPresent()) {
                return SplitPattern.compile(literal(literal.get()));
            }
            return SplitPattern.compile(view.child("Regex").text());
        } catch (UnsupportedPatternException e) {
            throw view.unsupported(String.valueOf(e.getMessage()));
        }
    }

    private static PatternNode literal(JsonView text) {
        if (text.text().isEmpty()) {
            throw text.malformed("the text to split at is empty");
        }
        return new PatternNode.Sequence(text.text()
                .codePoints()
                .<PatternNode>mapToObj(c -> new PatternNode.One(CodePointSet.of(c)))
                .toList());
    }
}
