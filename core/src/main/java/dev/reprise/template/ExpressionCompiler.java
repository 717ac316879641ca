package dev.reprise.template;

import dev.reprise.template.Ast.Expression;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Expressions to evaluators. */
final class ExpressionCompiler {
    /** Names that Jinja2 fills itself and that are not implemented. */
    private static final Set<String> UNSUPPORTED_NAMES =
            Set.of("self", "super", "varargs", "kwargs", "lipsum", "cycler", "joiner");

    private ExpressionCompiler() {}

    static Evaluator compile(Expression expression, CompileScope scope) {
        return switch (expression) {
            case Ast.Constant constant -> {
                Object value = constant.value();
                yield _ -> value;
            }
            case Ast.Name name -> variable(name, scope);
            case Ast.BlockText _ -> blockText(scope);
            case Ast.ListLiteral list -> {
                Evaluator[] items = all(list.items(), scope);
                yield frame -> new ListValue(values(items, frame));
            }
            case Ast.TupleLiteral tuple -> {
                Evaluator[] items = all(tuple.items(), scope);
                yield frame -> new TupleValue(values(items, frame));
            }
            case Ast.DictLiteral dict -> dict(dict, scope);
            case Ast.Attribute attribute -> attribute(attribute, scope);
            case Ast.Item item -> {
                Evaluator object = compile(item.object(), scope);
                Evaluator index = compile(item.index(), scope);
                yield frame -> Members.item(object.evaluate(frame), index.evaluate(frame));
            }
            case Ast.Slice slice -> slice(slice, scope);
            case Ast.Call call -> call(call, Optional.empty(), scope);
            case Ast.Filter filter -> filter(filter, scope);
            case Ast.Test test -> test(test, scope);
            case Ast.Conditional conditional -> conditional(conditional, scope);
            case Ast.And and -> {
                Evaluator left = compile(and.left(), scope);
                Evaluator right = compile(and.right(), scope);
                yield frame -> {
                    Object value = left.evaluate(frame);
                    return PythonTypes.isTrue(value) ? right.evaluate(frame) : value;
                };
            }
            case Ast.Or or -> {
                Evaluator left = compile(or.left(), scope);
                Evaluator right = compile(or.right(), scope);
                yield frame -> {
                    Object value = left.evaluate(frame);
                    return PythonTypes.isTrue(value) ? value : right.evaluate(frame);
                };
            }
            case Ast.Not not -> {
                Evaluator operand = compile(not.operand(), scope);
                yield frame -> !PythonTypes.isTrue(operand.evaluate(frame));
            }
            case Ast.Negative negative -> {
                Evaluator operand = compile(negative.operand(), scope);
                yield frame -> PythonOperators.negative(operand.evaluate(frame));
            }
            case Ast.Positive positive -> {
                Evaluator operand = compile(positive.operand(), scope);
                yield frame -> PythonOperators.positive(operand.evaluate(frame));
            }
            case Ast.Binary binary -> {
                Evaluator left = compile(binary.left(), scope);
                Evaluator right = compile(binary.right(), scope);
                String operator = binary.operator();
                yield frame -> PythonOperators.binary(operator, left.evaluate(frame), right.evaluate(frame));
            }
            case Ast.Concatenation concatenation -> concatenation(concatenation, scope);
            case Ast.Comparison comparison -> comparison(comparison, scope);
        };
    }

    private static Evaluator[] all(List<Expression> expressions, CompileScope scope) {
        return expressions.stream().map(item -> compile(item, scope)).toArray(Evaluator[]::new);
    }

    private static List<Object> values(Evaluator[] items, Frame frame) {
        List<Object> values = new ArrayList<>(items.length);
        for (Evaluator item : items) {
            values.add(item.evaluate(frame));
        }
        return values;
    }

