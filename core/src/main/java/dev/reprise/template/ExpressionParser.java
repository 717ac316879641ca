package dev.reprise.template;

import dev.reprise.template.Ast.Expression;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Expressions with Jinja2's precedence, from conditional to primary. */
final class ExpressionParser {
    private static final List<String> COMPARISONS = List.of("==", "!=", "<", "<=", ">", ">=");
    private static final int MAX_NESTING = 100;

    private final TokenStream stream;
    private int nesting;

    ExpressionParser(TokenStream stream) {
        this.stream = stream;
    }

    Expression expression() {
        return expression(true);
    }

    /** Without a condition where an {@code if} means something else, as after {@code for … in}. */
    private Expression expression(boolean withCondition) {
        if (++nesting > MAX_NESTING) {
            throw TemplateErrors.syntax(line(), "expressions are nested deeper than " + MAX_NESTING);
        }
        Expression result = withCondition ? conditional() : or();
        nesting--;
        return result;
    }

    /** One expression, or several with commas between as a tuple. */
    Expression tuple(boolean withCondition, BooleanSupplier extraEnd) {
        return tuple(() -> expression(withCondition), extraEnd, false);
    }

    private Expression tuple(Supplier<Expression> item, BooleanSupplier extraEnd, boolean inParentheses) {
        List<Expression> items = new ArrayList<>();
        boolean isTuple = false;
        while (true) {
            if (!items.isEmpty()) {
                stream.expectOperator(",");
            }
            if (atTupleEnd() || extraEnd.getAsBoolean()) {
                break;
            }
            items.add(item.get());
            if (!stream.isAtOperator(",")) {
                break;
            }
            isTuple = true;
        }
        if (isTuple || (items.isEmpty() && inParentheses)) {
            return new Ast.TupleLiteral(items);
        }
        if (items.isEmpty()) {
            throw stream.unexpected("an expression");
        }
        return items.getFirst();
    }

    private boolean atTupleEnd() {
        return stream.isAt(TokenKind.OUTPUT_END) || stream.isAt(TokenKind.BLOCK_END) || stream.isAtOperator(")");
    }

    private Expression conditional() {
        Expression value = or();
        while (stream.isAtName("if")) {
            int line = stream.next().line();
            Expression condition = or();
            Optional<Expression> otherwise = stream.acceptName("else") ? Optional.of(expression()) : Optional.empty();
            value = new Ast.Conditional(condition, value, otherwise, line);
        }
        return value;
    }

