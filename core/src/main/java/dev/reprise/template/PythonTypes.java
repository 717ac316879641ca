package dev.reprise.template;

import java.math.BigInteger;

/** What Python calls the types of values, and when a value is true. */
final class PythonTypes {
    private PythonTypes() {}

    static String nameOf(Object value) {
        return switch (value) {
            case String _ -> "str";
            case Boolean _ -> "bool";
            case Long _ -> "int";
            case BigInteger _ -> "int";
            case Double _ -> "float";
            case ListValue _ -> "list";
            case TupleValue _ -> "tuple";
            case DictValue _ -> "dict";
            case DictView view -> view.name();
            case RangeValue _ -> "range";
            case GeneratorValue _ -> "generator";
            case NamespaceValue _ -> "Namespace";
            case LoopValue _ -> "LoopContext";
            case None _ -> "NoneType";
            case Undefined _ -> "Undefined";
            default -> "function";
        };
    }

    static boolean isTrue(Object value) {
        return switch (value) {
            case Boolean b -> b;
            case String s -> !s.isEmpty();
            case Long n -> n != 0;
            case BigInteger n -> n.signum() != 0;
            case Double d -> d != 0;
            case SequenceValue sequence -> !sequence.items().isEmpty();
            case DictValue dict -> !dict.members().isEmpty();
            case DictView view -> !view.items().isEmpty();
            case RangeValue range -> range.size() > 0;
            case None _ -> false;
            case Undefined _ -> false;
            default -> true;
        };
    }

    static TemplateException typeError(String message) {
        return TemplateErrors.evaluation(message);
    }
}
