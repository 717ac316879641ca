package dev.reprise.config;

import static dev.reprise.config.Verb.CHAT;
import static dev.reprise.config.Verb.SERVE;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Every setting there is. Flags carry vLLM's names where vLLM has them. */
public final class Settings {
    private static final Duration ONE_MILLISECOND = Duration.ofMillis(1);
    private static final Duration ONE_DAY = Duration.ofDays(1);
    private static final int MAX_NAME = 256;
    private static final int MAX_TOKENS = 16_777_216;

    /** How weights are held and multiplied. */
    public enum Precision {
        INT8,
        F32
    }

    /** Who shares cached blocks. */
    public enum CacheScopeChoice {
        AUTO,
        SHARED,
        TENANT
    }

    /** How log lines are written. */
    public enum LogFormat {
        TEXT,
        JSON
    }

    /** The least important lines that are written. */
    public enum LogLevel {
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    public static final Setting<Path> MODEL_PATH = Setting.of(
                    SERVE,
                    "model.path",
                    SettingTypes.path(),
                    "Folder of a model in Hugging Face format; also given as the argument of serve."
                            + " Without it the bundled demonstration model is served.")
            .withFlag("--model");

    public static final Setting<String> SERVED_MODEL_NAME = Setting.of(
                    SERVE,
                    "model.served_model_name",
                    SettingTypes.text(MAX_NAME),
                    "The model's name in the API. Without it the name of the folder.")
            .withFlag("--served-model-name");

    public static final Setting<Integer> MAX_MODEL_LEN = Setting.of(
                    SERVE,
                    "model.max_model_len",
                    SettingTypes.integer(2, MAX_TOKENS),
                    "Longest sequence (prompt and answer together), in tokens. Without it the model's own limit.")
            .withFlag("--max-model-len");

    public static final Setting<Path> CHAT_TEMPLATE = Setting.of(
                    SERVE,
                    "model.chat_template",
                    SettingTypes.path(),
                    "Jinja file that turns messages into a prompt. Without it the model's own template.")
            .withFlag("--chat-template");

    public static final Setting<Precision> PRECISION = Setting.of(
                    SERVE,
                    "model.precision",
                    SettingTypes.choice(Precision.class),
                    "How weights are held and multiplied: int8 (quicker, a quarter of the memory) or f32.")
            .withDefault(Precision.INT8)
            .withFlag("--precision");

    public static final Setting<Integer> BLOCK_SIZE = Setting.of(
                    SERVE,
                    "engine.block_size",
                    SettingTypes.multipleOf(16, 16, 1_024),
                    "Size of a KV block, in tokens: the unit of caching.")
            .withDefault(32)
            .withFlag("--block-size");

    public static final Setting<Integer> MAX_NUM_SEQS = Setting.of(
                    SERVE,
                    "engine.max_num_seqs",
                    SettingTypes.integer(1, 4_096),
                    "Most sequences computed in one step; more wait.")
            .withDefault(64)
            .withFlag("--max-num-seqs");

    public static final Setting<Integer> MAX_NUM_BATCHED_TOKENS = Setting.of(
                    SERVE,
                    "engine.max_num_batched_tokens",
                    SettingTypes.integer(1, 65_536),
                    "Most tokens computed in one step, at least max_num_seqs; longer prompts are computed in chunks.")
            .withDefault(512)
            .withFlag("--max-num-batched-tokens");

    public static final Setting<Long> KV_CACHE_MEMORY = Setting.of(
                    SERVE,
                    "engine.kv_cache_memory",
                    SettingTypes.bytes(1L << 20, 1L << 44),
                    "Memory for the KV pool, in bytes, outside the Java heap. Without it enough for max_num_seqs"
                            + " sequences of full length, at most a quarter of the machine's memory.")
            .withFlag("--kv-cache-memory-bytes");

    public static final Setting<Integer> NUM_KV_BLOCKS = Setting.of(
                    SERVE,
                    "engine.num_kv_blocks",
                    SettingTypes.integer(1, Integer.MAX_VALUE),
                    "Size of the KV pool in blocks, instead of engine.kv_cache_memory.")
            .withFlag("--num-gpu-blocks-override");

    public static final Setting<Boolean> ENABLE_PREFIX_CACHING = Setting.of(
                    SERVE,
                    "engine.enable_prefix_caching",
                    SettingTypes.bool(),
                    "Reuses blocks of earlier prompts. Answers are the same, bit for bit, with and without.")
            .withDefault(true)
            .withSwitch("--enable-prefix-caching", "true")
            .withSwitch("--no-enable-prefix-caching", "false");

