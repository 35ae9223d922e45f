// SPDX-License-Identifier: MIT
package chainrule.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.Generators;
import chainrule.io.Zip.Entry;
import chainrule.nn.Network;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.optimizer.Adam;
import chainrule.train.Evaluation;
import chainrule.train.History;
import chainrule.train.Snapshot;
import chainrule.train.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the file format. The tests of training check that a resumed run ends in the same bits. */
class CheckpointTest {
  @TempDir Path directory;

  private static final Dataset DATA = Generators.XOR.generate(1);

  private Path written(boolean early) {
    Network n = Network.input(2).dense(3, new Tanh()).dense(1, new Sigmoid()).build(1);
    Model model = new Model(n, Generators.XOR.encoding(), Map.of());
    Path file = directory.resolve("c.npz");
    Trainer t = Trainer.of(n).loss(new BinaryCrossEntropy()).optimizer(new Adam(0.01)).batch(100)
        .checkpoint(s -> Checkpoint.write(file, model, Map.of("seed", "1", "odd \"name\"\n", ""), s));
    if (early) t.stopEarly(DATA, 5);
    t.fit(DATA, DATA, 3);
    return file;
  }

  @Test
  void aCheckpointIsReadBackAndWrittenWithTheSameBytes() throws IOException {
    for (boolean early : new boolean[] {false, true}) {
      Path file = written(early);
      byte[] bytes = Files.readAllBytes(file);
      Checkpoint c = Checkpoint.read(file);
      assertEquals(Map.of("seed", "1", "odd \"name\"\n", ""), c.settings());
      assertEquals(3, c.snapshot().epochs().size());
      assertEquals(12, c.snapshot().steps());
      assertEquals(early, c.snapshot().bestParameters() != null);
      assertEquals(2, c.snapshot().optimizerState().length);
      assertArrayEquals(Model.read(file).network().parameters(), c.snapshot().parameters());
      Checkpoint.write(file, c.model(), c.settings(), c.snapshot());
      assertArrayEquals(bytes, Files.readAllBytes(file));
    }
  }

  /** All numbers of the state are different, so the test detects any that are swapped. */
  @Test
  void everyNumberOfTheStateIsReadBackInItsPlace() {
    Network n = Network.input(3).dense(5, new Tanh()).dropout(0.2).dense(4, new Tanh()).dense(4, new Tanh())
        .dense(1, new Sigmoid()).build(1);
    int size = n.parameters().length;
    double[][] state = new double[3][size];
    double[] epoch = new double[size], best = new double[size];
    for (int i = 0; i < size; i++) {
      n.parameters()[i] = 1000 + i;
      epoch[i] = 2000 + i;
      best[i] = 3000 + i;
      for (int slot = 0; slot < 3; slot++) state[slot][i] = 4000 + 1000 * slot + i;
    }
    Evaluation e = new Evaluation(1, 2, 3, 4, 5);
    Snapshot s = new Snapshot(List.of(new History.Epoch(1, 0.5, e, null, 0.1, 0)), 2, 0.25, 7, n.parameters(), epoch,
        state, 1, best);
    Path file = directory.resolve("state.npz");
    Model model = new Model(n, Encoding.plain(3, List.of("no", "yes")), Map.of());
    Checkpoint.write(file, model, Map.of(), s);
    Snapshot back = Checkpoint.read(file).snapshot();
    assertArrayEquals(n.parameters(), back.parameters());
    assertArrayEquals(epoch, back.epochParameters());
    assertArrayEquals(best, back.bestParameters());
    assertEquals(3, back.optimizerState().length);
    for (int slot = 0; slot < 3; slot++) assertArrayEquals(state[slot], back.optimizerState()[slot], "slot " + slot);
    assertEquals(List.of(2, 1), List.of(back.stepsOfEpoch(), back.bestEpoch()));
  }

  @Test
  void withinAnEpochBothCurrentAndEndOfEpochWeightsAreStored() {
    Network n = Network.input(2).dense(3, new Tanh()).dense(1, new Sigmoid()).build(1);
    Model model = new Model(n, Generators.XOR.encoding(), Map.of());
    double[] whole = n.parameters().clone();
    n.parameters()[4] = 7.5;
    // JSON does not allow NaN or ∞, but a diverged run can contain them
    Evaluation diverged = new Evaluation(Double.POSITIVE_INFINITY, 0.5, Double.NaN, Double.NEGATIVE_INFINITY, -0.0);
    List<History.Epoch> epochs = List.of(new History.Epoch(1, 0.7, null, null, 0.1, 0),
        new History.Epoch(2, Double.NaN, diverged, null, 0.05, 0),
        new History.Epoch(3, -0.0, null, diverged, 0.025, 0));
    for (double loss : new double[] {0.125, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN}) {
      Snapshot s = new Snapshot(epochs, 2, loss, 1L << 40, n.parameters(), whole, new double[0][], 0, null);
      Path file = directory.resolve("within.npz");
      Checkpoint.write(file, model, Map.of(), s);
      Snapshot back = Checkpoint.read(file).snapshot();
      assertEquals(epochs, back.epochs());
      assertEquals(2, back.stepsOfEpoch());
      assertEquals(loss, back.lossOfEpoch());
      assertEquals(1L << 40, back.steps());
      assertArrayEquals(n.parameters(), back.parameters());
      assertArrayEquals(whole, back.epochParameters());
      assertEquals(0, back.optimizerState().length, "plain gradient descent has no state");
      assertNull(back.bestParameters());
    }
  }

