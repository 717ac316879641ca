package dev.reprise.app;

import dev.reprise.cli.CliFailure;
import dev.reprise.template.ChatTemplate;
import dev.reprise.tokenizer.Tokenizer;
import dev.reprise.tokenizer.TokenizerLoadException;
import dev.reprise.tokenizer.TokenizerLoader;
import java.util.Optional;

/** What turns text into tokens. */
record ServedText(Tokenizer tokenizer, Optional<ChatTemplate> template) {
    static ServedText load(ServedFolder folder) throws CliFailure {
        try {
            return new ServedText(TokenizerLoader.load(folder.path()).tokenizer(), Optional.empty());
        } catch (TokenizerLoadException e) {
            throw CliFailure.saying(e);
        }
    }
}
