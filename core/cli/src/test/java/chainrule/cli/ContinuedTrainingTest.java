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

import chainrule.data.Dataset;
import chainrule.data.Table;
import chainrule.io.Model;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.optimizer.Adam;
import chainrule.train.CosineDecay;
import chainrule.train.Trainer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --from}: training that continues from a model, on new rows. */
class ContinuedTrainingTest {
  @TempDir Path directory;

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(directory.resolve(name));
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  private static String[] join(String[] some, String... more) {
    List<String> all = new ArrayList<>(Arrays.asList(some));
    all.addAll(Arrays.asList(more));
    return all.toArray(new String[0]);
  }

  /** Rows a, city, kind, where kind is yes for a large a in Graz. */
  private String rows(String name, int from, int to) throws IOException {
    StringBuilder s = new StringBuilder("a,city,kind\n");
    for (int i = from; i < to; i++) {
      s.append(a(i)).append(',').append(city(i)).append(',').append(kind(i)).append('\n');
    }
    return write(name, s.toString());
  }

  private static int a(int i) {
    return i * 7 % 23;
  }

  private static String city(int i) {
    return i % 3 == 0 ? "Graz" : "Linz";
  }

  private static String kind(int i) {
    return a(i) > 11 == (i % 3 == 0) ? "yes" : "no";
  }

  private String model(String... options) throws IOException {
    String file = path("m.npz");
    done(join(new String[] {"train", rows("old.csv", 0, 60), "--layers", "6:tanh", "--quiet", "--out", file},
        Arrays.asList(options).contains("--epochs") ? options : join(options, "--epochs", "4")));
    return file;
  }

  @Test
  void trainingContinuesWithTheWeightsTheEncodingAndTheLossOfTheModel() throws IOException {
    String m = model(), fresh = rows("new.csv", 60, 100);
    String output = done("train", fresh, "--from", m, "--epochs", "3", "--test-fraction", "0", "--seed", "5", "--out",
        path("next.npz"));
    assertTrue(output.contains("\ncontinues " + m + ", trained on " + path("old.csv") + ", target 'kind': 48 rows to "
        + "train, 12 to test; 7 inputs, 2 classes; the optimizer starts new\nnote      the results on held-out rows "
        + "assume that " + m + " was not trained on them\nnetwork   7 → 6 tanh → 1 sigmoid, "), output);

    Model start = Model.read(Path.of(m));
    Dataset all = start.encoding().encode(Table.read(Path.of(fresh), start.encoding().tableOptions()));
    int[] order = Dataset.splitStratified(IntStream.range(0, 40).toArray(), all.classes(), 0, 5, 0)[0];
    Dataset train = all.select(order);
    Network network = start.network();
    Trainer.of(network).loss(new BinaryCrossEntropy()).optimizer(new Adam(0.004)).schedule(new CosineDecay(0))
        .regularization(Regularization.l2(3.0 / 40)).seed(5).fit(train, 3);
    Model next = Model.read(Path.of(path("next.npz")));
    assertArrayEquals(network.parameters(), next.network().parameters());
    assertEquals(start.encoding().inputColumns(), next.encoding().inputColumns());
    assertEquals(start.encoding().target(), next.encoding().target());
  }

  @Test
  void columnsAreFoundByNameAndOthersIgnored() throws IOException {
    String m = model();
    StringBuilder s = new StringBuilder("id,kind,city,note,a\n");
    for (int i = 60; i < 100; i++) {
      s.append(i).append(',').append(kind(i)).append(',').append(city(i)).append(",x,").append(a(i)).append('\n');
    }
    String other = write("other.csv", s.toString());
    String output = done("train", other, "--from", m, "--epochs", "2", "--target", "kind", "--out", path("1.npz"));
    assertTrue(output.contains("\nnote      columns 'id', 'note' are ignored: " + m + " does not use them\n"), output);
    done("train", rows("new.csv", 60, 100), "--from", m, "--epochs", "2", "--out", path("2.npz"));
    assertArrayEquals(Model.read(Path.of(path("2.npz"))).network().parameters(),
        Model.read(Path.of(path("1.npz"))).network().parameters());
    refused(write("less.csv", "city,kind\nGraz,yes\n").toString()
        + ": no column 'a', which is an input of the model; the columns are city, kind",
        "train", path("less.csv"), "--from", m);
    refused(write("blind.csv", "a,city\n3,Graz\n") + ": no column 'kind', which is the target of the model; the "
        + "columns are a, city", "train", path("blind.csv"), "--from", m);
  }

