// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.refused;
import static chainrule.cli.CommandLine.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.cli.CommandLine.Result;
import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.io.Checkpoint;
import chainrule.io.Json;
import chainrule.io.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train} with {@code --checkpoint}, {@code --resume}, {@code --patience} and {@code --out}. */
class CheckpointCommandTest {
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

  private static final String[] TRAIN = {"train", "xor", "--layers", "8:tanh,dropout:0.2", "--epochs", "4", "--quiet",
      "--schedule", "constant"};

  @Test
  void resumingWithMoreEpochsEqualsTheLongerRun() throws IOException {
    String c = path("c.npz");
    done(join(TRAIN, "--checkpoint", c));
    String said = done("train", "xor", "--layers", "8:tanh,dropout:0.2", "--schedule", "constant",
        "--epochs", "7", "--checkpoint", c, "--resume",
        "--out", path("m.npz"), "--threads", "1");
    assertTrue(said.contains("\nresuming from " + c + " after epoch 4\n"), said);
    assertTrue(said.contains("epoch 7/7") && !said.contains("epoch 4/7"), said);
    assertTrue(said.contains("wrote     " + path("m.npz") + ", " + c + "\n"), said);
    done("train", "xor", "--layers", "8:tanh,dropout:0.2", "--schedule", "constant",
        "--epochs", "7", "--quiet", "--checkpoint",
        path("whole.npz"),
        "--out", path("whole-m.npz"), "--threads", "2");
    assertArrayEquals(bytes("whole.npz"), bytes("c.npz"));
    assertArrayEquals(bytes("whole-m.npz"), bytes("m.npz"));
    // resuming a finished run does nothing and gives the same result and files
    String again = done("train", "xor", "--layers", "8:tanh,dropout:0.2", "--schedule", "constant",
        "--epochs", "7", "--quiet", "--checkpoint", c,
        "--resume", "--out", path("again.npz"));
    assertEquals(said.lines().filter(l -> l.startsWith("test accuracy")).findFirst().orElseThrow() + "\n", again);
    assertArrayEquals(bytes("whole.npz"), bytes("c.npz"));
    assertArrayEquals(bytes("whole-m.npz"), bytes("again.npz"));
  }

  @Test
  void aCheckpointIsAlsoAModel() {
    String c = path("c.npz");
    done(join(TRAIN, "--checkpoint", c));
    assertTrue(done("info", c).contains("2 → 8 tanh → dropout 0.2 → 1 sigmoid"));
    assertEquals(401, done("predict", c, "xor").lines().count());
  }

  @Test
  void anExistingCheckpointIsNotOverwrittenUnlessItIsResumed() throws IOException {
    String c = path("c.npz");
    refused("--resume requires --checkpoint FILE", join(TRAIN, "--resume"));
    done(join(TRAIN, "--checkpoint", c));
    byte[] before = bytes("c.npz");
    refused(c + ": the file already exists; add --resume to continue from it, or delete it to start over",
        join(TRAIN, "--checkpoint", c));
    assertArrayEquals(before, bytes("c.npz"));
    String model = path("m.npz");
    done(join(TRAIN, "--out", model));
    refused(model + ": not a checkpoint: it has no 'checkpoint.json'", join(TRAIN, "--checkpoint", model, "--resume"));
    String text = Files.writeString(directory.resolve("text"), "x").toString();
    Result r = run(join(TRAIN, "--checkpoint", text, "--resume"));
    assertTrue(r.status() == 2 && r.err().startsWith("chainrule: " + text + ": not an .npz file"), r.err());
  }

