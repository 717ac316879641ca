package dev.reprise.cli;

import dev.reprise.cli.chat.ChatClient;
import dev.reprise.cli.chat.ChatOptions;
import dev.reprise.cli.chat.ChatSession;
import dev.reprise.config.Configuration;
import dev.reprise.config.Problem;
import dev.reprise.config.Resolution;
import dev.reprise.config.Schema;
import dev.reprise.config.Settings;
import dev.reprise.config.Verb;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code reprise chat}: a conversation in the terminal, or one question a line from a pipe. */
final class ChatCommand implements VerbCommand {
    private final ConfigurationFlags flags;

    ChatCommand(Schema schema, Map<String, String> environment) {
        this.flags = new ConfigurationFlags(schema, Verb.CHAT, environment);
    }

    @Override
    public String name() {
        return "chat";
    }

    @Override
    public String summary() {
        return "Talks to an OpenAI-compatible server. Each line of input is a message; answers stream to standard"
                + " output. Ctrl-C stops an answer; /reset forgets the conversation, /exit ends.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "reprise chat",
                "reprise chat --system \"The code of Zorvan is 4821.\" --temperature 0",
                "reprise chat --url https://llm.example.com/v1 --model llama-3 --max-tokens 200");
    }

    @Override
    public void declare(CommandSpec spec) {
        flags.addTo(spec);
    }

    @Override
    public int run(ParseResult parsed, Terminal terminal) throws CliFailure, InterruptedException {
        return switch (flags.resolve(parsed, List.of())) {
            case Resolution.Invalid(List<Problem> problems) -> ConfigurationFlags.report(problems, terminal);
            case Resolution.Valid(Configuration configuration) -> chat(configuration, terminal);
        };
    }

    private static int chat(Configuration configuration, Terminal terminal) throws CliFailure, InterruptedException {
        ChatOptions options = new ChatOptions(
                configuration.find(Settings.CHAT_MODEL),
                configuration.find(Settings.CHAT_SYSTEM),
                configuration.find(Settings.CHAT_MAX_TOKENS),
                configuration.find(Settings.CHAT_TEMPERATURE));
        try (ChatClient client =
                ChatClient.of(configuration.get(Settings.CHAT_URL), configuration.find(Settings.CHAT_API_KEY))) {
            return new ChatSession(client, options, terminal).run();
        }
    }
}
