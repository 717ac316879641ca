package dev.reprise.app;

import dev.reprise.cli.CliFailure;
import dev.reprise.config.Configuration;
import dev.reprise.config.Settings;
import dev.reprise.runtime.Clock;
import dev.reprise.template.ChatTemplate;
import dev.reprise.template.ChatTemplateLoader;
import dev.reprise.template.TemplateException;
import dev.reprise.tokenizer.Tokenizer;
import dev.reprise.tokenizer.TokenizerLoadException;
import dev.reprise.tokenizer.TokenizerLoader;
import java.nio.file.Path;
import java.util.Optional;

/** What turns text into tokens. A model without a template serves completions alone. */
record ServedText(Tokenizer tokenizer, Optional<ChatTemplate> template) {
    static ServedText load(ServedFolder folder, Configuration configuration, Clock clock) throws CliFailure {
        try {
            Tokenizer tokenizer = TokenizerLoader.load(folder.path()).tokenizer();
            Optional<Path> given = configuration.find(Settings.CHAT_TEMPLATE);
            Optional<ChatTemplate> template = given.isPresent()
                    ? Optional.of(ChatTemplateLoader.load(folder.path(), given.get(), clock))
                    : ChatTemplateLoader.find(folder.path(), clock);
            return new ServedText(tokenizer, template);
        } catch (TokenizerLoadException e) {
            throw CliFailure.saying(e);
        } catch (TemplateException e) {
            throw new CliFailure(e.getMessage() + "; give another template with --chat-template");
        }
    }
}
