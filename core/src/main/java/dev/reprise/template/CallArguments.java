package dev.reprise.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The values of a call.
 *
 * @param callee as error messages name it
 */
record CallArguments(String callee, List<Object> positional, Map<String, Object> named) {
    static CallArguments none(String callee) {
        return new CallArguments(callee, List.of(), Map.of());
    }

    /** The arguments in the order of {@code parameters}; null where not given. The first {@code required} must be. */
    @org.jspecify.annotations.Nullable
    Object[] bind(int required, String... parameters) {
        if (positional.size() > parameters.length) {
            throw TemplateErrors.evaluation(
                    "%s takes at most %d arguments, got %d".formatted(callee, parameters.length, positional.size()));
        }
        @org.jspecify.annotations.Nullable Object[] bound = new Object[parameters.length];
        Set<String> unused = new LinkedHashMap<>(named).keySet();
        for (int i = 0; i < parameters.length; i++) {
            bound[i] = i < positional.size() ? positional.get(i) : named.get(parameters[i]);
            boolean twice = i < positional.size() && named.containsKey(parameters[i]);
            if (twice || (bound[i] == null && i < required)) {
                throw TemplateErrors.evaluation("%s %s argument '%s'"
                        .formatted(callee, twice ? "got several values for" : "misses", parameters[i]));
            }
            unused.remove(parameters[i]);
        }
        if (!unused.isEmpty()) {
            throw TemplateErrors.evaluation("%s got an unexpected argument '%s'"
                    .formatted(callee, unused.iterator().next()));
        }
        return bound;
    }

    void requireNone() {
        bind(0);
    }
}
