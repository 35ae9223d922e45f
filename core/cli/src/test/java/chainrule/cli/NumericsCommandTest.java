// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.json;
import static chainrule.cli.CommandLine.refused;
import static chainrule.cli.CommandLine.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables with extreme values, through every command: finite results, or one line with the reason. */
class NumericsCommandTest {
  private static final int ROWS = 60;

  @TempDir Path directory;

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private String table(String name, int rows, IntFunction<String> line) throws IOException {
    StringBuilder s = new StringBuilder("a,b,y\n");
    for (int i = 0; i < rows; i++) s.append(line.apply(i)).append('\n');
    return Files.writeString(directory.resolve(name), s.toString()).toString();
  }

  private static void assertPlain(String text) {
    for (String bad : new String[] {"NaN", "Infinity", "∞", "0000000000000000"}) {
      assertFalse(text.contains(bad), () -> bad + " in\n" + text);
    }
  }

  /** Runs train, evaluate, predict, info and export on the data; returns the JSON object that train prints. */
  private Map<String, Object> through(String data, String... options) throws IOException {
    String model = path("m.npz"), report = path("r.html");
    String[] args = {"train", data, "--json", "--epochs", "5", "--layers", "8", "--threads", "1", "--out", model,
        "--report", report};
    String[] all = Arrays.copyOf(args, args.length + options.length);
    System.arraycopy(options, 0, all, args.length, options.length);
    String trained = done(all);
    for (String text : new String[] {trained, Files.readString(Path.of(report)),
        done("evaluate", model, data, "--json"),
        done("predict", model, data), done("info", model), done("export", model, path("m.onnx"))}) {
      assertPlain(text);
    }
    return json(trained);
  }

  private static double number(Map<String, Object> json, String name) {
    return (Double) json.get(name);
  }

  @Test
  void aConstantTargetHasErrorsButNoR2() throws IOException {
    for (String y : new String[] {"0.1", "123456789.1", "-3e300", "4e-310"}) {
      Map<String, Object> json =
          through(table("constant.csv", ROWS, i -> i + "," + i % 7 + "," + y), "--task", "regress");
      assertNull(json.get("test_r2"));
      assertTrue(number(json, "test_loss") >= 0 && number(json, "test_rmse") >= 0);
    }
    String out = done("evaluate", path("m.npz"), path("constant.csv"));
    assertTrue(out.contains("R² undefined (every row has the same target), root mean squared error "), out);
    assertTrue(Files.readString(directory.resolve("r.html"))
        .contains("undefined because every row has the same target"));
  }

  @Test
  void fewRowsAndIdenticalRowsWork() throws IOException {
    through(table("two.csv", 2, i -> i + ",2," + 2.5 * i), "--test-fraction", "0");
    through(table("three.csv", 3, i -> i + ",2," + 2.5 * i), "--test-fraction", "0.3");
    through(table("same.csv", ROWS, i -> i / 30 + ",2,3.5"));
    Map<String, Object> torn = through(table("torn.csv", ROWS, i -> i / 30 + ",2," + (i % 2 == 0 ? "yes" : "no")));
    assertEquals(0.5, number(torn, "test_accuracy"));
    through(table("inputs.csv", ROWS, i -> i / 30 + ",7," + i * 0.37), "--batch", "2147483647");
    through(table("last.csv", ROWS, i -> i + ",7," + i * 0.37), "--batch", "47"); // 48 rows to train on: 47 and 1
    String one = table("one.csv", ROWS, i -> "1,2," + i);
    refused(one + ": no input columns are left besides the target 'y'; columns without information left out: 'a' "
        + "(always 1), 'b' (always 2)", "train", one);
    refused(table("class.csv", ROWS, i -> i + ",2,yes")
        + ": target 'y': every row is 'yes', but classification requires at least "
        + "2 classes.", "train", path("class.csv"));
  }

  @Test
  void aClassThatIsAbsentFromTheTrainingRowsWorks() throws IOException {
    Map<String, Object> json =
        through(table("rare.csv", ROWS, i -> i % 7 + "," + i % 5 + "," + (i == 3 ? "rare" : "c" + i % 3)));
    assertTrue(number(json, "test_macro_f1") >= 0);
  }

