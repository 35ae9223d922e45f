// SPDX-License-Identifier: MIT
package chainrule.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each line that {@code explain} prints is right: its terms, as printed, give the printed number. */
class PrintedNumbersTest {
  private static final Pattern LINE = Pattern.compile("    (\\S.*?) = (.+) = (−?[\\d.]+(?:e-?\\d+)?)");
  private static final Pattern NUMBER = Pattern.compile("\\d+(?:\\.\\d+)?(?:e-?\\d+)?");

  @TempDir Path directory;

  /** Returns the lines with terms, after checking each of them. */
  private static List<String> checked(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();
    List<String> all = new ArrayList<>(List.of("explain"));
    all.addAll(List.of(args));
    int status = Main.run(all, new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8), false);
    assertEquals("", err.toString(StandardCharsets.UTF_8));
    assertEquals(0, status);
    List<String> lines = new ArrayList<>();
    for (String line : out.toString(StandardCharsets.UTF_8).split("\r?\n")) {
      Matcher m = LINE.matcher(line);
      if (!m.matches()) continue;
      lines.add(line.strip());
      String terms = m.group(2).replaceAll(" \\(\\d+ more terms\\)", "");
      double printed = Double.parseDouble(m.group(3).replace('−', '-'));
      assertEquals(printed, Expression.parse(terms).value(), tolerance(terms, printed), line);
    }
    return lines;
  }

  /** Nine digits are printed of each number, so a line is off by a few units of the ninth digit of its largest. */
  private static double tolerance(String terms, double printed) {
    double largest = Math.abs(printed);
    for (Matcher m = NUMBER.matcher(terms); m.find(); ) largest = Math.max(largest, Double.parseDouble(m.group()));
    return 2e-8 * largest + 1e-300;
  }

  private static void assertHas(List<String> lines, String... starts) {
    for (String start : starts) {
      assertTrue(lines.stream().anyMatch(l -> l.startsWith(start + " = ")), start + " in " + lines);
    }
  }

  private String numbers() throws IOException {
    StringBuilder s = new StringBuilder("x,z,kind,y\n");
    for (int i = 0; i < 40; i++) {
      s.append(i % 7).append(',').append(i % 11).append(',').append(i % 3 == 0 ? "a" : "b").append(',')
          .append(i * 0.37 + i % 3).append('\n');
    }
    return Files.writeString(directory.resolve("n.csv"), s).toString();
  }

  @Test
  void everyStageOfTheDefaultNetworkHasItsNumbers() {
    assertHas(checked(), "z1[1]", "a1[3]", "z2[3]", "a2[1]", "ℓ[4]", "penalty", "L", "δ2[3]", "dW2[3,3]", "db2[1]",
        "φ′(z1[2])", "δ1[1]", "dW1[2,3]", "db1[3]", "g of W1[1,1]", "m of W2[1,1]", "v of b2[3]", "W1[2,3]", "b2[3]");
  }

  @Test
  void everyActivationIsWrittenWithItsNumbers() {
    for (String name : List.of("linear", "sigmoid", "tanh", "elu:0.5", "gelu", "silu", "softplus", "softmax")) {
      assertHas(checked("moons", "--layers", "3:" + name + ",2:tanh"), "δ1[1]", "z1[3]");
    }
    for (String name : List.of("relu", "leaky-relu:0.2")) {
      checked("moons", "--layers", "4:" + name + ",3:" + name, "--step", "3");
    }
  }

  @Test
  void everyLossIsWrittenWithItsNumbers() throws IOException {
    for (String loss : List.of("mse", "sse", "half-mse", "half-sse", "mae", "mae-sum", "huber", "huber-sum")) {
      assertHas(checked(numbers(), "--task", "regress", "--loss", loss), "ℓ[1]", "g[1]");
      assertHas(checked("spirals", "--loss", loss), "g[3]", "δ2[3]");
    }
    for (String loss : List.of("cce", "cce-sum", "cce-offset", "cce-offset-sum")) {
      assertHas(checked("spirals", "--loss", loss), "ℓ[1]", "δ2[3]");
    }
    for (String loss : List.of("bce", "bce-sum")) assertHas(checked("moons", "--loss", loss), "ℓ[2]", "δ2[1]");
  }

  @Test
  void everyOptimizerIsWrittenWithItsNumbersAlsoInALaterStep() {
    for (String name : List.of("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adadelta-zeiler",
        "adam", "adamw")) {
      assertHas(checked("xor", "--optimizer", name, "--step", "5"), "W1[2,3]", "b2[1]");
    }
  }

  @Test
  void penaltiesClippingWeightsAndDropoutAreWrittenWithTheirNumbers() throws IOException {
    assertHas(checked("moons", "--l1", "0.1", "--l2", "0.2", "--clip", "0.5"), "g of W2[3,1]", "‖g‖", "factor");
    assertHas(checked("moons", "--layers", "4:tanh,dropout:0.5,dropout:0.25,3:gelu", "--step", "2", "--row", "3"),
        "a2[1]", "a3[4]", "δ3[1]", "δ2[1]", "δ1[2]");
    assertHas(checked("spirals", "--class-weight", "0=2,1=0.5,2=1"), "δ2[3]", "L");
    assertHas(checked(numbers(), "--target", "y", "--task", "regress", "--weight", "x", "--loss", "sse"), "L", "g[1]");
  }

  @Test
  void longSumsEndWithTheSumOfTheTermsThatAreNotShown() {
    List<String> lines = checked("moons", "--layers", "12:tanh", "--batch", "20");
    String z = lines.stream().filter(l -> l.startsWith("z2[1]")).findFirst().orElseThrow();
    assertTrue(z.contains("(6 more terms)"), z);
  }

  @Test
  void theStepOfMazursExampleIsWrittenWithItsNumbers() {
    List<String> lines = checked("mazur");
    assertTrue(lines.contains("z1[1] = 0.05·0.15 + 0.1·0.2 + 0.35 = 0.3775"), lines.toString());
    assertTrue(lines.contains("W2[1,1] = 0.4 − 0.5·0.0821670406 = 0.35891648"), lines.toString());
  }
}
