package dev.reprise.engine.local;

import dev.reprise.engine.EngineCapability;
import dev.reprise.engine.EngineDescription;
import dev.reprise.engine.local.model.ComputeException;
import dev.reprise.engine.local.model.ModelRunner;
import dev.reprise.identity.EngineKind;
import dev.reprise.identity.ModelId;
import dev.reprise.identity.WorkerId;
import dev.reprise.runtime.RandomSource;
import dev.reprise.runtime.VirtualEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The embedded engine without its thread: the test says when it steps, so that a seed gives the same run. */
final class SteppedEngine extends BatchingEngine {
    private final ModelRunner runner;
    private final TokenChooser chooser;
    private final VirtualEventLoop loop;

    SteppedEngine(BatchOptions batching, ModelRunner runner, TokenChooser chooser, VirtualEventLoop loop) {
        super(
                new EngineSetup(describe(runner), batching, Set.of()),
                new RunnerBytes(runner),
                loop,
                new RandomSource(1));
        this.runner = runner;
        this.chooser = chooser;
        this.loop = loop;
    }

    /** Takes commands, computes at most one step, and runs what that put on the loop; false without a step. */
    boolean step() {
        Optional<Step> planned = beginStep();
        planned.ifPresent(this::compute);
        loop.runUntilIdle(1_000_000);
        return planned.isPresent();
    }

    @Override
    protected void wake() {}

    @Override
    public void close() {
        closeInbox();
        shutDown();
        loop.runUntilIdle(1_000_000);
        runner.close();
    }

    private void compute(Step step) {
        int vocabularySize = runner.vocabularySize();
        float[] logits = new float[step.batch().logitRows() * vocabularySize];
        List<Choice> choices = new ArrayList<>();
        try {
            runner.step(step.batch(), logits);
        } catch (ComputeException e) {
            failStep(step, e.getMessage());
            return;
        }
        for (Step.Row row : step.rows()) {
            choices.add(chooser.choose(row, logits, choices.size() * vocabularySize, vocabularySize));
        }
        completeStep(step, choices);
    }

    private static EngineDescription describe(ModelRunner runner) {
        return new EngineDescription(
                new WorkerId("stepped"),
                EngineKind.LOCAL,
                new ModelId("tiny"),
                "1",
                Set.of(EngineCapability.KV_EVENTS),
                runner.kvLayout().blockSizeTokens(),
                runner.totalBlocks(),
                runner.maxModelTokens(),
                runner.vocabularySize(),
                runner.fingerprint());
    }
}
