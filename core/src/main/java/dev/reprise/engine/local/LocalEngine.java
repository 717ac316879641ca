package dev.reprise.engine.local;

import dev.reprise.engine.EngineCapability;
import dev.reprise.engine.EngineDescription;
import dev.reprise.engine.local.model.ComputeException;
import dev.reprise.engine.local.model.ModelRunner;
import dev.reprise.identity.EngineKind;
import dev.reprise.runtime.EventLoop;
import dev.reprise.runtime.InvariantViolation;
import dev.reprise.runtime.RandomSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded engine: one platform thread that schedules, computes and books steps, and rests when there is nothing to
 * compute.
 *
 * <p>Failures. A step that the runner or the chooser cannot compute fails the requests in it and the engine goes on;
 * after {@link BatchOptions#maxFailedSteps} in a row, a broken invariant or an {@link Error} it is unhealthy: everything
 * running fails, and so does everything submitted later.
 *
 * <p>Memory beside the runner's: {@code maxNumSeqs × vocabularySize} floats of logits.
 */
public final class LocalEngine extends BatchingEngine {
    private static final Logger LOG = LoggerFactory.getLogger(LocalEngine.class);
    private static final long SETTLE_NANOS = 5_000_000_000L;
    private static final long SETTLE_RETRY_NANOS = 1_000_000L;

    private final ModelRunner runner;
    private final TokenChooser chooser;
    private final EventLoop loop;
    private final Thread thread;
    private float[] logits = new float[0];

    /**
     * Starts the engine.
     *
     * @param runner computes; the engine's from now on, closed with it
     * @param chooser chooses tokens, on the engine's thread
     * @param loop where sinks, listeners and result consumers are called; closed after the engine
     * @param random draws the epoch and the seeds of requests without one; the engine's from now on
     */
    public LocalEngine(
            LocalEngineOptions options, ModelRunner runner, TokenChooser chooser, EventLoop loop, RandomSource random) {
        super(setup(options, runner), new RunnerBytes(runner), loop, random);
        this.runner = runner;
        this.chooser = chooser;
        this.loop = loop;
        this.thread = Thread.ofPlatform().name("engine-" + options.worker()).unstarted(this::run);
        thread.start();
    }

    @Override
    protected void wake() {
        // The inbox wakes its reader.
    }

    @Override
    public void close() {
        closeInbox();
        joinThread();
        long giveUpAt = loop.clock().nanos() + SETTLE_NANOS;
        while (!settle() && loop.clock().nanos() - giveUpAt < 0) {
            LockSupport.parkNanos(SETTLE_RETRY_NANOS);
        }
    }

    private static EngineSetup setup(LocalEngineOptions options, ModelRunner runner) {
        EngineDescription description = new EngineDescription(
                options.worker(),
                EngineKind.LOCAL,
                options.model(),
                options.modelRevision(),
                EnumSet.allOf(EngineCapability.class),
                runner.kvLayout().blockSizeTokens(),
                runner.totalBlocks(),
                runner.maxModelTokens(),
                runner.vocabularySize(),
                runner.fingerprint());
        return new EngineSetup(description, options.batching(), options.eosTokenIds());
    }

    private void run() {
        while (!isClosing()) {
            try {
                turn();
            } catch (Throwable t) {
                // State may be wrong: nothing is computed any more, and everybody is told.
                LOG.error("{} breaks down", thread.getName(), t);
                breakDown(String.valueOf(t));
            }
        }
        try {
            shutDown();
        } finally {
            runner.close();
        }
    }

    private void turn() throws InterruptedException {
        Optional<Step> step = beginStep();
        if (step.isPresent()) {
            compute(step.get());
        } else {
            awaitCommand();
        }
    }

    private void compute(Step step) {
        List<Choice> choices;
        try {
            runner.step(step.batch(), logitsFor(step));
            choices = choose(step.rows());
        } catch (InvariantViolation e) {
            throw e;
        } catch (ComputeException | RuntimeException e) {
            // Only blocks of this step's rows hold garbage, and none of them is findable.
            LOG.error(
                    "{} could not compute a step of {} rows",
                    thread.getName(),
                    step.batch().rows(),
                    e);
            failStep(step, String.valueOf(e.getMessage()));
            return;
        }
        completeStep(step, choices);
    }

    private float[] logitsFor(Step step) {
        int floats = Math.multiplyExact(step.batch().logitRows(), runner.vocabularySize());
        if (logits.length < floats) {
            logits = new float[floats];
        }
        return logits;
    }

    private List<Choice> choose(List<Step.Row> rows) {
        int vocabularySize = runner.vocabularySize();
        List<Choice> choices = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            choices.add(chooser.choose(rows.get(i), logits, i * vocabularySize, vocabularySize));
        }
        return choices;
    }

    private void joinThread() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            // The thread ends by itself; only the wait was cut short.
            Thread.currentThread().interrupt();
        }
    }
}
