// SPDX-License-Identifier: MIT
package chainrule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

class LauncherNameTest {
  @Test void onlyTheLauncherOfWindowsChangesTheName() {
    String text = "use ./chainrule import m.h5 --out ./chainrule.npz";
    assertEquals("use chainrule import m.h5 --out ./chainrule.npz", LauncherName.in(text, "chainrule"));
    assertEquals(text, LauncherName.in(text, "./chainrule"));
    assertEquals(text, LauncherName.in(text, "/opt/my chainrule/chainrule"));
  }

  @Test @ResourceLock(Resources.SYSTEM_PROPERTIES) void helpErrorsAndSuggestionsHaveIt() {
    String before = System.setProperty("chainrule.command", "chainrule");
    try {
      for (List<String> args : List.of(List.of("help"), List.of("help", "train"), List.of("nix"),
          List.of("train", "xor", "--epochs", "1"))) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(all, true, StandardCharsets.UTF_8);
        Main.run(args, stream, stream, false);
        String text = all.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("chainrule help") || text.contains("chainrule train"), text);
        assertTrue(!text.contains("./chainrule "), text);
      }
    } finally {
      if (before == null) System.clearProperty("chainrule.command");
      else System.setProperty("chainrule.command", before);
    }
  }
}
