package dev.reprise.template;

import java.util.Map;

/**
 * A Python dict, in order of insertion. Keys are strings or integers; others fail when the dict is made.
 *
 * @param members not changed after the value was handed on
 */
record DictValue(Map<Object, Object> members) {
    static Object key(Object key) {
        if (key instanceof String || key instanceof Long) {
            return key;
        }
        throw TemplateErrors.evaluation("a dict key of type %s is not supported".formatted(PythonTypes.nameOf(key)));
    }
}
