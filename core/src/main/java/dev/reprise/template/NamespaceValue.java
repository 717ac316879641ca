package dev.reprise.template;

import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code namespace()} makes: the one value whose members a template can set. For one render. */
final class NamespaceValue {
    private final Map<String, Object> members = new LinkedHashMap<>();

    Map<String, Object> members() {
        return members;
    }

    void set(String name, Object value) {
        if (name.startsWith("_")) {
            throw TemplateErrors.evaluation("a namespace cannot hold '" + name + "'");
        }
        members.put(name, value);
    }
}
