package dev.reprise.template;

import dev.reprise.template.Ast.Expression;
import dev.reprise.template.Ast.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The expressions within an expression, and whether a name is read anywhere in statements. */
final class AstChildren {
    private AstChildren() {}

    static List<Expression> of(Expression expression) {
        return switch (expression) {
            case Ast.Constant _ -> List.of();
            case Ast.Name _ -> List.of();
            case Ast.BlockText _ -> List.of();
            case Ast.ListLiteral list -> list.items();
            case Ast.TupleLiteral tuple -> tuple.items();
            case Ast.DictLiteral dict -> concat(dict.keys(), dict.values());
            case Ast.Attribute attribute -> List.of(attribute.object());
            case Ast.Item item -> List.of(item.object(), item.index());
            case Ast.Slice slice ->
                concat(
                        List.of(slice.object()),
                        Stream.of(slice.start(), slice.stop(), slice.step())
                                .flatMap(part -> part.stream())
                                .toList());
            case Ast.Call call -> concat(List.of(call.callee()), of(call.arguments()));
            case Ast.Filter filter -> concat(List.of(filter.subject()), of(filter.arguments()));
            case Ast.Test test -> concat(List.of(test.subject()), of(test.arguments()));
            case Ast.Conditional c ->
                concat(List.of(c.condition(), c.then()), c.otherwise().stream().toList());
            case Ast.And and -> List.of(and.left(), and.right());
            case Ast.Or or -> List.of(or.left(), or.right());
            case Ast.Not not -> List.of(not.operand());
            case Ast.Negative negative -> List.of(negative.operand());
            case Ast.Positive positive -> List.of(positive.operand());
            case Ast.Binary binary -> List.of(binary.left(), binary.right());
            case Ast.Concatenation concatenation -> concatenation.parts();
            case Ast.Comparison comparison -> concat(List.of(comparison.first()), comparison.operands());
        };
    }

    private static List<Expression> of(Ast.Arguments arguments) {
        return concat(arguments.positional(), arguments.named());
    }

    private static List<Expression> concat(List<? extends Expression> first, List<? extends Expression> second) {
        List<Expression> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /** Whether {@code name} is read in {@code statements}, inner scopes included. */
    static boolean reads(List<? extends Statement> statements, String name) {
        return statements.stream().anyMatch(statement -> reads(statement, name));
    }

    private static boolean reads(Statement statement, String name) {
        return switch (statement) {
            case Ast.Text _ -> false;
            case Ast.Break _ -> false;
            case Ast.Continue _ -> false;
            case Ast.Output output -> reads(output.value(), name);
            case Ast.If c ->
                reads(c.condition(), name)
                        || reads(c.then(), name)
                        || reads(c.elifs(), name)
                        || reads(c.otherwise(), name);
            case Ast.For loop ->
                reads(loop.iterable(), name)
                        || loop.condition().filter(test -> reads(test, name)).isPresent()
                        || reads(loop.body(), name)
                        || reads(loop.otherwise(), name);
            case Ast.Set set -> reads(set.value(), name) || readsTarget(set.target(), name);
            case Ast.SetBlock block ->
                block.filter().filter(filter -> reads(filter, name)).isPresent() || reads(block.body(), name);
            case Ast.FilterBlock block -> reads(block.filter(), name) || reads(block.body(), name);
            case Ast.With with ->
                with.values().stream().anyMatch(value -> reads(value, name)) || reads(with.body(), name);
            case Ast.MacroDefinition macro -> readsSignature(macro.signature(), name) || reads(macro.body(), name);
            case Ast.CallBlock block ->
                reads(block.call(), name) || readsSignature(block.signature(), name) || reads(block.body(), name);
            case Ast.Generation generation -> reads(generation.body(), name);
        };
    }

    private static boolean readsTarget(Ast.Target target, String name) {
        return target instanceof Ast.NamespaceTarget namespace
                && namespace.name().equals(name);
    }

    private static boolean readsSignature(Ast.Signature signature, String name) {
        return signature.defaults().stream().anyMatch(value -> reads(value, name));
    }

    private static boolean reads(Expression expression, String name) {
        return (expression instanceof Ast.Name read && read.name().equals(name))
                || of(expression).stream().anyMatch(child -> reads(child, name));
    }
}