  @Test
  void missingAndUnseenValuesAreNotedAndRowsWithoutATargetLeftOut() throws IOException {
    String m = model();
    String odd = write("odd.csv", "a,city,kind\n1,Graz,yes\n,Linz,no\n3,Wien,yes\n4,Graz,\n5,Linz,no\n6,Graz,yes\n");
    String output = done("train", odd, "--from", m, "--epochs", "1", "--test-fraction", "0");
    assertTrue(output.startsWith("data      " + odd + ", target 'kind': 5 rows to train"), output);
    assertTrue(output.contains("\nnote      1 row without a target is left out\n"), output);
    assertTrue(output.contains("\nnote      column city: 1 row with unseen value 'Wien'\n"), output);
    assertTrue(output.contains("\nnote      missing values in 'a' (1): filled in as in the training of " + m + "\n"),
        output);
    refused(odd + ": column 'a': 1 missing value. Fill them in, or remove --missing refuse.",
        "train", odd, "--from", m, "--missing", "refuse");
  }

  @Test
  void anUnknownLabelIsRefusedWithItsPlace() throws IOException {
    String m = model();
    refused(write("odd.csv", "a,city,kind\n1,Graz,yes\n2,Linz,maybe\n") + ":3: column 'kind': expected a class of the "
        + "model, found 'maybe'. The classes are no, yes. Fix the label, delete the line, or train a new model.",
        "train", path("odd.csv"), "--from", m);
    StringBuilder s = new StringBuilder("a,y\n");
    for (int i = 0; i < 40; i++) s.append(i).append(',').append(i % 2).append('\n');
    done("train", write("01.csv", s.toString()), "--layers", "none", "--epochs", "1", "--quiet",
        "--out", path("0.npz"));
    refused(write("2.csv", s + "3,2\n") + ":42: column 'y': expected a class of the model, found '2'. The classes "
        + "are 0, 1. Fix the label, delete the line, or train a new model.",
        "train", path("2.csv"), "--from", path("0.npz"));
    refused(write("x.csv", s + "3,unknown\n") + ":42: column 'y': expected a class of the model, found 'unknown'. "
        + "The classes are 0, 1. Fix the label, delete the line, or train a new model.",
        "train", path("x.csv"), "--from", path("0.npz"));
  }

  @Test
  void optionsThatTheModelDecidesAreRefused() throws IOException {
    String m = model(), data = rows("new.csv", 60, 100);
    String end = ", or train a new model without --from", does = " does not apply to --from " + m + ": ";
    String[] train = {"train", data, "--from", m};
    refused("--layers" + does + "its layers are 7 → 6 tanh → 1 sigmoid; remove --layers" + end,
        join(train, "--layers", "8:relu"));
    refused("--drop" + does + "its columns are fixed, and others are ignored; remove --drop" + end,
        join(train, "--drop", "a"));
    refused("--task" + does + "its task is classify; remove --task" + end, join(train, "--task", "regress"));
    refused("--target" + does + "its target is 'kind'; remove --target" + end, join(train, "--target", "a"));
    refused("--ensemble" + does + "it has 1 network; remove --ensemble" + end, join(train, "--ensemble", "5"));
    refused("--loss cce does not fit the output of " + m + ", 1 sigmoid: it needs an output for each class, at "
        + "least 2; for one output use bce. Remove --loss to keep that of the model.", join(train, "--loss", "cce"));
    refused("--weight: 'a' is an input of " + m + "; choose another column", join(train, "--weight", "a"));
    refused("--weight: 'kind' is the target of " + m + "; choose another column", join(train, "--weight", "kind"));
    refused("--out: " + m + " is an input of this command and would be overwritten; choose another file",
        join(train, "--out", m));
    refused("--from requires data: ./chainrule train NEW.csv --from MODEL.npz", "train", "--from", m);
    refused(path("no.npz") + ": no such file; expected a model written by train --out",
        "train", data, "--from", path("no.npz"));
    refused("the built-in data set xor has 2 inputs and the classes 0, 1, but the model has 7 inputs and the classes "
        + "no, yes", "train", "xor", "--from", m);
    refused("--from does not apply to check; remove it ('./chainrule help check' lists its options)",
        "check", data, "--from", m);
  }

