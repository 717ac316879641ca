package dev.reprise.template;

import dev.reprise.template.Action.Signal;
import dev.reprise.template.Ast.Expression;
import dev.reprise.template.Ast.Statement;
import dev.reprise.template.Ast.Target;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Statements to actions. */
final class StatementCompiler {
    private static final String BLOCK_TEXT = " block text";

    private StatementCompiler() {}

    /** A whole template: the actions and how many variables they need. */
    record Program(Action entry, Action body, Symbols.Layout layout) {}

    static Program compile(List<Statement> statements) {
        Symbols symbols = Symbols.root();
        SymbolAnalysis.statements(statements, symbols);
        CompileScope scope = CompileScope.of(symbols);
        Action body = all(statements, scope);
        return new Program(entry(symbols), body, symbols.layout());
    }

    private static Action all(List<Statement> statements, CompileScope scope) {
        Action[] actions =
                statements.stream().map(statement -> compile(statement, scope)).toArray(Action[]::new);
        if (actions.length == 1) {
            return actions[0];
        }
        return (frame, out) -> {
            for (Action action : actions) {
                Signal signal = action.run(frame, out);
                if (signal != Signal.NEXT) {
                    return signal;
                }
            }
            return Signal.NEXT;
        };
    }

    private static Action compile(Statement statement, CompileScope scope) {
        return switch (statement) {
            case Ast.Text text -> {
                String data = text.text();
                yield (_, out) -> {
                    append(out, data);
                    return Signal.NEXT;
                };
            }
            case Ast.Output output -> output(output, scope);
            case Ast.If conditional -> conditional(conditional, scope);
            case Ast.For loop -> LoopCompiler.compile(loop, scope);
            case Ast.Set set -> {
                Evaluator value = ExpressionCompiler.compile(set.value(), scope);
                Assignment assignment = assignment(set.target(), scope);
                yield (frame, _) -> {
                    assignment.assign(frame, value.evaluate(frame));
                    return Signal.NEXT;
                };
            }
            case Ast.SetBlock block -> setBlock(block, scope);
            case Ast.FilterBlock block -> filterBlock(block, scope);
            case Ast.With with -> with(with, scope);
            case Ast.MacroDefinition macro -> macroDefinition(macro, scope);
            case Ast.CallBlock block -> callBlock(block, scope);
            case Ast.Generation generation -> generation(generation, scope);
            case Ast.Break _ -> (_, _) -> Signal.BREAK;
            case Ast.Continue _ -> (_, _) -> Signal.CONTINUE;
        };
    }

    private static void append(StringBuilder out, String text) {
        out.append(text);
        RenderState.checkText(out.length());
    }

    private static Action output(Ast.Output output, CompileScope scope) {
        // Marking text as safe changes nothing where it is printed at once and nothing is escaped.
        boolean markedSafe = output.value() instanceof Ast.Filter filter
                && filter.name().equals("safe")
                && filter.arguments().equals(Ast.Arguments.NONE);
        Expression value = markedSafe ? ((Ast.Filter) output.value()).subject() : output.value();
        Evaluator evaluator = ExpressionCompiler.compile(value, scope);
        return (frame, out) -> {
            append(out, PythonText.str(evaluator.evaluate(frame)));
            return Signal.NEXT;
        };
    }

    private static Action conditional(Ast.If conditional, CompileScope scope) {
        CompileScope branch = scope.inBranch();
        Evaluator condition = ExpressionCompiler.compile(conditional.condition(), branch);
        Action then = all(conditional.then(), branch);
        List<Evaluator> conditions = new ArrayList<>();
        List<Action> actions = new ArrayList<>();
        for (Ast.If elif : conditional.elifs()) {
            conditions.add(ExpressionCompiler.compile(elif.condition(), branch));
            actions.add(all(elif.then(), branch));
        }
        Action otherwise = all(conditional.otherwise(), branch);
        return (frame, out) -> {
            if (PythonTypes.isTrue(condition.evaluate(frame))) {
                return then.run(frame, out);
            }
            for (int i = 0; i < conditions.size(); i++) {
                if (PythonTypes.isTrue(conditions.get(i).evaluate(frame))) {
                    return actions.get(i).run(frame, out);
                }
            }
            return otherwise.run(frame, out);
        };
    }

