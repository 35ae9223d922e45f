// SPDX-License-Identifier: MIT
package chainrule.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.Generators;
import chainrule.data.InputColumn;
import chainrule.data.Target;
import chainrule.io.Zip.Entry;
import chainrule.nn.Network;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.optimizer.Adam;
import chainrule.train.EnsembleSnapshot;
import chainrule.train.EnsembleTrainer;
import chainrule.train.Evaluation;
import chainrule.train.Snapshot;
import chainrule.train.Trainer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests models of several networks, their files and the checkpoints of their training. */
class EnsembleModelTest {
  @TempDir Path directory;

  private static final Dataset DATA = Generators.XOR.generate(60, 1);
  private static final Map<String, String> SETTINGS = Map.of("seed", "1");

  private static Network three(long seed) {
    return Network.input(3).dense(4, new Tanh()).dropout(0.5).dense(3, new Softmax()).build(seed);
  }

  private static Model model(int networks) {
    List<Network> all = new ArrayList<>();
    for (int m = 0; m < networks; m++) all.add(three(m + 1));
    Encoding e = new Encoding(List.of(InputColumn.number("a", 1, 2), InputColumn.categories("b", List.of("x", "y"))),
        Target.classes("c", List.of("p", "q", "r")));
    return new Model(all, e, Map.of("epochs", "3"));
  }

  private Path written(Model model) {
    Path file = directory.resolve("m.npz");
    model.write(file);
    return file;
  }

  @Test
  void anEnsembleIsReadBackToTheBitAndWrittenWithTheSameBytes() throws IOException {
    Model model = model(3);
    Path file = written(model);
    byte[] bytes = Files.readAllBytes(file);
    Model back = Model.read(file);
    assertTrue(back.isEnsemble());
    assertEquals(3, back.networks().size());
    for (int m = 0; m < 3; m++) {
      assertArrayEquals(model.networks().get(m).parameters(), back.networks().get(m).parameters());
    }
    assertEquals("3 networks 3 → 4 tanh → dropout 0.5 → 3 softmax", back.describeLayers());
    assertEquals(3 * (16 + 15), back.parameters());
    assertEquals(model.training(), back.training());
    back.write(file);
    assertArrayEquals(bytes, Files.readAllBytes(file));
    assertArrayEquals(model.predict(5, "y").yhat(), back.predict(5, "y").yhat());
  }

  @Test
  void aModelOfOneNetworkHasTheFileOfAnEarlierVersion() throws IOException {
    List<Entry> entries = Zip.entries(Files.readAllBytes(written(model(1))));
    List<String> names = entries.stream().map(EnsembleModelTest::name).toList();
    assertEquals(List.of("model.json.npy", "layer0.weight.npy", "layer0.bias.npy", "layer2.weight.npy",
        "layer2.bias.npy"), names);
    String json = text(entries.get(0));
    assertTrue(json.contains("\"version\":1,") && !json.contains("members"), json);
  }

  /** Computes a prediction from the arrays of the file, as the numpy script of the guide does. */
  @Test
  void theArraysGiveThePredictionByTheFormulaOfTheGuide() throws IOException {
    Model model = model(5);
    Map<String, double[]> arrays = new HashMap<>();
    for (Entry e : Zip.entries(Files.readAllBytes(written(model)))) {
      if (!name(e).startsWith("model.json")) arrays.put(name(e).replace(".npy", ""), doubles(e));
    }
    double[] x = {(5 - 1) / 2.0, 0, 1}, mean = new double[3];
    for (int m = 0; m < 5; m++) {
      String p = "member" + m + ".layer";
      double[] a = affine(x, arrays.get(p + "0.weight"), arrays.get(p + "0.bias"));
      for (int i = 0; i < a.length; i++) a[i] = Math.tanh(a[i]);
      double[] z = affine(a, arrays.get(p + "2.weight"), arrays.get(p + "2.bias"));
      double sum = 0;
      for (double v : z) sum += Math.exp(v);
      for (int j = 0; j < 3; j++) mean[j] += Math.exp(z[j]) / sum / 5;
    }
    Predictions predicted = model.predict(5, "y");
    assertArrayEquals(mean, predicted.yhat(), 1e-14);
    assertEquals(1, predicted.yhat()[0] + predicted.yhat()[1] + predicted.yhat()[2], 1e-15);
    double[] y = new double[3];
    model.predictor(1).predict(1, x, 0, y, 0);
    assertArrayEquals(predicted.yhat(), y);
  }

  private static double[] affine(double[] x, double[] w, double[] b) {
    double[] z = b.clone();
    for (int i = 0; i < x.length; i++) for (int j = 0; j < b.length; j++) z[j] += x[i] * w[i * b.length + j];
    return z;
  }

  private static double[] doubles(Entry e) {
    ByteBuffer b = ByteBuffer.wrap(e.content).order(ByteOrder.LITTLE_ENDIAN);
    int header = 10 + b.getShort(8);
    double[] values = new double[(e.content.length - header) / 8];
    for (int i = 0; i < values.length; i++) values[i] = b.getDouble(header + 8 * i);
    return values;
  }

