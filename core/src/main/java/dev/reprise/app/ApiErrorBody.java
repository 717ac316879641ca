package dev.reprise.app;

import dev.reprise.http.ErrorBody;
import dev.reprise.http.HttpHeaders;
import dev.reprise.http.HttpResponse;
import dev.reprise.http.ListenerError;
import dev.reprise.openai.Json;

/** The listener's own refusals in the shape of the API's errors. */
final class ApiErrorBody implements ErrorBody {
    private static final int FIRST_SERVER_ERROR = 500;

    @Override
    public HttpResponse toResponse(ListenerError error, String message) {
        byte[] body = Json.write(out -> {
            out.writeStartObject();
            out.writeName("error");
            out.writeStartObject();
            out.writeStringProperty("message", message);
            out.writeStringProperty(
                    "type", error.status() < FIRST_SERVER_ERROR ? "invalid_request_error" : "server_error");
            out.writeNullProperty("param");
            out.writeStringProperty("code", error.code());
            out.writeEndObject();
            out.writeEndObject();
        });
        return new HttpResponse(error.status(), HttpHeaders.EMPTY.with("Content-Type", "application/json"), body);
    }
}