  /** Only the unit differs, so the results agree to the last digits, even where squares of the unit overflow. */
  @Test
  void columnsOfAnyMagnitudeAreStandardized() throws IOException {
    double usual = number(through(table("usual.csv", ROWS, i -> i + "," + i % 7 + "," + i * i % 50)), "test_r2");
    for (String unit : new String[] {"e300", "e154", "e-162", "e-300"}) {
      double x = number(through(table("x.csv", ROWS, i -> i + unit + "," + i % 7 + "," + i * i % 50)), "test_r2");
      assertEquals(usual, x, 1e-9, "inputs of " + unit);
      double y = number(through(table("y.csv", ROWS, i -> i + "," + i % 7 + "," + i * i % 50 + unit), "--task",
          "regress"), "test_r2");
      assertEquals(usual, y, 1e-9, "targets of " + unit);
    }
    through(table("both.csv", ROWS,
        i -> (i % 2 == 0 ? "1e300," : "1e-300,") + i % 7 + "," + (i % 3 - 1) * (i % 11) + ".5e306"));
    through(table("outlier.csv", ROWS, i -> (i == 30 ? "1e300," : i + ",") + i % 7 + "," + i * 0.37));
    through(table("subnormal.csv", ROWS, i -> i + "e-322," + i % 7 + "," + i + "e-322"));
    String wide = table("wide.csv", ROWS, i -> (i % 2 == 0 ? "1.7e308," : "-1.7e308,") + i % 7 + "," + i * 0.37);
    assertEquals(2, run("train", wide).status());
  }

  @Test
  void divergenceIsReportedWithItsEpochStepAndLayer() throws IOException {
    String data = table("line.csv", ROWS, i -> 3 * i + "," + i % 7 + "," + i * 0.37);
    for (String rate : new String[] {"1e3", "1e100", "1e300", "1.7e308"}) {
      CommandLine.Result r = run("train", data, "--optimizer", "sgd", "--rate", rate, "--epochs", "50");
      assertEquals(2, r.status(), rate);
      assertTrue(r.err().matches(
          "chainrule: the loss became (NaN|infinite) in epoch \\d+, step \\d+, (first in layer \\d .*|in the "
          + "loss itself; .*)\n"), r.err());
    }
    String out = done("train", data, "--layers", "none", "--rate", "1e100", "--epochs", "3", "--json");
    assertTrue(out.lines().noneMatch(l -> l.length() > 300 && !l.startsWith("{")), out); // 1e+202 instead of 203 digits
  }

  /** The last step can make the weights overflow after the last training loss; then only other rows show it. */
  @Test
  void anOverflowingOutputIsReported() throws IOException {
    String data = table("line.csv", ROWS, i -> i + "," + i % 7 + "," + i * 0.37), model = path("big.npz");
    String out = done("train", data, "--rate", "1e300", "--epochs", "1", "--batch", "100", "--out", model, "--report",
        path("r.html"),
        "--json");
    assertTrue(out.contains("\nthe test loss is NaN: the network's output overflows for 12 of 12 rows; ")
        || out.contains("\nthe test loss is infinite: the network's output overflows for 12 of 12 rows; "), out);
    assertNull(json(out).get("test_loss"));
    assertFalse(Files.readString(directory.resolve("r.html")).matches("(?s).*(NaN|Infinity).*"));
    for (String command : new String[] {"predict", "evaluate"}) {
      CommandLine.Result r = run(command, model, data);
      assertEquals(2, r.status(), command + r.out());
      assertTrue(r.err().matches("chainrule: .*line.csv: row 1: the network's output is (NaN|infinite); .*\n"),
          r.err());
    }
    done("export", model, path("big.onnx"));
    done("info", model);
  }

  @Test
  void aRowFarFromTheTrainingDataIsReported() throws IOException {
    String data = table("line.csv", ROWS, i -> i + "," + i % 7 + "," + i * 0.37), model = path("m.npz");
    done("train", data, "--layers", "none", "--epochs", "2", "--out", model);
    String far = table("far.csv", 3, i -> i == 1 ? "1e200,0,1" : "1,2,3");
    assertPlain(done("predict", model, far)); // about 1e200, which is finite
    CommandLine.Result r = run("evaluate", model, far, "--quiet");
    assertEquals(2, r.status(), r.out());
    assertTrue(r.err().contains(
        "far.csv: the mean loss is infinite: the outputs are finite, but so far from the targets that "), r.err());
  }
}
