package dev.reprise.tokenizer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Builds the pipeline that one {@code tokenizer.json} describes. Used once, by one thread. */
final class PipelineAssembler {
    private final JsonView root;
    private final Map<String, Integer> idsByContent = new LinkedHashMap<>();

    PipelineAssembler(JsonView root) {
        this.root = root;
    }

    /** After {@link #assemble}: every token's id. */
    Map<String, Integer> idsByContent() {
        return idsByContent;
    }

    PipelineTokenizer assemble() {
        BpeModelReader reader = new BpeModelReader(root.child("model"));
        BpeModel model = reader.read();
        List<AddedToken> added = addedTokens(reader.vocabulary());
        TextNormalizer normalizer =
                root.optionalChild("normalizer").map(this::normalizer).orElse(TextNormalizer.NONE);
        JsonView preTokenizer = root.optionalChild("pre_tokenizer")
                .orElseThrow(() -> root.unsupported("byte-pair encoding without a ByteLevel pre-tokenizer"));
        List<PreTokenizer> stages = PreTokenizerReader.read(preTokenizer);
        requireByteLevelDecoder();
        idsByContent.putAll(reader.vocabulary());
        Map<String, Integer> addedIds = new LinkedHashMap<>();
        BitSet special = new BitSet();
        for (AddedToken token : added) {
            addedIds.put(token.content(), token.id());
            if (token.special()) {
                special.set(token.id());
            }
        }
        idsByContent.putAll(addedIds);
        Vocabulary vocabulary = new Vocabulary(reader.vocabulary(), addedIds, special);
        return new PipelineTokenizer(new PipelineTokenizer.Parts(
                vocabulary,
                matcher(added.stream().filter(token -> !token.normalized()), TextNormalizer.NONE),
                normalizer,
                matcher(added.stream().filter(AddedToken::normalized), normalizer),
                new PreTokenizer.Sequence(stages),
                !(stages.getLast() instanceof ByteLevelPreTokenizer),
                model,
                root.optionalChild("post_processor")
                        .map(processor -> surroundings(processor, vocabulary))
                        .orElse(Surroundings.NONE)));
    }

    private static AddedTokenMatcher matcher(Stream<AddedToken> tokens, TextNormalizer normalizer) {
        List<AddedToken> all = tokens.toList();
        return new AddedTokenMatcher(
                all,
                all.stream()
                        .map(token -> normalizer.normalize(Utf8.wellFormed(token.content())))
                        .toList());
    }

    private List<AddedToken> addedTokens(Map<String, Integer> model) {
        Optional<JsonView> list = root.optionalChild("added_tokens");
        if (list.isEmpty()) {
            return List.of();
        }
        List<AddedToken> tokens = new ArrayList<>();
        Map<Integer, String> contents = new LinkedHashMap<>();
        for (JsonView entry : list.get().elements()) {
            AddedToken token = addedToken(entry);
            Integer modelId = model.get(token.content());
            String other = contents.putIfAbsent(token.id(), token.content());
            if ((modelId != null && modelId != token.id()) || (other != null && !other.equals(token.content()))) {
                throw entry.malformed("token '%s' has id %d, but %s"
                        .formatted(
                                token.content(),
                                token.id(),
                                modelId != null && modelId != token.id()
                                        ? "the vocabulary gives it id " + modelId
                                        : "so has token '" + other + "'"));
            }
            tokens.add(token);
        }
        return tokens;
    }

    private static AddedToken addedToken(JsonView entry) {
        boolean special = entry.bool("special", false);
        return new AddedToken(
                entry.child("id").tokenId(),
                entry.child("content").text(),
                entry.bool("single_word", false),
                entry.bool("lstrip", false),
                entry.bool("rstrip", false),
                entry.bool("normalized", !special),
                special);
    }

    private TextNormalizer normalizer(JsonView view) {
        return switch (view.type()) {
            case "NFC" -> TextNormalizer.NFC;
            case "Sequence" -> {
                TextNormalizer all = TextNormalizer.NONE;
                for (JsonView part : view.child("normalizers").elements()) {
                    all = all.then(normalizer(part));
                }
                yield all;
            }
            default -> throw view.unsupported("normalizer '" + view.type() + "'");
        };
    }

    private void requireByteLevelDecoder() {
        JsonView decoder =
                root.optionalChild("decoder").orElseThrow(() -> root.unsupported("a tokenizer without a decoder"));
        requireByteLevel(decoder);
    }

    private static void requireByteLevel(JsonView decoder) {
        switch (decoder.type()) {
            case "ByteLevel" -> {}
            case "Sequence" -> {
                List<JsonView> parts = decoder.child("decoders").elements();
                if (parts.size() != 1) {
                    throw decoder.unsupported("a sequence of " + parts.size() + " decoders");
                }
                requireByteLevel(parts.getFirst());
            }
            default -> throw decoder.unsupported("decoder '" + decoder.type() + "'");
        }
    }

    private Surroundings surroundings(JsonView processor, Vocabulary vocabulary) {
        return switch (processor.type()) {
            case "ByteLevel" -> Surroundings.NONE;
            case "Sequence" -> {
                Surroundings all = Surroundings.NONE;
                for (JsonView part : processor.child("processors").elements()) {
                    all = all.within(surroundings(part, vocabulary));
                }
                yield all;
            }
            case "TemplateProcessing" -> template(processor, vocabulary);
            default -> throw processor.unsupported("post-processor '" + processor.type() + "'");
        };
    }

