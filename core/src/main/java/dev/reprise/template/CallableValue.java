package dev.reprise.template;

/** Something a template can call: a macro, a global function, a method with its object. */
interface CallableValue {
    Object call(CallArguments arguments, Frame frame);
}
