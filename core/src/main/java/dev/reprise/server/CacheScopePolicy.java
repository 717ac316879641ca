package dev.reprise.server;

import dev.reprise.identity.TenantId;
import dev.reprise.tokens.CacheScope;

/** Who shares cached prefixes. Between tenants, sharing shows by its speed what another tenant has asked. */
public enum CacheScopePolicy {
    /** Everybody while there is one tenant at most, each tenant alone as soon as there are two. */
    AUTO,
    /** Each tenant alone. */
    TENANT,
    /** Everybody. */
    SHARED;

    CacheScope scope(TenantId tenant, int tenantCount) {
        boolean perTenant =
                switch (this) {
                    case AUTO -> tenantCount > 1;
                    case TENANT -> true;
                    case SHARED -> false;
                };
        return perTenant ? new CacheScope.PerTenant(tenant) : new CacheScope.Shared();
    }
}
