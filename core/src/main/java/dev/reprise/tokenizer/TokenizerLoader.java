package dev.reprise.tokenizer;

import dev.reprise.runtime.FileFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a tokenizer as Hugging Face's {@code tokenizers} writes it. Truncation and padding settings in the file are
 * not applied: a server counts and refuses, it never cuts a prompt.
 */
public final class TokenizerLoader {
    private static final String TOKENIZER_FILE = "tokenizer.json";
    private static final String CONFIG_FILE = "tokenizer_config.json";
    private static final List<String> ROLES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private TokenizerLoader() {}

    /**
     * Loads {@code tokenizer.json} and, where it lies beside, the token roles of {@code tokenizer_config.json}.
     *
     * @param folderOrFile a model folder, or the tokenizer file itself
     * @throws TokenizerFormatException when a file is missing, unreadable or contradicts itself
     * @throws UnsupportedTokenizerException when the tokenizer needs a step that is not implemented
     */
    public static LoadedTokenizer load(Path folderOrFile) {
        Path file = Files.isDirectory(folderOrFile) ? folderOrFile.resolve(TOKENIZER_FILE) : folderOrFile;
        PipelineAssembler assembler = new PipelineAssembler(read(file));
        Tokenizer tokenizer = assembler.assemble();
        Path config = file.resolveSibling(CONFIG_FILE);
        SpecialTokens roles =
                Files.exists(config) ? roles(read(config), assembler.idsByContent()) : new SpecialTokens(Map.of());
        return new LoadedTokenizer(tokenizer, roles);
    }

    private static JsonView read(Path file) {
        try {
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            return new JsonView(file.toString(), "$", node).requireObject();
        } catch (IOException e) {
            throw new TokenizerFormatException("%s: %s".formatted(file, FileFaults.describe(e)));
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String where = at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
            throw new TokenizerFormatException("%s: not JSON%s: %s".formatted(file, where, e.getOriginalMessage()));
        }
    }

    private static SpecialTokens roles(JsonView config, Map<String, Integer> idsByContent) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (String role : ROLES) {
            Optional<JsonView> value = config.optionalChild(role);
            if (value.isEmpty()) {
                continue;
            }
            JsonView content = value.get().node().isObject() ? value.get().child("content") : value.get();
            Integer id = idsByContent.get(content.text());
            if (id != null) {
                ids.put(role, id);
            }
        }
        return new SpecialTokens(ids);
    }
}
