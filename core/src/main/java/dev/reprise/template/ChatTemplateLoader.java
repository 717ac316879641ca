package dev.reprise.template;

import dev.reprise.runtime.Clock;
import dev.reprise.runtime.FileFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds and compiles the chat template of a model folder. */
public final class ChatTemplateLoader {
    private static final String TEMPLATE_FILE = "chat_template.jinja";
    private static final String CONFIG_FILE = "tokenizer_config.json";
    private static final String DEFAULT_NAME = "default";
    private static final String TOOLS_NAME = "tool_use";
    private static final List<String> ROLES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ChatTemplateLoader() {}

    /**
     * The template of a model: {@code chat_template.jinja}, or else {@code chat_template} of {@code
     * tokenizer_config.json}, which may be a list of named templates.
     *
     * @param folderOrFile a model folder, or a template file, whose special tokens then come from the
     *     {@code tokenizer_config.json} beside it
     * @param clock for {@code strftime_now}
     * @throws TemplateException of kind TEMPLATE when there is no template, or one that cannot be compiled
     */
    public static ChatTemplate load(Path folderOrFile, Clock clock) {
        if (!Files.isDirectory(folderOrFile)) {
            Path folder = folderOrFile.toAbsolutePath().getParent();
            return load(folder == null ? folderOrFile : folder, folderOrFile, clock);
        }
        Path file = folderOrFile.resolve(TEMPLATE_FILE);
        return Files.exists(file) ? load(folderOrFile, file, clock) : fromConfig(folderOrFile, clock);
    }

    /**
     * Whether a model has a template. Base models have none.
     *
     * @throws TemplateException of kind TEMPLATE when {@code tokenizer_config.json} cannot be read
     */
    public static boolean exists(Path modelFolder) {
        return Files.exists(modelFolder.resolve(TEMPLATE_FILE))
                || config(modelFolder).hasNonNull("chat_template");
    }

    /** The template in {@code templateFile} with the special tokens of the model in {@code modelFolder}. */
    public static ChatTemplate load(Path modelFolder, Path templateFile, Clock clock) {
        try {
            return of(Files.readString(templateFile), specialTokens(config(modelFolder)), clock);
        } catch (IOException e) {
            throw failure(templateFile, FileFaults.describe(e));
        } catch (TemplateException e) {
            throw inFile(templateFile, e);
        }
    }

    /** Compiles {@code source}; {@code specialTokens} go from role, such as {@code bos_token}, to the token's text. */
    public static ChatTemplate of(String source, Map<String, String> specialTokens, Clock clock) {
        return new JinjaChatTemplate(JinjaChatTemplate.Source.compile(source), Optional.empty(), specialTokens, clock);
    }

    private static ChatTemplate fromConfig(Path folder, Clock clock) {
        Path file = folder.resolve(CONFIG_FILE);
        JsonNode config = config(folder);
        Map<String, String> sources = sources(file, config.path("chat_template"));
        String plain = sources.get(DEFAULT_NAME);
        if (plain == null) {
            throw failure(
                    folder,
                    sources.isEmpty()
                            ? "has no chat template; name a template file with --chat-template"
                            : "has no template named 'default', only " + sources.keySet());
        }
        try {
            return new JinjaChatTemplate(
                    JinjaChatTemplate.Source.compile(plain),
                    Optional.ofNullable(sources.get(TOOLS_NAME)).map(JinjaChatTemplate.Source::compile),
                    specialTokens(config),
                    clock);
        } catch (TemplateException e) {
            throw inFile(file, e);
        }
    }

    private static Map<String, String> sources(Path file, JsonNode template) {
        if (template.isString()) {
            return Map.of(DEFAULT_NAME, template.stringValue());
        }
        Map<String, String> sources = new LinkedHashMap<>();
        if (template.isMissingNode() || template.isNull()) {
            return sources;
        }
        for (JsonNode entry : template) {
            if (!entry.path("name").isString() || !entry.path("template").isString()) {
                throw failure(file, "chat_template: every entry needs a name and a template");
            }
            sources.put(entry.get("name").stringValue(), entry.get("template").stringValue());
        }
        return sources;
    }

    private static JsonNode config(Path folder) {
        Path file = folder.resolve(CONFIG_FILE);
        if (!Files.exists(file)) {
            return JSON.createObjectNode();
        }
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw failure(file, FileFaults.describe(e));
        } catch (JacksonException e) {
            throw failure(file, "is not JSON: " + e.getOriginalMessage());
        }
    }

    private static Map<String, String> specialTokens(JsonNode config) {
        Map<String, String> tokens = new LinkedHashMap<>();
        for (String role : ROLES) {
            JsonNode value = config.path(role);
            JsonNode content = value.isObject() ? value.path("content") : value;
            if (content.isString()) {
                tokens.put(role, content.stringValue());
            }
        }
        return tokens;
    }

    private static TemplateException inFile(Path file, TemplateException cause) {
        return new TemplateException(cause.kind(), file + ": " + cause.getMessage());
    }

    private static TemplateException failure(Path file, String reason) {
        return new TemplateException(TemplateException.Kind.TEMPLATE, file + ": " + reason);
    }
}
