package dev.reprise.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.testing.TestScale;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ThreadEventLoopTest {
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

    @Test
    void runsEveryTaskOfEveryThreadInItsOrder() throws Exception {
        int perThread = TestScale.rounds(100_000, 5_000);
        List<int[]> seen = new ArrayList<>();
        try (ThreadEventLoop loop = new ThreadEventLoop("test", Integer.MAX_VALUE, failures::add)) {
            List<Thread> senders = new ArrayList<>();
            for (int sender = 0; sender < 4; sender++) {
                int from = sender;
                senders.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < perThread; i++) {
                        int[] entry = {from, i};
                        loop.execute(() -> seen.add(entry));
                    }
                }));
            }
            for (Thread sender : senders) {
                sender.join();
            }
        }
        assertThat(seen).hasSize(4 * perThread);
        int[] next = new int[4];
        for (int[] entry : seen) {
            assertThat(entry[1]).isEqualTo(next[entry[0]]++);
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void rejectsWhenFullButNotItself() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        CountDownLatch followUp = new CountDownLatch(1);
        try (ThreadEventLoop loop = new ThreadEventLoop("test", 1, failures::add)) {
            loop.execute(() -> {
                entered.countDown();
                awaitQuietly(leave);
                loop.execute(followUp::countDown);
            });
            entered.await();
            loop.execute(() -> {});
            assertThatThrownBy(() -> loop.execute(() -> {}))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("full");
            leave.countDown();
            followUp.await();
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void survivesAFailingTask() throws Exception {
        CountDownLatch after = new CountDownLatch(1);
        try (ThreadEventLoop loop = new ThreadEventLoop("test", 10, failures::add)) {
            loop.execute(() -> {
                throw new IllegalStateException("boom");
            });
            loop.execute(after::countDown);
            after.await();
        }
        assertThat(failures).singleElement().satisfies(f -> assertThat(f).hasMessage("boom"));
    }

    @Test
    void timersRunInOrderAndCanBeTakenBack() throws Exception {
        List<String> seen = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        try (ThreadEventLoop loop = new ThreadEventLoop("test", 10, failures::add)) {
            CountDownLatch scheduled = new CountDownLatch(1);
            loop.execute(() -> {
                loop.schedule(TimeUnit.MILLISECONDS.toNanos(2), () -> seen.add("second"));
                loop.schedule(TimeUnit.MILLISECONDS.toNanos(1), () -> seen.add("first"));
                loop.schedule(TimeUnit.MILLISECONDS.toNanos(1), () -> seen.add("never"))
                        .close();
                loop.schedule(TimeUnit.MILLISECONDS.toNanos(3), done::countDown);
                scheduled.countDown();
            });
            scheduled.await();
            done.await();
        }
        assertThat(seen).containsExactly("first", "second");
    }

    @Test
    void closedLoopsRejectAndKnowTheirThread() {
        ThreadEventLoop loop = new ThreadEventLoop("test", 10, failures::add);
        List<Boolean> inside = new ArrayList<>();
        loop.execute(() -> inside.add(loop.inLoop()));
        loop.close();
        assertThat(inside).containsExactly(true);
        assertThat(loop.inLoop()).isFalse();
        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> loop.schedule(1, () -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
