package dev.reprise.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.EngineHealth;
import dev.reprise.engine.EngineRequest;
import dev.reprise.engine.FinishReason;
import dev.reprise.engine.RecordingSink;
import dev.reprise.engine.RequestHandle;
import dev.reprise.engine.SamplingOptions;
import dev.reprise.engine.StopConditions;
import dev.reprise.engine.TokenEvent;
import dev.reprise.engine.local.model.ComputeException;
import dev.reprise.engine.local.model.ModelRunner;
import dev.reprise.engine.local.model.StepBatch;
import dev.reprise.identity.RequestId;
import dev.reprise.identity.TenantId;
import dev.reprise.runtime.Deadline;
import dev.reprise.runtime.RandomSource;
import dev.reprise.runtime.VirtualEventLoop;
import dev.reprise.tokens.CacheSalt;
import dev.reprise.tokens.TokenIds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Runs requests with common beginnings through random schedules of one model and compares every row of logits that
 * chose a token, on raw bits, with a run of the request alone: one token at a time, in blocks of its own, without
 * scheduler and cache.
 */
final class RandomSchedules {
    private static final CacheSalt SALT = new CacheSalt(5, 6);

    /** Makes runners of one model. */
    @FunctionalInterface
    interface Runners {
        ModelRunner open(int totalBlocks, int blockSizeTokens);
    }

    /** What the schedules must have met, or they have shown nothing. */
    static final class Coverage {
        long preemptions;
        long cachedTokens;
        long rows;
        long failures;

        void assertAllMet() {
            assertThat(List.of(preemptions, cachedTokens, rows, failures)).allMatch(count -> count > 0);
        }
    }

    private record Expected(int[] tokens, List<int[]> logitBits) {}

    private final Runners runners;
    private final TokenChooser chooser;
    private final RandomSource random;
    private final int[] blockSizes;
    private final Coverage coverage;
    private final List<EngineRequest> requests = new ArrayList<>();
    private final List<Expected> expected = new ArrayList<>();

    RandomSchedules(Runners runners, TokenChooser chooser, RandomSource random, int[] blockSizes, Coverage coverage)
            throws ComputeException {
        this.runners = runners;
        this.chooser = chooser;
        this.random = random;
        this.blockSizes = blockSizes;
        this.coverage = coverage;
        drawRequests(blockSizes[0]);
        for (EngineRequest request : requests) {
            expected.add(runAlone(request));
        }
    }

    private void drawRequests(int blockSize) {
        int vocabularySize;
        try (ModelRunner runner = runners.open(1, blockSize)) {
            vocabularySize = runner.vocabularySize();
        }
        int[] common = tokens(5 * blockSize, vocabularySize);
        for (int i = 0; i < 10; i++) {
            int shared = random.nextInt(common.length);
            int[] tail = tokens(1 + random.nextInt(blockSize), vocabularySize);
            int[] prompt = Arrays.copyOf(common, shared + tail.length);
            System.arraycopy(tail, 0, prompt, shared, tail.length);
            requests.add(request(i, prompt, 1 + random.nextInt(2 * blockSize)));
        }
    }

    private EngineRequest request(int index, int[] prompt, int outputTokens) {
        SamplingOptions sampling = random.nextInt(2) == 0
                ? SamplingOptions.GREEDY
                : new SamplingOptions(
                        0.5 + random.nextDouble(), 0.9, 0, OptionalLong.of(random.nextLong()), OptionalInt.empty());
        return new EngineRequest(
                new RequestId("r" + index),
                TenantId.ANONYMOUS,
                TokenIds.of(prompt),
                SALT,
                sampling,
                new StopConditions(outputTokens, Set.of(), true),
                0,
                Deadline.NONE,
                1 + random.nextInt(20));
    }