    private static Evaluator variable(Ast.Name reference, CompileScope scope) {
        String name = reference.name();
        Slot slot = scope.symbols().find(name);
        if (UNSUPPORTED_NAMES.contains(name) && (slot == null || scope.symbols().isResolved(slot))) {
            throw TemplateErrors.unsupported(reference.line(), "'" + name + "'");
        }
        if (slot == null) {
            throw TemplateErrors.unsupported(reference.line(), "variable '" + name + "' at this place");
        }
        int depth = scope.depth();
        Undefined undefined = Undefined.variable(name);
        return frame -> {
            Object value = frame.get(slot, depth);
            return value == null ? undefined : value;
        };
    }

    private static Evaluator blockText(CompileScope scope) {
        Slot slot = Objects.requireNonNull(scope.blockText(), "block text outside a block");
        int depth = scope.depth();
        return frame -> Objects.requireNonNull(frame.get(slot, depth));
    }

    private static Evaluator dict(Ast.DictLiteral dict, CompileScope scope) {
        Evaluator[] keys = all(dict.keys(), scope);
        Evaluator[] values = all(dict.values(), scope);
        return frame -> {
            Map<Object, Object> members = new LinkedHashMap<>();
            for (int i = 0; i < keys.length; i++) {
                members.put(DictValue.key(keys[i].evaluate(frame)), values[i].evaluate(frame));
            }
            return new DictValue(members);
        };
    }

    private static Evaluator attribute(Ast.Attribute attribute, CompileScope scope) {
        String name = attribute.name();
        if (name.startsWith("__")) {
            throw TemplateErrors.unsupported(attribute.line(), "attribute '" + name + "'");
        }
        Evaluator object = compile(attribute.object(), scope);
        return frame -> Members.attribute(object.evaluate(frame), name);
    }

    private static Evaluator slice(Ast.Slice slice, CompileScope scope) {
        Evaluator object = compile(slice.object(), scope);
        Evaluator start = part(slice.start(), scope);
        Evaluator stop = part(slice.stop(), scope);
        Evaluator step = part(slice.step(), scope);
        return frame -> Sequences.slice(
                object.evaluate(frame), start.evaluate(frame), stop.evaluate(frame), step.evaluate(frame));
    }

    private static Evaluator part(Optional<Expression> part, CompileScope scope) {
        return part.isPresent() ? compile(part.get(), scope) : _ -> None.NONE;
    }

    private static Evaluator conditional(Ast.Conditional conditional, CompileScope scope) {
        Evaluator condition = compile(conditional.condition(), scope.inBranch());
        Evaluator then = compile(conditional.then(), scope.inBranch());
        Undefined nothing =
                new Undefined("the inline if-expression on line %d evaluated to false and no else section was defined."
                        .formatted(conditional.line()));
        Evaluator otherwise = conditional.otherwise().isPresent()
                ? compile(conditional.otherwise().get(), scope.inBranch())
                : _ -> nothing;
        return frame ->
                PythonTypes.isTrue(condition.evaluate(frame)) ? then.evaluate(frame) : otherwise.evaluate(frame);
    }

    private static Evaluator concatenation(Ast.Concatenation concatenation, CompileScope scope) {
        Evaluator[] parts = all(concatenation.parts(), scope);
        return frame -> {
            StringBuilder text = new StringBuilder();
            for (Evaluator part : parts) {
                text.append(PythonText.str(part.evaluate(frame)));
                RenderState.checkText(text.length());
            }
            return text.toString();
        };
    }

    private static Evaluator comparison(Ast.Comparison comparison, CompileScope scope) {
        Evaluator first = compile(comparison.first(), scope);
        Evaluator[] operands = all(comparison.operands(), scope);
        List<String> operators = comparison.operators();
        return frame -> {
            Object left = first.evaluate(frame);
            for (int i = 0; i < operands.length; i++) {
                Object right = operands[i].evaluate(frame);
                if (!holds(operators.get(i), left, right)) {
                    return false;
                }
                left = right;
            }
            return true;
        };
    }

    private static boolean holds(String operator, Object left, Object right) {
        return switch (operator) {
            case "==" -> PythonOperators.equal(left, right);
            case "!=" -> !PythonOperators.equal(left, right);
            case "in" -> PythonOperators.contains(right, left);
            case "not in" -> !PythonOperators.contains(right, left);
            default -> PythonOperators.ordered(operator, left, right);
        };
    }

