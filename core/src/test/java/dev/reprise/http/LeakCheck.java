package dev.reprise.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Fails a test class in which a buffer was collected without having been released. */
final class LeakCheck implements BeforeAllCallback, AfterAllCallback {
    private static final int ROUNDS = 3;

    private final Reports reports = new Reports();
    private ResourceLeakDetector.Level before;

    static final class Reports extends AppenderBase<ILoggingEvent> {
        final List<String> messages = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            messages.add(event.getFormattedMessage());
        }

        void attach() {
            start();
            logger().addAppender(this);
        }

        void detach() {
            logger().detachAppender(this);
        }

        private static Logger logger() {
            return (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        before = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        reports.attach();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        for (int round = 0; round < ROUNDS; round++) {
            collectAndReport();
        }
        reports.detach();
        ResourceLeakDetector.setLevel(before);
        assertThat(reports.messages).as("leaked buffers").isEmpty();
    }

    /** Reports are made when the next buffer is tracked. */
    static void collectAndReport() {
        System.gc();
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(16);
        buffer.release();
    }
}
