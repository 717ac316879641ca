package dev.reprise.http;

import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpStatusClass;

/** The library's encoder, leaving the body out when the request being answered is HEAD. Confined to its event loop. */
final class ResponseEncoder extends HttpResponseEncoder {
    private boolean answersHead;

    /** Tells whether the next answer is for a HEAD request. */
    void answersHead(boolean head) {
        this.answersHead = head;
    }

    @Override
    protected boolean isContentAlwaysEmpty(io.netty.handler.codec.http.HttpResponse response) {
        boolean interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        return (answersHead && !interim) || super.isContentAlwaysEmpty(response);
    }
}