    private int[] tokens(int count, int vocabularySize) {
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++) {
            tokens[i] = random.nextInt(vocabularySize);
        }
        return tokens;
    }

    private Expected runAlone(EngineRequest request) throws ComputeException {
        int promptTokens = request.prompt().size();
        int total = promptTokens + request.stop().maxTokens();
        int blockSize = blockSizes[0];
        int blocks = Math.ceilDiv(total, blockSize);
        int[] table = new int[blocks];
        Arrays.setAll(table, i -> blocks - 1 - i);
        int[] tokens = Arrays.copyOf(request.prompt().toArray(), total);
        List<int[]> bits = new ArrayList<>();
        try (ModelRunner runner = runners.open(blocks, blockSize)) {
            float[] logits = new float[runner.vocabularySize()];
            for (int at = 0; at + 1 < total; at++) {
                StepBatch.Segment segment = new StepBatch.Segment(new int[] {tokens[at]}, at, table, 1);
                runner.step(new StepBatch(List.of(segment)), logits);
                if (at + 1 >= promptTokens) {
                    bits.add(bits(logits, 0, logits.length));
                    Step.Row row = row(request, at + 1 - promptTokens);
                    tokens[at + 1] =
                            chooser.choose(row, logits, 0, logits.length).tokenId();
                }
            }
        }
        return new Expected(Arrays.copyOfRange(tokens, promptTokens, total), bits);
    }

    private static Step.Row row(EngineRequest request, int outputIndex) {
        return new Step.Row(request, request.sampling().seed().orElse(0), outputIndex);
    }

    private static int[] bits(float[] logits, int from, int count) {
        int[] bits = new int[count];
        for (int i = 0; i < count; i++) {
            bits[i] = Float.floatToRawIntBits(logits[from + i]);
        }
        return bits;
    }

    /** One random schedule. */
    void run(int number) {
        int blockSize = blockSizes[random.nextInt(blockSizes.length)];
        int maxTokens = requests.stream()
                .mapToInt(request -> request.prompt().size() + request.stop().maxTokens())
                .max()
                .orElseThrow();
        int totalBlocks = Math.ceilDiv(maxTokens, blockSize) + random.nextInt(8);
        int sequences = 1 + random.nextInt(6);
        BatchOptions batching = new BatchOptions(
                sequences + random.nextInt(3 * blockSize), sequences, 100, random.nextInt(4) > 0, 1_000);
        FaultyRunner runner = new FaultyRunner(runners.open(totalBlocks, blockSize));
        Map<RequestId, List<int[]>> seen = new HashMap<>();
        TokenChooser recording = (row, logits, from, size) -> {
            List<int[]> rows = seen.computeIfAbsent(row.request().id(), _ -> new ArrayList<>());
            rows.add(bits(logits, from, size));
            return chooser.choose(row, logits, from, size);
        };
        VirtualEventLoop loop = new VirtualEventLoop();
        try (SteppedEngine engine = new SteppedEngine(batching, runner, recording, loop)) {
            new Traffic(engine, runner, loop, random.nextInt(3) == 0).run(number, seen);
            coverage.preemptions += engine.load().preemptions();
        }
    }

    /** The requests of one schedule on their way through an engine. */
    private final class Traffic {
        private final SteppedEngine engine;
        private final FaultyRunner runner;
        private final VirtualEventLoop loop;
        private final boolean faults;
        private final List<RecordingSink> sinks = new ArrayList<>();
        private final List<RequestHandle> handles = new ArrayList<>();
        private final List<Integer> which = new ArrayList<>();

        Traffic(SteppedEngine engine, FaultyRunner runner, VirtualEventLoop loop, boolean faults) {
            this.engine = engine;
            this.runner = runner;
            this.loop = loop;
            this.faults = faults;
        }

        void run(int number, Map<RequestId, List<int[]>> seen) {
            int arrivals = 3 + random.nextInt(10);
            int steps = 0;
            while (which.size() < arrivals || sinks.stream().anyMatch(sink -> !sink.hasEnded())) {
                assertThat(steps++).as("steps of schedule %d", number).isLessThan(20_000);
                if (which.size() < arrivals && random.nextInt(3) == 0) {
                    arrive();
                }
                disturb();
                engine.step();
            }
            for (int i = 0; i < which.size(); i++) {
                compare(number, i, seen);
            }
            assertThat(engine.health()).isInstanceOf(EngineHealth.Healthy.class);
            assertThat(engine.load().usedBlocks()).isZero();
        }

        private void arrive() {
            int index = random.nextInt(requests.size());
            EngineRequest drawn = requests.get(index);
            EngineRequest request = new EngineRequest(
                    new RequestId("s" + which.size()),
                    drawn.tenant(),
                    drawn.prompt(),
                    drawn.salt(),
                    drawn.sampling(),
                    drawn.stop(),
                    random.nextInt(2),
                    drawn.deadline(),
                    drawn.outputWindowTokens());
            RecordingSink sink = new RecordingSink(loop);
            which.add(index);
            sinks.add(sink);
            handles.add(engine.submit(request, sink));
        }

        private void disturb() {
            if (handles.isEmpty()) {
                return;
            }
            RequestHandle handle = handles.get(random.nextInt(handles.size()));
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3, 4 -> handle.acknowledge(1 + random.nextInt(30));
                case 5 -> handle.setPriority(random.nextInt(3));
                case 6 -> {
                    if (random.nextInt(8) == 0) {
                        handle.cancel();
                    }
                }
                case 7 -> {
                    if (faults && random.nextInt(6) == 0) {
                        runner.failSteps(1);
                    }
                }
                default -> {}
            }
        }

        private void compare(int number, int i, Map<RequestId, List<int[]>> seen) {
            RecordingSink sink = sinks.get(i);
            Expected alone = expected.get(which.get(i));
            String what = "schedule %d, request %d".formatted(number, i);
            assertThat(sink.faults()).as(what).isEmpty();
            List<Integer> tokens = sink.tokens();
            for (int at = 0; at < tokens.size(); at++) {
                assertThat(tokens.get(at)).as("%s, token %d", what, at).isEqualTo(alone.tokens()[at]);
            }
            List<int[]> rows = seen.getOrDefault(handles.get(i).id(), List.of());
            assertThat(rows).as(what).hasSize(tokens.size());
            for (int at = 0; at < rows.size(); at++) {
                assertThat(Arrays.equals(rows.get(at), alone.logitBits().get(at)))
                        .as("%s: logits of token %d are those of a run alone, bit for bit", what, at)
                        .isTrue();
            }
            switch (sink.end().orElseThrow()) {
                case TokenEvent.Finished(var reason, var usage) -> {
                    coverage.cachedTokens += usage.cachedTokens();
                    if (reason == FinishReason.LENGTH) {
                        assertThat(tokens).as(what).hasSize(alone.tokens().length);
                    }
                }
                default -> coverage.failures++;
            }
            coverage.rows += rows.size();
        }
    }
}
