// SPDX-License-Identifier: MIT
package chainrule.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.cli.CommandLine.Result;
import chainrule.data.Dataset;
import chainrule.data.Table;
import chainrule.data.TableOptions;
import chainrule.train.CrossValidation;
import chainrule.train.GradientSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a cluster have the results, files and messages of the same commands on one machine. */
class TrainingClusterTest {
  @TempDir Path directory;
  private final SerializingCluster cluster = new SerializingCluster(1);
  private byte[] here, there; // the files of assertSameModel
  private String classes;
  private String numbers;

  @BeforeEach
  void writeTables() throws IOException {
    Random random = new Random(1);
    StringBuilder c = new StringBuilder("a,color,kind\n"), n = new StringBuilder("a,color,y\n");
    for (int i = 0; i < 240; i++) {
      double a = random.nextGaussian();
      String color = List.of("red", "green", "").get(random.nextInt(3));
      c.append(a).append(',').append(color).append(',')
          .append(a + random.nextGaussian() > (color.equals("red") ? 1 : 0) ? "yes" : "no").append('\n');
      n.append(a).append(',').append(color).append(',').append(3 * a + random.nextGaussian()).append('\n');
    }
    classes = Files.writeString(directory.resolve("classes.csv"), c).toString();
    numbers = Files.writeString(directory.resolve("numbers.csv"), n).toString();
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private static String[] join(String[] some, String... more) {
    List<String> all = new ArrayList<>(Arrays.asList(some));
    all.addAll(Arrays.asList(more));
    return all.toArray(new String[0]);
  }

  private Result onCluster(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();
    int status = Main.run(List.of(args), new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8), false, cluster);
    return new Result(status, out.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"),
        err.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
  }

  /** Runs a command here and on the cluster, which must print the same except for times. */
  private void assertSame(String... args) throws IOException {
    String[] all = join(args, "--quiet", "--json");
    Path model = directory.resolve("model.npz");
    Result expected = CommandLine.run(all);
    assertEquals(0, expected.status(), expected.err());
    here = Files.exists(model) ? Files.readAllBytes(model) : null;
    Files.deleteIfExists(model);
    Result found = onCluster(all);
    assertEquals(0, found.status(), found.err());
    there = Files.exists(model) ? Files.readAllBytes(model) : null;
    assertEquals(expected.err(), found.err());
    Map<String, Object> one = CommandLine.json(expected.out()), other = CommandLine.json(found.out());
    one.remove("seconds");
    other.remove("seconds");
    assertEquals(one, other);
  }

  /** Writes a model here and on the cluster, which must have the same bytes, and compares the JSON. */
  private void assertSameModel(String... args) throws IOException {
    assertSame(join(args, "--out", path("model.npz")));
    assertArrayEquals(here, there);
  }

  private void assertSameRefusal(String... args) {
    Result here = CommandLine.run(args), there = onCluster(args);
    assertEquals(2, here.status(), here.err());
    List<String> lines = here.err().lines().filter(line -> !line.startsWith("note: ")).toList();
    assertEquals(1, lines.size(), here.err());
    assertEquals(here.err(), there.err());
    assertEquals(2, there.status());
  }

  private void refused(String message, String... args) {
    Result r = onCluster(args);
    assertEquals("chainrule: " + message + "\n", r.err());
    assertEquals(2, r.status());
    assertEquals("", r.out());
  }

  @Test
  void crossValidationHasTheSameMetrics() throws IOException {
    assertSame("cv", classes, "--epochs", "3", "--folds", "3", "--repeats", "2", "--seed", "5");
    assertEquals(List.of(6), cluster.batches);
    assertSame("cv", numbers, "--epochs", "3", "--layers", "8:tanh,dropout:0.2", "--patience", "2", "--interval",
        "0.8");
    assertSame("cv", numbers, "--target", "y,a", "--epochs", "2", "--folds", "2", "--l1", "1e-5", "--missing", "red");
    assertSame("cv", classes, "--epochs", "2", "--folds", "2", "--type", "a=category", "--bins", "0");
    assertSame("cv", classes, "--epochs", "3", "--folds", "2", "--ensemble", "2", "--threshold", "f1", "--positive",
        "no");
    assertTrue(cluster.computed > cluster.received, "some tasks were computed twice");
  }

  @Test
  void theTableOfFoldsIsPrintedInTheirOrder() {
    String[] cv = {"cv", classes, "--epochs", "2", "--folds", "7"};
    assertEquals(CommandLine.done(cv), onCluster(cv).out());
  }

  @Test
  void aSearchHasTheSameRankingAndModel() throws IOException {
    String[] tune = {"tune", classes, "--epochs", "3", "--folds", "3", "--batch", "50"};
    assertSameModel(join(tune, "--trials", "10"));
    assertEquals(3, cluster.batches.size(), "a batch of tasks for each rung: " + cluster.batches);
    assertSameModel(join(tune, "--ensemble", "2", "--trials", "2"));
  }

  @Test
  void aSearchIsResumedWhereverItBegan() throws IOException {
    String[] tune = {"tune", classes, "--trials", "4", "--epochs", "3", "--checkpoint", path("c.json")};
    assertEquals(0, onCluster(tune).status());
    byte[] complete = Files.readAllBytes(Path.of(path("c.json")));
    Files.delete(Path.of(path("c.json")));
    CommandLine.done(tune);
    assertArrayEquals(complete, Files.readAllBytes(Path.of(path("c.json"))));
    cluster.batches.clear();
    Result again = onCluster(join(tune, "--resume", "--quiet"));
    assertEquals(0, again.status(), again.err());
    assertEquals(List.of(), cluster.batches, "every result is in the checkpoint");
  }

  @Test
  void anEnsembleHasTheSameBytes() throws IOException {
    String[] train = {"train", numbers, "--ensemble", "3", "--epochs", "5", "--layers", "8:tanh,dropout:0.2"};
    assertSameModel(train);
    assertSameModel(join(train, "--test", numbers, "--seed", "9", "--schedule", "step:every=2"));
    assertSameModel(join(train, "--blocks", "16"));
    assertSameModel("train", classes, "--ensemble", "2", "--epochs", "4", "--threshold", "youden", "--test-fraction",
        "0", "--drop", "color", "--class-weight", "balanced");
  }

  @Test
  void aBatchInBlocksHasTheSameBytes() throws IOException {
    String[] train = {"train", classes, "--blocks", "16", "--batch", "100", "--epochs", "4"};
    assertSameModel(train);
    assertSameModel(join(train, "--layers", "8:tanh,dropout:0.2", "--patience", "2", "--optimizer", "momentum"));
    CommandLine.done(join(train, "--quiet", "--json", "--out", path("first.npz")));
    assertSameModel(join(train, "--from", path("first.npz"), "--rate", "0.001"));
  }

  @Test
  void aFailingTrainingHasTheSameMessage() throws IOException {
    String out = path("m.npz");
    assertSameRefusal("train", classes, "--ensemble", "3", "--optimizer", "sgd", "--rate", "1e200", "--quiet", "--out",
        out);
    assertSameRefusal("cv", classes, "--optimizer", "sgd", "--rate", "1e200", "--quiet");
    assertFalse(Files.exists(Path.of(out)));
    StringBuilder constant = new StringBuilder("a,y\n"); // a varies in one row only, which some fold holds out
    for (int i = 0; i < 30; i++) constant.append(i == 7 ? 1 : 0).append(',').append(i * 0.5).append('\n');
    assertSameRefusal("cv", Files.writeString(directory.resolve("constant.csv"), constant).toString(), "--quiet");
  }

  @Test
  void trainingsAfterTheFirstFailureAreAbandoned() {
    assertEquals(2, onCluster("cv", classes, "--folds", "100", "--optimizer", "sgd", "--rate", "1e200").status());
    assertTrue(cluster.received < 100, cluster.received + " of 100");
  }

  @Test
  void whatAnInterruptHasStoppedIsNoResult() {
    Table table = Table.read(Path.of(classes));
    ClusterSession session = new ClusterSession(cluster, table);
    List<String> words = List.of(classes, "--ensemble", "2", "--epochs", "2");
    Thread.currentThread().interrupt();
    try {
      assertThrows(CancellationException.class,
          () -> session.run(new MemberFunction(words), List.of(0, 1), member -> { }, () -> false));
      assertThrows(CancellationException.class, () -> session.run(new FoldFunction(List.of(classes), 2),
          new CrossValidation(2, 1, 1).tasks(1), fold -> { }, () -> false));
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertEquals(2, session.run(new MemberFunction(words), List.of(0, 1), member -> { }, () -> false).size());
  }

  @Test
  void whatAClusterCannotDoIsRefusedWithAdvice() {
    refused("train on a cluster requires --ensemble K or --blocks N: one network in small batches trains faster on one "
        + "machine, with ./chainrule train. For a large network, pass --batch 4096 --blocks 256", "train", classes);
    refused("--blocks 64: a batch of 32 rows is a single block, which cannot be divided among machines; pass a larger "
        + "--batch, such as --batch 1024, or train on one machine, with ./chainrule train", "train", classes,
        "--blocks", "64");
    refused("--checkpoint does not apply to --ensemble on a cluster: its networks are trained by workers, and the "
        + "network of a lost worker is trained again; remove it, or train on one machine, with ./chainrule train",
        "train", classes, "--ensemble", "2", "--checkpoint", path("c.npz"));
    refused("--header does not apply to a table that a cluster reads; remove it", "cv", classes, "--header", "no");
    refused("predict does not run on a cluster; use ./chainrule predict", "predict", "m.npz", classes);
  }

  @Test
  void aFailureOfTheClusterIsOneLine() throws IOException {
    String complete =
        Files.writeString(directory.resolve("complete.csv"), "x,y\n" + "1,2.5\n2,3.5\n".repeat(9)).toString();
    TrainingCluster broken = new TrainingCluster() {
      @Override public Table table(String name, TableOptions options) {
        return cluster.table(name, options);
      }

      @Override public <T extends Serializable, R extends Serializable> void run(
          Table table, TableFunction<T, R> function, List<T> tasks,
          Consumer<R> receiver, BooleanSupplier stop) {
        throw new ClusterException("no executor has answered for 60 seconds", null);
      }

      @Override public GradientSource gradients(Dataset rows) {
        throw new ClusterException("the rows do not fit", null);
      }
    };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    assertEquals(2, Main.run(List.of("cv", complete, "--quiet"), stream, stream, false, broken));
    assertEquals(2, Main.run(List.of("train", complete, "--quiet", "--blocks", "8"), stream, stream, false, broken));
    assertEquals("chainrule: no executor has answered for 60 seconds\nchainrule: the rows do not fit\n",
        err.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
  }
}
