package dev.reprise.cli;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Sees the signals that ask the process to end.
 *
 * <p>A shutdown hook sees only the first signal: while hooks run, the JVM ignores further ones, so that "a second
 * signal ends at once" cannot be built on it. The only class that can is {@code sun.misc.Signal} of the supported
 * module {@code jdk.unsupported}; it is called through method handles, because the compiler cannot be told to accept
 * it under {@code -Werror}. Where it is absent, signals keep their usual effect.
 */
public final class ProcessSignals {
    private ProcessSignals() {}

    /** A signal that asks the process to end. */
    public enum Ending {
        INT(2),
        TERM(15);

        private final int number;

        Ending(int number) {
            this.number = number;
        }

        /** The exit code of a process that this signal ended. */
        public int exitCode() {
            return ExitCode.SIGNAL_BASE + number;
        }
    }

    /** Called once for each arriving signal, on a thread of the JVM's; must not block for long. */
    @FunctionalInterface
    public interface Handler {
        /** {@code signal} has arrived. */
        void on(Ending signal);
    }

    /** Calls {@code handler} from now on instead of ending the process. Returns whether this platform can. */
    public static boolean handle(Ending signal, Handler handler) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MethodHandle call =
                    lookup.findVirtual(Handler.class, "on", MethodType.methodType(void.class, Ending.class));
            MethodHandle target =
                    MethodHandles.dropArguments(MethodHandles.insertArguments(call, 0, handler, signal), 0, signalType);
            Object proxy = MethodHandleProxies.asInterfaceInstance(handlerType, target);
            Object named = signalType.getConstructor(String.class).newInstance(signal.name());
            signalType.getMethod("handle", signalType, handlerType).invoke(null, named, proxy);
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return false;
        }
    }
}
