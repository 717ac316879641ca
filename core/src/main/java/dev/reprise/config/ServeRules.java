package dev.reprise.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What must hold between the settings of {@code serve}. */
public final class ServeRules {
    private ServeRules() {}

    /** The rules that {@code configuration} breaks; empty when it may be served. */
    public static List<Problem> check(Configuration configuration) {
        List<Problem> problems = new ArrayList<>();
        checkReach(configuration, problems);
        checkTls(configuration, problems);
        checkPoolSize(configuration, problems);
        checkBatch(configuration, problems);
        return problems;
    }

    /** Whether a server with this configuration asks for keys. */
    public static boolean authenticates(Configuration configuration) {
        return configuration.find(Settings.API_KEY).isPresent()
                || configuration.find(Settings.API_KEY_FILE).isPresent();
    }

    private static void checkReach(Configuration configuration, List<Problem> problems) {
        String host = configuration.get(Settings.HOST);
        boolean withoutAuth = configuration.get(Settings.NO_AUTH);
        if (withoutAuth && authenticates(configuration)) {
            problems.add(new Problem(
                    "auth.no_auth (%s) contradicts the key that is given"
                            .formatted(configuration.entry(Settings.NO_AUTH).origin()),
                    "remove --no-auth or the key"));
        } else if (!isLoopback(host) && !withoutAuth && !authenticates(configuration)) {
            problems.add(new Problem(
                    "server.host (%s): '%s' can be reached from other machines, but no key is set"
                            .formatted(configuration.entry(Settings.HOST).origin(), host),
                    "set --api-key or --api-key-file, or allow everybody with --no-auth"));
        }
    }

    /** Only addresses that are loopback by their spelling count: a name may resolve to anything. */
    private static boolean isLoopback(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.equals("::1")
                || name.equals("[::1]")
                || name.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    private static void checkTls(Configuration configuration, List<Problem> problems) {
        boolean certificate = configuration.find(Settings.SSL_CERTFILE).isPresent();
        if (certificate != configuration.find(Settings.SSL_KEYFILE).isPresent()) {
            problems.add(new Problem(
                    "TLS needs a certificate and a key, but only %s is given"
                            .formatted(certificate ? "server.ssl_certfile" : "server.ssl_keyfile"),
                    certificate ? "add --ssl-keyfile" : "add --ssl-certfile"));
        }
    }

    private static void checkPoolSize(Configuration configuration, List<Problem> problems) {
        if (configuration.find(Settings.NUM_KV_BLOCKS).isPresent()
                && configuration.find(Settings.KV_CACHE_MEMORY).isPresent()) {
            problems.add(new Problem(
                    "engine.num_kv_blocks and engine.kv_cache_memory both size the KV pool", "remove one of them"));
        }
    }

    private static void checkBatch(Configuration configuration, List<Problem> problems) {
        int tokens = configuration.get(Settings.MAX_NUM_BATCHED_TOKENS);
        int sequences = configuration.get(Settings.MAX_NUM_SEQS);
        if (tokens < sequences) {
            problems.add(new Problem(
                    "engine.max_num_batched_tokens is %d, fewer than the %d of engine.max_num_seqs"
                            .formatted(tokens, sequences),
                    "each sequence needs one token of a step: raise --max-num-batched-tokens"));
        }
    }
}
