package dev.reprise.engine.local.model.libc;

import dev.reprise.runtime.Checks;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Functions of the C library. Any thread, unless said otherwise. The first call in a process costs about a tenth of a
 * second, so a start avoids them.
 */
public final class CLibrary {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle CALLOC = required(
            "calloc", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final MethodHandle FREE = required("free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

    private CLibrary() {}

    private static Optional<MethodHandle> find(String name, FunctionDescriptor signature) {
        return LINKER.defaultLookup().find(name).map(address -> LINKER.downcallHandle(address, signature));
    }

    private static MethodHandle required(String name, FunctionDescriptor signature) {
        return find(name, signature)
                .orElseThrow(() -> new IllegalStateException("the C library has no function " + name));
    }

    /**
     * Zeroed memory that the system gives page by page when it is first touched, and that the virtual machine's limit on
     * direct memory, by default that of the heap, does not count.
     *
     * @param alignment of its start, a power of two
     * @param arena frees it when closed
     * @throws OutOfMemoryError when there is none
     */
    public static MemorySegment allocateZeroed(long bytes, long alignment, Arena arena) {
        try {
            MemorySegment start = (MemorySegment) CALLOC.invokeExact(bytes + alignment, 1L);
            if (start.equals(MemorySegment.NULL)) {
                throw new OutOfMemoryError("the system has no %d bytes".formatted(bytes));
            }
            long skipped = -start.address() & (alignment - 1);
            return start.reinterpret(bytes + alignment, arena, CLibrary::free).asSlice(skipped, bytes);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    private static void free(MemorySegment start) {
        try {
            FREE.invokeExact(start);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /**
     * Sets an environment variable for native code in this process; Java's own view of the environment stays as it was.
     * Only while no other thread's native code reads the environment.
     *
     * @return whether the system has this function; Windows has not
     */
    public static boolean setEnvironmentVariable(String name, String value) {
        Optional<MethodHandle> setenv = find(
                "setenv",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        if (setenv.isEmpty()) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            int failed = (int) setenv.get().invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1);
            Checks.check(failed == 0, "setenv(%s) failed", name);
            return true;
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Gives memory that was freed back to the system, where the C library would keep it otherwise (glibc). */
    public static void trim() {
        Optional<MethodHandle> trim =
                find("malloc_trim", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
        if (trim.isPresent()) {
            try {
                int _ = (int) trim.get().invokeExact(0L);
            } catch (Throwable e) {
                throw rethrow(e);
            }
        }
    }

    /** A call through a method handle declares every throwable; the functions here throw none that is checked. */
    private static RuntimeException rethrow(Throwable e) {
        if (e instanceof RuntimeException runtime) {
            return runtime;
        }
        if (e instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("a call of the C library failed", e);
    }
}