    private static Surroundings template(JsonView processor, Vocabulary vocabulary) {
        JsonView ids = processor.child("special_tokens");
        TokenBuffer before = new TokenBuffer();
        TokenBuffer after = new TokenBuffer();
        boolean textSeen = false;
        for (JsonView item : processor.child("single").elements()) {
            Optional<JsonView> token = item.optionalChild("SpecialToken");
            if (token.isPresent()) {
                String name = token.get().child("id").text();
                addIds(ids.child(name).child("ids"), vocabulary, textSeen ? after : before);
            } else {
                JsonView sequence = item.child("Sequence");
                if (textSeen || !sequence.child("id").text().equals("A")) {
                    throw sequence.malformed("a template for one text must hold sequence 'A' once and no other");
                }
                textSeen = true;
            }
        }
        if (!textSeen) {
            throw processor.malformed("the template for one text does not hold it");
        }
        return new Surroundings(before.copyFrom(0), after.copyFrom(0));
    }

    private static void addIds(JsonView ids, Vocabulary vocabulary, TokenBuffer target) {
        for (JsonView id : ids.elements()) {
            int token = id.tokenId();
            if (vocabulary.text(token).isEmpty()) {
                throw id.malformed("token id %d has no token".formatted(token));
            }
            target.add(token);
        }
    }

    /** Reads {@code model}. */
    static final class BpeModelReader {
        private final JsonView model;
        private final Map<String, Integer> vocabulary = new LinkedHashMap<>();

        BpeModelReader(JsonView model) {
            this.model = model;
        }

        Map<String, Integer> vocabulary() {
            return vocabulary;
        }

        BpeModel read() {
            String type = model.optionalChild("type").map(JsonView::text).orElse("(none)");
            if (!type.equals("BPE")) {
                throw model.unsupported("model type '" + type + "'");
            }
            refuseUnsupportedOptions();
            readVocabulary();
            int[] tokenOfByte = tokenOfByte();
            boolean wholeWordsFirst = model.bool("ignore_merges", false);
            return new BpeModel(readMerges(), tokenOfByte, wholeWordsFirst ? Vocabulary.wordsOf(vocabulary) : Map.of());
        }

        private void refuseUnsupportedOptions() {
            if (model.bool("byte_fallback", false)) {
                throw model.unsupported("byte_fallback");
            }
            model.optionalChild("dropout")
                    .filter(dropout -> dropout.node().asDouble(1) != 0)
                    .ifPresent(dropout -> {
                        throw dropout.unsupported("dropout");
                    });
            for (String affix : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
                model.optionalChild(affix)
                        .filter(text -> !text.text().isEmpty())
                        .ifPresent(text -> {
                            throw text.unsupported(affix);
                        });
            }
        }

        private void readVocabulary() {
            JsonView vocab = model.child("vocab").requireObject();
            for (Map.Entry<String, JsonNode> entry : vocab.node().properties()) {
                JsonView id = new JsonView(vocab.file(), vocab.path() + "['" + entry.getKey() + "']", entry.getValue());
                vocabulary.put(entry.getKey(), id.tokenId());
            }
        }

        private int[] tokenOfByte() {
            int[] tokens = new int[256];
            boolean complete = true;
            for (int value = 0; value < 256; value++) {
                Integer id = vocabulary.get(String.valueOf(ByteAlphabet.characterOf(value)));
                tokens[value] = id == null ? -1 : id;
                complete &= id != null;
            }
            if (!complete && model.optionalChild("unk_token").isPresent()) {
                throw model.unsupported("unk_token with a vocabulary that lacks single bytes");
            }
            return tokens;
        }

        private MergeTable readMerges() {
            List<JsonView> list = model.child("merges").elements();
            MergeTable table = new MergeTable(list.size());
            for (int rank = 0; rank < list.size(); rank++) {
                JsonView merge = list.get(rank);
                String[] pair = merge.node().isString() ? spacedPair(merge) : listedPair(merge);
                table.put(tokenId(merge, pair[0]), tokenId(merge, pair[1]), rank, tokenId(merge, pair[0] + pair[1]));
            }
            return table;
        }

        private static String[] spacedPair(JsonView merge) {
            String text = merge.text();
            int space = text.indexOf(' ');
            if (space < 0 || text.indexOf(' ', space + 1) >= 0) {
                throw merge.malformed("a merge must be two tokens with one space between, was '" + text + "'");
            }
            return new String[] {text.substring(0, space), text.substring(space + 1)};
        }

        private static String[] listedPair(JsonView merge) {
            List<JsonView> pair = merge.elements();
            if (pair.size() != 2) {
                throw merge.malformed("a merge must be two tokens, was a list of " + pair.size());
            }
            return new String[] {pair.get(0).text(), pair.get(1).text()};
        }

        private int tokenId(JsonView merge, String token) {
            Integer id = vocabulary.get(token);
            if (id == null) {
                throw merge.malformed("token '" + token + "' is not in the vocabulary");
            }
            return id;
        }
    }
}