    /** Stores a value. */
    @FunctionalInterface
    interface Assignment {
        void assign(Frame frame, Object value);
    }

    static Assignment assignment(Target target, CompileScope scope) {
        return switch (target) {
            case Ast.NameTarget name -> {
                Slot slot = slot(name.name(), scope);
                int depth = scope.depth();
                yield (frame, value) -> frame.set(slot, depth, value);
            }
            case Ast.TupleTarget tuple -> unpacking(tuple, scope);
            case Ast.NamespaceTarget namespace -> {
                Slot slot = slot(namespace.name(), scope);
                int depth = scope.depth();
                String attribute = namespace.attribute();
                yield (frame, value) -> {
                    if (!(frame.get(slot, depth) instanceof NamespaceValue target1)) {
                        throw TemplateErrors.evaluation("cannot assign attribute on non-namespace object");
                    }
                    target1.set(attribute, value);
                };
            }
        };
    }

    private static Slot slot(String name, CompileScope scope) {
        return java.util.Objects.requireNonNull(scope.symbols().find(name), name);
    }

    private static Assignment unpacking(Ast.TupleTarget tuple, CompileScope scope) {
        Assignment[] parts =
                tuple.parts().stream().map(part -> assignment(part, scope)).toArray(Assignment[]::new);
        return (frame, value) -> {
            List<Object> items = Sequences.items(value);
            if (items.size() != parts.length) {
                throw TemplateErrors.evaluation(
                        "expected %d values to unpack, got %d".formatted(parts.length, items.size()));
            }
            for (int i = 0; i < parts.length; i++) {
                parts[i].assign(frame, items.get(i));
            }
        };
    }

    /** Gives the variables of a scope their first values. */
    static Action entry(Symbols symbols) {
        List<Action> loads = new ArrayList<>();
        int depth = symbols.layout().depth();
        for (Map.Entry<Slot, Symbols.Load> entry : symbols.loads().entrySet()) {
            Slot slot = entry.getKey();
            switch (entry.getValue()) {
                case Symbols.Load.Parameter _ -> {}
                case Symbols.Load.Missing _ -> loads.add(storing(frame -> frame.set(slot, depth, null)));
                case Symbols.Load.Alias alias ->
                    loads.add(storing(frame -> frame.set(slot, depth, frame.get(alias.source(), depth))));
                case Symbols.Load.Resolve resolve ->
                    loads.add(storing(frame ->
                            frame.set(slot, depth, frame.state().variables().get(resolve.name()))));
            }
        }
        Action[] actions = loads.toArray(Action[]::new);
        return (frame, out) -> {
            for (Action action : actions) {
                action.run(frame, out);
            }
            return Signal.NEXT;
        };
    }

    private static Action storing(java.util.function.Consumer<Frame> store) {
        return (frame, _) -> {
            store.accept(frame);
            return Signal.NEXT;
        };
    }

    private static Action setBlock(Ast.SetBlock block, CompileScope scope) {
        Assignment assignment = assignment(block.target(), scope);
        Symbols symbols = scope.symbols().inner();
        SymbolAnalysis.statements(block.body(), symbols);
        block.filter().ifPresent(filter -> SymbolAnalysis.expression(filter, symbols));
        return captured(block.body(), block.filter(), symbols, (frame, _, value) -> assignment.assign(frame, value));
    }

    private static Action filterBlock(Ast.FilterBlock block, CompileScope scope) {
        Symbols symbols = scope.symbols().inner();
        SymbolAnalysis.expression(block.filter(), symbols);
        SymbolAnalysis.statements(block.body(), symbols);
        return captured(
                block.body(),
                Optional.of(block.filter()),
                symbols,
                (frame, out, value) -> append(out, PythonText.str(value)));
    }

    /** What becomes of the text that a block rendered. */
    @FunctionalInterface
    private interface Captured {
        void accept(Frame frame, StringBuilder out, Object value);
    }

