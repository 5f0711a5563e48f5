package dev.gramloom.cli.farm;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.IoReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Small JSON files that appear whole. What is read back may come from anywhere. */
final class Records {
  private static final int LARGEST = 1 << 22; // bytes; the names of 16384 frames take less
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private Records() {}

  static String text(Object record) {
    return GSON.toJson(record) + "\n";
  }

  static void write(Path file, Object record) {
    RunFolder.write(file, text(record));
  }

  /**
   * Reads a record.
   *
   * @return nothing if there is no such file
   * @throws Failure BAD_DATA if it holds something else
   */
  static <T> Optional<T> read(Path file, Class<T> type) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw damaged(file, null);
      }
      return Optional.of(parse(file, new String(bytes, StandardCharsets.UTF_8), type));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw IoReason.cannotRead(file, e);
    }
  }

  /**
   * A record from a text.
   *
   * @param file where it stands, for the message
   */
  static <T> T parse(Path file, String text, Class<T> type) {
    try {
      T record = GSON.fromJson(text, type);
      if (record != null) {
        return record;
      }
    } catch (RuntimeException e) { // of Gson, or of the record's own checks, wrapped or not
      throw damaged(file, e);
    }
    throw damaged(file, new JsonParseException("empty"));
  }

  private static Failure damaged(Path file, Exception cause) {
    return new Failure(
        ExitCode.BAD_DATA, file + " is damaged, or not of this version of Gramloom", cause);
  }
}
