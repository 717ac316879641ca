package dev.reprise.server;

import dev.reprise.openai.AnswerFormat;
import dev.reprise.openai.Choice;
import dev.reprise.openai.ResponseHead;
import dev.reprise.openai.SseFrames;
import dev.reprise.openai.StreamFields;
import dev.reprise.openai.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Server-sent events. The stream begins with the first piece or the first keep-alive, so that a request which the
 * engine refuses at once is still answered with a status of its own.
 */
final class StreamDelivery implements Delivery {
    private final Call call;
    private final AnswerFormat format;
    private final ResponseHead head;
    private final StreamFields fields;
    private final List<PlannedChoice> choices;
    private final boolean returnTokenIds;
    private boolean opened;

    StreamDelivery(Call call, AnswerFormat format, ResponseHead head, GenerationJob job) {
        this.call = call;
        this.format = format;
        this.head = head;
        this.fields = job.fields().stream();
        this.choices = job.choices();
        this.returnTokenIds = job.fields().output().returnTokenIds();
    }

    @Override
    public boolean piece(Choice piece, Usage running) throws IOException, InterruptedException {
        if (piece.isEmpty() && !format.sendsEmptyPieces()) {
            return false;
        }
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        open(frames);
        boolean fingerprint = piece.ending().isPresent() && !fields.includeUsage();
        frames.writeBytes(SseFrames.data(format.piece(head, piece, continuous(running), fingerprint)));
        call.write(frames.toByteArray());
        return true;
    }

    @Override
    public void keepAlive() throws IOException, InterruptedException {
        if (!call.isStreaming()) {
            call.startStream();
        }
        call.write(SseFrames.keepAlive());
    }

    @Override
    public void end(Usage usage) throws IOException, InterruptedException {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        open(frames);
        if (fields.includeUsage()) {
            frames.writeBytes(SseFrames.data(format.usage(head, usage)));
        }
        frames.writeBytes(SseFrames.done());
        call.write(frames.toByteArray());
        call.finishStream();
    }

    private void open(ByteArrayOutputStream frames) throws IOException, InterruptedException {
        if (!call.isStreaming()) {
            call.startStream();
        }
        if (opened) {
            return;
        }
        opened = true;
        for (int i = 0; i < choices.size(); i++) {
            PlannedChoice choice = choices.get(i);
            Usage usage = new Usage(choice.prompt().size(), 0, 0, 0);
            Optional<int[]> promptTokenIds =
                    returnTokenIds ? Optional.of(choice.prompt().toArray()) : Optional.empty();
            format.opening(head, i, continuous(usage), promptTokenIds)
                    .ifPresent(json -> frames.writeBytes(SseFrames.data(json)));
        }
    }

    private Optional<Usage> continuous(Usage usage) {
        return fields.continuousUsage() ? Optional.of(usage) : Optional.empty();
    }
}
