package dev.reprise.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.identity.TenantId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ApiKeysTest {
    private static final String HASH_OF_SECRET = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

    @Test
    void keysInTheClearAndHashedLetTheSameKeyIn() {
        ApiKeys clear = ApiKeys.of(List.of("secret"), List.of());
        ApiKeys hashed = ApiKeys.of(List.of(), List.of("# team", "", "sha256:" + HASH_OF_SECRET + "\tteam-a"));
        assertThat(clear.authenticate(Optional.of("Bearer secret"))).contains(ApiKeys.DEFAULT_TENANT);
        assertThat(hashed.authenticate(Optional.of("BEARER  secret"))).contains(new TenantId("team-a"));
    }

    @Test
    void whatIsNoKnownKeyIsNotLetIn() {
        ApiKeys keys = ApiKeys.of(List.of("secret"), List.of());
        for (String header : List.of("Bearer", "Bearer ", "Bearer secre", "Bearer secrets", "Basic secret", "secret")) {
            assertThat(keys.authenticate(Optional.of(header))).as(header).isEmpty();
        }
        assertThat(keys.authenticate(Optional.of("Bearer sha256:" + HASH_OF_SECRET)))
                .isEmpty();
        assertThat(keys.authenticate(Optional.empty())).isEmpty();
    }

    @Test
    void withoutKeysEverybodyIsAnonymous() {
        assertThat(ApiKeys.none().authenticate(Optional.empty())).contains(TenantId.ANONYMOUS);
        assertThat(ApiKeys.none().required()).isFalse();
    }

    @Test
    void badLinesAreNamedWithoutTheirKeys() {
        assertThatThrownBy(() -> ApiKeys.of(List.of(), List.of("a b", "topsecret")))
                .hasMessageContaining("line 2")
                .hasMessageNotContaining("topsecret");
        assertThatThrownBy(() -> ApiKeys.of(List.of(), List.of("sha256:topsecret t")))
                .hasMessageContaining("line 1")
                .hasMessageNotContaining("topsecret");
        assertThat(ApiKeys.of(List.of("topsecret"), List.of()).toString()).doesNotContain("topsecret");
    }

    @Test
    void tenantsAreCounted() {
        assertThat(ApiKeys.of(List.of("a"), List.of("b t", "c t")).tenantCount())
                .isEqualTo(2);
    }
}
