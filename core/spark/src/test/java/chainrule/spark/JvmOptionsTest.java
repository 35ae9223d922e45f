// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;

/** The file {@code jvm-options}, with which these tests and the starts of the README run, is what Spark sets itself. */
class JvmOptionsTest {
  @Test void theFileHasTheOptionsOfSpark() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("jvm-options")));
    lines.removeIf(l -> l.startsWith("#"));
    assertEquals(Arrays.asList(JavaModuleOptions.defaultModuleOptions().split(" ")), lines);
  }

  @Test void theseTestsRunWithThem() {
    List<String> arguments = ManagementFactory.getRuntimeMXBean().getInputArguments();
    assertTrue(arguments.contains("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"), arguments::toString);
    assertTrue(ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent());
  }
}
