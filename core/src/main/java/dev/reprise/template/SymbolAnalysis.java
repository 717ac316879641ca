package dev.reprise.template;

import dev.reprise.template.Ast.Expression;
import dev.reprise.template.Ast.Statement;
import dev.reprise.template.Ast.Target;
import java.util.List;

/** Finds the variables of one scope by walking its statements in order; inner scopes are left to themselves. */
final class SymbolAnalysis {
    private SymbolAnalysis() {}

    static void statements(List<Statement> statements, Symbols symbols) {
        for (Statement statement : statements) {
            statement(statement, symbols);
        }
    }

    private static void statement(Statement statement, Symbols symbols) {
        switch (statement) {
            case Ast.Text _ -> {}
            case Ast.Break _ -> {}
            case Ast.Continue _ -> {}
            case Ast.Generation _ -> {}
            case Ast.Output output -> expression(output.value(), symbols);
            case Ast.If conditional -> conditional(conditional, symbols);
            case Ast.For loop -> expression(loop.iterable(), symbols);
            case Ast.Set set -> {
                expression(set.value(), symbols);
                target(set.target(), symbols);
            }
            case Ast.SetBlock block -> target(block.target(), symbols);
            case Ast.FilterBlock block -> expression(block.filter(), symbols);
            case Ast.With with -> with.values().forEach(value -> expression(value, symbols));
            case Ast.MacroDefinition macro -> symbols.store(macro.name());
            case Ast.CallBlock block -> expression(block.call(), symbols);
        }
    }

    private static void conditional(Ast.If conditional, Symbols symbols) {
        expression(conditional.condition(), symbols);
        Symbols then = symbols.branch();
        statements(conditional.then(), then);
        Symbols elifs = symbols.branch();
        conditional.elifs().forEach(elif -> conditional(elif, elifs));
        Symbols otherwise = symbols.branch();
        statements(conditional.otherwise(), otherwise);
        symbols.merge(List.of(then, elifs, otherwise));
    }

    static void target(Target target, Symbols symbols) {
        switch (target) {
            case Ast.NameTarget name -> symbols.store(name.name());
            case Ast.TupleTarget tuple -> tuple.parts().forEach(part -> target(part, symbols));
            case Ast.NamespaceTarget namespace -> symbols.load(namespace.name());
        }
    }

    static void parameters(Target target, Symbols symbols) {
        switch (target) {
            case Ast.NameTarget name -> symbols.declareParameter(name.name());
            case Ast.TupleTarget tuple -> tuple.parts().forEach(part -> parameters(part, symbols));
            case Ast.NamespaceTarget namespace -> symbols.load(namespace.name());
        }
    }

    static void expression(Expression expression, Symbols symbols) {
        if (expression instanceof Ast.Name name) {
            symbols.load(name.name());
        } else {
            AstChildren.of(expression).forEach(child -> expression(child, symbols));
        }
    }
}
