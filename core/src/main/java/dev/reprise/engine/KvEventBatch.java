package dev.reprise.engine;

import dev.reprise.identity.WorkerId;
import java.util.List;

/**
 * Events of one step.
 *
 * @param worker whose blocks
 * @param epoch changes whenever the engine starts anew: everything known from older epochs is void
 * @param sequence 0, 1, 2 … within an epoch, without gaps
 * @param events in the order they happened
 */
public record KvEventBatch(WorkerId worker, long epoch, long sequence, List<KvEvent> events) {
    /** Copies the list. */
    public KvEventBatch {
        events = List.copyOf(events);
    }
}
