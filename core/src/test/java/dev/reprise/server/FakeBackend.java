package dev.reprise.server;

import dev.reprise.engine.EngineCapability;
import dev.reprise.engine.EngineDescription;
import dev.reprise.engine.EngineError;
import dev.reprise.engine.EngineErrorCode;
import dev.reprise.engine.EngineHealth;
import dev.reprise.engine.EngineLoad;
import dev.reprise.engine.EngineRequest;
import dev.reprise.engine.FinishReason;
import dev.reprise.engine.NumericFingerprint;
import dev.reprise.engine.RequestHandle;
import dev.reprise.engine.TokenEvent;
import dev.reprise.engine.TokenLogprobs;
import dev.reprise.engine.TokenSink;
import dev.reprise.engine.TokenUsage;
import dev.reprise.identity.EngineKind;
import dev.reprise.identity.ModelId;
import dev.reprise.identity.RequestId;
import dev.reprise.identity.WorkerId;
import dev.reprise.router.WorkerView;
import dev.reprise.runtime.ThreadEventLoop;
import dev.reprise.tokens.TokenIds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** An engine that says what a test wants, on a loop of its own, keeping to the port's rules. */
final class FakeBackend implements Backend, AutoCloseable {
    /** What to answer: tokens, then how to end. Without an end the engine waits for ever. */
    record Script(List<Integer> tokens, boolean ends, EngineError error) {
        static Script text(String text) {
            List<Integer> tokens = new ArrayList<>();
            for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
                tokens.add(b & 0xff);
            }
            return new Script(tokens, true, null);
        }

        static Script tokens(Integer... tokens) {
            return new Script(List.of(tokens), true, null);
        }

        Script hanging() {
            return new Script(tokens, false, null);
        }

        Script failing(EngineErrorCode code) {
            return new Script(tokens, true, new EngineError(code, "scripted failure"));
        }
    }

    final ThreadEventLoop loop = new ThreadEventLoop("fake-engine", 1 << 16, Throwable::printStackTrace);
    final List<EngineRequest> submitted = new CopyOnWriteArrayList<>();
    final AtomicInteger live = new AtomicInteger();
    final AtomicInteger mostAhead = new AtomicInteger();
    volatile Function<EngineRequest, Script> script = request -> Script.text("Hello");
    volatile EngineHealth health = new EngineHealth.Healthy();
    volatile Set<EngineCapability> capabilities = Set.of(EngineCapability.LOGPROBS);
    volatile int cachedTokens = 0;

    @Override
    public RequestHandle submit(EngineRequest request, TokenSink sink) {
        submitted.add(request);
        live.incrementAndGet();
        Running running = new Running(request, sink, script.apply(request));
        loop.execute(running::start);
        return running;
    }

    @Override
    public List<WorkerView> workers() {
        EngineDescription description = new EngineDescription(
                new WorkerId("worker-0"),
                EngineKind.SCRIPTED,
                new ModelId("tiny-llama"),
                "revision",
                capabilities,
                32,
                100,
                2_048,
                FakeTokenizer.VOCABULARY,
                new NumericFingerprint("w", "q", "r", "k", "t"));
        return List.of(new WorkerView(description, health, new EngineLoad(0, live.get(), 0, 0, 100, 1, 2, 3, 4), 0));
    }

    @Override
    public void close() {
        loop.close();
    }

    private final class Running implements RequestHandle {
        private final EngineRequest request;
        private final TokenSink sink;
        private final Script script;
        private int next;
        private int acknowledged;
        private boolean over;

        Running(EngineRequest request, TokenSink sink, Script script) {
            this.request = request;
            this.sink = sink;
            this.script = script;
        }

        void start() {
            if (!over) {
                sink.onEvent(new TokenEvent.Started(cachedTokens));
                step();
            }
        }

        private void step() {
            if (over) {
                return;
            }
            boolean last =
                    next >= script.tokens().size() || next >= request.stop().maxTokens();
            if (last && !script.ends()) {
                return;
            }
            if (last) {
                end(script.error() == null ? finished(lengthOrStop()) : new TokenEvent.Failed(script.error()));
                return;
            }
            if (next - acknowledged >= request.outputWindowTokens()) {
                return;
            }
            int id = script.tokens().get(next++);
            mostAhead.accumulateAndGet(next - acknowledged, Math::max);
            sink.onEvent(new TokenEvent.Generated(TokenIds.of(id), logprobs(id)));
            boolean eos = id == FakeTokenizer.END && !request.stop().ignoreEos();
            if (eos || request.stop().stopTokenIds().contains(id)) {
                end(finished(FinishReason.STOP));
            } else {
                loop.execute(this::step);
            }
        }

        private FinishReason lengthOrStop() {
            return next >= request.stop().maxTokens() ? FinishReason.LENGTH : FinishReason.STOP;
        }

        private List<TokenLogprobs> logprobs(int id) {
            if (request.sampling().logprobs().isEmpty()) {
                return List.of();
            }
            List<TokenLogprobs.Entry> top = new ArrayList<>();
            for (int i = 0; i < request.sampling().logprobs().getAsInt(); i++) {
                top.add(new TokenLogprobs.Entry(i == 0 ? id : 1_000 + i, -0.5f - i, i + 1));
            }
            return List.of(new TokenLogprobs(new TokenLogprobs.Entry(id, -0.5f, 1), top));
        }

        private TokenEvent finished(FinishReason reason) {
            return new TokenEvent.Finished(
                    reason, new TokenUsage(request.prompt().size(), cachedTokens, next));
        }

        private void end(TokenEvent event) {
            over = true;
            live.decrementAndGet();
            sink.onEvent(event);
        }

        @Override
        public RequestId id() {
            return request.id();
        }

        @Override
        public void cancel() {
            loop.execute(() -> {
                if (!over) {
                    end(finished(FinishReason.CANCELLED));
                }
            });
        }

        @Override
        public void setPriority(int priority) {}

        @Override
        public void acknowledge(int tokens) {
            loop.execute(() -> {
                boolean paused = next - acknowledged >= request.outputWindowTokens();
                acknowledged += tokens;
                if (paused) {
                    step();
                }
            });
        }
    }
}