  @Test
  void aCheckpointOfADifferentRunIsRefusedNamingTheDifference() throws IOException {
    String c = path("c.npz");
    String[] base = {"train", "moons", "--layers", "4:tanh", "--schedule", "constant", "--quiet", "--checkpoint", c};
    done(join(base, "--epochs", "2"));
    byte[] before = bytes("c.npz");
    String[][] others = {
        {"network", "--layers", "5:tanh"}, {"loss", "--loss", "cce"}, {"optimizer", "--rate", "0.5"},
        {"optimizer", "--optimizer", "sgd"}, {"schedule", "--schedule", "step"}, {"l1", "--l1", "0.1"},
        {"l2", "--l2", "0.1"}, {"clip", "--clip", "1"}, {"batch", "--batch", "7"}, {"blocks", "--blocks", "16"},
        {"patience", "--patience", "5"}, {"seed", "--seed", "2"}};
    for (String[] other : others) {
      String[] args = {"train", "moons", "--quiet", "--checkpoint", c, "--epochs", "2", "--resume", other[1], other[2]};
      args = other[1].equals("--schedule") ? args : join(args, "--schedule", "constant");
      Result r = run(other[1].equals("--layers") ? args : join(args, "--layers", "4:tanh"));
      assertEquals(2, r.status(), other[1]);
      boolean named = r.err().startsWith("chainrule: " + c + ": the checkpoint was written with " + other[0] + " ");
      // cce requires two outputs
      boolean widerHead = other[0].equals("loss") && r.err().contains("was written with network ");
      assertTrue(named || widerHead, other[1] + ": " + r.err());
      assertTrue(r.err().contains(", but this run has ")
          && r.err().endsWith("; use the same options or another --checkpoint\n"),
          r.err());
    }
    for (String[] other : new String[][] {{"circles"}, {"moons", "--test-fraction", "0.3"}}) {
      refused(c + ": the checkpoint was written with other data (moons (synthetic): 800 rows to train, 200 to test; 2 "
          + "inputs, "
          + "2 classes); use the same data and options, or another --checkpoint",
          join(join(new String[] {"train"}, other), "--layers",
          "4:tanh", "--schedule", "constant", "--quiet", "--checkpoint", c, "--epochs", "2", "--resume"));
    }
    refused(c + ": the checkpoint was written after epoch 2, but this run has only 1; give --epochs 2 or more",
        join(base, "--epochs", "1", "--resume"));
    assertArrayEquals(before, bytes("c.npz"));
    String cosine = path("cosine.npz");
    done("train", "xor", "--epochs", "2", "--schedule", "cosine", "--quiet", "--checkpoint", cosine);
    refused(cosine + ": the checkpoint was written with epochs 2, but this run has 3, and the schedule depends on it; "
        + "pass --epochs 2. Only a run with --schedule constant or step can be extended",
        "train", "xor", "--epochs", "3", "--schedule", "cosine", "--quiet", "--checkpoint", cosine, "--resume");
  }

  @Test
  void unwritableOutputsAreReportedBeforeTraining() throws IOException {
    String nowhere = path("no/where.npz"), place = directory.resolve("no").toString();
    for (String flag : List.of("--out", "--checkpoint")) {
      refused(flag + ": cannot read or write: " + nowhere + ": no such directory: " + place,
          join(TRAIN, flag, nowhere));
      refused(flag + ": cannot read or write: " + directory + ": is a directory",
          join(TRAIN, flag, directory.toString()));
    }
    try (var files = Files.list(directory)) {
      assertEquals(0, files.count(), "the check must not leave files behind");
    }
  }

  @Test
  void patienceStopsEarlyAndNamesTheEpochThatWasKept() throws IOException {
    String model = path("m.npz");
    Result r = run("train", "moons", "--optimizer", "adam", "--rate", "0.3", "--patience", "3", "--epochs", "60",
        "--seed", "2",
        "--out", model,
        "--json");
    assertEquals(0, r.status(), r.err());
    assertTrue(r.out().contains("720 rows to train, 80 to validate, 200 to test"), r.out());
    Map<?, ?> json = (Map<?, ?>) Json.parse(r.json());
    int epochs = ((Double) json.get("epochs")).intValue(), kept = ((Double) json.get("kept_epoch")).intValue();
    assertTrue(epochs < 60 && kept == epochs - 3, r.json());
    assertTrue(r.out().contains(
        "\nstopped early after 3 epochs without a lower validation loss; kept the weights of epoch " + kept
        + ", validation accuracy "), r.out());
    assertTrue(r.out().contains("  validation accuracy 0.") || r.out().contains("  validation accuracy 1."), r.out());
    assertTrue(done("info", model).contains(epochs + " of 60, with the weights of epoch " + kept + "\n"));
    String other = done("train", "moons", "--patience", "50", "--validation-fraction", "0.5", "--epochs", "2");
    assertTrue(other.contains("400 rows to train, 400 to validate, 200 to test"), other);
    assertTrue(other.contains("\nkept the weights of epoch ") && !other.contains("stopped early"), other);
    refused("--validation-fraction requires --patience N", "train", "moons", "--validation-fraction", "0.2");
    refused("--patience: expected an integer ≥ 1, found '0'", "train", "moons", "--patience", "0");
    refused("--clip: expected a number > 0, found '0'", "train", "moons", "--clip", "0");
    refused("--schedule: no schedule 'cosin'; expected one of constant, step, cosine; did you mean cosine?", "train",
        "--schedule",
        "cosin:floor=0");
  }

