package dev.reprise.runtime;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** What went wrong with a file, in words for people instead of exception names. */
public final class FileFaults {
    private FileFaults() {}

    /** A predicate of which the file is the subject, such as {@code does not exist}. */
    public static String describe(IOException fault) {
        return switch (fault) {
            case NoSuchFileException _ -> "does not exist";
            case AccessDeniedException _ -> "may not be read by this user; check its permissions";
            default ->
                "cannot be read: "
                        + (fault.getMessage() == null ? fault.getClass().getSimpleName() : fault.getMessage());
        };
    }
}
