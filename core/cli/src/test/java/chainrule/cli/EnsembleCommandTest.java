// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.json;
import static chainrule.cli.CommandLine.refused;
import static chainrule.cli.CommandLine.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.cli.CommandLine.Result;
import chainrule.io.Model;
import chainrule.nn.optimizer.Optimizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --ensemble K}, and what the other commands do with its model. */
class EnsembleCommandTest {
  private static final String[] TRAIN = {"train", "moons", "--layers", "6:tanh,dropout:0.1", "--ensemble", "3"};

  @TempDir Path directory;

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(directory.resolve(name));
  }

  private static String[] join(String[] some, String... more) {
    List<String> all = new ArrayList<>(Arrays.asList(some));
    all.addAll(Arrays.asList(more));
    return all.toArray(new String[0]);
  }

  private String numbers(int rows) throws IOException {
    StringBuilder s = new StringBuilder("a,b,y\n");
    for (int i = 0; i < rows; i++) {
      s.append(i % 17).append(',').append(i % 5).append(',').append(i % 17 + 3 * (i % 5)).append('\n');
    }
    return Files.writeString(directory.resolve("numbers.csv"), s).toString();
  }

  @Test
  void theModelHasTheSameBytesForAnyNumberOfThreads() throws IOException {
    for (String threads : List.of("1", "2", "5")) {
      done(join(TRAIN, "--epochs", "4", "--quiet", "--threads", threads, "--out", path(threads + ".npz"),
          "--checkpoint", path("c" + threads + ".npz")));
    }
    assertArrayEquals(bytes("1.npz"), bytes("2.npz"));
    assertArrayEquals(bytes("1.npz"), bytes("5.npz"));
    assertArrayEquals(bytes("c1.npz"), bytes("c5.npz"));
    assertEquals(3, Model.read(Path.of(path("1.npz"))).networks().size());
  }

  @Test
  void aResumedRunEqualsAnUninterruptedOne() throws IOException {
    String c = path("c.npz");
    String[] steady = join(TRAIN, "--schedule", "constant");
    done(join(steady, "--epochs", "3", "--quiet", "--checkpoint", c));
    String output = done(join(steady, "--epochs", "7", "--checkpoint", c, "--resume", "--out", path("m.npz")));
    assertTrue(output.contains("\nresuming from " + c + " after 9 epochs of 3 networks\n"), output);
    done(join(steady, "--epochs", "7", "--quiet", "--checkpoint", path("whole.npz"), "--out", path("whole-m.npz")));
    assertArrayEquals(bytes("whole.npz"), bytes("c.npz"));
    assertArrayEquals(bytes("whole-m.npz"), bytes("m.npz"));
    assertTrue(done("info", c).contains("3 networks 2 → 6 tanh"), "a checkpoint is also a model");
  }

  @Test
  void aDivergingMemberIsNamedAndNothingIsWritten() {
    String m = path("m.npz"), c = path("c.npz");
    String[] diverging = join(TRAIN, "--epochs", "3", "--optimizer", "sgd", "--rate", "1e200", "--out", m);
    Result r = run(diverging);
    assertEquals(2, r.status());
    assertTrue(r.err().startsWith("chainrule: member 1 of 3: "), r.err());
    assertTrue(r.err().endsWith(". Nothing was written to " + m + ". Pass a --rate below 1.0E200, or --clip 1\n"),
        r.err());
    assertFalse(Files.exists(Path.of(m)));
    r = run(join(diverging, "--checkpoint", c));
    assertTrue(r.err().endsWith("or --clip 1, and another --checkpoint: resuming " + c + " diverges again\n"), r.err());
    assertFalse(Files.exists(Path.of(m)));
  }

  @Test
  void aCheckpointOfADifferentEnsembleIsRefused() {
    String c = path("c.npz");
    done(join(TRAIN, "--epochs", "2", "--quiet", "--checkpoint", c));
    refused(c + ": the checkpoint was written with ensemble 3 networks, but this run has 4 networks; use the same "
        + "options or another --checkpoint", "train", "moons", "--layers", "6:tanh,dropout:0.1", "--ensemble", "4",
        "--epochs", "2", "--quiet", "--checkpoint", c, "--resume");
    refused(c + ": the file already exists; add --resume to continue from it, or delete it to start over",
        join(TRAIN, "--epochs", "2", "--quiet", "--checkpoint", c));
    Result single = run("train", "moons", "--epochs", "2", "--quiet", "--checkpoint", c, "--resume");
    assertEquals(2, single.status());
  }

  @Test
  void theOutOfFoldEstimateOfClassesIsPrinted() {
    String output = done(join(TRAIN, "--epochs", "5", "--json"));
    assertTrue(output.contains("\nensemble  3 such networks, each validating on its own fold, patience 20; averaged\n"),
        output);
    assertTrue(output.contains("at rate 0.004 (cosine)"), output);
    assertTrue(output.matches("(?s).*\naveraged 3 networks; kept epochs \\d, \\d, \\d\n"
        + "out-of-fold accuracy 0\\.\\d{4} \\(\\d+ of 800 correct\\), majority class 0\\.5000, loss "
        + "0\\.\\d{4}\n.*"), output);
    Map<String, Object> json = json(output);
    assertEquals(3.0, json.get("members"));
    assertEquals(3, ((List<?>) json.get("member_kept_epochs")).size());
    for (String key : List.of("out_of_fold_accuracy", "out_of_fold_log_loss", "test_accuracy", "train_loss")) {
      assertTrue(((Number) json.get(key)).doubleValue() > 0, key);
    }
  }

  @Test
  void theOutOfFoldEstimateOfNumbersIsInTheTargetsUnit() throws IOException {
    Map<String, Object> json = json(done("train", numbers(170), "--target", "y", "--ensemble", "2", "--epochs", "10",
        "--quiet", "--json"));
    double rmse = (double) json.get("out_of_fold_rmse"), r2 = (double) json.get("out_of_fold_r2");
    // y has a standard deviation of about 6.5
    assertEquals(1 - Math.pow(rmse / 6.5, 2), r2, 0.05);
    assertEquals(136.0, json.get("out_of_fold_rows"));
  }

  @Test
  void theTestResultIsThatOfTheAveragedModel() throws IOException {
    String test = numbers(50), model = path("m.npz");
    Files.move(Path.of(test), directory.resolve("test.csv"));
    Map<String, Object> trained = json(done("train", numbers(170), "--target", "y", "--test", path("test.csv"),
        "--ensemble", "3", "--epochs", "3", "--quiet", "--json", "--out", model));
    Map<String, Object> evaluated = json(done("evaluate", model, path("test.csv"), "--json"));
    assertEquals(evaluated.get("r2"), trained.get("test_r2"));
    assertEquals(evaluated.get("loss"), trained.get("test_loss"));
  }

  @Test
  void theModelPredictsAndIsExportedDescribedAndReported() throws IOException {
    String model = path("m.npz"), report = path("r.html");
    done(join(TRAIN, "--epochs", "3", "--quiet", "--out", model, "--report", report));
    assertEquals(1001, done("predict", model, "moons").lines().count());
    assertTrue(done("evaluate", model, "moons").contains("3 networks 2 → 6 tanh"));
    assertTrue(done("info", model).contains("kept epochs"));
    done("export", model, path("m.onnx"));
    String html = Files.readString(Path.of(report));
    assertTrue(html.contains("Averages 3 networks, each trained for up to 3 epochs"), "header");
    assertTrue(html.contains("Means over 3 networks; the areas are their range."), "curves");
    assertTrue(html.contains("on the training rows of each network"), "training scores");
    assertTrue(html.contains("layer 1: 6 tanh"), "norms");
    String plain = path("plain.npz");
    done(join(TRAIN, "--epochs", "3", "--quiet", "--out", plain));
    assertEquals(-1, Files.mismatch(Path.of(model), Path.of(plain)), "a report changes the networks");
  }

  @Test
  void theThresholdIsChosenOnTheOutOfFoldPredictions() {
    String model = path("m.npz");
    done(join(TRAIN, "--epochs", "3", "--quiet", "--threshold", "f1", "--out", model));
    double t = Model.read(Path.of(model)).calibration().threshold();
    assertTrue(t > 0 && t < 1, "threshold " + t);
    assertFalse(Model.read(Path.of(model)).calibration().scores().isEmpty());
  }

  @Test
  void givenOptionsReplaceTheDefaults() {
    String output = done(join(TRAIN, "--epochs", "2", "--rate", "0.01", "--schedule", "constant", "--patience", "1"));
    assertTrue(output.contains("at rate 0.01, ") && output.contains("patience 1;"), output);
    String sgd = done(join(TRAIN, "--epochs", "2", "--optimizer", "sgd"));
    assertTrue(sgd.contains(" at rate " + Optimizers.defaultRate("sgd") + " (cosine)"), sgd);
  }

  @Test
  void progressIsOneLinePerEndedNetworkInAPipe() {
    String output = done(join(TRAIN, "--epochs", "2", "--threads", "1"));
    assertEquals(List.of("2/6 epochs  1/3 networks ended", "4/6 epochs  2/3 networks ended",
        "6/6 epochs  3/3 networks ended"), output.lines().filter(l -> l.contains("networks ended"))
        .map(l -> l.substring(0, l.indexOf("  best validation accuracy "))).toList());
  }

  @Test
  void checkChecksOneNetwork() {
    assertTrue(done("check", "moons", "--ensemble", "3", "--layers", "4:tanh").contains("gradients right"));
  }

  @Test
  void aClassWithFewerRowsThanFoldsIsNoted() throws IOException {
    StringBuilder s = new StringBuilder("a,y\n");
    for (int i = 0; i < 60; i++) {
      s.append(i).append(',').append(i < 4 ? "rare" : i % 2 == 0 ? "even" : "odd").append('\n');
    }
    String file = Files.writeString(directory.resolve("rare.csv"), s).toString();
    String output = done("train", file, "--target", "y", "--ensemble", "5", "--epochs", "1");
    assertTrue(output.contains("class 'rare' has fewer training rows than the 5 folds: not every network validates on "
        + "it"), output);
  }

  @Test
  void whatCannotBeAnEnsembleIsRefused() throws IOException {
    refused("--ensemble: expected an integer from 2 to 100, found '1'", "train", "moons", "--ensemble", "1");
    refused("--ensemble: expected an integer from 2 to 100, found '101'", "train", "moons", "--ensemble", "101");
    refused("--validation-fraction does not apply to --ensemble, where each network validates on its own fold; remove "
        + "it", join(TRAIN, "--patience", "3", "--validation-fraction", "0.2"));
    refused("--ensemble 9 requires at least 9 training rows, but there are 8; use --ensemble 8 or less", "train",
        numbers(10), "--target", "y", "--task", "regress", "--ensemble", "9");
  }
}