    public static final Setting<Integer> THREADS = Setting.of(
                    SERVE,
                    "engine.threads",
                    SettingTypes.integer(1, 1_024),
                    "Threads that compute. Without it one for each processor that the process may use.")
            .withFlag("--threads");

    public static final Setting<Boolean> VECTOR_KERNELS = Setting.of(
                    SERVE,
                    "engine.vector_kernels",
                    SettingTypes.bool(),
                    "Computes attention and norms with vector instructions. The scalar kernels give the same bits.")
            .withDefault(true)
            .withSwitch("--vector-kernels", "true")
            .withSwitch("--no-vector-kernels", "false");

    public static final Setting<CacheScopeChoice> CACHE_SCOPE = Setting.of(
                    SERVE,
                    "cache.scope",
                    SettingTypes.choice(CacheScopeChoice.class),
                    "Who shares cached blocks: everybody (shared), each tenant alone (tenant), or shared until there"
                            + " are two tenants (auto).")
            .withDefault(CacheScopeChoice.AUTO)
            .withFlag("--cache-scope");

    public static final Setting<Path> CACHE_SECRET_FILE = Setting.of(
                    SERVE,
                    "cache.secret_file",
                    SettingTypes.path(),
                    "File with the secret that block identities are keyed with, the same on all processes that share"
                            + " blocks. Without it a random secret for each process.")
            .withFlag("--cache-secret-file");

    public static final Setting<String> HOST = Setting.of(
                    SERVE,
                    "server.host",
                    SettingTypes.text(),
                    "Address to listen on. Beyond loopback a key is needed, or --no-auth.")
            .withDefault("127.0.0.1")
            .withFlag("--host");

    public static final Setting<Integer> PORT = Setting.of(
                    SERVE, "server.port", SettingTypes.integer(0, 65_535), "Port to listen on; 0 takes a free one.")
            .withDefault(8_000)
            .withFlag("--port");

    public static final Setting<Path> SSL_CERTFILE = Setting.of(
                    SERVE,
                    "server.ssl_certfile",
                    SettingTypes.path(),
                    "PEM file with the certificate chain. With server.ssl_keyfile it switches TLS on.")
            .withFlag("--ssl-certfile");

    public static final Setting<Path> SSL_KEYFILE = Setting.of(
                    SERVE,
                    "server.ssl_keyfile",
                    SettingTypes.path(),
                    "PEM file with the certificate's private key (PKCS #8).")
            .withFlag("--ssl-keyfile");

    public static final Setting<Duration> SHUTDOWN_GRACE = Setting.of(
                    SERVE,
                    "server.shutdown_grace",
                    SettingTypes.duration(Duration.ZERO, ONE_DAY),
                    "How long running answers may take after SIGTERM or Ctrl-C; a second signal ends at once.")
            .withDefault(Duration.ofSeconds(25))
            .withFlag("--shutdown-grace");

    public static final Setting<Long> MAX_BODY = Setting.of(
                    SERVE, "server.max_body", SettingTypes.bytes(1_024, 1L << 30), "Largest request body, in bytes.")
            .withDefault(32L << 20)
            .withFlag("--max-body");

    public static final Setting<Integer> MAX_OPEN_REQUESTS = Setting.of(
                    SERVE,
                    "server.max_open_requests",
                    SettingTypes.integer(1, 1_000_000),
                    "Most requests being answered or waiting; more are refused with 503.")
            .withDefault(1_024)
            .withFlag("--max-open-requests");

    public static final Setting<Duration> REQUEST_DEADLINE = Setting.of(
                    SERVE,
                    "server.request_deadline",
                    SettingTypes.duration(ONE_MILLISECOND, ONE_DAY),
                    "Longest time from a request's arrival to the end of its answer.")
            .withDefault(Duration.ofMinutes(30))
            .withFlag("--request-deadline");

    public static final Setting<Duration> WRITE_TIMEOUT = Setting.of(
                    SERVE,
                    "server.write_timeout",
                    SettingTypes.duration(ONE_MILLISECOND, ONE_DAY),
                    "How long a client may take nothing of its answer before it counts as gone.")
            .withDefault(Duration.ofSeconds(30))
            .withFlag("--write-timeout");

    public static final Setting<Duration> KEEP_ALIVE_INTERVAL = Setting.of(
                    SERVE,
                    "server.keep_alive_interval",
                    SettingTypes.duration(Duration.ofMillis(100), ONE_DAY),
                    "How long a stream may be silent before a comment line keeps it open.")
            .withDefault(Duration.ofSeconds(15))
            .withFlag("--keep-alive-interval");

