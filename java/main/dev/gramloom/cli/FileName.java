package dev.gramloom.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** File names in flags and arguments: an empty one is a mistake, not the current folder. */
final class FileName implements ITypeConverter<Path> {
  @Override
  public Path convert(String text) {
    if (text.isBlank()) {
      throw new TypeConversionException("empty");
    }
    return Path.of(text);
  }

  /** A flag's text that turned out to be a file name. */
  static Path of(String flag, String text) {
    try {
      return new FileName().convert(text);
    } catch (TypeConversionException | InvalidPathException e) {
      throw Numbers.usage("%s must be a file name, got '%s'".formatted(flag, text));
    }
  }
}
