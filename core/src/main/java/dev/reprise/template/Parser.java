package dev.reprise.template;

import dev.reprise.template.Ast.Expression;
import dev.reprise.template.Ast.Statement;
import dev.reprise.template.Ast.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Statements of a template. What Jinja2 knows and this does not is refused by name. */
final class Parser {
    private static final Set<String> KNOWN_TO_JINJA =
            Set.of("block", "extends", "include", "import", "from", "autoescape", "print");
    private static final int MAX_NESTING = 100;

    private final TokenStream stream;
    private final ExpressionParser expressions;
    private int nesting;
    /** Loops around the current statement within the current macro. */
    private int loops;

    private Parser(String source) {
        stream = new TokenStream(Lexer.tokens(source));
        expressions = new ExpressionParser(stream);
    }

    /** @throws TemplateException naming line and construct */
    static List<Statement> parse(String source) {
        return new Parser(source).body(Set.of());
    }

    /** Statements up to a tag out of {@code ends}, whose name is the current token then. */
    private List<Statement> body(Set<String> ends) {
        if (++nesting > MAX_NESTING) {
            throw TemplateErrors.syntax(expressions.line(), "statements are nested deeper than " + MAX_NESTING);
        }
        List<Statement> statements = new ArrayList<>();
        while (!stream.isAt(TokenKind.END)) {
            Token token = stream.next();
            switch (token.kind()) {
                case DATA -> statements.add(new Ast.Text(token.text()));
                case OUTPUT_BEGIN -> {
                    statements.add(new Ast.Output(expressions.tuple(true, () -> false), token.line()));
                    stream.expect(TokenKind.OUTPUT_END, "end of print statement");
                }
                default -> {
                    if (ends.contains(stream.current().text()) && stream.isAt(TokenKind.NAME)) {
                        nesting--;
                        return statements;
                    }
                    statements.add(statement());
                    stream.expect(TokenKind.BLOCK_END, "end of statement block");
                }
            }
        }
        if (!ends.isEmpty()) {
            throw TemplateErrors.syntax(
                    expressions.line(), "unexpected end of template, expected " + String.join(" or ", ends));
        }
        nesting--;
        return statements;
    }

    /** The body of a statement: from the end of its tag to a tag out of {@code ends}, which is left to the caller. */
    private List<Statement> bodyAfterTag(String... ends) {
        stream.acceptOperator(":");
        stream.expect(TokenKind.BLOCK_END, "end of statement block");
        return body(Set.of(ends));
    }

    private List<Statement> bodyUpTo(String end) {
        List<Statement> body = bodyAfterTag(end);
        stream.next();
        return body;
    }

    private Statement statement() {
        Token tag = stream.expect(TokenKind.NAME, "a tag name");
        return switch (tag.text()) {
            case "if" -> conditional();
            case "for" -> loop(tag.line());
            case "set" -> set();
            case "macro" -> macro(tag.line());
            case "call" -> callBlock(tag.line());
            case "filter" -> filterBlock();
            case "with" -> with();
            case "generation" -> new Ast.Generation(inNewFunction("endgeneration"), tag.line());
            case "break", "continue" -> jump(tag);
            default -> throw unknownTag(tag);
        };
    }

    private static TemplateException unknownTag(Token tag) {
        return KNOWN_TO_JINJA.contains(tag.text())
                ? TemplateErrors.unsupported(tag.line(), "tag '" + tag.text() + "'")
                : TemplateErrors.syntax(tag.line(), "unknown tag '" + tag.text() + "'");
    }

    private Statement jump(Token tag) {
        if (loops == 0) {
            throw TemplateErrors.syntax(tag.line(), "'" + tag.text() + "' outside a loop");
        }
        return tag.text().equals("break") ? new Ast.Break() : new Ast.Continue();
    }

    private Ast.If conditional() {
        Expression condition = expressions.tuple(false, () -> false);
        List<Statement> then = bodyAfterTag("elif", "else", "endif");
        List<Ast.If> elifs = new ArrayList<>();
        while (stream.acceptName("elif")) {
            Expression next = expressions.tuple(false, () -> false);
            elifs.add(new Ast.If(next, bodyAfterTag("elif", "else", "endif"), List.of(), List.of()));
        }
        List<Statement> otherwise = List.of();
        if (stream.acceptName("else")) {
            otherwise = bodyAfterTag("endif");
        }
        stream.next();
        return new Ast.If(condition, then, elifs, otherwise);
    }