    public static final Setting<String> API_KEY = Setting.of(
                    SERVE,
                    "auth.api_key",
                    SettingTypes.text(),
                    "Key that requests must carry as 'Authorization: Bearer KEY'.")
            .withFlag("--api-key")
            .asSecret();

    public static final Setting<Path> API_KEY_FILE = Setting.of(
                    SERVE, "auth.api_key_file", SettingTypes.path(), "File with the keys (hashed) of several tenants.")
            .withFlag("--api-key-file");

    public static final Setting<Boolean> NO_AUTH = Setting.of(
                    SERVE, "auth.no_auth", SettingTypes.bool(), "Allows listening beyond loopback without a key.")
            .withDefault(false)
            .withSwitch("--no-auth", "true");

    public static final Setting<LogFormat> LOG_FORMAT = Setting.of(
                    SERVE,
                    "log.format",
                    SettingTypes.choice(LogFormat.class),
                    "How log lines are written to standard error: for people (text) or one JSON object each (json).")
            .withDefault(LogFormat.TEXT)
            .withFlag("--log-format");

    public static final Setting<LogLevel> LOG_LEVEL = Setting.of(
                    SERVE,
                    "log.level",
                    SettingTypes.choice(LogLevel.class),
                    "The least important log lines that are written.")
            .withDefault(LogLevel.INFO)
            .withFlag("--log-level");

    public static final Setting<Boolean> LOG_PROMPTS = Setting.of(
                    SERVE,
                    "log.prompts",
                    SettingTypes.bool(),
                    "Writes prompts and answers to the log. They may hold personal data.")
            .withDefault(false)
            .withSwitch("--log-prompts", "true");

    public static final Setting<String> CHAT_URL = Setting.of(
                    CHAT, "chat.url", SettingTypes.text(), "The OpenAI-compatible server to talk to.")
            .withDefault("http://127.0.0.1:8000")
            .withFlag("--url");

    public static final Setting<String> CHAT_API_KEY = Setting.of(
                    CHAT, "chat.api_key", SettingTypes.text(), "Key sent as 'Authorization: Bearer KEY'.")
            .withFlag("--api-key")
            .asSecret();

    public static final Setting<String> CHAT_MODEL = Setting.of(
                    CHAT,
                    "chat.model",
                    SettingTypes.text(),
                    "The model to ask. Without it the first one of the server.")
            .withFlag("--model");

    public static final Setting<String> CHAT_SYSTEM = Setting.of(
                    CHAT, "chat.system", SettingTypes.text(), "System message that each conversation begins with.")
            .withFlag("--system");

    public static final Setting<Integer> CHAT_MAX_TOKENS = Setting.of(
                    CHAT,
                    "chat.max_tokens",
                    SettingTypes.integer(1, MAX_TOKENS),
                    "Longest answer, in tokens. Without it the server decides.")
            .withFlag("--max-tokens");

    public static final Setting<Double> CHAT_TEMPERATURE = Setting.of(
                    CHAT,
                    "chat.temperature",
                    SettingTypes.decimal(0, 2),
                    "How random answers are; 0 always takes the likeliest token. Without it the server decides.")
            .withFlag("--temperature");

    /** The schema of all verbs, in the order of the reference page. */
    public static final Schema SCHEMA = new Schema(List.of(
            MODEL_PATH,
            SERVED_MODEL_NAME,
            MAX_MODEL_LEN,
            CHAT_TEMPLATE,
            PRECISION,
            BLOCK_SIZE,
            MAX_NUM_SEQS,
            MAX_NUM_BATCHED_TOKENS,
            KV_CACHE_MEMORY,
            NUM_KV_BLOCKS,
            ENABLE_PREFIX_CACHING,
            THREADS,
            VECTOR_KERNELS,
            CACHE_SCOPE,
            CACHE_SECRET_FILE,
            HOST,
            PORT,
            SSL_CERTFILE,
            SSL_KEYFILE,
            SHUTDOWN_GRACE,
            MAX_BODY,
            MAX_OPEN_REQUESTS,
            REQUEST_DEADLINE,
            WRITE_TIMEOUT,
            KEEP_ALIVE_INTERVAL,
            API_KEY,
            API_KEY_FILE,
            NO_AUTH,
            LOG_FORMAT,
            LOG_LEVEL,
            LOG_PROMPTS,
            CHAT_URL,
            CHAT_API_KEY,
            CHAT_MODEL,
            CHAT_SYSTEM,
            CHAT_MAX_TOKENS,
            CHAT_TEMPERATURE));

    private Settings() {}
}