  private static String name(Entry e) {
    return new String(e.name, StandardCharsets.UTF_8);
  }

  private static String text(Entry e) {
    String all = new String(e.content, StandardCharsets.UTF_8);
    return all.substring(all.indexOf('\n') + 1);
  }

  @Test
  void networkRefusesAnEnsemble() {
    assertEquals("this model is an ensemble of 2 networks; use networks(), or outputs(x) and predictor(capacity) for "
        + "their mean", assertThrows(IllegalStateException.class, () -> model(2).network()).getMessage());
    assertFalse(model(1).isEnsemble());
    assertEquals(model(1).networks().get(0).toString(), model(1).network().toString());
  }

  @Test
  void networksOfDifferentLayersAreRefused() {
    Network other = Network.input(3).dense(4, new Tanh()).dropout(0.4).dense(3, new Softmax()).build(1);
    Model m = model(1);
    assertEquals("the networks of an ensemble have the same layers, found " + three(1) + " and " + other,
        assertThrows(IllegalArgumentException.class, () -> new Model(List.of(three(1), other), m.encoding(), Map.of()))
            .getMessage());
    assertEquals("a model has 1 to 1000 networks, found 0",
        assertThrows(IllegalArgumentException.class, () -> new Model(List.of(), m.encoding(), Map.of())).getMessage());
  }

  @Test
  void anEnsembleIsEvaluatedByTheLossOfItsMean() {
    Model model = model(3);
    double[] x = {0.5, 1, 0, -1, 0, 1, 2, 1, 0, 0, 0, 1};
    int[] classes = {0, 1, 2, 1};
    Dataset data = Dataset.classification(3, x, classes, List.of("p", "q", "r"));
    Evaluation e = model.evaluate(new CategoricalCrossEntropy(), data);
    double[] yhat = model.outputs(x);
    double loss = 0;
    for (int i = 0; i < 4; i++) loss -= Math.log(yhat[i * 3 + classes[i]]) / 4;
    assertEquals(loss, e.loss(), 1e-15);
    assertEquals(model.confusion(data).accuracy(), e.accuracy());
    Model one = model(1);
    assertEquals(Trainer.of(one.network()).evaluate(data), one.evaluate(new CategoricalCrossEntropy(), data));
  }

  // ---------------------------------------------------------------- damaged files

  private String refusal(List<Entry> entries) throws IOException {
    Path file = Files.write(directory.resolve("damaged.npz"), Zip.of(entries));
    String message = assertThrows(DataException.class, () -> Model.read(file)).getMessage();
    assertTrue(message.startsWith(file + ": "), message);
    return message.substring(file.toString().length() + 2);
  }

  private List<Entry> changed(Path file, String what, String by) throws IOException {
    List<Entry> entries = Zip.entries(Files.readAllBytes(file));
    for (Entry e : entries) {
      if (!name(e).endsWith(".json.npy") || !text(e).contains(what)) continue;
      e.with(Zip.npy(text(e).replace(what, by)));
      return entries;
    }
    throw new AssertionError("no " + what);
  }

  @Test
  void damagedMembersAreRefused() throws IOException {
    Path file = written(model(3));
    List<Entry> missing = Zip.entries(Files.readAllBytes(file)), shape = Zip.entries(Files.readAllBytes(file));
    missing.removeIf(e -> name(e).equals("member1.layer2.bias.npy"));
    assertTrue(refusal(missing).startsWith("no array 'member1.layer2.bias'; the entries are "));
    for (Entry e : shape) if (name(e).equals("member2.layer0.weight.npy")) e.with(Zip.npy(new double[2], "(2,)"));
    assertEquals("array 'member2.layer0.weight': expected shape (3 × 4), found (2)", refusal(shape));
    for (String count : new String[] {"0", "1", "1001", "2147483647"}) {
      assertEquals("model.json: 'members': expected 2 to 1000, found " + count,
          refusal(changed(file, "\"members\":3", "\"members\":" + count)));
    }
    assertEquals("model.json describes more parameters than the file contains",
        refusal(changed(file, "\"members\":3", "\"members\":1000")), "before they are allocated");
    assertTrue(refusal(changed(file, "\"members\":3", "\"members\":4")).startsWith("no array 'member3.layer0.weight'"));
    assertTrue(refusal(changed(file, "\"members\":3,", "")).startsWith("model.json: "), "no number of members");
    assertTrue(refusal(changed(file, "\"version\":2", "\"version\":1")).startsWith("no array 'layer0.weight'"));
    Path single = written(model(1));
    assertTrue(refusal(changed(single, "\"version\":1", "\"version\":2,\"members\":2"))
        .startsWith("no array 'member0.layer0.weight'"));
  }

  // ---------------------------------------------------------------- checkpoints

  private static EnsembleTrainer trainer(int members) {
    return EnsembleTrainer.of(DATA.folds(members, 1), (m, seed) -> Trainer.of(
        Network.input(2).dense(3, new Tanh()).dense(1, new Sigmoid()).build(seed)).optimizer(new Adam(0.05)).batch(8));
  }

