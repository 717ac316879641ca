package dev.reprise.app;

import dev.reprise.cli.CliFailure;
import dev.reprise.cli.ProductVersion;
import dev.reprise.config.Configuration;
import dev.reprise.config.Settings;
import dev.reprise.http.HttpLimits;
import dev.reprise.http.HttpListener;
import dev.reprise.http.HttpListenerOptions;
import dev.reprise.http.HttpTimeouts;
import dev.reprise.http.ListenException;
import dev.reprise.http.TlsFiles;
import dev.reprise.identity.ModelId;
import dev.reprise.router.LeastLoadedSelector;
import dev.reprise.router.Router;
import dev.reprise.runtime.Clock;
import dev.reprise.runtime.EventLoop;
import dev.reprise.runtime.FileFaults;
import dev.reprise.runtime.RandomSource;
import dev.reprise.runtime.ThreadEventLoop;
import dev.reprise.server.ApiKeys;
import dev.reprise.server.ApiServer;
import dev.reprise.server.Backend;
import dev.reprise.server.CacheScopePolicy;
import dev.reprise.server.RequestLog;
import dev.reprise.server.ServedModel;
import dev.reprise.server.ServerOptions;
import dev.reprise.server.ServerParts;
import dev.reprise.telemetry.MetricRegistry;
import dev.reprise.tokens.CacheSaltFormula;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker behind the router behind the API behind a listener: everything that {@code serve} runs.
 *
 * <p>Closing cuts off what still runs; {@link #drain} first lets it finish.
 */
final class RunningServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningServer.class);
    private static final int LOOP_CAPACITY = 65_536;
    private static final int SECRET_BYTES = 32;
    private static final Duration LAST_BYTES = Duration.ofSeconds(1);

    private final Resources resources;
    private final EmbeddedEngine engine;
    private final ApiServer api;
    private final HttpListener listener;

    private RunningServer(Resources resources, EmbeddedEngine engine, ApiServer api, HttpListener listener) {
        this.resources = resources;
        this.engine = engine;
        this.api = api;
        this.listener = listener;
    }

    /**
     * Loads and starts everything; requests are answered from then on.
     *
     * @throws CliFailure when something cannot be loaded or the address cannot be bound; nothing is left running
     */
    static RunningServer start(Configuration configuration, ServedFolder folder, EnginePlan plan)
            throws CliFailure, InterruptedException {
        Resources resources = new Resources();
        try {
            return new Start(configuration, folder, plan, resources).start();
        } catch (CliFailure | InterruptedException | RuntimeException | Error e) {
            resources.close();
            throw e;
        }
    }

    /** The steps of a start, which share what they are told. */
    private record Start(Configuration configuration, ServedFolder folder, EnginePlan plan, Resources resources) {
        RunningServer start() throws CliFailure, InterruptedException {
            ApiKeys keys = keys();
            CacheSaltFormula salts = new CacheSaltFormula(secret());
            SecureRandom entropy = new SecureRandom();
            EventLoop loop = resources.add(new ThreadEventLoop("events", LOOP_CAPACITY, Start::report));
            FutureTask<ServedText> text = loadText(loop.clock());
            EmbeddedEngine engine = resources.add(EmbeddedEngine.start(
                    plan, folder.path(), new ModelId(folder.name()), loop, new RandomSource(entropy.nextLong())));
            Router router = new Router(new LeastLoadedSelector(), loop);
            router.setWorkers(List.of(engine.engine()));
            ServerParts parts = new ServerParts(
                    ProductVersion.CURRENT,
                    model(engine, await(text), loop.clock().now()),
                    Backend.of(router),
                    keys,
                    salts,
                    loop,
                    new RandomSource(entropy.nextLong()),
                    new MetricRegistry(),
                    RequestLog.toLogger());
            ApiServer api = new ApiServer(serverOptions(), parts);
            HttpListener listener = resources.add(listen(api));
            return new RunningServer(resources, engine, api, listener);
        }

        private static void report(Throwable failure) {
            LOG.error("a task of the event loop failed", failure);
        }

        private ApiKeys keys() throws CliFailure {
            List<String> given = configuration.find(Settings.API_KEY).stream().toList();
            Optional<Path> file = configuration.find(Settings.API_KEY_FILE);
            try {
                List<String> lines = file.isPresent() ? Files.readAllLines(file.get()) : List.of();
                ApiKeys keys = given.isEmpty() && lines.isEmpty() ? ApiKeys.none() : ApiKeys.of(given, lines);
                if (file.isPresent() && !keys.required()) {
                    throw new CliFailure(file.get() + " holds no key: write lines of a key and a tenant");
                }
                return keys;
            } catch (IOException e) {
                throw unreadable(file, e);
            } catch (IllegalArgumentException e) {
                throw CliFailure.saying(e);
            }
        }

        private byte[] secret() throws CliFailure {
            Optional<Path> file = configuration.find(Settings.CACHE_SECRET_FILE);
            if (file.isEmpty()) {
                byte[] secret = new byte[SECRET_BYTES];
                new SecureRandom().nextBytes(secret);
                return secret;
            }
            try {
                byte[] secret = Files.readString(file.get()).strip().getBytes(StandardCharsets.UTF_8);
                if (secret.length < CacheSaltFormula.MIN_SECRET_BYTES) {
                    throw new CliFailure("%s holds a secret of %d bytes; write at least %d"
                            .formatted(file.get(), secret.length, CacheSaltFormula.MIN_SECRET_BYTES));
                }
                return secret;
            } catch (IOException e) {
                throw unreadable(file, e);
            }
        }

        private static CliFailure unreadable(Optional<Path> file, IOException e) {
            return new CliFailure(file.map(Path::toString).orElse("") + " " + FileFaults.describe(e));
        }

        /** Loads beside the weights: each takes about half of a start. */
        private FutureTask<ServedText> loadText(Clock clock) {
            FutureTask<ServedText> text = new FutureTask<>(
                    () -> ServedText.load(folder.path(), configuration.find(Settings.CHAT_TEMPLATE), clock));
            Thread.ofPlatform().daemon().name("load-text").start(text);
            return text;
        }

        private static ServedText await(FutureTask<ServedText> text) throws CliFailure, InterruptedException {
            try {
                return text.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof CliFailure failure) {
                    throw failure;
                }
                throw new IllegalStateException("the tokenizer could not be loaded", e);
            }
        }

        private ServedModel model(EmbeddedEngine engine, ServedText text, Instant loadedAt) throws CliFailure {
            boolean caches = configuration.get(Settings.ENABLE_PREFIX_CACHING);
            return new ServedModel(
                    List.of(new ModelId(folder.name())),
                    folder.path().toString(),
                    engine.revision(),
                    loadedAt,
                    text.tokenizer(),
                    text.template(),
                    GenerationDefaults.read(folder.path()),
                    new ServedModel.Limits(
                            plan.runner().maxModelTokens(),
                            plan.model().vocabularySize(),
                            caches ? plan.runner().blockSizeTokens() : 0),
                    plan.model().eosTokenIds());
        }

        private ServerOptions serverOptions() {
            ServerOptions defaults = ServerOptions.DEFAULTS;
            return new ServerOptions(
                    configuration.get(Settings.REQUEST_DEADLINE),
                    configuration.get(Settings.KEEP_ALIVE_INTERVAL),
                    configuration.get(Settings.MAX_OPEN_REQUESTS),
                    defaults.maxChoices(),
                    defaults.outputWindowTokens(),
                    encodeParallelism(),
                    defaults.retryAfter(),
                    cacheScope(),
                    configuration.get(Settings.LOG_PROMPTS));
        }

        /** Half of the processors: encoding must not take every carrier of the virtual threads that write answers. */
        private static int encodeParallelism() {
            return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        }

        private CacheScopePolicy cacheScope() {
            return switch (configuration.get(Settings.CACHE_SCOPE)) {
                case AUTO -> CacheScopePolicy.AUTO;
                case SHARED -> CacheScopePolicy.SHARED;
                case TENANT -> CacheScopePolicy.TENANT;
            };
        }

        private HttpListener listen(ApiServer api) throws CliFailure, InterruptedException {
            try {
                return HttpListener.start(listenerOptions(api), api);
            } catch (ListenException e) {
                throw CliFailure.saying(e);
            }
        }

        private HttpListenerOptions listenerOptions(ApiServer api) {
            HttpLimits limits = HttpLimits.DEFAULT;
            HttpTimeouts timeouts = HttpTimeouts.DEFAULT;
            int maxBodyBytes = configuration.get(Settings.MAX_BODY).intValue();
            HttpListenerOptions options = HttpListenerOptions.plain(
                            configuration.get(Settings.HOST), configuration.get(Settings.PORT), api.listenerErrors())
                    .withLimits(new HttpLimits(
                            limits.maxConnections(),
                            limits.maxRequestLineBytes(),
                            limits.maxHeaderBytes(),
                            maxBodyBytes,
                            Math.max(maxBodyBytes, limits.maxBufferedBodyBytes())))
                    .withTimeouts(new HttpTimeouts(
                            timeouts.idle(), timeouts.requestRead(), configuration.get(Settings.WRITE_TIMEOUT)));
            Optional<Path> key = configuration.find(Settings.SSL_KEYFILE);
            return configuration
                    .find(Settings.SSL_CERTFILE)
                    .map(certificate -> options.withTls(new TlsFiles(certificate, key.orElseThrow())))
                    .orElse(options);
        }
    }

    /** The bound port. */
    int port() {
        return listener.port();
    }

    /** Answers that are being computed now. */
    int openRequests() {
        return api.openRequests();
    }

    /** Not ready from now on. Waits until what is open has finished; false when {@code grace} passes first. */
    boolean drain(Duration grace) throws InterruptedException {
        api.drain();
        return api.awaitIdle(grace);
    }

    /** Ends: open streams get an error event, then their connections are closed. */
    @Override
    public void close() {
        try {
            engine.engine().close();
            listener.stopAccepting();
            listener.awaitIdle(LAST_BYTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            resources.close();
        }
    }
}
