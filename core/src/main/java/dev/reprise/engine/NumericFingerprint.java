package dev.reprise.engine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What must be equal for two workers' KV blocks to be interchangeable bit for bit.
 *
 * @param weights SHA-256 of the weights and the model's configuration, hexadecimal
 * @param quantization how the weights are held and multiplied, such as {@code int8}
 * @param runtime name and version of the library that multiplies
 * @param kernels our kernels, their version and lane width
 * @param kvType element type of the stored keys and values
 */
public record NumericFingerprint(String weights, String quantization, String runtime, String kernels, String kvType) {
    /** The first 128 bits of SHA-256 over all fields, hexadecimal: for logs, events and comparisons on the wire. */
    public String digest() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            String all = String.join("\n", weights, quantization, runtime, kernels, kvType);
            return HexFormat.of().formatHex(sha.digest(all.getBytes(StandardCharsets.UTF_8)), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            // Every Java platform must have SHA-256.
            throw new IllegalStateException("this Java runtime lacks SHA-256", e);
        }
    }
}
