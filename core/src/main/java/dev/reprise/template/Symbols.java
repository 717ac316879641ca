package dev.reprise.template;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which variables one scope knows, and where each gets its first value: a transcription of Jinja2's
 * {@code idtracking}, because its rules are visible to templates. A scope that assigns a variable has a variable of its
 * own, which starts as a copy of the outer one; whether an outer one exists is decided when the template is compiled,
 * not when it runs.
 */
final class Symbols {
    /** How a variable gets its value when its scope is entered. */
    sealed interface Load {
        /** Set by whoever opens the scope. */
        record Parameter() implements Load {}

        /** From the variables of the render. */
        record Resolve(String name) implements Load {}

        /** A copy of an outer variable. */
        record Alias(Slot source) implements Load {}

        /** Missing until assigned. */
        record Missing() implements Load {}
    }

    /** The variables of one function: of the template or a macro. */
    static final class Layout {
        private final int depth;
        private int size;

        Layout(int depth) {
            this.depth = depth;
        }

        int depth() {
            return depth;
        }

        int size() {
            return size;
        }

        private Slot newSlot() {
            return new Slot(depth, size++);
        }
    }

    private final @Nullable Symbols parent;
    private final Layout layout;
    private final Map<String, Slot> slots;
    private final Map<String, Slot> references;
    private final Map<Slot, Load> loads;
    private final Set<String> stores;

    private Symbols(@Nullable Symbols parent, Layout layout, @Nullable Symbols copied) {
        this.parent = parent;
        this.layout = layout;
        slots = copied == null ? new LinkedHashMap<>() : copied.slots;
        references = copied == null ? new LinkedHashMap<>() : new LinkedHashMap<>(copied.references);
        loads = copied == null ? new LinkedHashMap<>() : new LinkedHashMap<>(copied.loads);
        stores = copied == null ? new LinkedHashSet<>() : new LinkedHashSet<>(copied.stores);
    }

    static Symbols root() {
        return new Symbols(null, new Layout(0), null);
    }

    /** A scope within this one, in the same function. */
    Symbols inner() {
        return new Symbols(this, layout, null);
    }

    /** The scope of a macro that is defined in this one. */
    Symbols innerFunction() {
        return new Symbols(this, new Layout(layout.depth() + 1), null);
    }

    Layout layout() {
        return layout;
    }

    Map<Slot, Load> loads() {
        return loads;
    }

    @Nullable
    Slot find(String name) {
        Slot own = references.get(name);
        return own != null || parent == null ? own : parent.find(name);
    }

    /** Whether the variable in {@code slot} comes from the variables of the render. */
    boolean isResolved(Slot slot) {
        Load load = loads.get(slot);
        return load != null ? load instanceof Load.Resolve : parent != null && parent.isResolved(slot);
    }

    Slot declareParameter(String name) {
        stores.add(name);
        return define(name, new Load.Parameter());
    }

    void load(String name) {
        if (find(name) == null) {
            define(name, new Load.Resolve(name));
        }
    }

    void store(String name) {
        stores.add(name);
        if (!references.containsKey(name)) {
            Slot outer = parent == null ? null : parent.find(name);
            define(name, outer == null ? new Load.Missing() : new Load.Alias(outer));
        }
    }

    private Slot define(String name, Load load) {
        Slot slot = slots.computeIfAbsent(name, _ -> layout.newSlot());
        references.put(name, slot);
        loads.put(slot, load);
        return slot;
    }

    /** A copy for one branch of a condition. */
    Symbols branch() {
        return new Symbols(parent, layout, this);
    }

    /** Takes over what the branches of one condition did: what only some assign may still come from outside. */
    void merge(List<Symbols> branches) {
        Set<String> assigned = new LinkedHashSet<>();
        branches.forEach(branch -> assigned.addAll(branch.stores));
        assigned.removeAll(stores);
        for (Symbols branch : branches) {
            references.putAll(branch.references);
            loads.putAll(branch.loads);
            stores.addAll(branch.stores);
        }
        for (String name : assigned) {
            Slot slot = references.get(name);
            Slot outer = parent == null ? null : parent.find(name);
            if (slot != null) {
                loads.put(slot, outer == null ? new Load.Resolve(name) : new Load.Alias(outer));
            }
        }
    }
}
