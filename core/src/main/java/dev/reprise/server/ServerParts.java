package dev.reprise.server;

import dev.reprise.runtime.EventLoop;
import dev.reprise.runtime.RandomSource;
import dev.reprise.telemetry.MetricRegistry;
import dev.reprise.tokens.CacheSaltFormula;

/**
 * What the server is wired to.
 *
 * @param version of the product, for /version and fingerprints
 * @param model what is served
 * @param backend where requests go
 * @param keys who is let in
 * @param salts separates cached blocks
 * @param timers runs deadlines and keep-alives, each a short task; also the clock
 * @param random for request ids; seed it from the system's entropy
 * @param metrics counts
 * @param log one line for each request
 */
public record ServerParts(
        String version,
        ServedModel model,
        Backend backend,
        ApiKeys keys,
        CacheSaltFormula salts,
        EventLoop timers,
        RandomSource random,
        MetricRegistry metrics,
        RequestLog.Sink log) {}
