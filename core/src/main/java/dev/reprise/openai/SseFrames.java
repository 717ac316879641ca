package dev.reprise.openai;

import java.nio.charset.StandardCharsets;

/** The frames of a server-sent event stream as vLLM writes them. */
public final class SseFrames {
    private static final byte[] DATA = ascii("data: ");
    private static final byte[] END = ascii("\n\n");
    private static final byte[] DONE = ascii("data: [DONE]\n\n");
    private static final byte[] KEEP_ALIVE = ascii(": keep-alive\n\n");

    private SseFrames() {}

    /** An event with {@code json}, which has no line break. */
    public static byte[] data(byte[] json) {
        byte[] frame = new byte[DATA.length + json.length + END.length];
        System.arraycopy(DATA, 0, frame, 0, DATA.length);
        System.arraycopy(json, 0, frame, DATA.length, json.length);
        System.arraycopy(END, 0, frame, DATA.length + json.length, END.length);
        return frame;
    }

    /** The last event of every stream. */
    public static byte[] done() {
        return DONE.clone();
    }

    /** A comment, which clients skip: shows that the server lives, and finds out whether the client does. */
    public static byte[] keepAlive() {
        return KEEP_ALIVE.clone();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
