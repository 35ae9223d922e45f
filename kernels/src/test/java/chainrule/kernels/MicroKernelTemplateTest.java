package chainrule.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The committed micro-kernels are what {@link MicroKernelTemplate} generates. On a mismatch the new text is written to
 * {@code kernels/target}, and the message has the command that installs it.
 */
class MicroKernelTemplateTest {

  @ParameterizedTest
  @EnumSource
  void theCommittedSourceIsTheGeneratedOne(MicroKernelTemplate template) throws IOException {
    String file = template.className + ".java";
    Path committed = Path.of("src/main/java/chainrule/kernels", file), fresh = Path.of("target", file);
    String expected = template.source(), actual = Files.exists(committed) ? Files.readString(committed) : "";
    if (!expected.equals(actual)) Files.writeString(fresh, expected);
    assertEquals(expected, actual, file + " differs from its template. If the template is right, run\n"
        + "cp kernels/" + fresh + " kernels/" + committed);
  }
}