    /** A call; {@code caller} is the block that a {@code call} statement hands over. */
    static Evaluator call(Ast.Call call, Optional<Evaluator> caller, CompileScope scope) {
        if (call.callee() instanceof Ast.Attribute method && !Methods.isCallable(method.name())) {
            throw TemplateErrors.unsupported(method.line(), "method '" + method.name() + "'");
        }
        String name = describe(call.callee());
        Evaluator callee = compile(call.callee(), scope);
        ArgumentsCompiler arguments = new ArgumentsCompiler(name, call.arguments(), caller, scope);
        return frame -> {
            Object target = callee.evaluate(frame);
            if (target instanceof CallableValue callable) {
                return callable.call(arguments.evaluate(frame), frame);
            }
            throw target instanceof Undefined undefined
                    ? undefined.failure()
                    : PythonTypes.typeError("'%s' object is not callable".formatted(PythonTypes.nameOf(target)));
        };
    }

    private static String describe(Expression callee) {
        return switch (callee) {
            case Ast.Name name -> name.name();
            case Ast.Attribute attribute -> attribute.name();
            default -> "call";
        };
    }

    private static Evaluator filter(Ast.Filter filter, CompileScope scope) {
        Evaluator subject = compile(filter.subject(), scope);
        ArgumentsCompiler arguments = new ArgumentsCompiler(filter.name(), filter.arguments(), Optional.empty(), scope);
        Optional<Filters.Filter> function = Filters.find(filter.name());
        if (function.isPresent()) {
            Filters.Filter found = function.get();
            return frame -> found.apply(subject.evaluate(frame), arguments.evaluate(frame), frame);
        }
        if (Filters.isKnownToJinja(filter.name())) {
            throw TemplateErrors.unsupported(filter.line(), "filter '" + filter.name() + "'");
        }
        return unknown("No filter named '" + filter.name() + "'.", filter.line(), scope);
    }

    private static Evaluator unknown(String message, int line, CompileScope scope) {
        if (!scope.conditional()) {
            throw TemplateErrors.syntax(line, message);
        }
        return _ -> {
            throw TemplateErrors.evaluation(message);
        };
    }

    private static Evaluator test(Ast.Test test, CompileScope scope) {
        Evaluator subject = compile(test.subject(), scope);
        ArgumentsCompiler arguments = new ArgumentsCompiler(test.name(), test.arguments(), Optional.empty(), scope);
        Optional<Tests.Test> function = Tests.find(test.name());
        if (function.isPresent()) {
            Tests.Test found = function.get();
            return frame -> found.holds(subject.evaluate(frame), arguments.evaluate(frame));
        }
        if (Tests.isKnownToJinja(test.name())) {
            throw TemplateErrors.unsupported(test.line(), "test '" + test.name() + "'");
        }
        return unknown("No test named '" + test.name() + "'.", test.line(), scope);
    }

    /** Evaluates the arguments of one call in order. */
    private static final class ArgumentsCompiler {
        private final String callee;
        private final Evaluator[] positional;
        private final List<String> names;
        private final Evaluator[] named;
        private final Optional<Evaluator> caller;
        private final CallArguments none;

        ArgumentsCompiler(String callee, Ast.Arguments arguments, Optional<Evaluator> caller, CompileScope scope) {
            this.callee = callee;
            positional = all(arguments.positional(), scope);
            names = arguments.names();
            named = all(arguments.named(), scope);
            this.caller = caller;
            none = CallArguments.none(callee);
        }

        CallArguments evaluate(Frame frame) {
            if (positional.length == 0 && named.length == 0 && caller.isEmpty()) {
                return none;
            }
            List<Object> values = values(positional, frame);
            if (named.length == 0 && caller.isEmpty()) {
                return new CallArguments(callee, values, Map.of());
            }
            Map<String, Object> byName = new LinkedHashMap<>();
            for (int i = 0; i < named.length; i++) {
                byName.put(names.get(i), named[i].evaluate(frame));
            }
            caller.ifPresent(block -> byName.put("caller", block.evaluate(frame)));
            return new CallArguments(callee, values, byName);
        }
    }
}
