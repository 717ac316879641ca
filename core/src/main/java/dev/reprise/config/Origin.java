package dev.reprise.config;

import java.nio.file.Path;

/** Where a value came from. Later permitted forms win over earlier ones. */
public sealed interface Origin {
    /** The schema's default. */
    record Default() implements Origin {
        @Override
        public String toString() {
            return "default";
        }
    }

    /** A line of the configuration file, counted from 1. */
    record FileLine(Path file, int line) implements Origin {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    /** An environment variable. */
    record Environment(String name) implements Origin {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A flag of the command line. */
    record CommandLine(String flag) implements Origin {
        @Override
        public String toString() {
            return flag;
        }
    }
}
