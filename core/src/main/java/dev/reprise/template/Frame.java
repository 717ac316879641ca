package dev.reprise.template;

import org.jspecify.annotations.Nullable;

/** The variables of one running template or macro. A slot is null while its variable is missing. */
final class Frame {
    private final RenderState state;
    private final @Nullable Frame outer;
    private final @Nullable Object[] slots;

    Frame(RenderState state, @Nullable Frame outer, int size) {
        this.state = state;
        this.outer = outer;
        this.slots = new Object[size];
    }

    RenderState state() {
        return state;
    }

    @Nullable
    Object get(Slot slot, int depth) {
        return at(depth - slot.depth()).slots[slot.index()];
    }

    void set(Slot slot, int depth, @Nullable Object value) {
        at(depth - slot.depth()).slots[slot.index()] = value;
    }

    private Frame at(int levelsOut) {
        Frame frame = this;
        for (int i = 0; i < levelsOut; i++) {
            if (frame.outer == null) {
                throw new IllegalStateException("no frame " + levelsOut + " levels out");
            }
            frame = frame.outer;
        }
        return frame;
    }
}
