// SPDX-License-Identifier: MIT
package chainrule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
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
    withTheLauncherOfWindows(() -> {
      for (List<String> args : List.of(List.of("help"), List.of("help", "train"), List.of("nix"),
          List.of("train", "xor", "--epochs", "1"))) {
        String text = output(args.toArray(new String[0]));
        assertTrue(text.contains("chainrule help") || text.contains("chainrule train"), text);
        assertTrue(!text.contains("./chainrule "), text);
      }
    });
  }

  @Test @ResourceLock(Resources.SYSTEM_PROPERTIES)
  void commandsToRepeatARunAndNotesHaveIt(@TempDir Path directory) throws IOException {
    Path model = directory.resolve("m.npz"), report = directory.resolve("r.html");
    withTheLauncherOfWindows(() -> {
      output("train", "xor", "--epochs", "1", "--quiet", "--out", model.toString(), "--report", report.toString());
      requireName("of chainrule predict", output("export", model.toString(), directory.resolve("m.h").toString()));
      requireName("  chainrule train xor", output("tune", "xor", "--trials", "2", "--epochs", "1"));
      Arguments none = Arguments.parse(Command.TRAIN, List.of());
      requireName("chainrule describe d.csv", TrainingRequest.describeCommand(none, "d.csv"));
    });
    requireName("chainrule train xor --epochs 1", Files.readString(report));
  }

  @Test @ResourceLock(Resources.SYSTEM_PROPERTIES) @EnabledOnOs(OS.LINUX)
  void theCommandToResumeHasIt(@TempDir Path directory) {
    withTheLauncherOfWindows(() -> requireName("then continue with: chainrule train xor --epochs 1",
        output("train", "xor", "--epochs", "1", "--quiet", "--checkpoint", directory.resolve("c.npz").toString(),
            "--out", "/dev/full")));
  }

  private static void requireName(String expected, String text) {
    assertTrue(text.contains(expected), text);
    assertTrue(!text.contains("./chainrule "), text);
  }

  private static String output(String... args) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(all, true, StandardCharsets.UTF_8);
    Main.run(List.of(args), stream, stream, false);
    return all.toString(StandardCharsets.UTF_8);
  }

  private static void withTheLauncherOfWindows(Runnable action) {
    String before = System.setProperty("chainrule.command", "chainrule");
    try {
      action.run();
    } finally {
      if (before == null) System.clearProperty("chainrule.command");
      else System.setProperty("chainrule.command", before);
    }
  }
}
