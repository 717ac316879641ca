package dev.reprise.engine.local;

import dev.reprise.engine.KvExportRequest;
import dev.reprise.engine.KvExportResult;
import dev.reprise.engine.KvImportRequest;
import dev.reprise.engine.KvImportResult;
import java.util.function.Consumer;

/** What other threads ask of an engine's owner. */
sealed interface Command {
    record Submit(LocalRequest request) implements Command {}

    /** Something was set in the handle. */
    record Update(LocalRequest request) implements Command {}

    /** An answer that needs no owner, but its place in the order of calls. */
    record Answer(Runnable call) implements Command {}

    record Subscribe(KvEventFeed.Subscriber subscriber) implements Command {}

    record Unsubscribe(KvEventFeed.Subscriber subscriber) implements Command {}

    record Export(KvExportRequest request, Consumer<KvExportResult> result) implements Command {}

    record Import(KvImportRequest request, Consumer<KvImportResult> result) implements Command {}
}