    private Expression or() {
        Expression left = and();
        while (stream.acceptName("or")) {
            left = new Ast.Or(left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (stream.acceptName("and")) {
            left = new Ast.And(left, not());
        }
        return left;
    }

    private Expression not() {
        int negations = 0;
        while (stream.acceptName("not")) {
            negations++;
        }
        Expression operand = comparison();
        for (int i = 0; i < Math.min(negations, 2 - negations % 2); i++) {
            operand = new Ast.Not(operand);
        }
        return operand;
    }

    private Expression comparison() {
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> operands = new ArrayList<>();
        for (String operator = comparisonOperator(); operator != null; operator = comparisonOperator()) {
            operators.add(operator);
            operands.add(sum());
        }
        return operators.isEmpty() ? first : new Ast.Comparison(first, operators, operands);
    }

    private @Nullable String comparisonOperator() {
        if (stream.isAt(TokenKind.OPERATOR)
                && COMPARISONS.contains(stream.current().text())) {
            return stream.next().text();
        }
        if (stream.acceptName("in")) {
            return "in";
        }
        if (stream.isAtName("not") && stream.look().isName("in")) {
            stream.next();
            stream.next();
            return "not in";
        }
        return null;
    }

    private Expression sum() {
        return binary(this::concatenation, List.of("+", "-"));
    }

    private Expression concatenation() {
        Expression first = product();
        if (!stream.isAtOperator("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (stream.acceptOperator("~")) {
            parts.add(product());
        }
        return new Ast.Concatenation(parts);
    }

    private Expression product() {
        return binary(this::power, List.of("*", "/", "//", "%"));
    }

    private Expression power() {
        return binary(() -> unary(true), List.of("**"));
    }

    private Expression binary(Supplier<Expression> operand, List<String> operators) {
        Expression left = operand.get();
        int chained = 0;
        while (stream.isAt(TokenKind.OPERATOR)
                && operators.contains(stream.current().text())) {
            if (++chained > 10 * MAX_NESTING) {
                throw TemplateErrors.syntax(line(), "more than " + 10 * MAX_NESTING + " operators in a row");
            }
            String operator = stream.next().text();
            left = new Ast.Binary(operator, left, operand.get());
        }
        return left;
    }

    private Expression unary(boolean withFilter) {
        Expression node;
        if (stream.isAtOperator("-") || stream.isAtOperator("+")) {
            if (++nesting > MAX_NESTING) {
                throw TemplateErrors.syntax(line(), "expressions are nested deeper than " + MAX_NESTING);
            }
            boolean negative = stream.next().text().equals("-");
            Expression operand = unary(false);
            node = negative ? new Ast.Negative(operand) : new Ast.Positive(operand);
            nesting--;
        } else {
            node = primary();
        }
        node = postfix(node);
        return withFilter ? filtersAndTests(node) : node;
    }

    Expression primary() {
        Token token = stream.current();
        return switch (token.kind()) {
            case NAME -> name(stream.next());
            case STRING -> strings();
            case INTEGER ->
                new Ast.Constant(
                        PythonNumbers.integer(new BigInteger(stream.next().text())));
            case FLOAT -> new Ast.Constant(Double.parseDouble(stream.next().text()));
            default -> bracketed();
        };
    }

    private Expression strings() {
        StringBuilder text = new StringBuilder();
        while (stream.isAt(TokenKind.STRING)) {
            text.append(stream.next().text());
        }
        return new Ast.Constant(text.toString());
    }

    private static Expression name(Token token) {
        return switch (token.text()) {
            case "true", "True" -> new Ast.Constant(true);
            case "false", "False" -> new Ast.Constant(false);
            case "none", "None" -> new Ast.Constant(None.NONE);
            default -> new Ast.Name(token.text(), token.line());
        };
    }

    private Expression bracketed() {
        if (stream.acceptOperator("(")) {
            Expression inner = tuple(this::expression, () -> false, true);
            stream.expectOperator(")");
            return inner;
        }
        if (stream.acceptOperator("[")) {
            return new Ast.ListLiteral(items("]"));
        }
        if (stream.acceptOperator("{")) {
            return dictionary();
        }
        throw stream.unexpected("an expression");
    }

    private List<Expression> items(String close) {
        List<Expression> items = new ArrayList<>();
        while (!stream.isAtOperator(close)) {
            if (!items.isEmpty()) {
                stream.expectOperator(",");
                if (stream.isAtOperator(close)) {
                    break;
                }
            }
            items.add(expression());
        }
        stream.expectOperator(close);
        return items;
    }

    private Expression dictionary() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!stream.isAtOperator("}")) {
            if (!keys.isEmpty()) {
                stream.expectOperator(",");
                if (stream.isAtOperator("}")) {
                    break;
                }
            }
            keys.add(expression());
            stream.expectOperator(":");
            values.add(expression());
        }
        stream.expectOperator("}");
        return new Ast.DictLiteral(keys, values);
    }

    private Expression postfix(Expression subject) {
        Expression node = subject;
        while (true) {
            if (stream.isAtOperator(".") || stream.isAtOperator("[")) {
                node = subscript(node);
            } else if (stream.isAtOperator("(")) {
                node = call(node);
            } else {
                return node;
            }
        }
    }

    private Expression filtersAndTests(Expression subject) {
        Expression node = subject;
        while (true) {
            if (stream.isAtOperator("|")) {
                node = filters(node);
            } else if (stream.isAtName("is")) {
                node = test(node);
            } else if (stream.isAtOperator("(")) {
                node = call(node);
            } else {
                return node;
            }
        }
    }

    private Expression subscript(Expression object) {
        Token token = stream.next();
        if (token.isOperator(".")) {
            Token name = stream.next();
            return switch (name.kind()) {
                case NAME -> new Ast.Attribute(object, name.text(), token.line());
                case INTEGER ->
                    new Ast.Item(
                            object, new Ast.Constant(PythonNumbers.integer(new BigInteger(name.text()))), token.line());
                default -> throw TemplateErrors.syntax(name.line(), "expected name or number after '.'");
            };
        }
        Expression item = sliceOrIndex(object, token.line());
        if (stream.isAtOperator(",")) {
            throw TemplateErrors.unsupported(token.line(), "an index of several parts");
        }
        stream.expectOperator("]");
        return item;
    }

    private Expression sliceOrIndex(Expression object, int line) {
        Optional<Expression> start = Optional.empty();
        if (!stream.isAtOperator(":")) {
            Expression index = expression();
            if (!stream.isAtOperator(":")) {
                return new Ast.Item(object, index, line);
            }
            start = Optional.of(index);
        }
        stream.expectOperator(":");
        Optional<Expression> stop = slicePart();
        Optional<Expression> step = stream.acceptOperator(":") ? slicePart() : Optional.empty();
        return new Ast.Slice(object, start, stop, step, line);
    }

    private Optional<Expression> slicePart() {
        boolean absent = stream.isAtOperator(":") || stream.isAtOperator("]") || stream.isAtOperator(",");
        return absent ? Optional.empty() : Optional.of(expression());
    }

    private Expression call(Expression callee) {
        int line = line();
        return new Ast.Call(callee, arguments(), line);
    }

    private Ast.Arguments arguments() {
        stream.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<Expression> named = new ArrayList<>();
        boolean first = true;
        while (!stream.isAtOperator(")")) {
            if (!first) {
                stream.expectOperator(",");
                if (stream.isAtOperator(")")) {
                    break;
                }
            }
            first = false;
            if (stream.isAtOperator("*") || stream.isAtOperator("**")) {
                throw TemplateErrors.unsupported(line(), "unpacking of arguments with '*'");
            }
            if (stream.isAt(TokenKind.NAME) && stream.look().isOperator("=")) {
                names.add(stream.next().text());
                stream.next();
                named.add(expression());
            } else if (!names.isEmpty()) {
                throw TemplateErrors.syntax(line(), "a positional argument after a named one");
            } else {
                positional.add(expression());
            }
        }
        stream.expectOperator(")");
        return new Ast.Arguments(positional, names, named);
    }

    /** One or more filters, each after a {@code |}. */
    Expression filters(Expression subject) {
        Expression node = subject;
        while (stream.acceptOperator("|")) {
            node = filter(node);
        }
        return node;
    }

    /** A filter whose {@code |} has been read or is left out. */
    Expression filter(Expression subject) {
        int line = line();
        String name = dottedName();
        Ast.Arguments arguments = stream.isAtOperator("(") ? arguments() : Ast.Arguments.NONE;
        return new Ast.Filter(subject, name, arguments, line);
    }

    private String dottedName() {
        StringBuilder name =
                new StringBuilder(stream.expect(TokenKind.NAME, "a name").text());
        while (stream.acceptOperator(".")) {
            name.append('.').append(stream.expect(TokenKind.NAME, "a name").text());
        }
        return name.toString();
    }

    private Expression test(Expression subject) {
        int line = stream.next().line();
        boolean negated = stream.acceptName("not");
        String name = dottedName();
        Ast.Arguments arguments = Ast.Arguments.NONE;
        if (stream.isAtOperator("(")) {
            arguments = arguments();
        } else if (startsTestArgument()) {
            if (stream.isAtName("is")) {
                throw TemplateErrors.syntax(line, "You cannot chain multiple tests with is");
            }
            arguments = new Ast.Arguments(List.of(postfix(primary())), List.of(), List.of());
        }
        Expression test = new Ast.Test(subject, name, arguments, line);
        return negated ? new Ast.Not(test) : test;
    }

    private boolean startsTestArgument() {
        Token token = stream.current();
        return switch (token.kind()) {
            case STRING, INTEGER, FLOAT -> true;
            case NAME -> !token.isName("else") && !token.isName("or") && !token.isName("and");
            case OPERATOR -> token.isOperator("[") || token.isOperator("{");
            default -> false;
        };
    }

    int line() {
        return stream.current().line();
    }
}
