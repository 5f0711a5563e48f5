package dev.gramloom.backend.cuda;

import java.util.Optional;
import java.util.function.Function;

/** A library of the system's, loaded when it is first asked for, once for this process. */
final class LoadedOnce {
  private final Function<LibrarySearch, String> load;
  private boolean tried;
  private String problem;

  /**
   * @param load finds and loads it; returns why it cannot work here, or null
   */
  LoadedOnce(Function<LibrarySearch, String> load) {
    this.load = load;
  }

  /** Why it cannot work here, or empty. */
  synchronized Optional<String> problem() {
    if (!tried) {
      tried = true;
      problem = load.apply(new LibrarySearch(System.getenv()));
    }
    return Optional.ofNullable(problem);
  }
}
