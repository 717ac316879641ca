package dev.reprise.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.identity.TenantId;
import dev.reprise.tokens.CacheSaltFormula.Inputs;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CacheSaltFormulaTest {
    private static final byte[] SECRET = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** Computed with Python's hmac over the message that the class documents. */
    @Test
    void isTheDocumentedFormula() {
        CacheSalt salt = new CacheSaltFormula(SECRET)
                .salt(new Inputs("m", "r1", Optional.empty(), new CacheScope.Shared(), Optional.of("s")));
        assertThat(HexFormat.of().formatHex(salt.toBytes())).isEqualTo("683b36f6cc4191771e5203d3f3bc9e2a");
    }

    @Test
    void everyFieldAndEveryBoundaryCounts() {
        CacheScope shared = new CacheScope.Shared();
        List<Inputs> different = List.of(
                new Inputs("m", "r", Optional.empty(), shared, Optional.empty()),
                new Inputs("mr", "", Optional.empty(), shared, Optional.empty()),
                new Inputs("", "mr", Optional.empty(), shared, Optional.empty()),
                new Inputs("m", "r", Optional.of(""), shared, Optional.empty()),
                new Inputs("m", "r", Optional.of("a"), shared, Optional.empty()),
                new Inputs("m", "r", Optional.empty(), shared, Optional.of("a")),
                new Inputs("m", "r", Optional.empty(), new CacheScope.PerTenant(new TenantId("a")), Optional.empty()),
                new Inputs("m", "r", Optional.empty(), new CacheScope.PerTenant(new TenantId("b")), Optional.empty()),
                new Inputs("n", "r", Optional.empty(), shared, Optional.empty()));
        Set<CacheSalt> salts = new HashSet<>();
        CacheSaltFormula formula = new CacheSaltFormula(SECRET);
        different.forEach(inputs -> salts.add(formula.salt(inputs)));
        assertThat(salts).hasSize(different.size());

        byte[] otherSecret = SECRET.clone();
        otherSecret[3]++;
        assertThat(new CacheSaltFormula(otherSecret).salt(different.getFirst())).isNotIn(salts);
        assertThat(formula.salt(different.getFirst())).isEqualTo(formula.salt(different.getFirst()));
    }

    @Test
    void refusesAShortSecretAndHidesSalts() {
        assertThatThrownBy(() -> new CacheSaltFormula(new byte[15]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 16 bytes, has 15");
        assertThat(new CacheSalt(0x1234, 0x5678).toString()).doesNotContain("1234");
    }
}
