package dev.gramloom.weights.download;

import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;

/** Why a source gave no file, or not all of it. The message is a reason in words for the user. */
public final class Refusal extends Exception {
  private static final long serialVersionUID = 1;
  private static final int LONGEST = 120; // characters of the machine's own text

  private final boolean passing;
  private final Duration wait;

  private Refusal(String reason, boolean passing, Duration wait, Throwable cause) {
    super(reason, cause);
    this.passing = passing;
    this.wait = wait;
  }

  /** A refusal that the same source would repeat. */
  public static Refusal lasting(String reason) {
    return new Refusal(reason, false, Duration.ZERO, null);
  }

  /** A refusal that another attempt may not meet. */
  static Refusal passing(String reason) {
    return passing(reason, Duration.ZERO);
  }

  /** A refusal that another attempt may not meet, after the wait that the server asks for. */
  static Refusal passing(String reason, Duration wait) {
    return new Refusal(reason, true, wait, null);
  }

  /** What the network reported; all of it may pass but a certificate that is not trusted. */
  public static Refusal of(IOException error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        String reason = "this Java does not trust its certificate";
        return new Refusal(reason, false, Duration.ZERO, error);
      }
    }
    return new Refusal(words(error), true, Duration.ZERO, error);
  }

  private static String words(IOException error) {
    String text = String.valueOf(error.getMessage()).replaceAll("[\\p{Cntrl}\\s]+", " ");
    if (error instanceof UnknownHostException) {
      return "the name " + text + " is not known";
    }
    if (error instanceof NoRouteToHostException) {
      return "there is no way to it";
    }
    if (error instanceof SocketTimeoutException) {
      return "no answer in time";
    }
    if (error.getMessage() == null) {
      return error.getClass().getSimpleName();
    }
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }

  /** Whether another attempt at the same source makes sense. */
  boolean passing() {
    return passing;
  }

  /** The wait that the server asks for; zero if it asks for none. */
  Duration waitAsked() {
    return wait;
  }
}
