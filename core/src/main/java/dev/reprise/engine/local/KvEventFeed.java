package dev.reprise.engine.local;

import dev.reprise.engine.KvEvent;
import dev.reprise.engine.KvEventBatch;
import dev.reprise.engine.KvEventListener;
import dev.reprise.identity.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Collects KV events, numbers their batches and hands them to subscribers. Confined to the engine's owner. */
final class KvEventFeed {
    private final WorkerId worker;
    private final long epoch;
    private final Consumer<Runnable> calls;
    private final List<Subscriber> subscribers = new ArrayList<>();
    private final List<KvEvent> events = new ArrayList<>();
    private long sequence;

    /** @param calls runs them on the event loop, in order */
    KvEventFeed(WorkerId worker, long epoch, Consumer<Runnable> calls) {
        this.worker = worker;
        this.epoch = epoch;
        this.calls = calls;
    }

    /** A listener that can be closed from any thread: no call begins after that. */
    static final class Subscriber {
        private final KvEventListener listener;
        private volatile boolean closed;

        Subscriber(KvEventListener listener) {
            this.listener = listener;
        }

        void close() {
            closed = true;
        }

        private void deliver(KvEventBatch batch) {
            if (!closed) {
                listener.onBatch(batch);
            }
        }
    }

    void add(KvEvent event) {
        events.add(event);
    }

    /** Hands on what happened since the last call as one batch, if anything did. */
    void flush() {
        if (events.isEmpty()) {
            return;
        }
        KvEventBatch batch = new KvEventBatch(worker, epoch, sequence++, events);
        events.clear();
        for (Subscriber subscriber : subscribers) {
            calls.accept(() -> subscriber.deliver(batch));
        }
    }

    /** Adds a subscriber, which first learns of the blocks that are held now. */
    void subscribe(Subscriber subscriber, List<KvEvent.BlockStored> held) {
        flush();
        List<KvEvent> all = new ArrayList<>(held.size() + 1);
        all.add(new KvEvent.AllBlocksCleared());
        all.addAll(held);
        KvEventBatch snapshot = new KvEventBatch(worker, epoch, sequence - 1, all);
        subscribers.add(subscriber);
        calls.accept(() -> subscriber.deliver(snapshot));
    }

    void unsubscribe(Subscriber subscriber) {
        subscribers.remove(subscriber);
    }
}
