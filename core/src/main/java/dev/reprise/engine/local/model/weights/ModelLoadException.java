package dev.reprise.engine.local.model.weights;

import java.nio.file.Path;

/** A model folder that cannot be served. The message names the file, the field, its value and the remedy. */
public final class ModelLoadException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Says what is wrong with {@code file} and what to do about it. */
    public ModelLoadException(Path file, String problem, String remedy) {
        super(message(file, problem, remedy));
    }

    /** As above, with the failure beneath. */
    public ModelLoadException(Path file, String problem, String remedy, Throwable cause) {
        super(message(file, problem, remedy), cause);
    }

    private static String message(Path file, String problem, String remedy) {
        return "%s: %s; %s".formatted(file, problem, remedy);
    }
}
