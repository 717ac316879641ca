package dev.reprise.template;

import java.util.LinkedHashMap;
import java.util.Map;

/** A macro with the frame it was defined in, whose variables it sees as they are when it runs. */
record MacroValue(MacroCode code, Frame definition) implements CallableValue {
    @Override
    public Object call(CallArguments arguments, Frame frame) {
        Frame own = new Frame(frame.state(), definition, code.layout().size());
        frame.state().enterCall();
        bind(arguments, own);
        StringBuilder out = new StringBuilder();
        code.entry().run(own, out);
        fillDefaults(own);
        code.body().run(own, out);
        frame.state().leaveCall();
        return out.toString();
    }

    private void bind(CallArguments arguments, Frame own) {
        int count = code.parameters().size();
        Map<String, Object> named = new LinkedHashMap<>(arguments.named());
        int depth = code.layout().depth();
        for (int i = 0; i < count; i++) {
            boolean given = i < arguments.positional().size();
            Object value = given
                    ? arguments.positional().get(i)
                    : named.remove(code.parameterNames().get(i));
            own.set(code.parameters().get(i), depth, value);
        }
        code.caller().ifPresent(slot -> {
            Object block = named.remove("caller");
            own.set(slot, depth, block == null ? new Undefined("No caller defined") : block);
        });
        if (!named.isEmpty()) {
            throw PythonTypes.typeError("macro '%s' takes no keyword argument '%s'"
                    .formatted(code.name(), named.keySet().iterator().next()));
        }
        if (arguments.positional().size() > count) {
            throw PythonTypes.typeError("macro '%s' takes not more than %d argument(s)".formatted(code.name(), count));
        }
    }

    private void fillDefaults(Frame own) {
        int depth = code.layout().depth();
        int required = code.parameters().size() - code.defaults().size();
        for (int i = 0; i < code.parameters().size(); i++) {
            Slot slot = code.parameters().get(i);
            if (own.get(slot, depth) == null) {
                own.set(
                        slot,
                        depth,
                        i < required
                                ? notProvided(i)
                                : code.defaults().get(i - required).evaluate(own));
            }
        }
    }

    private Undefined notProvided(int index) {
        return new Undefined("parameter '%s' was not provided"
                .formatted(code.parameterNames().get(index)));
    }
}
