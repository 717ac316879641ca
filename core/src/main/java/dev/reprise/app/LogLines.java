package dev.reprise.app;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** The two forms of a log line. */
final class LogLines {
    private LogLines() {}

    /** What both forms share. */
    abstract static class Lines extends EncoderBase<ILoggingEvent> {
        abstract String line(ILoggingEvent event);

        @Override
        public byte[] headerBytes() {
            return new byte[0];
        }

        @Override
        public byte[] encode(ILoggingEvent event) {
            return (line(event) + "\n").getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] footerBytes() {
            return new byte[0];
        }

        static String time(ILoggingEvent event) {
            return event.getInstant().truncatedTo(ChronoUnit.MILLIS).toString();
        }

        static Optional<String> stackTrace(ILoggingEvent event) {
            IThrowableProxy thrown = event.getThrowableProxy();
            return thrown == null ? Optional.empty() : Optional.of(ThrowableProxyUtil.asString(thrown));
        }
    }

    /** For people: time, level, logger, message; a stack trace follows on lines of its own. */
    static final class Text extends Lines {
        @Override
        String line(ILoggingEvent event) {
            return "%s %-5s %s %s%s"
                    .formatted(
                            time(event),
                            event.getLevel(),
                            event.getLoggerName(),
                            event.getFormattedMessage(),
                            stackTrace(event)
                                    .map(trace -> "\n" + trace.stripTrailing())
                                    .orElse(""));
        }
    }

    /** One JSON object a line. A message that is itself an object, as of a finished request, gives its members. */
    static final class Json extends Lines {
        private final JsonMapper json = JsonMapper.shared();

        @Override
        String line(ILoggingEvent event) {
            Map<String, Object> head = new LinkedHashMap<>();
            head.put("time", time(event));
            head.put("level", event.getLevel().toString());
            head.put("logger", event.getLoggerName());
            String message = event.getFormattedMessage();
            boolean structured = message.startsWith("{\"") && message.endsWith("}");
            if (!structured) {
                head.put("message", message);
            }
            stackTrace(event).ifPresent(trace -> head.put("stack_trace", trace));
            String start = json.writeValueAsString(head);
            return structured ? start.substring(0, start.length() - 1) + "," + message.substring(1) : start;
        }
    }
}