  @Test
  void weightsPatienceAndOtherSettingsApply() throws IOException {
    StringBuilder s = new StringBuilder("a,city,kind,n\n");
    for (int i = 60; i < 100; i++) {
      s.append(a(i)).append(',').append(city(i)).append(',').append(kind(i)).append(',').append(i % 4).append('\n');
    }
    String output = done("train", write("n.csv", s.toString()), "--from", model(), "--weight", "n", "--class-weight",
        "balanced", "--patience", "2", "--optimizer", "sgd", "--rate", "0.1", "--l1", "0.01", "--clip", "1", "--batch",
        "8", "--schedule", "constant", "--epochs", "5", "--out", path("w.npz"), "--json");
    assertTrue(output.contains("\ntraining  bce, sgd at rate 0.1, batches of 8, 5 epochs, seed 1\n"), output);
    assertFalse(output.contains("'n' is ignored"), output);
    Map<String, String> settings = Model.read(Path.of(path("w.npz"))).training();
    assertEquals("column n", settings.get("weights"));
    assertEquals("0.01", settings.get("l1"));
    assertEquals("2", settings.get("patience"));
  }

  @Test
  void theResultBeforeTrainingIsShownAndAWorseOneIsWarnedOf() throws IOException {
    String m = model("--epochs", "60"), data = rows("new.csv", 60, 200);
    String output = done("train", data, "--from", m, "--epochs", "2", "--json");
    Map<String, Object> json = json(output);
    double before = ((Number) json.get("before_test_accuracy")).doubleValue();
    assertTrue(output.contains(String.format("\nbefore    accuracy %.4f, loss ", before)), output);
    // a rate so high that the weights become useless
    String worse = done("train", data, "--from", m, "--epochs", "1", "--rate", "50", "--json");
    assertTrue(worse.contains("the result on the test rows was better before this training; keep " + m
        + ", or train with a lower --rate or with --patience 20"), worse);
    Map<String, Object> none = json(done("train", data, "--from", m, "--epochs", "1", "--test-fraction", "0",
        "--json"));
    assertTrue(none.containsKey("before_test_loss") && none.get("before_test_loss") == null);
  }

  @Test
  void theModelSaysWhereItCameFromAndHasTheSameBytesForAnyNumberOfThreads() throws IOException {
    for (String kind : List.of("single", "ensemble")) {
      String m = kind.equals("single") ? model() : model("--ensemble", "3");
      String data = rows("new.csv", 60, 120);
      for (String threads : List.of("1", "3")) {
        done("train", data, "--from", m, "--epochs", "3", "--quiet", "--threads", threads,
            "--out", path(kind + threads + ".npz"));
      }
      assertArrayEquals(bytes(kind + "1.npz"), bytes(kind + "3.npz"));
      Map<String, String> settings = Model.read(Path.of(path(kind + "1.npz"))).training();
      assertTrue(settings.get("from weights").matches("[0-9a-f]{16}"), settings.toString());
      assertEquals(Model.read(Path.of(m)).training().get("data"), settings.get("from data"));
      assertFalse(settings.toString().contains(m), "the name of the model file must not change the bytes");
    }
  }

  @Test
  void eachNetworkOfAnEnsembleContinues() throws IOException {
    String m = model("--ensemble", "3"), data = rows("new.csv", 60, 120);
    String output = done("train", data, "--from", m, "--ensemble", "3", "--epochs", "1", "--rate", "1e-9",
        "--out", path("e.npz"), "--json");
    assertTrue(output.contains("\ncontinues " + m + ", 3 networks trained on "), output);
    assertTrue(output.contains("\nensemble  3 such networks, each validating on its own fold, patience 20; averaged\n"),
        output);
    assertEquals(3L, ((Number) json(output).get("members")).longValue());
    List<Network> before = Model.read(Path.of(m)).networks(), after = Model.read(Path.of(path("e.npz"))).networks();
    for (int i = 0; i < 3; i++) {
      // one epoch of 2 steps of Adam moves each weight by about 1e-9 per step
      assertArrayEquals(before.get(i).parameters(), after.get(i).parameters(), 1e-8);
      assertFalse(Arrays.equals(before.get(i).parameters(), after.get(i).parameters()));
    }
    refused("--ensemble does not apply to --from " + m + ": it has 3 networks; remove --ensemble, or train a new model "
        + "without --from", "train", data, "--from", m, "--ensemble", "4");
  }

