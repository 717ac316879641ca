package dev.reprise.router;

import java.util.List;

/** Chooses one of several workers. A pure function: the same arguments give the same answer. Any thread may call. */
@FunctionalInterface
public interface Selector {
    /** Chooses among {@code workers}, a snapshot in a fixed order, unhealthy ones included. */
    Selection select(RoutingRequest request, List<WorkerView> workers);
}
