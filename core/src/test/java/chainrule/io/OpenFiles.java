// SPDX-License-Identifier: MIT
package chainrule.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Which files this JVM holds open: where one is, some systems neither replace nor delete it. */
public final class OpenFiles {
  private static final Path LIST = Path.of("/proc/self/fd");

  private OpenFiles() {}

  /** Whether this system tells. */
  static boolean areKnown() {
    return Files.isDirectory(LIST);
  }

  /** Whether the file is known to be open. */
  public static boolean has(Path file) throws IOException {
    if (!areKnown()) return false;
    try (Stream<Path> open = Files.list(LIST)) {
      Path real = file.toRealPath();
      return open.anyMatch(fd -> leadsTo(real, fd));
    }
  }

  private static boolean leadsTo(Path file, Path link) {
    try {
      return Files.readSymbolicLink(link).equals(file);
    } catch (IOException e) {
      return false; // closed meanwhile, as that of the list itself
    }
  }
}
