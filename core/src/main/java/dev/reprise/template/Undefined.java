package dev.reprise.template;

/**
 * What a missing variable, member or element evaluates to: prints as nothing, is false and empty, and fails with its
 * message in any other use.
 */
record Undefined(String message) {
    static Undefined variable(String name) {
        return new Undefined(PythonText.quote(name) + " is undefined");
    }

    static Undefined member(Object object, String name) {
        String owner = object == None.NONE ? "None" : PythonTypes.nameOf(object) + " object";
        return new Undefined("'%s' has no attribute %s".formatted(owner, PythonText.quote(name)));
    }

    static Undefined element(Object object, Object index) {
        if (index instanceof String name) {
            return member(object, name);
        }
        String owner = object == None.NONE ? "None" : PythonTypes.nameOf(object) + " object";
        return new Undefined("%s has no element %s".formatted(owner, PythonText.repr(index)));
    }

    TemplateException failure() {
        return TemplateErrors.evaluation(message);
    }
}
