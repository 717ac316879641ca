package dev.reprise.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** TLS with a certificate that the JDK's keytool makes for the test. */
@ExtendWith(LeakCheck.class)
class TlsTest {
    private static final char[] PASSWORD = "for-a-test".toCharArray();

    @TempDir
    private static Path folder;

    private static TlsFiles files;
    private static SSLContext trusting;

    @BeforeAll
    static void makeCertificate() throws Exception {
        Path store = folder.resolve("keys.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "test",
                        "-keyalg",
                        "EC",
                        "-validity",
                        "2",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        Certificate certificate = keys.getCertificate("test");
        PrivateKey key = (PrivateKey) keys.getKey("test", PASSWORD);
        files = new TlsFiles(
                pem("cert.pem", "CERTIFICATE", certificate.getEncoded()),
                pem("key.pem", "PRIVATE KEY", key.getEncoded()));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("test", certificate);
        trust.init(trusted);
        trusting = SSLContext.getInstance("TLS");
        trusting.init(null, trust.getTrustManagers(), null);
    }

    private static Path pem(String name, String type, byte[] content) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(
                folder.resolve(name), "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
    }

    private static HttpListener start(HttpHandler handler) throws Exception {
        return HttpListener.start(Listeners.options().withTls(files), handler);
    }

    private static RawClient client(HttpListener listener) throws IOException {
        return new RawClient(
                trusting.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), listener.port()));
    }

    @Test
    void anOrdinaryClientIsAnswered() throws Exception {
        try (HttpListener listener = start(Listeners::echo);
                HttpClient client = HttpClient.newBuilder().sslContext(trusting).build()) {
            var request = java.net.http.HttpRequest.newBuilder(
                            URI.create("https://localhost:" + listener.port() + "/secret"))
                    .build();
            for (int i = 0; i < 3; i++) {
                assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("GET|/secret||");
            }
        }
    }

    @Test
    void aStreamIsWholeAndTheConnectionIsUsedAgain() throws Exception {
        try (HttpListener listener = start(exchange -> {
                    try (HttpStream stream = exchange.startStream(200, HttpHeaders.EMPTY)) {
                        for (int i = 0; i < 500; i++) {
                            stream.write(new byte[1_000]);
                        }
                        stream.finish();
                    }
                });
                RawClient client = client(listener)) {
            for (int i = 0; i < 2; i++) {
                client.get("/").readHead();
                assertThat(client.readChunks()).hasSize(500_000);
            }
        }
    }

    @Test
    void aClientThatLeavesIsNoticed() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        LinkedBlockingQueue<String> outcome = new LinkedBlockingQueue<>();
        try (HttpListener listener = start(exchange -> {
            exchange.onDisconnect(left::countDown);
            waiting.countDown();
            left.await();
            outcome.add("noticed");
            throw new ClientGoneException("noticed");
        })) {
            RawClient client = client(listener).get("/");
            waiting.await();
            client.close();
            assertThat(outcome.poll(30, TimeUnit.SECONDS)).isEqualTo("noticed");
        }
    }

    @Test
    void refusalsReachTheClient() throws Exception {
        var limits = new HttpLimits(10, 128, 512, 1_000, 1_000);
        try (HttpListener listener =
                        HttpListener.start(Listeners.options().withTls(files).withLimits(limits), Listeners::echo);
                RawClient client = client(listener)) {
            client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5000\r\n\r\n" + "x".repeat(5_000));
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void plainHttpOnATlsPortIsClosed() throws Exception {
        try (HttpListener listener = start(Listeners::echo);
                RawClient client = RawClient.to(listener)) {
            client.get("/");
            assertThatThrownBy(client::readHead).isInstanceOf(IOException.class);
        }
    }

    @Test
    void unusableFilesAreNamed() throws Exception {
        Path absent = folder.resolve("absent.pem");
        Path noKey = Files.writeString(folder.resolve("nokey.pem"), "not a key");
        for (TlsFiles bad : new TlsFiles[] {
            new TlsFiles(absent, files.privateKey()),
            new TlsFiles(files.certificateChain(), absent),
            new TlsFiles(files.certificateChain(), noKey),
            new TlsFiles(noKey, files.privateKey())
        }) {
            assertThatThrownBy(() -> HttpListener.start(Listeners.options().withTls(bad), Listeners::echo))
                    .isInstanceOf(ListenException.class)
                    .hasMessageContaining(bad.certificateChain().toString())
                    .hasMessageContaining(bad.privateKey().toString());
        }
    }
}
