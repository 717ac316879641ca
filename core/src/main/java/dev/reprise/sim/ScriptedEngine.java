package dev.reprise.sim;

import dev.reprise.engine.EngineRequest;
import dev.reprise.engine.local.BatchingEngine;
import dev.reprise.engine.local.Choice;
import dev.reprise.engine.local.EngineSetup;
import dev.reprise.engine.local.Step;
import dev.reprise.runtime.Checks;
import dev.reprise.runtime.EventLoop;
import dev.reprise.runtime.RandomSource;
import dev.reprise.runtime.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An engine that computes nothing: scheduling, blocks, prefix cache and KV events are those of the embedded engine,
 * while the time a step takes and the tokens it gives come from a script.
 *
 * <p>Everything runs on the event loop, so under a {@link dev.reprise.runtime.VirtualEventLoop} the same calls give the
 * same run. Commands that come during a step take effect at its end. Its blocks have the bytes of
 * {@link ScriptedBlocks}.
 *
 * <p>Threading: the port's methods may be called from any thread, except {@link #close} and the faults, which must be
 * called on the loop or, with a virtual loop, by its owner.
 */
public final class ScriptedEngine extends BatchingEngine {
    private final EventLoop loop;
    private final ScriptedTiming timing;
    private final TokenScript script;

    // The loop's alone.
    private boolean stepping;
    private boolean closed;
    private int stepsToFail;
    private Optional<String> breakDownReason = Optional.empty();
    private Optional<Registration> deadline = Optional.empty();

    /**
     * An idle engine.
     *
     * @param setup what it says of itself, see {@link ScriptedSetup}
     * @param timing how long steps take
     * @param script what it answers; token ids outside the vocabulary fail the step
     * @param loop where everything runs
     */
    public ScriptedEngine(EngineSetup setup, ScriptedTiming timing, TokenScript script, EventLoop loop) {
        super(
                setup,
                new ScriptedBlocks(setup.description()),
                loop,
                new RandomSource(setup.description().worker().hashCode()));
        this.loop = loop;
        this.timing = timing;
        this.script = script;
    }

    /** The next {@code steps} (≥ 0) steps fail. */
    public void failSteps(int steps) {
        Checks.check(steps >= 0, "steps must be at least 0, was %d", steps);
        stepsToFail = steps;
    }

    /** Breaks down at the end of the present step: everything running fails and so does what comes later. */
    public void goUnhealthy(String reason) {
        breakDownReason = Optional.of(reason);
        pump();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        closeInbox();
        deadline.ifPresent(Registration::close);
        shutDown();
    }

    @Override
    protected void wake() {
        loop.execute(this::pump);
    }

    private void pump() {
        if (stepping || closed) {
            return;
        }
        breakDownReason.ifPresent(this::breakDown);
        Optional<Step> step = beginStep();
        if (step.isPresent()) {
            stepping = true;
            loop.schedule(timing.nanos(step.get()), () -> endStep(step.get()));
        } else {
            watchDeadline();
        }
    }

    private void endStep(Step step) {
        stepping = false;
        if (closed) {
            return;
        }
        if (stepsToFail > 0 || breakDownReason.isPresent()) {
            stepsToFail = Math.max(0, stepsToFail - 1);
            failStep(step, breakDownReason.orElse("the script says so"));
        } else {
            completeStep(step, choose(step));
        }
        pump();
    }

    private List<Choice> choose(Step step) {
        List<Choice> choices = new ArrayList<>();
        for (Step.Row row : step.rows()) {
            EngineRequest request = row.request();
            choices.add(new Choice(script.token(request, row.outputIndex()), Optional.empty()));
        }
        return choices;
    }

    private void watchDeadline() {
        deadline.ifPresent(Registration::close);
        long nanos = restNanos();
        deadline = nanos == Long.MAX_VALUE ? Optional.empty() : Optional.of(loop.schedule(nanos, this::pump));
    }
}