  @Test
  void aResumedRunEqualsAnUninterruptedOneAndRefusesAnotherStartingModel() throws IOException {
    String m = model(), data = rows("new.csv", 60, 120), c = path("c.npz");
    String[] train = {"train", data, "--from", m, "--schedule", "constant", "--quiet"};
    done(join(train, "--epochs", "2", "--checkpoint", c));
    done(join(train, "--epochs", "5", "--checkpoint", c, "--resume", "--out", path("resumed.npz")));
    done(join(train, "--epochs", "5", "--out", path("whole.npz")));
    assertArrayEquals(bytes("whole.npz"), bytes("resumed.npz"));

    byte[] before = bytes("c.npz");
    String other = path("other.npz");
    done("train", path("old.csv"), "--layers", "6:tanh", "--epochs", "5", "--quiet", "--out", other);
    String hash = Model.read(Path.of(path("whole.npz"))).training().get("from weights");
    String end = "; pass --from with the same model, or use another --checkpoint\n";
    for (String[] args : new String[][] {{"--from", other}, {"--layers", "6:tanh"}}) {
      CommandLine.Result r = run(join(new String[] {"train", data, "--schedule", "constant", "--quiet", "--epochs", "5",
          "--checkpoint", c, "--resume"}, args));
      assertEquals(2, r.status());
      assertTrue(r.err().startsWith("chainrule: " + c + ": the checkpoint was written with starting weights " + hash
          + ", but this run has ") && r.err().endsWith(end), r.err());
    }
    String plain = path("plain.npz");
    done("train", data, "--layers", "6:tanh", "--epochs", "1", "--schedule", "constant", "--quiet",
        "--checkpoint", plain);
    assertTrue(run(join(train, "--epochs", "2", "--checkpoint", plain, "--resume")).err()
        .contains("with starting weights (none), but this run has " + hash), "a run without --from");
    assertArrayEquals(before, bytes("c.npz"));
  }

  @Test
  void severalTargetsLabelsAndTwoOutputsContinue() throws IOException {
    StringBuilder s = new StringBuilder("a,b,u,v\n");
    for (int i = 0; i < 60; i++) {
      s.append(i % 7).append(',').append(i % 5).append(',').append(i % 2).append(',').append(i % 3 / 2).append('\n');
    }
    String data = write("uv.csv", s.toString());
    String[][] kinds = {{"--target", "u,v", "--task", "multilabel"}, {"--target", "u,v", "--task", "regress"},
        {"--target", "u", "--drop", "v", "--loss", "cce"}, {"--target", "u", "--task", "regress", "--loss", "mae"}};
    for (String[] kind : kinds) {
      String m = path("k.npz"), next = path("k2.npz");
      done(join(new String[] {"train", data, "--layers", "4:tanh", "--epochs", "2", "--quiet", "--out", m}, kind));
      String output = done("train", data, "--from", m, "--epochs", "2", "--out", next, "--report", path("r.html"),
          "--json");
      Model before = Model.read(Path.of(m)), after = Model.read(Path.of(next));
      assertEquals(before.encoding().target(), after.encoding().target());
      assertEquals(before.architecture().outputs(), after.architecture().outputs());
      assertEquals(before.training().get("loss"), after.training().get("loss"), "the loss is that of the model");
      assertTrue(json(output).containsKey("before_test_loss"), output);
    }
  }

  @Test
  void builtInDataContinues() {
    String m = path("moons.npz");
    done("train", "moons", "--epochs", "2", "--quiet", "--out", m);
    String output = done("train", "moons", "--from", m, "--seed", "2", "--epochs", "1");
    assertTrue(output.startsWith("data      moons (synthetic): 800 rows to train, 200 to test; "), output);
    assertTrue(output.contains("\nbefore    accuracy "), output);
  }

