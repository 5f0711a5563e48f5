package dev.gramloom.weights.download;

/** Who is told how a download goes. */
public interface Progress {
  /**
   * Called about ten times a second at most, and when the last byte has come.
   *
   * @param received bytes in the part, those of earlier runs included
   * @param total bytes of the whole file, or -1 if it is not known
   */
  void at(long received, long total);

  /** Says, in one line, that something went wrong and what is done about it. */
  void says(String line);
}
