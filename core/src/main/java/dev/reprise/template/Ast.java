package dev.reprise.template;

import java.util.List;
import java.util.Optional;

/** The syntax tree of a template: what Jinja2's parser makes of it. Lines count from 1. */
final class Ast {
    private Ast() {}

    /** A value to be computed. */
    sealed interface Expression {}

    record Constant(Object value) implements Expression {}

    record Name(String name, int line) implements Expression {}

    record ListLiteral(List<Expression> items) implements Expression {}

    record TupleLiteral(List<Expression> items) implements Expression {}

    record DictLiteral(List<Expression> keys, List<Expression> values) implements Expression {}

    record Attribute(Expression object, String name, int line) implements Expression {}

    record Item(Expression object, Expression index, int line) implements Expression {}

    record Slice(
            Expression object,
            Optional<Expression> start,
            Optional<Expression> stop,
            Optional<Expression> step,
            int line)
            implements Expression {}

    record Call(Expression callee, Arguments arguments, int line) implements Expression {}

    record Filter(Expression subject, String name, Arguments arguments, int line) implements Expression {}

    record Test(Expression subject, String name, Arguments arguments, int line) implements Expression {}

    record Conditional(Expression condition, Expression then, Optional<Expression> otherwise, int line)
            implements Expression {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    record Not(Expression operand) implements Expression {}

    record Negative(Expression operand) implements Expression {}

    record Positive(Expression operand) implements Expression {}

    record Binary(String operator, Expression left, Expression right) implements Expression {}

    record Concatenation(List<Expression> parts) implements Expression {}

    record Comparison(Expression first, List<String> operators, List<Expression> operands) implements Expression {}

    /** What a filter of a block works on: the text that the block rendered. */
    record BlockText() implements Expression {}

    /** Positional arguments, then named ones. */
    record Arguments(List<Expression> positional, List<String> names, List<Expression> named) {
        static final Arguments NONE = new Arguments(List.of(), List.of(), List.of());
    }

    /** Where a value is stored. */
    sealed interface Target {}

    record NameTarget(String name) implements Target {}

    record TupleTarget(List<Target> parts) implements Target {}

    record NamespaceTarget(String name, String attribute, int line) implements Target {}

    /** Something to be done. */
    sealed interface Statement {}

    record Text(String text) implements Statement {}

    record Output(Expression value, int line) implements Statement {}

    record If(Expression condition, List<Statement> then, List<If> elifs, List<Statement> otherwise)
            implements Statement {}

    record For(
            Target target,
            Expression iterable,
            Optional<Expression> condition,
            List<Statement> body,
            List<Statement> otherwise,
            int line)
            implements Statement {}

    record Set(Target target, Expression value) implements Statement {}

    record SetBlock(Target target, Optional<Expression> filter, List<Statement> body) implements Statement {}

    record FilterBlock(Expression filter, List<Statement> body) implements Statement {}

    record With(List<Target> targets, List<Expression> values, List<Statement> body) implements Statement {}

    record MacroDefinition(String name, Signature signature, List<Statement> body, int line) implements Statement {}

    record CallBlock(Call call, Signature signature, List<Statement> body, int line) implements Statement {}

    /** {@code generation}: renders its body, in a scope of its own. */
    record Generation(List<Statement> body, int line) implements Statement {}

    record Break() implements Statement {}

    record Continue() implements Statement {}

    /** Parameters; the last ones have defaults. */
    record Signature(List<String> parameters, List<Expression> defaults) {
        static final Signature NONE = new Signature(List.of(), List.of());
    }
}