  /** Writes an IDX file of images whose row of pixels i mod classes is bright, or of their labels. */
  private String idx(String name, int n, int classes, boolean labels) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[] {0, 0, 8, (byte) (labels ? 1 : 3), 0, 0, 0, (byte) n});
    if (!labels) bytes.writeBytes(new byte[] {0, 0, 0, 3, 0, 0, 0, 3});
    for (int i = 0; i < n; i++) {
      for (int p = 0; p < 9 && !labels; p++) bytes.write(p / 3 == i % classes ? 200 + i % 50 : i % 40);
      if (labels) bytes.write(i % classes);
    }
    return Files.write(directory.resolve(name), bytes.toByteArray()).toString();
  }

  @Test
  void imagesContinue() throws IOException {
    String m = path("images.npz"), images = idx("i.idx", 90, 3, false), labels = idx("l.idx", 90, 3, true);
    done("train", images, "--labels", labels, "--layers", "4:tanh", "--epochs", "2", "--quiet", "--out", m);
    // two classes only: the model keeps its three
    String two = idx("i2.idx", 60, 2, false), labelsOfTwo = idx("l2.idx", 60, 2, true);
    String output = done("train", two, "--labels", labelsOfTwo, "--from", m, "--epochs", "1", "--rate", "1e-9",
        "--test", images, "--test-labels", labels, "--out", path("next.npz"), "--json");
    assertTrue(output.startsWith("data      " + two + ": 60 rows to train, 90 to test; 9 inputs, 3 classes\n"), output);
    assertTrue(output.contains("\nbefore    accuracy "), output);
    Model before = Model.read(Path.of(m)), after = Model.read(Path.of(path("next.npz")));
    assertEquals(before.encoding().target(), after.encoding().target());
    // two steps of Adam move each weight by about 1e-9 per step
    assertArrayEquals(before.network().parameters(), after.network().parameters(), 1e-8);
    refused(idx("l4.idx", 60, 4, true) + ": label 4: expected a class of the training data, found '3'. The classes are "
        + "0, 1, 2. Remove this image, or train a new model with this class.",
        "train", idx("i4.idx", 60, 3, false), "--labels", path("l4.idx"), "--from", m);
    refused(images + ": is a file of images, but the model was not trained on images",
        "train", images, "--labels", labels, "--from", model());
  }

  @Test
  void warningsOfTheResultNameNoOptionThatIsRefused() throws IOException {
    StringBuilder s = new StringBuilder("a,b,c,d,kind\n");
    Random random = new Random(5);
    for (int i = 0; i < 60; i++) {
      for (int j = 0; j < 4; j++) s.append(random.nextGaussian()).append(',');
      s.append(random.nextBoolean() ? "yes" : "no").append('\n');
    }
    String data = write("noise.csv", s.toString());
    for (String[] kind : new String[][] {{}, {"--ensemble", "2"}}) {
      String m = path("noise.npz");
      done(join(new String[] {"train", data, "--epochs", "1", "--quiet", "--test-fraction", "0", "--out", m}, kind));
      for (String[] end : new String[][] {{}, {"--patience", "300", "--validation-fraction", "0.2"}}) {
        if (kind.length > 0 && end.length > 0) continue;
        // learns the noise by heart
        String[] train = join(new String[] {"train", data, "--from", m, "--epochs", "300", "--rate", "0.02", "--l2",
            "0", "--test-fraction", "0.4"}, end);
        CommandLine.Result quiet = run(join(train, "--quiet"));
        String warnings = String.join("\n", quiet.err().lines().filter(l -> l.startsWith("warning: ")).toList());
        assertTrue(warnings.contains(" Try "), quiet.err());
        for (String refused : List.of("--layers", "--target", "--drop", "--ensemble")) {
          assertFalse(warnings.contains(refused), warnings);
        }
        assertTrue(done(train).contains("\n" + warnings.lines().reduce((a, b) -> b).get()
            .replace("warning: ", "warning   ") + "\n"), "the same as without --quiet");
      }
    }
  }

  @Test
  void theCalibrationOfTheModelIsNotKept() throws IOException {
    String m = model("--patience", "2", "--threshold", "0.3"), data = rows("new.csv", 60, 100);
    String output = done("train", data, "--from", m, "--epochs", "1", "--out", path("n.npz"));
    assertTrue(output.contains("\nnote      the threshold 0.3000 of " + m + " is not kept, because the weights change; "
        + "pass --threshold to set one\n"), output);
    assertTrue(output.contains("\nnote      predict --interval will not work, because the weights change; pass "
        + "--patience 20 to keep it\n"), output);
    assertTrue(Double.isNaN(Model.read(Path.of(path("n.npz"))).calibration().threshold()));
  }
}
