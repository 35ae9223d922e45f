// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.io.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The baseline that {@code evaluate} compares with is that of the training rows, which the model contains. */
class BaselineCommandTest {
  private static final String NOTE = "the model does not contain the baseline of its training rows, as older models do "
      + "not; the baseline is that of these rows";

  @TempDir Path directory;

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  /** Writes rows of which the first ones are of class 'a'. */
  private String classes(String name, int a, int b) throws IOException {
    StringBuilder s = new StringBuilder("x,kind\n");
    for (int i = 0; i < a + b; i++) s.append(i * 7 % 11).append(',').append(i < a ? "a" : "b").append('\n');
    return Files.writeString(directory.resolve(name), s.toString()).toString();
  }

  private static Map<String, Object> evaluated(String model, String data) {
    return CommandLine.json(done("evaluate", model, data, "--json"));
  }

  @Test
  void theMajorityClassAndTheFrequenciesAreThoseOfTraining() throws IOException {
    String train = classes("train.csv", 30, 10), other = classes("other.csv", 5, 15), model = path("m.npz");
    done("train", train, "--test-fraction", "0", "--epochs", "2", "--out", model);
    Map<String, Object> json = evaluated(model, other);
    assertEquals("training", json.get("baseline_rows"));
    assertEquals("a", json.get("baseline_class"));
    assertEquals(0.25, json.get("baseline_accuracy")); // 5 of 20
    double p = 0.25; // of b in training
    assertEquals(-(0.25 * Math.log(1 - p) + 0.75 * Math.log(p)), (double) json.get("baseline_log_loss"), 1e-12);
  }

  @Test
  void theMeanOfANumberIsThatOfTraining() throws IOException {
    StringBuilder train = new StringBuilder("x,y\n"), other = new StringBuilder("x,y\n");
    for (int i = 0; i < 40; i++) train.append(i * 7 % 11).append(',').append(10 + i % 4).append('\n'); // mean 11.5
    for (int i = 0; i < 20; i++) other.append(i).append(',').append(20 + i % 2 * 3).append('\n');
    String model = path("m.npz");
    done("train", Files.writeString(directory.resolve("t.csv"), train).toString(), "--task", "regress",
        "--test-fraction", "0", "--epochs", "2", "--out", model);
    Map<String, Object> json = evaluated(model, Files.writeString(directory.resolve("o.csv"), other).toString());
    assertEquals((8.5 + 11.5) / 2, (double) json.get("baseline_mae"), 1e-9);
    assertEquals(Math.sqrt((8.5 * 8.5 + 11.5 * 11.5) / 2), (double) json.get("baseline_rmse"), 1e-9);
    assertTrue((double) json.get("baseline_r2") < 0, "the mean of other rows is worse than their own");
  }

  @Test
  void ensemblesAndTwoOutputsHaveItToo() throws IOException {
    String train = classes("train.csv", 30, 10), other = classes("other.csv", 5, 15), model = path("m.npz");
    for (String[] options : new String[][] {{"--ensemble", "2"}, {"--loss", "cce"}}) {
      done("train", train, "--test-fraction", "0", "--epochs", "2", "--out", model, options[0], options[1]);
      Map<String, Object> json = evaluated(model, other);
      assertEquals("training", json.get("baseline_rows"));
      assertEquals(0.25, json.get("baseline_accuracy"));
      assertEquals(-(0.25 * Math.log(0.75) + 0.75 * Math.log(0.25)), (double) json.get("baseline_log_loss"), 1e-12);
    }
  }

  @Test
  void aModelWithoutItIsComparedWithTheEvaluatedRowsAndANoteSaysSo() throws IOException {
    String train = classes("train.csv", 30, 10), other = classes("other.csv", 5, 15), model = path("m.npz");
    done("train", train, "--test-fraction", "0", "--epochs", "2", "--out", model);
    Model m = Model.read(Path.of(model));
    new Model(m.networks(), m.encoding(), m.training()).write(Path.of(model));
    String out = done("evaluate", model, other, "--json");
    assertTrue(out.contains("\nnote      " + NOTE + "\n"), out);
    Map<String, Object> json = CommandLine.json(out);
    assertEquals("evaluated", json.get("baseline_rows"));
    assertEquals("b", json.get("baseline_class"));
    assertEquals(0.75, json.get("baseline_accuracy"));
    String quiet = run("evaluate", model, other, "--quiet").err();
    assertTrue(quiet.startsWith("note: " + NOTE + "\nwarning: accuracy "), quiet);
  }
}
