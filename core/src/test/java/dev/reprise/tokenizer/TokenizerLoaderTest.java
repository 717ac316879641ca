package dev.reprise.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.testing.TestFiles;
import dev.reprise.testing.TestScale;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class TokenizerLoaderTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path folder;

    /** All bytes, three merges, an added token: small enough to load thousands of times. */
    private static ObjectNode small() {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode vocab = JSON.createObjectNode();
        for (int value = 0; value < 256; value++) {
            vocab.put(String.valueOf(ByteAlphabet.characterOf(value)), value);
        }
        vocab.put("ab", 256).put("abc", 257).put("Ġab", 258);
        ArrayNode merges = JSON.createArrayNode().add("a b").add("ab c").add("Ġ ab");
        root.putArray("added_tokens")
                .addObject()
                .put("id", 259)
                .put("content", "<end>")
                .put("special", true);
        root.set("normalizer", JSON.createObjectNode().put("type", "NFC"));
        root.set(
                "pre_tokenizer",
                JSON.createObjectNode().put("type", "ByteLevel").put("add_prefix_space", false));
        root.set("decoder", JSON.createObjectNode().put("type", "ByteLevel"));
        ObjectNode processor = JSON.createObjectNode().put("type", "TemplateProcessing");
        ArrayNode single = processor.putArray("single");
        single.addObject().putObject("SpecialToken").put("id", "<end>");
        single.addObject().putObject("Sequence").put("id", "A");
        processor.putObject("special_tokens").putObject("<end>").putArray("ids").add(259);
        root.set("post_processor", processor);
        ObjectNode model = JSON.createObjectNode().put("type", "BPE");
        model.set("vocab", vocab);
        model.set("merges", merges);
        root.set("model", model);
        return root;
    }

    private Tokenizer load(String json) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(file, json);
        return TokenizerLoader.load(file).tokenizer();
    }

    @Test
    void loadsWhatItShould() throws IOException {
        Tokenizer tokenizer = load(small().toString());

        assertThat(tokenizer.encode("abc ab<end>", true).toArray()).containsExactly(259, 257, 258, 259);
        assertThat(tokenizer.tokenText(258)).isEqualTo("Ġab");
        assertThat(tokenizer.tokenBytes(258)).isEqualTo(" ab".getBytes(StandardCharsets.UTF_8));
        assertThat(tokenizer.vocabularySize()).isEqualTo(260);
        assertThatThrownBy(() -> tokenizer.tokenText(260))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("260");
        assertThat(tokenizer.encode("a\uD800b", false)).isEqualTo(tokenizer.encode("a\uFFFDb", false));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "/model/type, `\"WordPiece\"`, Unsupported, $.model: model type 'WordPiece'",
                "/model/byte_fallback, true, Unsupported, $.model: byte_fallback",
                "/model/dropout, 0.1, Unsupported, $.model.dropout",
                "/model/end_of_word_suffix, `\"</w>\"`, Unsupported, end_of_word_suffix",
                "/model/vocab/ab, -1, Format, `$.model.vocab['ab']: expected a token id`",
                "/model/merges/1, `\"ab q z\"`, Format, `$.model.merges[1]: a merge must be two tokens`",
                "/model/merges/1, `\"ab ab\"`, Format, `$.model.merges[1]: token 'abab' is not in the vocabulary`",
                "/normalizer/type, `\"NFKC\"`, Unsupported, $.normalizer: normalizer 'NFKC'",
                "/pre_tokenizer/type, `\"Metaspace\"`, Unsupported, $.pre_tokenizer: pre-tokenizer 'Metaspace'",
                "/decoder/type, `\"WordPiece\"`, Unsupported, $.decoder: decoder 'WordPiece'",
                "/post_processor/type, `\"BertProcessing\"`, Unsupported, $.post_processor: post-processor",
                "/added_tokens/0/id, 3, Format, `$.post_processor.special_tokens.<end>.ids[0]`",
                "/added_tokens/0/content, `\"ab\"`, Format, `$.added_tokens[0]: token 'ab' has id 259`",
            })
    void refusesByPlaceAndName(String pointer, String value, String kind, String message) throws IOException {
        ObjectNode root = small();
        set(root, pointer, JSON.readTree(value));

        assertThatThrownBy(() -> load(root.toString()))
                .isInstanceOf(TokenizerLoadException.class)
                .hasMessageContaining("tokenizer.json")
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(e.getClass().getSimpleName()).contains(kind));
    }

    private static void set(ObjectNode root, String pointer, JsonNode value) {
        int slash = pointer.lastIndexOf('/');
        JsonNode parent = root.at(pointer.substring(0, slash));
        String name = pointer.substring(slash + 1);
        if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(name), value);
        } else {
            ((ObjectNode) parent).set(name, value);
        }
    }

    @Test
    void brokenJsonIsRefusedWithItsPosition() {
        assertThatThrownBy(() -> load("{\n  \"model\": ]"))
                .isInstanceOf(TokenizerFormatException.class)
                .hasMessageContaining("line 2");
        assertThatThrownBy(() -> TokenizerLoader.load(folder.resolve("absent.json")))
                .isInstanceOf(TokenizerFormatException.class)
                .hasMessageContaining("absent.json");
    }

    @Test
    void mutatedFilesAreLoadedOrRefused() throws IOException {
        Random random = new Random(23);
        for (int round = 0; round < TestScale.rounds(6_000, 300); round++) {
            ObjectNode root = small();
            for (int i = random.nextInt(3); i >= 0; i--) {
                mutate(root, random);
            }
            String json = root.toString();
            loadOrRefuse(random.nextInt(4) == 0 ? scramble(json, random) : json);
        }
    }

    @Test
    void mutatedBundledFilesAreLoadedOrRefused() throws IOException {
        String json = Files.readString(TestFiles.demoModel().resolve("tokenizer.json"));
        Random random = new Random(29);
        for (int round = 0; round < TestScale.rounds(200, 10); round++) {
            loadOrRefuse(scramble(json, random));
        }
    }

    private void loadOrRefuse(String json) throws IOException {
        try {
            Tokenizer tokenizer = load(json);
            tokenizer.decode(tokenizer.encode("abc don't ab  <end> é\n", true), false);
        } catch (TokenizerLoadException e) {
            assertThat(e.getMessage()).contains("tokenizer.json");
        }
    }

    private static String scramble(String json, Random random) {
        StringBuilder text = new StringBuilder(json);
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
            case 0 -> text.setCharAt(at, (char) (' ' + random.nextInt(95)));
            case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(20)));
            default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(20))));
        }
        return text.toString();
    }

    private static void mutate(ObjectNode root, Random random) {
        List<JsonNode> containers = new ArrayList<>();
        collect(root, containers);
        JsonNode container = containers.get(random.nextInt(containers.size()));
        JsonNode value = value(random, containers);
        if (container instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = new ArrayList<>(object.propertyNames());
            String name = names.get(random.nextInt(names.size()));
            if (random.nextInt(4) == 0) {
                object.remove(name);
            } else {
                object.set(name, value);
            }
        } else if (container instanceof ArrayNode array && !array.isEmpty()) {
            array.set(random.nextInt(array.size()), value);
        }
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainer()) {
            containers.add(node);
            for (JsonNode child : node) {
                collect(child, containers);
            }
        }
    }

    private static JsonNode value(Random random, List<JsonNode> containers) {
        return switch (random.nextInt(9)) {
            case 0 -> JSON.getNodeFactory().nullNode();
            case 1 -> JSON.getNodeFactory().numberNode(random.nextInt());
            case 2 -> JSON.getNodeFactory().numberNode(random.nextInt(300));
            case 3 -> JSON.getNodeFactory().stringNode("");
            case 4 ->
                JSON.getNodeFactory()
                        .stringNode(List.of("Sequence", "Split", "Digits", "ab", "A", "(a")
                                .get(random.nextInt(6)));
            case 5 -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
            case 6 -> JSON.createObjectNode();
            case 7 -> JSON.createArrayNode();
            default -> containers.get(random.nextInt(containers.size())).deepCopy();
        };
    }

    @Test
    void unusualRolesOfTokensAreRead() throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), """
                {"bos_token": {"content": "<end>", "lstrip": false}, "eos_token": "<end>", "pad_token": null,
                 "unk_token": "absent"}""");
        Files.writeString(folder.resolve("tokenizer.json"), small().toString());

        assertThat(TokenizerLoader.load(folder).specialTokens().ids())
                .isEqualTo(Map.of("bos_token", 259, "eos_token", 259));
    }
}
