// SPDX-License-Identifier: MIT
package chainrule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import chainrule.io.Model;
import chainrule.kernels.Kernels;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The command line in a terminal that {@code script} of util-linux makes. Skipped where it is not installed. */
@EnabledOnOs(OS.LINUX)
class PseudoTerminalTest {

  /** Trains in a terminal of this many columns; returns its output. */
  private static String trained(int columns, String environment) throws IOException, InterruptedException {
    String path = String.join(":", place(Kernels.class), place(Model.class), place(Main.class));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String command = "stty cols " + columns + " && env -u COLUMNS TERM=xterm " + environment + " " + java
        + " --add-modules jdk.incubator.vector -Xmx256m -XX:+UseSerialGC -Dchainrule.terminal=true "
        + "-Dchainrule.terminal.error=true -cp " + path + " " + Main.class.getName()
        + " train moons --epochs 60 --patience 60 --threads 1";
    Process p;
    try {
      p = new ProcessBuilder("script", "-qec", command, "/dev/null").redirectErrorStream(true)
          .redirectInput(new File("/dev/null")).start();
    } catch (IOException e) {
      assumeTrue(false, "no script command");
      throw e;
    }
    String output = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, p.waitFor(), output);
    return output;
  }

  private static String place(Class<?> c) {
    return Path.of(URI.create(c.getProtectionDomain().getCodeSource().getLocation().toString())).toString();
  }

  /** Returns what was drawn or printed of the epochs, without escape sequences. */
  private static List<String> epochs(String output) {
    List<String> lines = new ArrayList<>();
    for (String l : output.replaceAll("\u001b\\[\\??[0-9;]*[a-zA-Z]", "").split("[\r\n]+")) {
      if (l.startsWith("epoch ")) lines.add(l);
    }
    return lines;
  }

  @Test
  void theLiveLineHasTheWidthOfTheTerminal() throws Exception {
    for (int columns : new int[] {45, 200}) {
      List<String> lines = epochs(trained(columns, ""));
      String last = lines.get(lines.size() - 1);
      assertTrue(lines.size() > 1 && last.startsWith("epoch 60/60  "), lines.toString());
      assertTrue(last.length() < columns, columns + ": " + last);
      assertEquals(columns == 200, last.contains("examples/s"), columns + ": " + last);
    }
  }

  @Test
  void aDumbTerminalGetsPlainLines() throws Exception {
    String output = trained(80, "TERM=dumb");
    assertTrue(!output.contains("\u001b"), output);
    assertEquals(10, epochs(output).size(), output);
  }

  @Test
  void noColorKeepsTheLiveLine() throws Exception {
    String output = trained(80, "NO_COLOR=1");
    assertTrue(output.contains("\u001b[K"), output);
    assertTrue(!output.contains("\u001b[1m") && !output.contains("\u001b[2m"), output);
  }
}
