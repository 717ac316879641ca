package dev.reprise.http;

import java.nio.file.Path;

/**
 * The listener's certificate and key.
 *
 * @param certificateChain PEM, the server's certificate first, then its issuers
 * @param privateKey PEM, PKCS#8, not encrypted
 */
public record TlsFiles(Path certificateChain, Path privateKey) {}
