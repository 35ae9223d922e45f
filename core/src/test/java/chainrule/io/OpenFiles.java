// SPDX-License-Identifier: MIT
package chainrule.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Detects files that this JVM has open. Some systems cannot replace or delete an open file. */
public final class OpenFiles {
  private static final Path LIST = Path.of("/proc/self/fd");

  private OpenFiles() {}

  /** Returns whether this system lists open files. */
  static boolean areKnown() {
    return Files.isDirectory(LIST);
  }

  /** Returns whether the file is known to be open. */
  public static boolean has(Path file) throws IOException {
    if (!areKnown()) return false;
    try (Stream<Path> open = Files.list(LIST)) {
      Path real = file.toRealPath();
      return open.anyMatch(fd -> pointsTo(real, fd));
    }
  }

  private static boolean pointsTo(Path file, Path link) {
    try {
      return Files.readSymbolicLink(link).equals(file);
    } catch (IOException e) {
      return false; // already closed, such as the descriptor of the listing itself
    }
  }
}
