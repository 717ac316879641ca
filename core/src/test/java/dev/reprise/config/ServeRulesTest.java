package dev.reprise.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServeRulesTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST", "::1", "[::1]"})
    void loopbackNeedsNoKey(String host) {
        assertThat(problems("REPRISE_SERVER_HOST=" + host)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.1", "example.com", "localhost.example.com", "127.example.com"})
    void otherAddressesNeedAKeyOrLeave(String host) {
        String given = "REPRISE_SERVER_HOST=" + host;
        assertThat(problems(given)).singleElement().asString().contains(host, "--api-key", "--no-auth");
        assertThat(problems(given, "REPRISE_AUTH_API_KEY=k")).isEmpty();
        assertThat(problems(given, "REPRISE_AUTH_API_KEY_FILE=f")).isEmpty();
        assertThat(problems(given, "REPRISE_AUTH_NO_AUTH=true")).isEmpty();
    }

    @Test
    void aKeyContradictsNoAuth() {
        assertThat(problems("REPRISE_AUTH_API_KEY=k", "REPRISE_AUTH_NO_AUTH=true"))
                .singleElement()
                .asString()
                .contains("REPRISE_AUTH_NO_AUTH")
                .doesNotContain("=k");
    }

    @Test
    void tlsNeedsBothFiles() {
        assertThat(problems("REPRISE_SERVER_SSL_CERTFILE=c"))
                .singleElement()
                .asString()
                .contains("--ssl-keyfile");
        assertThat(problems("REPRISE_SERVER_SSL_KEYFILE=k"))
                .singleElement()
                .asString()
                .contains("--ssl-certfile");
        assertThat(problems("REPRISE_SERVER_SSL_CERTFILE=c", "REPRISE_SERVER_SSL_KEYFILE=k"))
                .isEmpty();
    }

    @Test
    void thePoolHasOneSize() {
        assertThat(problems("REPRISE_ENGINE_NUM_KV_BLOCKS=10", "REPRISE_ENGINE_KV_CACHE_MEMORY=1GiB"))
                .hasSize(1);
    }

    @Test
    void aStepHoldsEverySequence() {
        assertThat(problems("REPRISE_ENGINE_MAX_NUM_BATCHED_TOKENS=32")).hasSize(1);
        assertThat(problems("REPRISE_ENGINE_MAX_NUM_BATCHED_TOKENS=32", "REPRISE_ENGINE_MAX_NUM_SEQS=32"))
                .isEmpty();
    }

    private static List<Problem> problems(String... variables) {
        Map<String, String> environment = Arrays.stream(variables)
                .map(variable -> variable.split("=", 2))
                .collect(java.util.stream.Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        Resolution resolution = new ConfigurationResolver(Settings.SCHEMA)
                .resolve(new ConfigurationInputs(Optional.empty(), environment, List.of()));
        return ServeRules.check(((Resolution.Valid) resolution).configuration());
    }
}
