package dev.reprise.router;

import dev.reprise.identity.RequestId;
import dev.reprise.identity.TenantId;
import dev.reprise.tokens.CacheSalt;
import dev.reprise.tokens.TokenIds;

/**
 * What a selector may know of a request.
 *
 * @param id which request
 * @param tenant who asked
 * @param prompt its tokens, at least one
 * @param salt under which its blocks are cached
 * @param maxOutputTokens generated tokens at most, ≥ 1
 */
public record RoutingRequest(RequestId id, TenantId tenant, TokenIds prompt, CacheSalt salt, int maxOutputTokens) {}
