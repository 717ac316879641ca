package dev.reprise.template;

import dev.reprise.runtime.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/** A compiled Jinja template. Immutable, thread-safe. */
final class JinjaTemplate {
    private static final int MAX_SOURCE = 1 << 20;

    private final StatementCompiler.Program program;

    private JinjaTemplate(StatementCompiler.Program program) {
        this.program = program;
    }

    /** @throws TemplateException of kind TEMPLATE, naming line and construct */
    static JinjaTemplate compile(String source) {
        if (source.length() > MAX_SOURCE) {
            throw TemplateErrors.syntax(1, "the template is longer than " + MAX_SOURCE + " characters");
        }
        try {
            return new JinjaTemplate(StatementCompiler.compile(Parser.parse(source)));
        } catch (StackOverflowError e) {
            throw TemplateErrors.syntax(1, "the template is nested too deeply");
        }
    }

    /** Renders with {@code variables}, which hide the global functions of the same name. */
    String render(Map<String, Object> variables, Clock clock) {
        Map<String, Object> all = new LinkedHashMap<>(Globals.all());
        all.putAll(variables);
        Frame frame =
                new Frame(new RenderState(all, clock), null, program.layout().size());
        StringBuilder out = new StringBuilder();
        try {
            program.entry().run(frame, out);
            program.body().run(frame, out);
        } catch (StackOverflowError e) {
            throw TemplateErrors.evaluation("the render is nested too deeply");
        }
        return out.toString();
    }
}
