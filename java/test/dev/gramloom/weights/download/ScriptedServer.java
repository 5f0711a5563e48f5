package dev.gramloom.weights.download;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server on loopback that answers its n-th request with the n-th answer of its script, byte for
 * byte, and then closes the connection; beyond the script it closes at once.
 */
public final class ScriptedServer implements AutoCloseable {
  /** A request line and the headers, their names in small letters. */
  public record Request(String line, Map<String, String> headers) {
    /** Null if it is not there. */
    String header(String name) {
      return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /** The byte that the range asked for begins at; 0 if none was asked for. */
    int start() {
      String range = headers.getOrDefault("range", "bytes=0-");
      return Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    }
  }

  /** One answer, written as it is to come. */
  @FunctionalInterface
  public interface Answer {
    void write(Request request, OutputStream out) throws IOException, InterruptedException;
  }

  private final ServerSocket listening;
  private final String scheme;
  private final List<Answer> script = new CopyOnWriteArrayList<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  public ScriptedServer(Answer... script) throws IOException {
    this(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), "http", script);
  }

  ScriptedServer(ServerSocket listening, String scheme, Answer... script) {
    this.listening = listening;
    this.scheme = scheme;
    this.script.addAll(List.of(script));
    start(this::listen);
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "scripted-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void listen() {
    try {
      while (true) {
        Socket socket = listening.accept();
        open.add(socket);
        start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      Request request = read(socket);
      Answer answer;
      synchronized (script) {
        answer = requests.size() < script.size() ? script.get(requests.size()) : (r, o) -> {};
        requests.add(request);
      }
      OutputStream out = socket.getOutputStream();
      answer.write(request, out);
      out.flush();
    } catch (IOException | InterruptedException e) {
      // the client has gone, as some tests want it to
    }
  }

  private static Request read(Socket socket) throws IOException {
    var in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    String line = in.readLine();
    if (line == null) {
      throw new IOException("no request");
    }
    Map<String, String> headers = new TreeMap<>();
    for (String header; (header = in.readLine()) != null && !header.isEmpty(); ) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    return new Request(line, headers);
  }

  void then(Answer... more) {
    script.addAll(List.of(more));
  }

  public URI url(String path) {
    return URI.create(scheme + "://127.0.0.1:" + port() + path);
  }

  int port() {
    return listening.getLocalPort();
  }

  List<Request> requests() {
    return requests;
  }

  /** The Range headers of all requests, in order; "none" where there was none. */
  public List<String> ranges() {
    return requests.stream().map(r -> r.headers().getOrDefault("range", "none")).toList();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  /** Status line and headers, each given as a line. */
  static byte[] head(String... lines) {
    return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A status and nothing else. */
  public static Answer status(int status, String... headers) {
    return (request, out) -> {
      out.write(("HTTP/1.1 " + status + " As it is\r\n").getBytes());
      for (String header : headers) {
        out.write((header + "\r\n").getBytes());
      }
      out.write("Content-Length: 0\r\n\r\n".getBytes());
    };
  }

  /** A server of a file with an ETag that ends, each time, after {@code most} bytes at the most. */
  public static Answer file(byte[] content, String etag, int most) {
    return (request, out) -> {
      String validator = request.header("If-Range");
      boolean rest = request.start() > 0 && (validator == null || validator.equals(etag));
      int start = rest ? request.start() : 0;
      out.write(
          head(
              rest ? "HTTP/1.1 206 Partial Content" : "HTTP/1.1 200 OK",
              "Content-Length: " + (content.length - start),
              "ETag: " + etag,
              rest
                  ? "Content-Range: bytes %d-%d/%d"
                      .formatted(start, content.length - 1, content.length)
                  : "Accept-Ranges: bytes"));
      out.write(content, start, Math.min(most, content.length - start));
    };
  }

  /** A well-behaved server. */
  public static Answer file(byte[] content) {
    return file(content, "\"v1\"", content.length);
  }
}
