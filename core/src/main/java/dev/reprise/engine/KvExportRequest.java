package dev.reprise.engine;

import dev.reprise.tokens.CacheSalt;
import dev.reprise.tokens.TokenIds;

/**
 * Asks for the KV blocks of a token sequence.
 *
 * @param tokens the sequence; its full blocks are meant, from the first
 * @param salt under which they were cached
 */
public record KvExportRequest(TokenIds tokens, CacheSalt salt) {}
