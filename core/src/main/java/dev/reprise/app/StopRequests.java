package dev.reprise.app;

import dev.reprise.cli.ProcessSignals;
import dev.reprise.cli.ProcessSignals.Ending;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** Waits for SIGTERM or Ctrl-C; a second signal ends the process at once, with the signal's exit code. */
final class StopRequests {
    private final CountDownLatch first = new CountDownLatch(1);
    private final AtomicBoolean asked = new AtomicBoolean();

    /** Sees signals from now on. */
    static StopRequests listen() {
        StopRequests requests = new StopRequests();
        for (Ending signal : Ending.values()) {
            ProcessSignals.handle(signal, requests::arrived);
        }
        return requests;
    }

    private void arrived(Ending signal) {
        if (asked.compareAndSet(false, true)) {
            first.countDown();
        } else {
            Runtime.getRuntime().halt(signal.exitCode());
        }
    }

    /** Blocks until the first signal. */
    void await() throws InterruptedException {
        first.await();
    }
}