  private static Model described(int members) {
    List<Network> networks = new ArrayList<>();
    for (int m = 0; m < members; m++) {
      networks.add(Network.input(2).dense(3, new Tanh()).dense(1, new Sigmoid()).build(99));
    }
    return new Model(networks, Generators.XOR.encoding(), Map.of());
  }

  private Path checkpoint(int members, int steps) {
    Path file = directory.resolve("c.npz");
    int[] made = new int[1];
    trainer(members).stopWhen(() -> made[0]++ >= steps)
        .checkpoint(s -> EnsembleCheckpoint.write(file, described(members), SETTINGS, s)).fit(DATA, 6);
    return file;
  }

  @Test
  void trainingResumedFromAFileEndsInTheSameBits() {
    List<double[]> whole = trainer(3).fit(DATA, 6).networks().stream().map(Network::parameters).toList();
    for (int steps : new int[] {0, 3, 5, 40, 77, 1000}) {
      EnsembleCheckpoint c = EnsembleCheckpoint.read(checkpoint(3, steps));
      assertEquals(SETTINGS, c.settings());
      List<Network> resumed = trainer(3).threads(2).resume(c.snapshot()).fit(DATA, 6).networks();
      for (int m = 0; m < 3; m++) assertArrayEquals(whole.get(m), resumed.get(m).parameters(), steps + " steps");
    }
  }

  @Test
  void aCheckpointIsWrittenWithTheSameBytesAndIsAModelOfTheCurrentWeights() throws IOException {
    Path file = checkpoint(3, 42);
    byte[] bytes = Files.readAllBytes(file);
    EnsembleCheckpoint c = EnsembleCheckpoint.read(file);
    Model model = Model.read(file);
    for (int m = 0; m < 3; m++) {
      Snapshot s = c.snapshot().members().get(m);
      assertArrayEquals(s.parameters(), model.networks().get(m).parameters());
    }
    assertTrue(c.snapshot().members().get(1).stepsOfEpoch() > 0, "stopped within an epoch of member 1");
    assertEquals(0, c.snapshot().members().get(2).steps(), "member 2 has not begun");
    EnsembleCheckpoint.write(file, c.model(), c.settings(), c.snapshot());
    assertArrayEquals(bytes, Files.readAllBytes(file));
  }

  @Test
  void checkpointsOfOneNetworkAndOfAnEnsembleAreNotConfused() {
    Path ensemble = checkpoint(2, 5);
    assertEquals(ensemble + ": expected the checkpoint of one network, found one of an ensemble of 2. Resume it as an "
        + "ensemble.", assertThrows(DataException.class, () -> Checkpoint.read(ensemble)).getMessage());
    Path single = directory.resolve("s.npz");
    Network net = described(1).network();
    Trainer.of(net).checkpoint(s -> Checkpoint.write(single, described(1), SETTINGS, s)).fit(DATA, 1);
    assertEquals(single + ": expected the checkpoint of an ensemble, found one of a single network. Resume it as a "
        + "single network.", assertThrows(DataException.class, () -> EnsembleCheckpoint.read(single)).getMessage());
    EnsembleSnapshot two = EnsembleCheckpoint.read(ensemble).snapshot();
    assertEquals("expected a model of 2 networks, found one of 3", assertThrows(IllegalArgumentException.class,
        () -> EnsembleCheckpoint.write(single, described(3), SETTINGS, two)).getMessage());
    assertEquals("the state to resume is of an ensemble of 2 members, but this one has 3",
        assertThrows(IllegalArgumentException.class, () -> trainer(3).resume(two).fit(DATA, 6)).getMessage());
  }

  @Test
  void damagedCheckpointsAreRefused() throws IOException {
    Path file = checkpoint(3, 40), damaged = directory.resolve("d.npz");
    Files.write(damaged, Zip.of(changed(file, "\"members\":[{", "\"members\":[{},{")));
    assertEquals(damaged + ": the state of 4 members, but a model of 3",
        assertThrows(DataException.class, () -> EnsembleCheckpoint.read(damaged)).getMessage());
    Files.write(damaged, Zip.of(changed(file, "\"slots\":2", "\"slots\":3")));
    assertEquals(damaged + ": checkpoint.json, members 0: 'slots': expected the number of optimizer arrays, found 3",
        assertThrows(DataException.class, () -> EnsembleCheckpoint.read(damaged)).getMessage());
    List<Entry> missing = Zip.entries(Files.readAllBytes(file));
    missing.removeIf(e -> name(e).equals("member2.best.npy"));
    Files.write(damaged, Zip.of(missing));
    EnsembleSnapshot s = EnsembleCheckpoint.read(damaged).snapshot();
    assertTrue(assertThrows(IllegalArgumentException.class, () -> trainer(3).resume(s).fit(DATA, 6)).getMessage()
        .startsWith("the state to resume, 13 parameters after 0 epochs and 0 steps without validation"));
  }
}