    private static Action captured(
            List<Statement> body, Optional<Expression> filter, Symbols symbols, Captured captured) {
        Slot text = symbols.declareParameter(BLOCK_TEXT);
        CompileScope inner = CompileScope.of(symbols).withBlockText(text);
        Action action = all(body, inner);
        Evaluator result = ExpressionCompiler.compile(filter.orElseGet(Ast.BlockText::new), inner);
        Action entry = entry(symbols);
        int depth = inner.depth();
        return (frame, out) -> {
            StringBuilder block = new StringBuilder();
            entry.run(frame, block);
            Signal signal = action.run(frame, block);
            if (signal == Signal.NEXT) {
                frame.set(text, depth, block.toString());
                captured.accept(frame, out, result.evaluate(frame));
            }
            return signal;
        };
    }

    private static Action with(Ast.With with, CompileScope scope) {
        List<Evaluator> values = with.values().stream()
                .map(value -> ExpressionCompiler.compile(value, scope))
                .toList();
        Symbols symbols = scope.symbols().inner();
        with.targets().forEach(target -> SymbolAnalysis.parameters(target, symbols));
        SymbolAnalysis.statements(with.body(), symbols);
        CompileScope inner = CompileScope.of(symbols);
        List<Assignment> assignments =
                with.targets().stream().map(target -> assignment(target, inner)).toList();
        Action body = all(with.body(), inner);
        Action entry = entry(symbols);
        return (frame, out) -> {
            entry.run(frame, out);
            for (int i = 0; i < values.size(); i++) {
                assignments.get(i).assign(frame, values.get(i).evaluate(frame));
            }
            return body.run(frame, out);
        };
    }

    private static Action macroDefinition(Ast.MacroDefinition macro, CompileScope scope) {
        MacroCode code = macro(macro.name(), macro.signature(), macro.body(), macro.line(), scope);
        Slot slot = slot(macro.name(), scope);
        int depth = scope.depth();
        return (frame, _) -> {
            frame.set(slot, depth, new MacroValue(code, frame));
            return Signal.NEXT;
        };
    }

    private static Action callBlock(Ast.CallBlock block, CompileScope scope) {
        MacroCode code = macro("caller", block.signature(), block.body(), block.line(), scope);
        Evaluator caller = frame -> new MacroValue(code, frame);
        Evaluator call = ExpressionCompiler.call(block.call(), Optional.of(caller), scope);
        return (frame, out) -> {
            append(out, PythonText.str(call.evaluate(frame)));
            return Signal.NEXT;
        };
    }

    private static Action generation(Ast.Generation generation, CompileScope scope) {
        MacroCode code = macro("caller", Ast.Signature.NONE, generation.body(), generation.line(), scope);
        return (frame, out) -> {
            append(out, PythonText.str(new MacroValue(code, frame).call(CallArguments.none("generation"), frame)));
            return Signal.NEXT;
        };
    }

    private static MacroCode macro(
            String name, Ast.Signature signature, List<Statement> body, int line, CompileScope scope) {
        Symbols symbols = scope.symbols().innerFunction();
        List<Slot> parameters = new ArrayList<>();
        for (String parameter : signature.parameters()) {
            if (parameter.equals("caller") || parameter.equals("varargs") || parameter.equals("kwargs")) {
                throw TemplateErrors.unsupported(line, "a parameter named '" + parameter + "'");
            }
            parameters.add(symbols.declareParameter(parameter));
        }
        signature.defaults().forEach(value -> SymbolAnalysis.expression(value, symbols));
        SymbolAnalysis.statements(body, symbols);
        Optional<Slot> caller =
                AstChildren.reads(body, "caller") ? Optional.of(symbols.declareParameter("caller")) : Optional.empty();
        CompileScope inner = CompileScope.of(symbols);
        List<Evaluator> defaults = signature.defaults().stream()
                .map(value -> ExpressionCompiler.compile(value, inner))
                .toList();
        Action compiled = all(body, inner);
        return new MacroCode(
                name, signature.parameters(), parameters, defaults, caller, symbols.layout(), entry(symbols), compiled);
    }

