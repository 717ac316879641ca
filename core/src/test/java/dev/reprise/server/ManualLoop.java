package dev.reprise.server;

import dev.reprise.runtime.Clock;
import dev.reprise.runtime.EventLoop;
import dev.reprise.runtime.Registration;
import dev.reprise.runtime.VirtualEventLoop;

/** Virtual time that several threads may set timers in; the test alone moves it. */
final class ManualLoop implements EventLoop {
    private final VirtualEventLoop loop = new VirtualEventLoop();
    private int timers;

    @Override
    public synchronized void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public synchronized Registration schedule(long delayNanos, Runnable task) {
        Registration timer = loop.schedule(delayNanos, task);
        timers++;
        notifyAll();
        return () -> {
            synchronized (this) {
                timer.close();
            }
        };
    }

    @Override
    public Clock clock() {
        Clock clock = loop.clock();
        return new Clock() {
            @Override
            public long nanos() {
                synchronized (ManualLoop.this) {
                    return clock.nanos();
                }
            }

            @Override
            public java.time.Instant now() {
                synchronized (ManualLoop.this) {
                    return clock.now();
                }
            }
        };
    }

    @Override
    public boolean inLoop() {
        return false;
    }

    /** Waits until so many timers were set since the beginning. */
    synchronized void awaitTimers(int count) throws InterruptedException {
        while (timers < count) {
            wait();
        }
    }

    synchronized void advance(java.time.Duration duration) {
        loop.advance(duration.toNanos());
    }
}
