// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code explain}: training steps, formulas and Mazur's example, and bad arguments. */
class ExplainCommandTest {
  @TempDir Path directory;

  private static void assertContains(String text, String... parts) {
    for (String part : parts) assertTrue(text.contains(part), part + " in " + text);
  }

  @Test
  void aStepHasEachStageWithItsFormulaShapeIdAndHome() {
    assertContains(done("explain", "xor", "--step", "7", "--row", "2"), "network   2 → 3 tanh → 1 sigmoid",
        "step      7 of ", "4 rows, of which row 2 follows term by term", "this is row 2",
        "z of layer 1 (3 tanh)\n  z1[j] = Σ_i x[i]·W1[i,j] + b1[j]\n  x [2], W1 [2 × 3], b1 and z1 [3]\n"
            + "  003-dense-element dense layer, one element, core/src/main/java/chainrule/nn/Dense.java:",
        "ŷ, the output of layer 2 (1 sigmoid)", "the loss bce", "δ of layer 1 (3 tanh)",
        "003-delta-hidden hidden δ (false as printed)", "dW and db of layer 2", "penalty on the weights of layer 1",
        "update of layer 2 (1 sigmoid) by adam", "step t = 7");
  }

  @Test
  void theSameCommandPrintsTheSameBytes() {
    assertEquals(done("explain", "moons", "--step", "3"), done("explain", "moons", "--step", "3"));
  }

  @Test
  @SuppressWarnings("unchecked")
  void theObjectHasEveryNumberOfTheStep() {
    Map<String, Object> json = CommandLine.json(done("explain", "moons", "--layers", "12:tanh", "--json"));
    List<Map<String, Object>> layers = (List<Map<String, Object>>) json.get("layers");
    assertEquals(2, layers.size());
    assertEquals(12, ((List<List<Object>>) layers.get(0).get("weights")).get(0).size());
    assertEquals(4, ((List<Object>) layers.get(1).get("delta")).size());
    assertTrue(layers.get(0).keySet().containsAll(List.of("z", "a", "bias", "weight_gradient", "weights_after")));
  }

  @Test
  void wideLayersAreAbridged() {
    String out = done("explain", "digits", "--layers", "20:relu");
    assertContains(out, "… 778 more inputs", "… 14 more units", "pixel 1,1", "(778 more terms)", "more weights");
  }

  @Test
  void mazursPrintedNumbersAreReproducedExceptForFour() {
    String out = done("explain", "mazur");
    assertContains(out, "✓ total error                    .298371109     0.29837110876",
        "✗ total error after one step     .291027924     0.29102777369",
        "✗ total error after 10,000 steps .0000351085    0.000035101878",
        "23 of the 27 printed numbers are right to the last digit, 4 are wrong, for 2 reasons",
        "✓ total error after one step     .291027924     0.29102792391", "after 9,999 steps");
    List<?> printed = (List<?>) CommandLine.json(done("explain", "mazur", "--json")).get("printed");
    assertEquals(27, printed.size());
    assertEquals(4, printed.stream().filter(p -> ((Map<?, ?>) p).get("right").equals("no")).count());
    assertEquals(4, out.lines().filter(l -> l.startsWith("  ✗ ")).count());
  }

  @Test
  void anErratumIsExplainedWithItsCounterexampleAndThePrintedValue() {
    String out = done("explain", "003-mae-d", "--at", "0.25");
    assertContains(out, "003-mae-d  MAE′", "verdict         erratum: false as printed",
        "printed         ∂L/∂ŷ_i = (1/n) sign(y_i − ŷ_i)", "corrected  ",
        "counterexample  as printed (−0.5, 0.5)",
        "home            MeanAbsoluteError#derivative, core/src/main/java/chainrule/nn/loss/MeanAbsoluteError.java:",
        "at ŷ = 0.25; y = 1",
        "✓ automatic derivative                         -1.0                     equal",
        "✗ as printed, sign(y − ŷ)                      1.0                      relative error 2.0e+00");
    assertContains(done("explain", "003-relu-d", "--at", "0"),
        "a kink: the slope is 0 from the left and 1 from the right");
  }

