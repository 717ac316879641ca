package dev.reprise.template;

/**
 * A piece of template source.
 *
 * @param text the data, name, operator or digits; of a string its value
 * @param line from 1
 */
record Token(TokenKind kind, String text, int line) {
    boolean isName(String name) {
        return kind == TokenKind.NAME && text.equals(name);
    }

    boolean isOperator(String operator) {
        return kind == TokenKind.OPERATOR && text.equals(operator);
    }

    /** The token as an error message names it. */
    String describe() {
        return switch (kind) {
            case END -> "end of template";
            case OUTPUT_END -> "end of print statement";
            case BLOCK_END -> "end of statement block";
            case DATA -> "template text";
            case OUTPUT_BEGIN -> "'{{'";
            case BLOCK_BEGIN -> "'{%'";
            case NAME, STRING, INTEGER, FLOAT, OPERATOR -> "'" + text + "'";
        };
    }
}