  /** Numbered rows show that each row is in exactly one of the three parts. */
  @Test
  void trainingValidationAndTestRowsAreDisjointAndComplete() throws IOException {
    StringBuilder s = new StringBuilder("x,y\n");
    for (int i = 0; i < 50; i++) s.append(i).append(',').append(i / 7.0).append('\n');
    String file = Files.writeString(directory.resolve("t.csv"), s).toString();
    InputData source = CommandLine.data(file, 3, "--patience", "3", "--validation-fraction", "0.25", "--bins", "0");
    int[] seen = new int[50];
    var x = source.encoding().inputColumns().get(0);
    for (var part : List.of(source.train(), source.validation(), source.test())) {
      for (double v : part.x()) seen[(int) Math.rint(v * x.deviation() + x.mean())]++;
    }
    for (int count : seen) assertEquals(1, count);
    assertEquals(List.of(30, 10, 10), List.of(source.train().rows(), source.validation().rows(), source.test().rows()));
  }

  /**
   * With and without validation, and with a column dropped before the target and one after it: the training rows alone
   * have mean 0 and deviation 1, and every row keeps its target. Numbers of size up to 3, whose squares are at most 9,
   * sum to within 9n roundings; a decoded number below 2¹⁵ is right within 250 ulps.
   */
  @Test
  void inputsAreStandardizedOverTheTrainingRowsAndEveryRowKeepsItsTarget() throws IOException {
    int n = 97;
    StringBuilder s = new StringBuilder("first,x1,y,last,x2\n");
    for (int i = 0; i < n; i++) {
      s.append(i % 5).append(',').append(i * i).append(',').append(3.0 * i * i + i).append(",t").append(i).append(',')
          .append(i).append('\n'); // rising: the first rows are not like the others
    }
    String file = Files.writeString(directory.resolve("rising.csv"), s).toString();
    for (boolean early : new boolean[] {false, true}) {
      List<String> args = new ArrayList<>(List.of("--target", "y", "--drop", "first,last", "--test-fraction", "0.3",
          "--bins", "0"));
      if (early) args.addAll(List.of("--patience", "3", "--validation-fraction", "0.3"));
      InputData source = CommandLine.data(file, 5, args.toArray(new String[0]));
      Encoding e = source.encoding();
      double[] x = source.train().x(), y = source.train().y();
      assertStandardized(x, 2, 0);
      assertStandardized(x, 2, 1);
      assertStandardized(y, 1, 0);
      int rows = 0;
      for (Dataset part : Arrays.asList(source.train(), source.validation(), source.test())) {
        for (int i = 0; part != null && i < part.rows(); i++, rows++) {
          double x1 = part.x()[2 * i] * e.inputColumns().get(0).deviation() + e.inputColumns().get(0).mean();
          double x2 = part.x()[2 * i + 1] * e.inputColumns().get(1).deviation() + e.inputColumns().get(1).mean();
          assertEquals(x2 * x2, x1, 1e-9, "the columns of row " + x2);
          assertEquals(3 * x1 + x2, e.target().decode(part.y()[i]), 1e-9, "the target of row " + x2);
        }
      }
      assertEquals(n, rows);
    }
  }

  private static void assertStandardized(double[] z, int width, int column) {
    int n = z.length / width;
    double sum = 0, squares = 0;
    for (int i = 0; i < n; i++) {
      sum += z[i * width + column];
      squares += z[i * width + column] * z[i * width + column];
    }
    assertEquals(0, sum / n, 9 * n * 0x1p-53, "mean");
    assertEquals(1, squares / n, 9 * n * 0x1p-53, "mean of squares");
  }

