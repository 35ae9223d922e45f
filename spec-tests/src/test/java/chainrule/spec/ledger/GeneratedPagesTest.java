// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Checks that the committed files that follow from the catalogue, the annotations and the sources are up to date. With
 * {@code -Dchainrule.pages=write}, as in {@code .ci/pages}, writes them instead.
 */
class GeneratedPagesTest {
  @Test
  void theCommittedPagesAreUpToDate() throws IOException {
    boolean write = "write".equals(System.getProperty("chainrule.pages"));
    List<String> stale = new ArrayList<>();
    for (Map.Entry<Path, String> page : GeneratedPages.all().entrySet()) {
      Path file = Path.of("..").resolve(page.getKey());
      if (write) Files.writeString(file, page.getValue());
      String difference = difference(Files.exists(file) ? Files.readString(file) : "", page.getValue());
      if (!difference.isEmpty()) stale.add(page.getKey() + difference);
    }
    assertEquals("", String.join("\n", stale), "run .ci/pages, review the differences, and commit the files");
  }

  @Test
  void theFirstDifferenceIsReported() {
    assertEquals("", difference("a\nb\n", "a\nb\n"));
    assertEquals(":2: expected 'c', found 'b'", difference("a\nb\n", "a\nc\n"));
    assertEquals(":2: expected 'b', found ''", difference("a\n", "a\nb\n"));
    assertEquals(":2: expected '', found 'b'", difference("a\nb\n", "a\n"));
  }

  /** Returns the first line in which a file differs from what it should be, or an empty string. */
  private static String difference(String found, String expected) {
    String[] a = found.split("\n", -1), b = expected.split("\n", -1);
    for (int i = 0; i < Math.max(a.length, b.length); i++) {
      String x = i < a.length ? a[i] : "", y = i < b.length ? b[i] : "";
      if (!x.equals(y)) return ":" + (i + 1) + ": expected '" + y + "', found '" + x + "'";
    }
    return "";
  }
}
