// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares the committed micro-kernels with what {@link MicroKernelTemplate} generates. On a mismatch, the generated
 * source is written to {@code kernels/target}, and the message gives the command that installs it.
 */
class MicroKernelTemplateTest {

  @ParameterizedTest
  @EnumSource
  void theCommittedSourceEqualsTheGeneratedOne(MicroKernelTemplate template) throws IOException {
    String file = template.className + ".java";
    Path committed = Path.of("src/main/java/chainrule/kernels", file), generated = Path.of("target", file);
    List<String> expected = template.source().lines().toList();
    List<String> found = Files.exists(committed) ? Files.readAllLines(committed) : List.of();
    if (expected.equals(found)) return;
    Files.writeString(generated, template.source());
    int line = 0;
    while (line < Math.min(expected.size(), found.size()) && expected.get(line).equals(found.get(line))) line++;
    fail(file + ":" + (line + 1) + " is not what its template generates: expected '" + at(line, expected) + "', found '"
        + at(line, found) + "'. If the template is right, run\ncp kernels/" + generated + " kernels/" + committed);
  }

  private static String at(int line, List<String> lines) {
    return line < lines.size() ? lines.get(line) : "(end of file)";
  }
}
