package dev.reprise.app;

import com.sun.management.OperatingSystemMXBean;
import dev.reprise.cli.Application;
import dev.reprise.cli.CliFailure;
import dev.reprise.cli.ExitCode;
import dev.reprise.cli.Terminal;
import dev.reprise.config.Configuration;
import dev.reprise.config.Settings;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/** Starts the server and ends it when the process is told to. */
final class ServeApplication implements Application {
    @Override
    public int serve(Configuration configuration, Terminal terminal) throws CliFailure, InterruptedException {
        StopRequests stop = StopRequests.listen();
        Logging.configure(configuration, terminal.err());
        ServedFolder folder = ServedFolder.of(configuration);
        EnginePlan plan = EnginePlan.of(configuration, folder.path(), machineBytes());
        try (RunningServer server = RunningServer.start(configuration, folder, plan)) {
            Banner.print(configuration, folder, plan, server.port(), terminal.err());
            stop.await();
            return finish(server, configuration.get(Settings.SHUTDOWN_GRACE), terminal);
        }
    }

    private static int finish(RunningServer server, Duration grace, Terminal terminal) throws InterruptedException {
        int open = server.openRequests();
        if (open > 0) {
            terminal.err()
                    .println("Stopping: %s may take %d s more; a second signal ends at once."
                            .formatted(answers(open), grace.toSeconds()));
        }
        if (server.drain(grace)) {
            return ExitCode.OK;
        }
        terminal.err()
                .println("reprise: cut off %s that took longer than --shutdown-grace"
                        .formatted(answers(server.openRequests())));
        return ExitCode.FAILED;
    }

    private static String answers(int count) {
        return count == 1 ? "1 answer" : count + " answers";
    }

    @Override
    public int rehearse(Configuration configuration, Terminal terminal) throws CliFailure, InterruptedException {
        Logging.configure(configuration, terminal.err());
        ServedFolder folder = ServedFolder.of(configuration);
        EnginePlan plan = EnginePlan.of(configuration, folder.path(), machineBytes());
        try (RunningServer server = RunningServer.start(configuration, folder, plan)) {
            Banner.print(configuration, folder, plan, server.port(), terminal.err());
            Rehearsal.ask(Banner.url(configuration, server.port()), folder.name());
        }
        return ExitCode.OK;
    }

    /** The memory that the process may use: the machine's, or its container's. */
    private static long machineBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
