// SPDX-License-Identifier: MIT
package chainrule.spec.published;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what "every printed digit" means, how many numbers each source has, and that PUBLISHED.md is up to date. */
class PublishedSpec {
  private static final List<PublishedSource> SOURCES =
      PublishedSource.NAMES.stream().map(PublishedSource::load).toList();

  @Test
  void eachSourceHasThisManyNumbers() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (PublishedSource s : SOURCES) counts.put(s.name(), s.count());
    assertEquals("{mazur=27, cs231n=181, pytorch=572, keras=156, tensorflow=70, onnx=34, optax=20, burn=180, d2l=19, "
        + "sklearn=69, torchmetrics=24, goodfellow=28, nielsen=3, micrograd=3}", counts.toString());
    assertEquals(1386, counts.values().stream().mapToInt(n -> n).sum());
  }

  @Test
  void everyFileIsASourceAndEverySpecExists() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/chainrule/spec/published"))) {
      assertEquals(new TreeSet<>(PublishedSource.NAMES.stream().map(n -> n + ".txt").toList()),
          new TreeSet<>(files.map(f -> f.getFileName().toString()).toList()));
    }
    for (PublishedSource s : SOURCES) {
      Path spec = Path.of("src/test/java/chainrule/spec/published", s.first("spec") + ".java");
      assertTrue(Files.readString(spec).contains("load(\"" + s.name() + "\")"), spec + " must load " + s.name());
    }
  }

  @Test
  void thePageIsUpToDate() throws IOException {
    String page = PublishedPage.page(SOURCES);
    Files.writeString(Files.createDirectories(Path.of("target")).resolve("PUBLISHED.md"), page);
    assertEquals(Files.readString(Path.of("PUBLISHED.md")), page, "spec-tests/PUBLISHED.md is stale. Review the "
        + "difference, run\n\n  cp spec-tests/target/PUBLISHED.md spec-tests/PUBLISHED.md\n\nand commit the file.\n");
  }

  @Test
  void theGuidesStateTheTotal() throws IOException {
    int total = SOURCES.stream().mapToInt(PublishedSource::count).sum();
    String words = String.format(Locale.ROOT, "%,d numbers", total);
    for (Path guide : List.of(Path.of("..", "README.md"), Path.of("..", "CHANGELOG.md"), Path.of("TRUST.md"))) {
      assertTrue(Files.readString(guide).contains(words), guide + " must contain: " + words);
    }
  }

  @ParameterizedTest
  @CsvSource({".1406, 0, 0.14064999, 0.14065001", "-3.5e-05, 0, -3.549e-5, -3.551e-5", "12, 0, 12.49, 12.51",
      "0.5, 8, 0.500000004, 0.500000006", "0., 8, -0.000000004, 0.000000006", "0.948..., 0, 0.94899, 0.94901",
      "0.948..., 0, 0.94801, 0.94799", "-0.5..., 0, -0.5999, -0.6001"})
  void aNumberAgreesIfItRoundsToThePrintedDigits(String printed, int decimals, double agrees, double differs) {
    PrintedNumber p = new PrintedNumber(printed, decimals);
    assertTrue(p.error(agrees) <= 0.5, () -> "error " + p.error(agrees));
    assertTrue(p.error(differs) > 0.5, () -> "error " + p.error(differs));
    assertFalse(p.error(Double.NaN) <= 0.5);
  }

  private static final String HEADER = "title t\nlink l\nwhat w\nspec s\narithmetic float32, 2 roundings\n";

  @Test
  void theRoundingsOfTheSourceAreAddedToHalfAUnit() {
    PublishedSource s = PublishedSource.parse("x", HEADER + "@ 001-gd: a\n1.0000000 2\n");
    assertEquals(2, s.count());
    AssertionError e = assertThrows(AssertionError.class, () -> s.reproduce("a", 1 + 0x1.02p-23 + 5e-8, 2));
    for (String word : List.of("001-gd", "x", "a", "number 1", "1.0000000")) {
      assertTrue(e.getMessage().contains(word), e.getMessage());
    }
    assertThrows(IllegalArgumentException.class, () -> s.reproduce("a", 1));
    assertThrows(IllegalArgumentException.class, () -> s.reproduce("b", 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"@ 001-gd: a\n1 x\n", "@ 001-gd: a\n1\n@ 001-gd: a\n2\n", "! 001-gd: a\nprinted 1\n",
      "@ gd: a\n1\n", "arithmetic float16\n"})
  void aMalformedFileIsRejected(String text) {
    assertThrows(IllegalArgumentException.class, () -> PublishedSource.parse("x",
        text.startsWith("arithmetic") ? HEADER.replaceAll("arithmetic.*\n", text) : HEADER + text));
  }

  @Test
  void aWrongNumberMustBeWrongAndExplained() {
    PublishedSource s = PublishedSource.parse("x", HEADER + "! 001-gd: a\nprinted 1.00\ncorrect 1.01\nwhy w\n");
    assertThrows(AssertionError.class, () -> s.refute("a", 1.00, 1.00));
    assertThrows(AssertionError.class, () -> s.refute("a", 1.01, 1.02));
  }
}
