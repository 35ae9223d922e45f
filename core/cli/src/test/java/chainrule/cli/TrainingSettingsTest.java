// SPDX-License-Identifier: MIT
package chainrule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Words of commands that can be pasted. */
class TrainingSettingsTest {
  @Test void wordsAreQuotedForAPosixShell() {
    for (String plain : List.of("iris.csv", "/data/a-b_c.csv", "--layers", "64:relu,32:relu", "100%", "Größe")) {
      assertEquals(plain, TrainingSettings.quoted(plain, false));
    }
    assertEquals("''", TrainingSettings.quoted("", false));
    assertEquals("'a b'", TrainingSettings.quoted("a b", false));
    assertEquals("'it'\\''s'", TrainingSettings.quoted("it's", false));
    assertEquals("'C:\\data'", TrainingSettings.quoted("C:\\data", false));
  }

  /** cmd.exe leaves what is in quotation marks, and PowerShell does not divide it at commas. */
  @Test void wordsAreQuotedForTheShellsOfWindows() {
    for (String plain : List.of("iris.csv", "C:\\data\\a-b_c.csv", "..\\", "--layers", "Größe")) {
      assertEquals(plain, TrainingSettings.quoted(plain, true));
    }
    assertEquals("\"\"", TrainingSettings.quoted("", true));
    assertEquals("\"C:\\my data\\it's.csv\"", TrainingSettings.quoted("C:\\my data\\it's.csv", true));
    assertEquals("\"64:relu,32:relu\"", TrainingSettings.quoted("64:relu,32:relu", true));
    assertEquals("\"a&b\"", TrainingSettings.quoted("a&b", true));
    // as the rules of the C runtime parse them: 2n backslashes and a quotation mark are n backslashes
    assertEquals("\"say \\\"x\\\"\"", TrainingSettings.quoted("say \"x\"", true));
    assertEquals("\"a b\\\\\"", TrainingSettings.quoted("a b\\", true));
    assertEquals("\"a\\\\\\\"b c\"", TrainingSettings.quoted("a\\\"b c", true));
  }
}