  @Test
  void formulasAreFoundByNameAlsoInSeveralWords() {
    assertContains(done("explain", "Hidden", "Delta"), "3 formulas match; give the id of one:\n",
        "  003-delta-hidden  ");
    assertContains(done("explain", "cosine decay"), "beyond-cosine-decay  cosine decay\n", "CosineDecay#factor");
    Map<String, Object> json = CommandLine.json(done("explain", "003-mse", "--at", "0.65", "--json"));
    assertEquals(-0.7, (double) json.get("derivative"), 1e-15);
  }

  @Test
  void theStepOfATableNamesItsInputsAndIsWrittenAsAPage() throws IOException {
    Path table = directory.resolve("t.csv"), page = directory.resolve("step.html");
    StringBuilder s = new StringBuilder("height,color,kind\n");
    for (int i = 0; i < 40; i++) {
      s.append(i * 7 % 13).append(i % 2 == 0 ? ",red," : ",blue,").append("xyz".charAt(i % 3)).append('\n');
    }
    Files.writeString(table, s);
    String out = done("explain", table.toString(), "--step", "12", "--html", page.toString());
    assertContains(out, "network   3 → 3 tanh → 3 softmax", "x[1] height = ", "x[2] color=blue = ", "y[3] z = ",
        "wrote " + page);
    String html = Files.readString(page);
    assertContains(html, "<h1>t.csv</h1>", "Step 12 of the training of 3 → 3 tanh → 3 softmax");
    assertContains(done("explain", table.toString(), "--bins", "2"), "x[2] height 0–", "network   5 → 3 tanh");
    refused("--html: " + table + " is an input of this command and would be overwritten; choose another file",
        "explain", table.toString(), "--html", table.toString());
    refused("--html x.pdf: pages are written as HTML; use --html x.html, and print it to PDF in a browser", "explain",
        "mazur", "--html", "x.pdf");
  }

  @Test
  void badPointsAreRefused() {
    refused("--at: expected a finite number, found 'x'", "explain", "003-sigmoid", "--at", "x");
    refused("--at: 003-adam is not a function of one variable; remove it", "explain", "003-adam", "--at", "1");
    refused("--at: 003-bce has no finite value at 2; choose another point", "explain", "003-bce", "--at", "2");
    refused("--at requires one formula, but 3 match; give the id of one, such as 000-1.2", "explain", "relu", "--at",
        "1");
  }

  @Test
  void badArgumentsAreRefusedInOneLine() {
    refused("--step: expected an integer ≥ 1, found '0'", "explain", "--step", "0");
    refused("--row: step 1 has 4 rows, found 9; use a row from 1 to 4, or a larger --batch", "explain", "--row", "9");
    refused("--step: the training ends before step 500000: it has 30000 steps in 100 epochs; use a smaller --step or "
        + "more --epochs", "explain", "--step", "500000");
    refused("--at applies to a formula, not to data; remove it", "explain", "moons", "--at", "1");
    refused("--layers does not apply to a formula; remove it", "explain", "003-sigmoid", "--layers", "3:tanh");
    refused("--step does not apply to mazur, whose settings are those of the published example; remove it", "explain",
        "mazur", "--step", "2");
    refused("003-sigmiod: no such file, built-in data set or formula; did you mean 003-sigmoid?", "explain",
        "003-sigmiod");
    refused("'': no such file, built-in data set or formula; formulas have ids such as 003-sigmoid, and names such as "
        + "\"hidden delta\"", "explain", "");
    refused("--ensemble does not apply to explain; remove it ('./chainrule help explain' lists its options)", "explain",
        "--ensemble", "3");
  }
}
