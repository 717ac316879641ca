package dev.reprise.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.reprise.runtime.Registration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What to do when the client leaves. Callable from any thread; each action runs at most once, outside the lock. */
final class DisconnectActions {
    private static final Logger LOG = LoggerFactory.getLogger(DisconnectActions.class);

    private enum State {
        WAITING,
        LEFT,
        ANSWERED
    }

    @GuardedBy("this")
    private final List<Action> actions = new ArrayList<>();

    @GuardedBy("this")
    private State state = State.WAITING;

    /** Told apart by identity, so that the same code can be registered twice. */
    private static final class Action {
        private final Runnable code;

        Action(Runnable code) {
            this.code = code;
        }
    }

    /** Keeps {@code code} for {@link #clientLeft}; runs it in the caller when the client has left already. */
    Registration add(Runnable code) {
        Action action = new Action(code);
        State now;
        synchronized (this) {
            now = state;
            if (now == State.WAITING) {
                actions.add(action);
            }
        }
        if (now == State.LEFT) {
            run(action);
        }
        return () -> remove(action);
    }

    private synchronized void remove(Action action) {
        actions.remove(action);
    }

    /** Runs the actions, unless the answer is complete. */
    void clientLeft() {
        for (Action action : leave(State.LEFT)) {
            run(action);
        }
    }

    /** One action's failure keeps neither the others from running nor the connection from being closed. */
    private static void run(Action action) {
        try {
            action.code.run();
        } catch (RuntimeException e) {
            LOG.error("an action for the client's departure failed", e);
        }
    }

    /** Drops the actions: from now on the client may leave. */
    void answered() {
        leave(State.ANSWERED);
    }

    private synchronized List<Action> leave(State end) {
        if (state != State.WAITING) {
            return List.of();
        }
        state = end;
        List<Action> taken = List.copyOf(actions);
        actions.clear();
        return taken;
    }
}
