// SPDX-License-Identifier: MIT
package chainrule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that the command line carries formulas.txt, and that each block has the keys that its header describes. */
class FormulasFileTest {
  private static final List<String> KEYS = List.of("id", "name", "sheet", "section", "verdict", "formula", "corrected",
      "note", "home", "source", "test", "test-source", "example", "counterexample");
  private static final List<String> OPTIONAL = List.of("corrected", "note", "counterexample");

  @Test
  void everyFormulaHasTheDocumentedKeysInTheirOrder() throws IOException {
    String text;
    try (InputStream in = Main.class.getResourceAsStream("formulas.txt")) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    int formulas = 0;
    for (String block : text.replaceAll("(?m)^//.*\n", "").strip().split("\n\n")) {
      List<String> keys = new ArrayList<>();
      for (String line : block.split("\n")) {
        String[] parts = line.split(" ", 2);
        assertTrue(parts.length == 2 && !parts[1].isBlank(), line);
        keys.add(parts[0]);
      }
      List<String> expected = new ArrayList<>(KEYS);
      expected.removeIf(k -> OPTIONAL.contains(k) && !keys.contains(k));
      assertEquals(expected, keys, block);
      if (block.contains("\nverdict erratum\n")) assertTrue(keys.contains("counterexample"), block);
      formulas++;
    }
    assertTrue(formulas >= 192, formulas + " formulas");
  }
}
