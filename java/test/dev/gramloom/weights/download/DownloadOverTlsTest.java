package dev.gramloom.weights.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads from a server with a certificate that it has signed itself. */
class DownloadOverTlsTest extends DownloadFixture {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir static Path keys;
  private static SSLContext context;
  private final SSLSocketFactory usual = HttpsURLConnection.getDefaultSSLSocketFactory();

  @BeforeAll
  static void makeACertificate() throws Exception {
    Path file = keys.resolve("keys.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String options =
        " -genkeypair -alias a -keyalg EC -dname CN=a -ext san=ip:127.0.0.1 -storetype PKCS12"
            + " -storepass changeit -keystore ";
    Process process =
        new ProcessBuilder((keytool + options + file).split(" ")).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), said);
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(store, PASSWORD);
    var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(store);
    context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
  }

  @AfterEach
  void trustNobody() {
    HttpsURLConnection.setDefaultSSLSocketFactory(usual);
  }

  private static void trust() {
    HttpsURLConnection.setDefaultSSLSocketFactory(context.getSocketFactory());
  }

  private ScriptedServer secure(ScriptedServer.Answer... script) throws Exception {
    var listening =
        context
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    return opened(new ScriptedServer(listening, "https", script));
  }

  @Test
  void aCertificateThatIsNotTrustedIsLeftForTheMirrorAtOnce() throws Exception {
    ScriptedServer server = secure(ScriptedServer.file(CONTENT));
    ScriptedServer mirror = server(ScriptedServer.file(CONTENT));

    assertEquals(source(mirror), fetch(source(server), source(mirror)));

    assertFetched();
    assertEquals(List.of(), pauses);
    assertEquals(List.of(), server.requests());
    assertTrue(lines.get(0).contains("does not trust its certificate"), lines.get(0));
  }

  @Test
  void aRedirectFromHttpToHttpsIsFollowed() throws Exception {
    trust();
    ScriptedServer secure = secure(cut(CUT), ScriptedServer.file(CONTENT));
    var redirect = ScriptedServer.status(301, "Location: " + secure.url("/a"));

    fetch(source(server(redirect, redirect)));

    assertFetched();
    assertEquals(List.of("none", REST), secure.ranges());
  }

  @Test
  void aRedirectFromHttpsToHttpIsRefused() throws Exception {
    trust();
    ScriptedServer plain = server(ScriptedServer.file(CONTENT));
    ScriptedServer secure = secure(ScriptedServer.status(302, "Location: " + plain.url("/a")));

    assertUnavailable("from https to http", source(secure));

    assertEquals(List.of(), plain.requests());
    assertNothingLeft();
  }
}
