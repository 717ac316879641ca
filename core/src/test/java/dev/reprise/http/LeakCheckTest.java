package dev.reprise.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.Test;

/** The check of the other tests would find a leak. */
class LeakCheckTest {
    @Test
    void aBufferThatIsDroppedIsReported() {
        LeakCheck.Reports reports = new LeakCheck.Reports();
        ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        reports.attach();
        try {
            for (int round = 0; round < 100 && reports.messages.isEmpty(); round++) {
                PooledByteBufAllocator.DEFAULT.directBuffer(16);
                LeakCheck.collectAndReport();
            }
            assertThat(reports.messages).isNotEmpty();
        } finally {
            reports.detach();
            ResourceLeakDetector.setLevel(before);
        }
    }
}
