package dev.reprise.template;

/** The messages of template failures, in one form. */
final class TemplateErrors {
    private TemplateErrors() {}

    static TemplateException syntax(int line, String reason) {
        return new TemplateException(
                TemplateException.Kind.TEMPLATE, "chat template, line %d: %s".formatted(line, reason));
    }

    static TemplateException unsupported(int line, String construct) {
        return syntax(line, construct + " is not supported");
    }

    static TemplateException evaluation(String reason) {
        return new TemplateException(TemplateException.Kind.EVALUATION, "chat template: " + reason);
    }
}
