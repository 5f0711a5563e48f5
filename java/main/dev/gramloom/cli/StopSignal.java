package dev.gramloom.cli;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether SIGTERM or SIGINT came. The first asks; a second one ends the process at once, as it
 * would without us.
 *
 * <p>{@code sun.misc.Signal} and not a shutdown hook: hooks run when the JVM already ends, side by
 * side and with 143 or 130 as the exit code, and a second signal would wait for them. It is reached
 * by reflection, because the compiler's warning against it cannot be suppressed; it is in {@code
 * jdk.unsupported}, which is there to stay until a replacement is. Where the JVM keeps the signals
 * to itself (-Xrs) they end the process as they always did.
 */
final class StopSignal implements AutoCloseable {
  private static final List<String> NAMES = List.of("TERM", "INT");
  private static final List<Runnable> RESTORERS = new ArrayList<>();
  private static int users;
  private static volatile boolean requested;

  private StopSignal() {}

  /** Listens from now until the last that was opened is closed. */
  static StopSignal open() {
    synchronized (RESTORERS) {
      if (users++ == 0) {
        requested = false;
        NAMES.forEach(StopSignal::listen);
      }
    }
    return new StopSignal();
  }

  /** Whether the run was asked to stop. */
  boolean requested() {
    return requested;
  }

  /**
   * A moment at which nothing is to be kept.
   *
   * @throws Failure STOPPED if the run was asked to stop
   */
  void requireGoingOn() {
    if (requested) {
      throw new Failure(ExitCode.STOPPED, "stopped; the same command goes on");
    }
  }

  /** What a signal does. */
  static void request() {
    requested = true;
    restore();
  }

  private static void listen(String name) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Method handle = signal.getMethod("handle", signal, handler);
      Object it = signal.getConstructor(String.class).newInstance(name);
      Object ours =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  request();
                  return null;
                }
                return switch (method.getName()) {
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy == arguments[0];
                  default -> "stop";
                };
              });
      Object before = handle.invoke(null, it, ours);
      RESTORERS.add(() -> handle(handle, it, before));
    } catch (ReflectiveOperationException e) {
      // The JVM or the system keeps this signal to itself.
    }
  }

  private static void handle(Method handle, Object signal, Object handler) {
    try {
      handle.invoke(null, signal, handler);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a handler that was there cannot be put back", e);
    }
  }

  private static void restore() {
    synchronized (RESTORERS) {
      RESTORERS.forEach(Runnable::run);
      RESTORERS.clear();
    }
  }

  @Override
  public void close() {
    synchronized (RESTORERS) {
      if (--users == 0) {
        restore();
      }
    }
  }
}
