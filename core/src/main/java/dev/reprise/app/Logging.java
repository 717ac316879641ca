package dev.reprise.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.reprise.config.Configuration;
import dev.reprise.config.Settings;
import java.io.PrintStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets logging up from the settings; no configuration file of the logging library is read. */
final class Logging {
    private Logging() {}

    /** From now on all log lines go to {@code out}. */
    static void configure(Configuration configuration, PrintStream out) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Encoder<ILoggingEvent> encoder =
                switch (configuration.get(Settings.LOG_FORMAT)) {
                    case TEXT -> new LogLines.Text();
                    case JSON -> new LogLines.Json();
                };
        encoder.setContext(context);
        encoder.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(appender(context, encoder, out));
        root.setLevel(
                switch (configuration.get(Settings.LOG_LEVEL)) {
                    case DEBUG -> Level.DEBUG;
                    case INFO -> Level.INFO;
                    case WARN -> Level.WARN;
                    case ERROR -> Level.ERROR;
                });
    }

    private static Appender<ILoggingEvent> appender(
            LoggerContext context, Encoder<ILoggingEvent> encoder, PrintStream out) {
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setEncoder(encoder);
        appender.setOutputStream(out);
        appender.start();
        return appender;
    }
}
