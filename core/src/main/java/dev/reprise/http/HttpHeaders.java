package dev.reprise.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Header fields in order; names compare without case. Immutable. */
public final class HttpHeaders {
    /** No fields. */
    public static final HttpHeaders EMPTY = new HttpHeaders(List.of());

    private final List<Field> fields;

    private HttpHeaders(List<Field> fields) {
        this.fields = fields;
    }

    /** One field. */
    public record Field(String name, String value) {
        /** Refuses what would let a name or a value smuggle in another field. */
        public Field {
            if (name.isEmpty() || !name.chars().allMatch(Field::isTokenCharacter)) {
                throw new IllegalArgumentException("header field name '" + name + "' is not a token of RFC 9110");
            }
            if (value.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
                throw new IllegalArgumentException("header field " + name + " contains a line break");
            }
        }

        private static boolean isTokenCharacter(int c) {
            return (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
        }
    }

    /** The fields in {@code fields}, in order. */
    public static HttpHeaders of(List<Field> fields) {
        return new HttpHeaders(List.copyOf(fields));
    }

    /** These fields and one more. */
    public HttpHeaders with(String name, String value) {
        List<Field> more = new ArrayList<>(fields);
        more.add(new Field(name, value));
        return of(more);
    }

    /** The first value of {@code name}. */
    public Optional<String> first(String name) {
        return fields.stream()
                .filter(f -> f.name().equalsIgnoreCase(name))
                .map(Field::value)
                .findFirst();
    }

    /** All fields in order. */
    public List<Field> fields() {
        return fields;
    }
}
