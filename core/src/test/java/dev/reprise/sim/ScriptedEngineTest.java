package dev.reprise.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.EngineRequest;
import dev.reprise.engine.SamplingOptions;
import dev.reprise.engine.StopConditions;
import dev.reprise.engine.TokenEvent;
import dev.reprise.engine.local.BatchOptions;
import dev.reprise.identity.RequestId;
import dev.reprise.identity.TenantId;
import dev.reprise.identity.WorkerId;
import dev.reprise.runtime.Deadline;
import dev.reprise.runtime.VirtualEventLoop;
import dev.reprise.tokens.CacheSalt;
import dev.reprise.tokens.TokenIds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A scripted engine takes exactly the time and gives exactly the tokens of its script. */
class ScriptedEngineTest {
    private static final ScriptedTiming TIMING =
            new ScriptedTiming(Duration.ofMillis(2), Duration.ofMillis(1), Duration.ofMillis(5));

    private final VirtualEventLoop loop = new VirtualEventLoop();

    @Test
    void stepsTakeTheirTime() {
        List<String> log = run(0);
        // Step 1: 2 + 10 × 1 ms; then steps of one row, 2 + 5 ms each.
        assertThat(log).containsExactly("0 started", "12 [7]", "19 [8]", "26 [7]", "26 finished");
    }

    @Test
    void theSameCallsGiveTheSameRun() {
        assertThat(new ScriptedEngineTest().run(3)).isEqualTo(new ScriptedEngineTest().run(3));
    }

    private List<String> run(int others) {
        ScriptedEngine engine = new ScriptedEngine(
                ScriptedSetup.of(new WorkerId("s"), 50, 4, BatchOptions.DEFAULT),
                TIMING,
                TokenScript.always(TokenIds.of(7, 8)),
                loop);
        List<String> log = new ArrayList<>();
        for (int i = 0; i <= others; i++) {
            engine.submit(request(i), event -> log.add(loop.clock().nanos() / 1_000_000 + " " + text(event)));
        }
        loop.runUntilIdle(10_000);
        engine.close();
        return log;
    }

    private static String text(TokenEvent event) {
        return switch (event) {
            case TokenEvent.Started _ -> "started";
            case TokenEvent.Generated generated -> generated.tokens().toString();
            case TokenEvent.Finished _ -> "finished";
            case TokenEvent.Failed failed -> failed.error().message();
        };
    }

    private static EngineRequest request(int index) {
        return new EngineRequest(
                new RequestId("r" + index),
                TenantId.ANONYMOUS,
                TokenIds.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10 + index),
                new CacheSalt(1, 2),
                SamplingOptions.GREEDY,
                StopConditions.maxTokens(3),
                0,
                Deadline.NONE,
                100);
    }
}
