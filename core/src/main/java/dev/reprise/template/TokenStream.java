package dev.reprise.template;

import java.util.List;

/** The tokens of a template, read from front to back. Not thread-safe. */
final class TokenStream {
    private final List<Token> tokens;
    private int at;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(at);
    }

    Token look() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = current();
        if (at < tokens.size() - 1) {
            at++;
        }
        return token;
    }

    boolean isAt(TokenKind kind) {
        return current().kind() == kind;
    }

    boolean isAtName(String name) {
        return current().isName(name);
    }

    boolean isAtOperator(String operator) {
        return current().isOperator(operator);
    }

    boolean acceptName(String name) {
        return accept(isAtName(name));
    }

    boolean acceptOperator(String operator) {
        return accept(isAtOperator(operator));
    }

    Token expect(TokenKind kind, String what) {
        if (!isAt(kind)) {
            throw unexpected(what);
        }
        return next();
    }

    void expectOperator(String operator) {
        if (!acceptOperator(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    TemplateException unexpected(String expected) {
        return TemplateErrors.syntax(
                current().line(),
                "expected %s, got %s".formatted(expected, current().describe()));
    }

    private boolean accept(boolean matches) {
        if (matches) {
            next();
        }
        return matches;
    }
}
