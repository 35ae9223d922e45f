package chainrule.readme;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Csv;
import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.Encoding.Task;
import chainrule.data.Generators;
import chainrule.data.Table;
import chainrule.io.Checkpoint;
import chainrule.io.Model;
import chainrule.io.Predictions;
import chainrule.nn.Network;
import chainrule.nn.Predictor;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.optimizer.Adam;
import chainrule.train.CosineDecay;
import chainrule.train.History;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.WarmUp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles and runs the Java examples of README.md and core/README.md, and compares the output of the first with the
 * digits in README.md.
 */
class ReadmeTest {
  @TempDir Path folder;

  private static void moons(PrintStream out) {
    // begin moons
    Dataset.Split moons = Generators.MOONS.generate(1).split(0.2, 1);
    Network net = Network.input(2).dense(16, new Tanh()).dense(1, new Sigmoid()).build(1);
    Trainer trainer = Trainer.of(net).loss(new BinaryCrossEntropy()).optimizer(new Adam(0.01)).batch(32);
    History history = trainer.fit(moons.train(), moons.test(), 100);
    out.println(net + ", " + net.parameters().length + " parameters");
    out.println("test accuracy " + history.last().test().accuracy());
    double[] p = net.predict(new double[] {-1.0, 0.5,   1.0, -0.5}); // two rows of two inputs
    out.println("class 1 with probability " + p[0] + " and " + p[1]);
    // end
  }

  private static Model table(Path csv, Path npz, PrintStream out) {
    // begin table
    Table table = Csv.read(csv);
    int[][] parts = Dataset.splitRows(table.rows().size(), 0.2, 1);
    Encoding encoding = Encoding.fit(table, table.column("species"), Set.of(), Task.CLASSIFY, parts[0]);
    Dataset train = encoding.encode(table, parts[0]), validation = encoding.encode(table, parts[1]);
    Network net = Network.input(encoding.width()).dense(32, new Relu()).dropout(0.1)
        .dense(encoding.outputs(), new Softmax()).build(1);
    History history = Trainer.of(net).schedule(new WarmUp(5, new CosineDecay(0))).clip(1)
        .stopEarly(validation, 20).fit(train, 100);
    Model model = new Model(net, encoding, Map.of("kept", "epoch " + history.kept()));
    model.write(npz);                                                // numpy.load opens it
    Predictions p = Model.read(npz).predict(Csv.read(csv));          // columns are found by their names
    out.println(p.label(0) + " with probability " + p.probability(0, p.classOf(0)));
    out.println("F1 of each class, its mean: " + model.confusion(validation).macroF1());
    // end
    return model;
  }

  private static double[] resumed(Network net, Dataset train, Model model, Path file, PrintStream out) {
    // begin resume
    Trainer trainer = Trainer.of(net).loss(new BinaryCrossEntropy())
        .checkpoint(s -> Checkpoint.write(file, model, Map.of(), s))
        .listener(new TrainingListener() {
          @Override public void onEpoch(History.Epoch e) {
            out.println("epoch " + e.number() + ": loss " + e.trainLoss());
          }
        });
    trainer.fit(train, 3);                                           // the power fails here
    trainer.resume(Checkpoint.read(file).snapshot()).fit(train, 5);         // the bits of 5 epochs at once
    // end
    return net.parameters();
  }

  private static double[] parallel(Network net, double[] x) {
    int rows = x.length / net.inputs();
    double[] y = new double[rows * net.outputs()];
    // begin threads
    ThreadLocal<Predictor> predictors = ThreadLocal.withInitial(() -> net.predictor(1));
    IntStream.range(0, rows).parallel().forEach(
        i -> predictors.get().predict(1, x, i * net.inputs(), y, i * net.outputs()));
    // end
    return y;
  }

  private static final PrintStream NOWHERE = new PrintStream(new ByteArrayOutputStream());

  private static String readme() throws IOException {
    return Files.readString(Path.of("..", "README.md"));
  }

  @Test
  void theGuidesContainTheExamplesOfThisClass() throws IOException {
    String root = readme(), core = Files.readString(Path.of("README.md"));
    assertTrue(root.contains(example("moons")), "README.md should contain\n" + example("moons"));
    for (String name : new String[] {"table", "resume", "threads"}) {
      assertTrue(core.contains(example(name)), "core/README.md should contain\n" + example(name));
    }
  }

  /** A block of Markdown with the code between "begin NAME" and "end" in this file. */
  private static String example(String name) throws IOException {
    String source = Files.readString(Path.of("src/test/java/chainrule/readme/ReadmeTest.java"));
    String begin = "    // begin " + name + "\n";
    int from = source.indexOf(begin) + begin.length();
    String code = source.substring(from, source.indexOf("    // end\n", from));
    return "```java\n" + code.replace("out.println", "System.out.println").replaceAll("(?m)^    ", "") + "```\n";
  }

  @Test
  void theFirstExamplePrintsTheDigitsOfTheReadme() throws IOException {
    String readme = readme();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    moons(new PrintStream(printed, true, StandardCharsets.UTF_8));
    String expected = readme.substring(readme.indexOf("```text\n2 → 16") + 8);
    assertEquals(expected.substring(0, expected.indexOf("```")), printed.toString(StandardCharsets.UTF_8));
  }

  @Test
  void theTableExampleTrainsWritesAndPredicts() throws IOException {
    StringBuilder csv = new StringBuilder("length,colour,species\n");
    for (int i = 0; i < 150; i++) {
      csv.append(i % 3 + 0.01 * (i % 17)).append(i % 2 == 0 ? ",red," : ",blue,").append("abc".charAt(i % 3)).append('\n');
    }
    Path file = Files.writeString(folder.resolve("t.csv"), csv.toString());
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Model model = table(file, folder.resolve("m.npz"), new PrintStream(printed, true, StandardCharsets.UTF_8));
    assertTrue(printed.toString(StandardCharsets.UTF_8).startsWith("a with probability 0.9"), printed.toString());
    Model read = Model.read(folder.resolve("m.npz"));
    assertArrayEquals(model.network().parameters(), read.network().parameters());
    assertEquals(model.encoding().inputs(), read.encoding().inputs());
    assertEquals(model.encoding().target(), read.encoding().target());
    assertEquals(model.training(), read.training());
  }

  @Test
  void theResumedRunEndsInTheBitsOfAnUninterruptedOne() {
    Dataset moons = Generators.MOONS.generate(100, 1);
    Network net = Network.input(2).dense(6, new Tanh()).dense(1, new Sigmoid()).build(1);
    Model model = new Model(net, Generators.MOONS.encoding(), Map.of());
    double[] resumed = resumed(net, moons, model, folder.resolve("c.npz"), NOWHERE);
    Network whole = Network.input(2).dense(6, new Tanh()).dense(1, new Sigmoid()).build(1);
    Trainer.of(whole).loss(new BinaryCrossEntropy()).fit(moons, 5);
    assertArrayEquals(whole.parameters(), resumed);
  }

  @Test
  void manyThreadsPredictTheSameBitsAsOne() {
    Network net = Network.input(2).dense(50, new Tanh()).dense(3, new Softmax()).build(1);
    double[] x = Generators.SPIRALS.generate(2000, 1).x();
    assertArrayEquals(net.predict(x), parallel(net, x));
  }
}
