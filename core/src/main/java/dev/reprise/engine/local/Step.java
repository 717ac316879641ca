package dev.reprise.engine.local;

import dev.reprise.engine.EngineRequest;
import dev.reprise.engine.local.model.StepBatch;
import java.util.ArrayList;
import java.util.List;

/** One forward step, planned and not yet computed. Immutable to its reader. */
public final class Step {
    private final StepBatch batch;
    private final List<Chunk> chunks;
    private final List<Row> rows;

    Step(List<Chunk> chunks) {
        this.chunks = List.copyOf(chunks);
        this.batch = new StepBatch(chunks.stream().map(Chunk::segment).toList());
        List<Row> wanted = new ArrayList<>();
        for (Chunk chunk : chunks) {
            if (chunk.wantsToken()) {
                wanted.add(chunk.sequence().nextRow());
            }
        }
        this.rows = List.copyOf(wanted);
    }

    /** What to compute. */
    public StepBatch batch() {
        return batch;
    }

    /** The rows that want a token, in the order of their logits. */
    public List<Row> rows() {
        return rows;
    }

    List<Chunk> chunks() {
        return chunks;
    }

    /**
     * A row whose logits choose a sequence's next token.
     *
     * @param request whose
     * @param seed the request's, or the one drawn for it
     * @param outputIndex how many tokens were generated before, ≥ 0
     */
    public record Row(EngineRequest request, long seed, int outputIndex) {}

    record Chunk(Sequence sequence, StepBatch.Segment segment) {
        int rows() {
            return segment.tokens().length;
        }

        boolean wantsToken() {
            return segment.logitRows() > 0;
        }
    }
}
