package dev.reprise.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualEventLoopTest {
    private final VirtualEventLoop loop = new VirtualEventLoop();
    private final List<String> seen = new ArrayList<>();

    @Test
    void runsByTimeThenByOrder() {
        loop.schedule(20, () -> note("late"));
        loop.schedule(10, () -> note("early"));
        loop.schedule(10, () -> note("early too"));
        loop.execute(() -> {
            note("now");
            loop.execute(() -> note("after now"));
        });

        loop.advance(15);

        assertThat(seen).containsExactly("0 now", "0 after now", "10 early", "10 early too");
        assertThat(loop.clock().nanos()).isEqualTo(15);
        loop.runUntilIdle(10);
        assertThat(seen).last().isEqualTo("20 late");
    }

    @Test
    void aClosedRegistrationDoesNotRun() {
        Registration registration = loop.schedule(5, () -> note("never"));
        registration.close();
        registration.close();
        loop.advance(10);
        assertThat(seen).isEmpty();
    }

    @Test
    void failuresReachTheOwner() {
        loop.execute(() -> {
            throw new IllegalStateException("boom");
        });
        assertThatThrownBy(() -> loop.advance(1)).hasMessage("boom");
        assertThat(loop.inLoop()).isFalse();
    }

    @Test
    void anEndlessChainIsNoticed() {
        loop.execute(this::again);
        assertThatThrownBy(() -> loop.runUntilIdle(100)).isInstanceOf(InvariantViolation.class);
    }

    private void again() {
        loop.schedule(1, this::again);
    }

    private void note(String what) {
        seen.add(loop.clock().nanos() + " " + what);
    }
}