  /** The schedule multiplies the rate by 10²⁰⁰ after the first epoch. */
  @Test
  void afterAnOverflowTheLastGoodWeightsAreWritten() throws IOException {
    String model = path("m.npz"), one = path("one.npz"), c = path("c.npz");
    StringBuilder s = new StringBuilder("x,y\n");
    for (int i = 0; i < 40; i++) s.append(i % 7).append(',').append(i % 7 * 2.5 + 0.25).append('\n');
    String data = Files.writeString(directory.resolve("t.csv"), s).toString();
    String[] args = {"train", data, "--optimizer", "sgd", "--rate", "0.01", "--layers", "4:relu", "--batch", "8",
        "--quiet"};
    Result r = run(join(
        args, "--schedule", "step:every=1,by=1e200", "--epochs", "5", "--out", model, "--checkpoint", c));
    assertEquals(2, r.status());
    assertTrue(r.err().matches(
        "chainrule: the loss became (NaN|infinite) in epoch 2, step 2, first in layer \\d \\(.*\\); the "
        + "network has the weights of epoch 1 again; a lower learning rate, gradient clipping or standardized inputs "
        + "usually "
        + "help; these weights were written to .*m\\.npz\n"), r.err());
    done(join(args, "--schedule", "constant", "--epochs", "1", "--out", one));
    double[] kept = Model.read(Path.of(model)).network().parameters(),
        witness = Model.read(Path.of(one)).network().parameters();
    assertArrayEquals(witness, kept);
    assertArrayEquals(witness, Checkpoint.read(Path.of(c)).snapshot().parameters(),
        "the checkpoint must be that of the last complete epoch");
    Result at1 = run("train", data, "--optimizer", "sgd", "--rate", "1e200", "--layers", "4:relu", "--batch", "8",
        "--quiet",
        "--out", path("none.npz"));
    assertTrue(at1.err().contains("in epoch 1, ") && at1.err().contains("the network has its initial weights again"),
        at1.err());
    assertFalse(Files.exists(directory.resolve("none.npz")), "without a complete epoch there is nothing to write");
  }

  @Test
  void jsonHasTheSameFieldsForEveryTask() throws IOException {
    Map<?, ?> c = (Map<?, ?>) Json.parse(run("train", "xor", "--epochs", "2", "--quiet", "--json").json());
    assertEquals(List.of(
        "task", "train_loss", "train_loss_terms", "train_data_loss", "test_loss",
        "train_accuracy", "test_accuracy", "test_macro_f1",
        "test_balanced_accuracy", "test_log_loss", "test_brier", "test_roc_auc", "test_average_precision",
        "test_calibration_error", "test_positive_class", "test_f1", "test_baseline_class", "test_baseline_accuracy",
        "test_baseline_log_loss", "test_baseline_brier", "test_classes", "epochs", "kept_epoch", "seconds", "kernels",
        "threads", "seed", "notices", "warnings"), List.copyOf(c.keySet()));
    String data = Files.writeString(directory.resolve("t.csv"), "x,y\n1,1.5\n2,3\n3,4.5\n4,6\n5,7.5\n").toString();
    Map<?, ?> r = (Map<?, ?>) Json.parse(run("train", data, "--epochs", "2", "--quiet", "--json").json());
    assertEquals(List.of(
        "task", "train_loss", "train_loss_terms", "train_data_loss", "test_loss",
        "train_r2", "test_rmse", "test_mae", "test_r2", "test_baseline_rmse",
        "test_baseline_mae", "test_baseline_r2", "epochs", "kept_epoch", "seconds", "kernels", "threads", "seed",
        "notices", "warnings"), List.copyOf(r.keySet()));
    assertEquals(r.get("test_rmse"), r.get("test_mae"), "the errors of a single row are equal");
    Map<?, ?> none = (Map<?, ?>) Json.parse(
        run("train", data, "--epochs", "2", "--test-fraction", "0", "--json").json());
    assertTrue(none.containsKey("test_loss") && none.get("test_loss") == null, none.toString());
  }
}
