package dev.reprise.runtime;

/** Something that was registered or scheduled and can be taken back. Closing twice is harmless. */
@FunctionalInterface
public interface Registration extends AutoCloseable {
    @Override
    void close();
}
