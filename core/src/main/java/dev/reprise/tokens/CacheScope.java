package dev.reprise.tokens;

import dev.reprise.identity.TenantId;

/** Who shares cached blocks. */
public sealed interface CacheScope {
    /** Everybody of this deployment. */
    record Shared() implements CacheScope {}

    /** One tenant alone. */
    record PerTenant(TenantId tenant) implements CacheScope {}
}