    /** Loops. */
    private static final class LoopCompiler {
        private final Ast.For loop;
        private final Evaluator iterable;
        private final Optional<LoopFilter> filter;
        private final Optional<Slot> loopSlot;
        private final Action entry;
        private final Assignment target;
        private final Action body;
        private final Action otherwiseEntry;
        private final Action otherwise;
        private final int depth;

        private LoopCompiler(Ast.For loop, CompileScope scope) {
            this.loop = loop;
            depth = scope.depth();
            iterable = ExpressionCompiler.compile(loop.iterable(), scope);
            Symbols symbols = scope.symbols().inner();
            loopSlot = AstChildren.reads(loop.body(), "loop")
                    ? Optional.of(symbols.declareParameter("loop"))
                    : Optional.empty();
            SymbolAnalysis.parameters(loop.target(), symbols);
            SymbolAnalysis.statements(loop.body(), symbols);
            CompileScope inner = CompileScope.of(symbols);
            target = assignment(loop.target(), inner);
            body = all(loop.body(), inner);
            entry = entry(symbols);
            Symbols elseSymbols = scope.symbols().inner();
            SymbolAnalysis.statements(loop.otherwise(), elseSymbols);
            otherwise = all(loop.otherwise(), CompileScope.of(elseSymbols));
            otherwiseEntry = entry(elseSymbols);
            filter = loop.condition().map(condition -> LoopFilter.compile(loop, condition, scope));
        }

        static Action compile(Ast.For loop, CompileScope scope) {
            return new LoopCompiler(loop, scope)::run;
        }

        private Signal run(Frame frame, StringBuilder out) {
            Object source = iterable.evaluate(frame);
            if (!Sequences.isIterable(source)) {
                throw Sequences.notIterable(source);
            }
            Object items = filter.isPresent() ? filter.get().over(source, frame) : source;
            boolean ran = loopSlot.isPresent()
                    ? extendedLoop(new LoopValue(items), loopSlot.get(), frame, out)
                    : plainLoop(Sequences.iterate(items), frame, out);
            if (!ran && !loop.otherwise().isEmpty()) {
                otherwiseEntry.run(frame, out);
                return otherwise.run(frame, out);
            }
            return Signal.NEXT;
        }

        private boolean plainLoop(Iterator<Object> items, Frame frame, StringBuilder out) {
            boolean ran = false;
            while (items.hasNext()) {
                ran = true;
                if (turn(items.next(), frame, out) == Signal.BREAK) {
                    break;
                }
            }
            return ran;
        }

        private boolean extendedLoop(LoopValue value, Slot slot, Frame frame, StringBuilder out) {
            boolean ran = false;
            while (value.hasNext()) {
                ran = true;
                Object item = value.next();
                frame.set(slot, depth, value);
                if (turn(item, frame, out) == Signal.BREAK) {
                    break;
                }
            }
            return ran;
        }

        private Signal turn(Object item, Frame frame, StringBuilder out) {
            frame.state().step();
            target.assign(frame, item);
            entry.run(frame, out);
            return body.run(frame, out);
        }
    }

    /** The {@code if} of a loop, which lets items through one at a time. */
    private record LoopFilter(Action entry, Assignment target, Evaluator condition) {
        static LoopFilter compile(Ast.For loop, Expression condition, CompileScope scope) {
            Symbols symbols = scope.symbols().inner();
            SymbolAnalysis.parameters(loop.target(), symbols);
            SymbolAnalysis.expression(condition, symbols);
            CompileScope inner = CompileScope.of(symbols);
            return new LoopFilter(
                    StatementCompiler.entry(symbols),
                    assignment(loop.target(), inner),
                    ExpressionCompiler.compile(condition, inner));
        }

        GeneratorValue over(Object source, Frame frame) {
            return new GeneratorValue(new FilteringIterator(Sequences.iterate(source), item -> {
                frame.state().step();
                target.assign(frame, item);
                entry.run(frame, new StringBuilder());
                return PythonTypes.isTrue(condition.evaluate(frame));
            }));
        }
    }
}
