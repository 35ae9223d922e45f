// SPDX-License-Identifier: MIT
package chainrule.cli;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Checks on the files that arguments name: that inputs exist and are readable, and that outputs do not replace them.
 */
final class InputFiles {
  private InputFiles() {}

  static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new UsageException("'" + name + "' is not a valid file name on this system: " + e.getReason());
    }
  }

  /** Returns the readable file that an option names. */
  static Path existing(Option option, String name) {
    Path file = path(name);
    if (!Files.exists(file)) throw new UsageException(option.flag + ": " + name + ": no such file");
    requireReadable(file);
    return file;
  }

  static void requireReadable(Path file) {
    if (Files.isDirectory(file)) throw new UsageException(file + ": is a directory; name a file in it");
    if (!Files.isReadable(file)) throw new UsageException(file + ": permission denied; make it readable");
  }

  /** Refuses an output file that is also one of the inputs, by whatever name. */
  static void refuseOverwriting(Arguments a, Option option, Iterable<String> inputs) {
    Path file = path(a.value(option).get());
    for (String input : inputs) {
      try {
        if (!Files.isRegularFile(file) || !Files.isSameFile(file, path(input))) continue;
      } catch (IOException e) {
        continue; // the input does not exist, so it cannot be overwritten
      }
      throw new UsageException(
          option.flag + ": " + file + " is an input of this command and would be overwritten; choose another file");
    }
  }

  /**
   * Returns whether a file starts with the two zero bytes of IDX, also if it is compressed with gzip. False for a pipe,
   * whose bytes can be read only once.
   */
  static boolean looksLikeIdx(Path file) {
    if (!Files.isRegularFile(file)) return false;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      in.mark(2);
      byte[] head = in.readNBytes(2);
      in.reset();
      boolean gzip = head.length == 2 && head[0] == 0x1f && (head[1] & 0xFF) == 0x8b;
      if (gzip) head = new GZIPInputStream(in).readNBytes(2);
      return head.length == 2 && head[0] == 0 && head[1] == 0;
    } catch (EOFException | ZipException e) {
      return false; // whoever reads the file reports the damage
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
