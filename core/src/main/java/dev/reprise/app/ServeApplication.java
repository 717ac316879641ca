package dev.reprise.app;

import dev.reprise.cli.Application;
import dev.reprise.cli.CliFailure;
import dev.reprise.cli.Terminal;
import dev.reprise.config.Configuration;

/** Wires the server. */
final class ServeApplication implements Application {
    @Override
    public int serve(Configuration configuration, Terminal terminal) throws CliFailure {
        throw new CliFailure("serve is not wired");
    }

    @Override
    public int rehearse(Configuration configuration, Terminal terminal) throws CliFailure {
        throw new CliFailure("serve is not wired");
    }
}
