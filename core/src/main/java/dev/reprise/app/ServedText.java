package dev.reprise.app;

import dev.reprise.cli.CliFailure;
import dev.reprise.runtime.Clock;
import dev.reprise.template.ChatTemplate;
import dev.reprise.template.ChatTemplateLoader;
import dev.reprise.template.TemplateException;
import dev.reprise.tokenizer.Tokenizer;
import dev.reprise.tokenizer.TokenizerLoadException;
import dev.reprise.tokenizer.TokenizerLoader;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What turns text into tokens.
 *
 * @param tokenizer of the model
 * @param template absent when the model has none: chats are then refused, completions work
 */
record ServedText(Tokenizer tokenizer, Optional<ChatTemplate> template) {
    /**
     * Loads the texts' side of the model in {@code folder}.
     *
     * @param templateFile instead of the model's own template
     * @throws CliFailure when a file is missing, malformed, or needs what is not supported
     */
    static ServedText load(Path folder, Optional<Path> templateFile, Clock clock) throws CliFailure {
        try {
            Tokenizer tokenizer = TokenizerLoader.load(folder).tokenizer();
            return new ServedText(tokenizer, template(folder, templateFile, clock));
        } catch (TokenizerLoadException | TemplateException e) {
            throw CliFailure.saying(e);
        }
    }

    private static Optional<ChatTemplate> template(Path folder, Optional<Path> templateFile, Clock clock) {
        if (templateFile.isPresent()) {
            return Optional.of(ChatTemplateLoader.load(folder, templateFile.get(), clock));
        }
        return ChatTemplateLoader.exists(folder)
                ? Optional.of(ChatTemplateLoader.load(folder, clock))
                : Optional.empty();
    }
}