  @Test
  void betweenEpochsTheWeightsAreStoredOnce() throws IOException {
    Path file = written(true);
    Snapshot s = Checkpoint.read(file).snapshot();
    assertEquals(0, s.stepsOfEpoch());
    assertArrayEquals(s.parameters(), s.epochParameters());
    assertEquals(List.of(1, 2, 3), s.epochs().stream().map(History.Epoch::number).toList());
    assertEquals(List.of("model.json", "layer0.weight", "layer0.bias", "layer1.weight", "layer1.bias",
        "checkpoint.json", "optimizer0", "optimizer1", "best"), Zip.entries(Files.readAllBytes(file)).stream()
        .map(e -> new String(e.name, StandardCharsets.UTF_8).replace(".npy", "")).toList());
  }

  private String refusal(List<Entry> entries) throws IOException {
    Path file = Files.write(directory.resolve("f.npz"), Zip.of(entries));
    String message = assertThrows(DataException.class, () -> Checkpoint.read(file)).getMessage();
    assertTrue(message.startsWith(file + ": "), message);
    return message.substring(file.toString().length() + 2);
  }

  private static Entry entry(List<Entry> entries, String name) {
    return entries.stream().filter(e -> new String(e.name, StandardCharsets.UTF_8).equals(name + ".npy")).findAny()
        .orElseThrow();
  }

  private static String text(Entry e) {
    String s = new String(e.content, StandardCharsets.UTF_8);
    return s.substring(s.indexOf("\n{") + 1);
  }

  private List<Entry> changed(String what, String by) throws IOException {
    List<Entry> entries = Zip.entries(Files.readAllBytes(written(true)));
    Entry json = entry(entries, "checkpoint.json");
    assertTrue(text(json).contains(what), text(json));
    json.with(Zip.npy(text(json).replace(what, by)));
    return entries;
  }

  /** Requires this message for a checkpoint in whose JSON one string is replaced. */
  private void refused(String message, String what, String by) throws IOException {
    assertEquals(message, refusal(changed(what, by)));
  }

  @Test
  void otherFilesAndInconsistentCheckpointsAreRefused() throws IOException {
    Path model = directory.resolve("m.npz");
    Checkpoint.read(written(false)).model().write(model);
    assertEquals(model + ": not a checkpoint: it has no 'checkpoint.json'",
        assertThrows(DataException.class, () -> Checkpoint.read(model)).getMessage());
    refused("expected checkpoint version 1 or 2, found 9. Use the version of Chainrule that wrote it, or a newer one.",
        "\"version\":1", "\"version\":9");
    refused("checkpoint.json: 'steps': expected a whole number ≥ 0, found 1.5",
        "\"steps\":12", "\"steps\":1.5");
    refused("checkpoint.json: 'steps': expected a whole number ≥ 0, found 100000000000000000",
        "\"steps\":12", "\"steps\":1e17");
    refused("checkpoint.json: 'best_epoch': expected a whole number ≥ 0, found -3",
        "\"best_epoch\":", "\"best_epoch\":-");
    refused("checkpoint.json: 'epochs': expected a list, found an object",
        "\"epochs\":[", "\"epochs\":{},\"e\":[");
    refused("checkpoint.json, epochs 0: 'rate': expected a number, found '0.01'",
        "\"rate\":0.01", "\"rate\":\"0.01\"");
    refused("checkpoint.json, settings: 'seed': expected a string, found 1",
        "\"seed\":\"1\"", "\"seed\":1");
    List<Entry> shape = Zip.entries(Files.readAllBytes(written(true)));
    entry(shape, "best").with(Zip.npy(new double[2], "(2,)"));
    assertEquals("array 'best': expected shape (13), found (2)", refusal(shape));
    List<Entry> missing = Zip.entries(Files.readAllBytes(written(true)));
    missing.remove(entry(missing, "optimizer0"));
    assertTrue(refusal(missing).startsWith("no array 'optimizer0'; the entries are "));
  }

  @Test
  void missingOptimizerSlotsAreNotAllocated() throws IOException {
    for (String slots : new String[] {"3", "100000000", "2147483647"}) {
      refused("checkpoint.json: 'slots': expected the number of optimizer arrays, found " + slots,
          "\"slots\":2", "\"slots\":" + slots);
      List<Entry> last = new ArrayList<>(changed("\"slots\":2", "\"slots\":" + slots));
      last.add(new Entry("optimizer" + (Integer.parseInt(slots) - 1) + ".npy", new byte[0]));
      refusal(last); // only the last array exists, by name
    }
  }

  @Test
  void moreSlotsThanFitIntoTheFileAreRefusedBeforeAllocating() throws IOException {
    long room = Files.size(written(true)) / (13 * Double.BYTES); // of arrays of 13 parameters
    for (long slots : new long[] {2 * room, 5 * room}) {
      List<Entry> entries = changed("\"slots\":2", "\"slots\":" + slots);
      entries.add(new Entry("optimizer" + (slots - 1) + ".npy", new byte[0]));
      assertEquals("checkpoint.json: 'slots': expected the number of optimizer arrays, found " + slots,
          refusal(entries));
    }
  }

  @Test
  void aFailedWriteLeavesNoFile() {
    Path missing = directory.resolve("no").resolve("c.npz");
    Checkpoint c = Checkpoint.read(written(false));
    assertThrows(UncheckedIOException.class, () -> Checkpoint.write(missing, c.model(), c.settings(), c.snapshot()));
    assertTrue(Files.notExists(missing.getParent()));
  }
}
