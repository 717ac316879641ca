package dev.reprise.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ServerOptionsTest {
    @Test
    void defaultsArePinned() {
        assertThat(ServerOptions.DEFAULTS)
                .isEqualTo(new ServerOptions(
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(15),
                        4_096,
                        128,
                        256,
                        2,
                        Duration.ofSeconds(1),
                        CacheScopePolicy.AUTO,
                        false));
    }
}