    private Statement loop(int line) {
        Target target = target(false, "in");
        if (!stream.acceptName("in")) {
            throw stream.unexpected("'in'");
        }
        Expression iterable = expressions.tuple(false, () -> stream.isAtName("recursive"));
        Optional<Expression> condition =
                stream.acceptName("if") ? Optional.of(expressions.expression()) : Optional.empty();
        if (stream.isAtName("recursive")) {
            throw TemplateErrors.unsupported(line, "a recursive loop");
        }
        loops++;
        List<Statement> body = bodyAfterTag("endfor", "else");
        loops--;
        List<Statement> otherwise = List.of();
        if (stream.next().isName("else")) {
            otherwise = bodyUpTo("endfor");
        }
        return new Ast.For(target, iterable, condition, body, otherwise, line);
    }

    private Statement set() {
        Target target = target(true, "=");
        if (stream.acceptOperator("=")) {
            return new Ast.Set(target, expressions.tuple(true, () -> false));
        }
        Optional<Expression> filter =
                stream.isAtOperator("|") ? Optional.of(expressions.filters(new Ast.BlockText())) : Optional.empty();
        return new Ast.SetBlock(target, filter, bodyUpTo("endset"));
    }

    private Statement filterBlock() {
        Expression filter = expressions.filters(expressions.filter(new Ast.BlockText()));
        return new Ast.FilterBlock(filter, bodyUpTo("endfilter"));
    }

    private Statement with() {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!stream.isAt(TokenKind.BLOCK_END)) {
            if (!targets.isEmpty()) {
                stream.expectOperator(",");
            }
            targets.add(target(false, "="));
            stream.expectOperator("=");
            values.add(expressions.expression());
        }
        return new Ast.With(targets, values, bodyUpTo("endwith"));
    }

    private Statement macro(int line) {
        String name = stream.expect(TokenKind.NAME, "a name").text();
        Ast.Signature signature = signature();
        return new Ast.MacroDefinition(name, signature, inNewFunction("endmacro"), line);
    }

    private Statement callBlock(int line) {
        Ast.Signature signature = stream.isAtOperator("(") ? signature() : Ast.Signature.NONE;
        if (!(expressions.expression() instanceof Ast.Call call)) {
            throw TemplateErrors.syntax(line, "expected call");
        }
        return new Ast.CallBlock(call, signature, inNewFunction("endcall"), line);
    }

    private List<Statement> inNewFunction(String end) {
        int outerLoops = loops;
        loops = 0;
        List<Statement> body = bodyUpTo(end);
        loops = outerLoops;
        return body;
    }

    private Ast.Signature signature() {
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        stream.expectOperator("(");
        while (!stream.isAtOperator(")")) {
            if (!parameters.isEmpty()) {
                stream.expectOperator(",");
            }
            parameters.add(stream.expect(TokenKind.NAME, "a name").text());
            if (stream.acceptOperator("=")) {
                defaults.add(expressions.expression());
            } else if (!defaults.isEmpty()) {
                throw TemplateErrors.syntax(expressions.line(), "non-default argument follows default argument");
            }
        }
        stream.expectOperator(")");
        return new Ast.Signature(parameters, defaults);
    }

    /** One name or several with commas between, up to {@code end}. */
    private Target target(boolean withNamespace, String end) {
        List<Target> parts = new ArrayList<>();
        boolean isTuple = false;
        while (true) {
            if (stream.isAtName(end) || stream.isAtOperator(end) || stream.isAt(TokenKind.BLOCK_END)) {
                break;
            }
            parts.add(singleTarget(withNamespace));
            if (!stream.acceptOperator(",")) {
                break;
            }
            isTuple = true;
        }
        if (parts.isEmpty()) {
            throw stream.unexpected("a name to assign to");
        }
        return isTuple ? new Ast.TupleTarget(parts) : parts.getFirst();
    }

    private Target singleTarget(boolean withNamespace) {
        if (stream.acceptOperator("(")) {
            Target inner = target(withNamespace, ")");
            stream.expectOperator(")");
            return inner;
        }
        Token name = stream.expect(TokenKind.NAME, "a name to assign to");
        if (Set.of("true", "false", "none", "True", "False", "None").contains(name.text())) {
            throw TemplateErrors.syntax(name.line(), "can't assign to '" + name.text() + "'");
        }
        if (withNamespace && stream.acceptOperator(".")) {
            String attribute = stream.expect(TokenKind.NAME, "a name").text();
            return new Ast.NamespaceTarget(name.text(), attribute, name.line());
        }
        return new Ast.NameTarget(name.text());
    }
}
