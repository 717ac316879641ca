package dev.reprise.engine.local.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ComputePoolTest {
    @Test
    void everyTaskRunsOnceAndSlotsAreNotShared() throws Exception {
        for (int threads = 1; threads <= 4; threads++) {
            try (ComputePool pool = new ComputePool(threads);
                    ComputePool.Turn turn = pool.turn()) {
                AtomicIntegerArray inSlot = new AtomicIntegerArray(threads);
                for (int tasks = 0; tasks < 300; tasks++) {
                    AtomicIntegerArray ran = new AtomicIntegerArray(tasks + 1);
                    turn.run(tasks, (index, slot) -> {
                        assertThat(inSlot.incrementAndGet(slot)).isEqualTo(1);
                        ran.incrementAndGet(index);
                        inSlot.decrementAndGet(slot);
                    });
                    for (int i = 0; i < tasks; i++) {
                        assertThat(ran.get(i)).isEqualTo(1);
                    }
                }
            }
        }
    }

    @Test
    void theFirstFailureReachesTheCallerAndThePoolGoesOn() throws Exception {
        try (ComputePool pool = new ComputePool(3);
                ComputePool.Turn turn = pool.turn()) {
            for (int round = 0; round < 100; round++) {
                assertThatThrownBy(() -> turn.run(20, (index, slot) -> {
                            if (index % 7 == 3) {
                                throw new IOException("task " + index);
                            }
                        }))
                        .isInstanceOf(IOException.class);
                AtomicInteger ran = new AtomicInteger();
                turn.run(20, (index, slot) -> ran.incrementAndGet());
                assertThat(ran).hasValue(20);
            }
        }
    }

    @Test
    void callersShareTheBudget() throws Exception {
        int budget = 2;
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger total = new AtomicInteger();
        try (ComputePool pool = new ComputePool(budget)) {
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                callers.add(Thread.ofPlatform().start(() -> {
                    for (int step = 0; step < 30; step++) {
                        compute(pool, running, most, total);
                    }
                }));
            }
            for (Thread caller : callers) {
                caller.join();
            }
        }
        assertThat(most.get()).isLessThanOrEqualTo(budget);
        assertThat(total).hasValue(4 * 30 * 5 * 8);
    }

    private static void compute(ComputePool pool, AtomicInteger running, AtomicInteger most, AtomicInteger total) {
        try (ComputePool.Turn turn = pool.turn()) {
            for (int region = 0; region < 5; region++) {
                turn.run(8, (index, slot) -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    Thread.onSpinWait();
                    total.incrementAndGet();
                    running.decrementAndGet();
                });
                turn.yieldToOthers();
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
