package dev.reprise.server;

import dev.reprise.openai.ApiErrorCode;
import dev.reprise.openai.ApiException;
import dev.reprise.runtime.RandomSource;
import java.util.concurrent.locks.ReentrantLock;

/** Makes and checks request ids. Thread-safe. */
final class RequestIds {
    static final int MAX_CHARACTERS = 128;

    private final ReentrantLock lock = new ReentrantLock();
    private final RandomSource random;

    RequestIds(RandomSource random) {
        this.random = random;
    }

    /** 32 random hexadecimal digits. */
    String generate() {
        lock.lock();
        try {
            return "%016x%016x".formatted(random.nextLong(), random.nextLong());
        } finally {
            lock.unlock();
        }
    }

    /** The client's own id, if it can be echoed and logged. {@code where} names its place. */
    static String check(String id, String where) {
        boolean printable = id.chars().allMatch(c -> c > 0x20 && c < 0x7f);
        if (id.isEmpty() || id.length() > MAX_CHARACTERS || !printable) {
            throw ApiException.of(
                    ApiErrorCode.INVALID_VALUE,
                    where,
                    "`%s` must have 1 to %d printable ASCII characters and no space, has %d"
                            .formatted(where, MAX_CHARACTERS, id.length()));
        }
        return id;
    }
}
