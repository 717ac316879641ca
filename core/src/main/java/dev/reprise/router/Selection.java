package dev.reprise.router;

import dev.reprise.identity.WorkerId;

/** A selector's answer. */
public sealed interface Selection {
    /** This worker. */
    record Chosen(WorkerId worker) implements Selection {}

    /** None can take the request now; {@code reason} is for people. */
    record NoWorker(String reason) implements Selection {}
}
