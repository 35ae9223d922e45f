// SPDX-License-Identifier: MIT
package chainrule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.nn.activation.Activations;
import chainrule.nn.optimizer.Optimizers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check}: verifies every name that {@code train} accepts, and refuses bad ones in one line. */
class CheckCommandTest {
  @TempDir Path directory;

  private record Result(int status, String out, String err) {}

  private static Result check(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();
    List<String> all = new java.util.ArrayList<>(List.of("check"));
    all.addAll(List.of(args));
    int status = Main.run(all, new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8), false);
    return new Result(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static void passes(String... args) {
    Result r = check(args);
    assertEquals(0, r.status, r.err);
    assertTrue(r.out.contains("gradients right: "), r.out);
    assertEquals("", r.err);
  }

  private static void refused(String message, String... args) {
    Result r = check(args);
    assertEquals("chainrule: " + message + "\n", r.err.replace("\r\n", "\n"));
    assertEquals(2, r.status);
    assertEquals("", r.out);
  }

  @Test
  void everyActivationPasses() {
    for (String name : Activations.names()) {
      if (!name.equals("step")) passes("moons", "--layers", "5:" + name + ",3:" + name);
    }
    passes("moons", "--layers", "5:leaky-relu:0.2,dropout:0.3,3:elu:1.5");
    passes("moons", "--layers", "none");
  }

  @Test
  void everyLossPasses() throws IOException {
    StringBuilder s = new StringBuilder("x,z,y\n");
    for (int i = 0; i < 40; i++) {
      s.append(i % 7).append(',').append(i % 11).append(',').append(i * 0.37 + i % 3).append('\n');
    }
    String numbers = Files.writeString(directory.resolve("n.csv"), s).toString();
    for (String loss : List.of("mse", "sse", "half-mse", "half-sse", "mae", "mae-sum", "huber", "huber-sum")) {
      passes(numbers, "--task", "regress", "--layers", "4:tanh", "--loss", loss);
      passes("spirals", "--layers", "4:tanh", "--loss", loss);
    }
    for (String loss : List.of("cce", "cce-sum", "cce-offset", "cce-offset-sum")) {
      passes("spirals", "--layers", "4:tanh", "--loss", loss);
      passes("moons", "--layers", "4:tanh", "--loss", loss);
    }
    for (String loss : List.of("bce", "bce-sum")) passes("moons", "--layers", "4:tanh", "--loss", loss);
  }

  @Test
  void everyOptimizerIsAcceptedAsInTrain() {
    for (String name : Optimizers.names()) passes("xor", "--layers", "3:tanh", "--optimizer", name);
  }

  @Test
  void everyBuiltInDataSetPassesWithReluLayers() {
    for (String data : List.of("spirals", "moons", "circles", "xor")) passes(data, "--layers", "8:relu,6:relu");
    passes("moons", "--layers", "6:relu", "--l1", "0.1", "--l2", "0.2", "--seed", "7");
  }

  /** The work is 4 · numbers · rows · parameters multiplications. */
  @Test
  void aLargeNetworkIsCheckedOnFewerRowsThenInFewerNumbers() {
    assertEquals(16, CheckCommand.rows(2371, 2, 1200));
    assertEquals(5, CheckCommand.rows(2371, 2, 5), "no more than there are");
    assertTrue(CheckCommand.numbers(2371, 16) >= 2371 + 16 * 2, "complete");
    int rows = CheckCommand.rows(40_000, 100, 1200);
    assertTrue(rows > 4 && rows < 16, rows + " rows");
    assertTrue(CheckCommand.numbers(40_000, rows) >= 40_000 + rows * 100, "complete on fewer rows");
    assertEquals(4, CheckCommand.rows(194_177, 3000, 48));
    assertEquals(12_874, CheckCommand.numbers(194_177, 4)); // 4e10 / (4 · 4 · 194,177)
    assertEquals(1000, CheckCommand.numbers(2_000_000_000, 4), "at least");
    assertEquals(Integer.MAX_VALUE, CheckCommand.numbers(1, 1), "at most");
  }

  @Test
  void badArgumentsAreRefusedInOneLine() {
    refused("--layers: elu: expected a number, found 'x'", "--layers", "8:elu:x");
    refused("--layers: leaky-relu: expected a finite slope ≥ 0, found -1.0", "--layers", "8:leaky-relu:-1");
    refused("--layers: elu: expected a finite alpha > 0, found 0.0", "--layers", "8:elu:0");
    refused("--layers: relu has no parameter, found '3'", "--layers", "8:relu:3");
    refused("--layers: dropout: expected a rate with 0 ≤ rate < 1, found 1.0", "--layers", "8:relu,dropout:1");
    refused("--layers: dropout: expected a rate with 0 ≤ rate < 1, found -0.5", "--layers", "dropout:-0.5");
    refused("--layers: expected units:activation such as 64:relu, or dropout:0.2, found 'dropout:x'", "--layers",
        "dropout:x");
    refused("--layers: expected units:activation such as 64:relu, or dropout:0.2, found ''", "--layers", "8:relu,");
    refused("--l1: expected a number ≥ 0, found '-1'", "--l1", "-1");
    refused("--l2: expected a number ≥ 0, found 'NaN'", "--l2", "NaN");
    refused("--l2: expected a number ≥ 0, found 'Infinity'", "--l2", "Infinity");
    refused("check takes one data set; unexpected argument 'moons'", "xor", "moons");
  }
}
