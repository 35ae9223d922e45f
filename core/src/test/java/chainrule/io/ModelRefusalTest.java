// SPDX-License-Identifier: MIT
package chainrule.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.DataException;
import chainrule.data.Table;
import chainrule.io.Zip.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged model files are refused with one line, in memory bounded by the size of the file. */
class ModelRefusalTest {
  @TempDir Path directory;

  private static final String GOOD =
      "{\"format\":\"chainrule\",\"version\":1,\"inputs\":2,\"layers\":[{\"type\":\"dense\",\"units\":3,"
      + "\"activation\":\"tanh\"},{\"type\":\"dense\",\"units\":1,\"activation\":\"sigmoid\"}],"
      + "\"preprocessing\":{\"columns\":[{\"name\":\"a\","
      + "\"mean\":0,\"deviation\":1},{\"name\":\"b\",\"mean\":0,\"deviation\":1}]},\"target\":{\"names\":[\"t\"],"
      + "\"labels\":[\"no\",\"yes\"],"
      + "\"mean\":0,\"deviation\":1},\"training\":{}}";

  /** The same network with every key that only some encodings have, and several targets of each kind. */
  private static final String RICH = GOOD
      .replace("{\"columns\":", "{\"decimal\":\",\",\"missing\":[\"-999\"],\"columns\":")
      .replace("{\"name\":\"a\",\"mean\":0,\"deviation\":1},{\"name\":\"b\",\"mean\":0,\"deviation\":1}",
      "{\"name\":\"a\",\"type\":\"date\",\"mean\":5,\"deviation\":2,\"median\":4.5,\"indicator\":true}");
  private static final String CATEGORY = GOOD.replace(
      "{\"name\":\"a\",\"mean\":0,\"deviation\":1},{\"name\":\"b\",\"mean\":0,\"deviation\":1}",
      "{\"name\":\"a\",\"categories\":[\"u\"],\"missing\":true}");
  private static final String ONE_LABEL = GOOD.replace("[\"no\",\"yes\"],\"mean\":0,\"deviation\":1",
      "[],\"values\":[[\"no\",\"yes\"]]");
  private static final String MEANS = GOOD.replace("[\"no\",\"yes\"],\"mean\":0,\"deviation\":1",
      "[],\"means\":[3],\"deviations\":[2]");

  private static List<Entry> good(String json) {
    return new ArrayList<>(List.of(new Entry("model.json.npy", Zip.npy(json)),
        new Entry("layer0.weight.npy", Zip.npy(new double[6], "(2, 3)")),
            new Entry("layer0.bias.npy", Zip.npy(new double[3], "(3,)")),
        new Entry("layer1.weight.npy", Zip.npy(new double[3], "(3, 1)")),
            new Entry("layer1.bias.npy", Zip.npy(new double[1], "(1,)"))));
  }

  private String refusal(List<Entry> entries) throws IOException {
    Path file = Files.write(directory.resolve("f.npz"), Zip.of(entries));
    String message = assertThrows(DataException.class, () -> Model.read(file)).getMessage();
    assertTrue(message.startsWith(file + ": "), message);
    assertTrue(message.length() < 500 && message.lines().count() == 1, message);
    return message.substring(file.toString().length() + 2);
  }

  private void refused(String message, String what, String by) throws IOException {
    assertTrue(GOOD.contains(what), what);
    assertEquals(message, refusal(good(GOOD.replace(what, by))), what + " by " + by);
  }

  @Test
  void aHandwrittenModelIsRead() throws IOException {
    Path file = Files.write(directory.resolve("f.npz"), Zip.of(good(GOOD)));
    assertEquals("2 → 3 tanh → 1 sigmoid", Model.read(file).network().toString());
    Predictions p = Model.read(file).predict(Table.parse("f", "b,a\n1,2\n"));
    assertEquals("yes", p.label(0));
    assertEquals(0.5, p.probability(0, 0));
  }

  @Test
  void optionalFieldsAreCheckedAsWell() throws IOException {
    for (String json : List.of(RICH, CATEGORY, ONE_LABEL, MEANS)) {
      assertNotEquals(GOOD, json);
      Path file = Files.write(directory.resolve("f.npz"), Zip.of(good(json)));
      int columns = json.equals(RICH) || json.equals(CATEGORY) ? 1 : 2;
      assertEquals(1, Model.read(file).predict(Arrays.asList(new Object[columns])).rows(), "all values missing");
    }
    for (String[] bad : new String[][] {
        {RICH, "\"decimal\":\",\"", "\"decimal\":\";\"", "preprocessing: 'decimal': expected '.' or ',', found ';'"},
        {RICH, "\"date\"", "\"day\"", "columns 0: 'type': expected 'date', found 'day'"},
        {RICH, "4.5", "\"4.5\"", "columns 0: 'median': expected a number, found '4.5'"},
        {RICH, "\"indicator\":true", "\"indicator\":1", "columns 0: 'indicator': expected true or false, found 1"},
        {CATEGORY, "\"missing\":true", "\"missing\":null", "columns 0: 'missing': expected true or false, found null"},
        {MEANS, "[3]", "[\"3\"]", "target: 'means': expected a list of numbers, found a list"},
        {ONE_LABEL, "[[\"no\",\"yes\"]]", "[\"no\"]",
            "target: 'values': expected a list of lists of strings, found a list"},
        {ONE_LABEL, "\"yes\"]]", "\"no\"]]", "expected two different values for each label, found [no, no]"},
        {MEANS, "[3]", "[3,4]", "encoding: expected one target with at least 2 classes, ≥ 1 named numeric targets, or "
            + "≥ 1 named labels"}}) {
      assertTrue(bad[0].contains(bad[1]), bad[1]);
      String message = refusal(good(bad[0].replace(bad[1], bad[2])));
      assertTrue(message.endsWith(bad[3]), message);
    }
  }

  @Test
  void arraysThatContradictTheArchitectureAreRefused() throws IOException {
    for (int i = 1; i < 5; i++) {
      String name = new String(good(GOOD).get(i).name, StandardCharsets.UTF_8).replace(".npy", "");
      List<Entry> missing = good(GOOD), shape = good(GOOD), more = good(GOOD), kind = good(GOOD);
      missing.remove(i);
      shape.get(i).with(Zip.npy(new double[2], "(2,)"));
      more.get(i).with(Zip.npy(new double[12], "(3, 4)"));
      kind.get(i).with(Zip.npy("text"));
      assertTrue(refusal(missing).startsWith("no array '" + name + "'; the entries are "), name);
      assertTrue(refusal(shape).matches("array '" + name + "': expected shape \\(.*\\), found \\(2\\)"), name);
      assertTrue(refusal(more).matches("array '" + name + "': expected shape \\(.*\\), found \\(3 × 4\\)"), name);
      assertEquals("array '" + name + "': expected type '<f8', found '|u1'", refusal(kind));
    }
    String none = refusal(good(GOOD).subList(1, 5));
    assertTrue(none.startsWith("not a Chainrule model: it has no 'model.json'. If another program "), none);
    List<Entry> numbers = good(GOOD);
    numbers.get(0).with(Zip.npy(new double[1], "(1,)"));
    assertEquals("array 'model.json': expected type '|u1', found '<f8'", refusal(numbers));
  }

  @Test
  void inconsistentJsonIsRefused() throws IOException {
    refused("expected model format version 1 to 3, found 4. Use the version of Chainrule that wrote it, or a newer "
        + "one.",
        "\"version\":1", "\"version\":4");
    refused("model.json: 'format': expected 'chainrule', found 'onnx'", "\"chainrule\"", "\"onnx\"");
    String mean = "\"mean\":", inconsistent = "inconsistent model.json: pieces: expected ";
    refused(inconsistent + "ascending knots whose differences are finite, found 2.0 before 1.0", mean,
        "\"knots\":[0,2,1],\"piece_means\":[0.5,0.5]," + mean);
    refused(inconsistent + "no knots, or 2 to 101 knots and one mean less; found 3 knots and 1 means", mean,
        "\"knots\":[0,1,2],\"piece_means\":[0.5]," + mean);
    refused(inconsistent + "means in [0, 1], found 7.0", mean, "\"knots\":[0,1],\"piece_means\":[7]," + mean);
    refused("model.json, preprocessing, columns 0: 'piece_means': expected a list, found nothing", mean,
        "\"knots\":[0,1]," + mean);
    refused("no activation 'sigmoidal'; only a program that registers it (Activations.register) can read this model",
        "\"sigmoid\"", "\"sigmoidal\"");
    refused("inconsistent model.json: elu: expected a finite alpha > 0, found -1.0", "\"tanh\"", "\"elu:-1\"");
    refused("model.json, layers 0: 'type': expected dense, dropout or activation, found 'lstm'",
        "\"dense\",\"units\":3", "\"lstm\",\"units\":3");
    refused("inconsistent model.json: input: expected ≥ 1 units, found 0", "\"inputs\":2", "\"inputs\":0");
    refused("array 'layer0.weight': expected shape (3 × 3), found (2 × 3)", "\"inputs\":2", "\"inputs\":3");
    refused("inconsistent model.json: layer 2 (dense): expected ≥ 1 units, found 0", "\"units\":1", "\"units\":0");
    refused("inconsistent model.json: dropout: expected a rate with 0 ≤ rate < 1, found 1.0",
        "\"layers\":[", "\"layers\":[{\"type\":\"dropout\",\"rate\":1},");
    refused("inconsistent model.json: dropout is the last layer, where it would drop outputs: add a dense layer after "
        + "it",
        "\"activation\":\"sigmoid\"}]", "\"activation\":\"sigmoid\"},{\"type\":\"dropout\",\"rate\":0}]");
    refused("inconsistent model.json: encoding: column 'a': expected a finite mean and a finite deviation > 0, found "
        + "mean 0.0 and deviation 0.0",
        "\"mean\":0,\"deviation\":1},{", "\"mean\":0,\"deviation\":0},{");
    refused("inconsistent model.json: the network 2 → 3 tanh → 1 sigmoid does not fit an encoding with 3 inputs and 1 "
        + "outputs",
        "{\"name\":\"b\",", "{\"name\":\"c\",\"mean\":0,\"deviation\":1},{\"name\":\"b\",");
    refused("inconsistent model.json: encoding: expected one target with at least 2 classes, ≥ 1 named "
        + "numeric targets, or ≥ 1 named labels",
        "[\"no\",\"yes\"]", "[\"no\"]");
    refused("inconsistent model.json: the network 2 → 3 tanh → 1 sigmoid does not fit an encoding with 2 inputs and 3 "
        + "outputs",
        "[\"no\",\"yes\"]", "[\"no\",\"yes\",\"?\"]");
    refused("inconsistent model.json: encoding: images of 2 × 2 pixels do not fit 2 input columns",
        "\"preprocessing\":{", "\"preprocessing\":{\"picture\":[2,2],");
    refused("model.json, preprocessing: 'picture': expected height and width, found a list",
        "\"preprocessing\":{", "\"preprocessing\":{\"picture\":[2],");
    refused("model.json: duplicate name in JSON at character 23", "\"version\"", "\"format\"");
  }

  /** Replaces every JSON field with every kind of value: the model is read, or refused with a one-line message. */
  @Test
  void fieldsOfTheWrongTypeAreRefused() throws IOException {
    for (String json : List.of(GOOD, RICH, CATEGORY, ONE_LABEL, MEANS)) fieldsOfTheWrongTypeAreRefused(json);
  }

  private void fieldsOfTheWrongTypeAreRefused(String json) throws IOException {
    Object whole = Json.parse(json);
    Object[] others = {null, true, "text", "", 1.5, -1.0, 1e300, 0.0, 2147483647.0, 2147483648.0, List.of(),
        List.of(1.0), Map.of(), Map.of("a", List.of())};
    int refused = 0, fields = paths(whole, List.of()).size();
    for (List<Object> path : paths(whole, List.of())) {
      for (Object other : others) {
        Path file = Files.write(directory.resolve("f.npz"), Zip.of(good(Json.text(replace(whole, path, v -> other)))));
        try {
          Model.read(file);
        } catch (DataException e) {
          assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
          assertEquals(1, e.getMessage().lines().count());
          refused++;
        }
      }
    }
    assertTrue(refused > fields * others.length * 3 / 4, refused + " of " + fields * others.length);
  }

  @Test
  void missingFieldsAreRefused() throws IOException {
    Object whole = Json.parse(GOOD);
    for (List<Object> path : paths(whole, List.of())) {
      if (path.get(path.size() - 1) instanceof String) assertTrue(refusal(good(Json.text(without(whole,
          path)))).contains("model.json"), "" + path);
    }
  }

  private static List<List<Object>> paths(Object value, List<Object> here) {
    List<List<Object>> all = new ArrayList<>();
    if (!here.isEmpty()) all.add(here);
    if (value instanceof Map<?, ?> m) m.forEach((k, v) -> all.addAll(paths(v, plus(here, k))));
    if (value instanceof List<?> l) for (int i = 0; i < l.size(); i++) all.addAll(paths(l.get(i), plus(here, i)));
    return all;
  }

  private static List<Object> plus(List<Object> path, Object next) {
    List<Object> longer = new ArrayList<>(path);
    longer.add(next);
    return longer;
  }

  private static Object replace(Object value, List<Object> path, UnaryOperator<Object> by) {
    if (path.isEmpty()) return by.apply(value);
    if (value instanceof Map<?, ?> m) {
      Map<Object, Object> copy = new LinkedHashMap<>(m);
      copy.put(path.get(0), replace(m.get(path.get(0)), path.subList(1, path.size()), by));
      return copy;
    }
    List<Object> copy = new ArrayList<>((List<?>) value);
    copy.set((Integer) path.get(0), replace(copy.get((Integer) path.get(0)), path.subList(1, path.size()), by));
    return copy;
  }

  private static Object without(Object whole, List<Object> path) {
    return replace(whole, path.subList(0, path.size() - 1), v -> {
      Map<Object, Object> rest = new LinkedHashMap<>((Map<?, ?>) v);
      rest.remove(path.get(path.size() - 1));
      return rest;
    });
  }

  // ---------------------------------------------------------------- memory bounded by the size of the file

  @Test
  void sizesThatOnlyTheJsonDeclaresAreNotAllocated() throws IOException {
    for (String units : new String[] {"100000000", "2147483647"}) {
      String message = refusal(good(GOOD.replace("\"units\":3", "\"units\":" + units)));
      assertEquals("model.json describes more parameters than the file contains", message);
    }
    refused("model.json describes more parameters than the file contains",
        "\"inputs\":2,\"layers\":[{\"type\":\"dense\",\"units\":3",
        "\"inputs\":2147483647,\"layers\":[{\"type\":\"dense\",\"units\":2147483647"); // 8 · 2^62 bytes: 0 in 64 bits
    refused("model.json describes more parameters than the file contains",
        "\"inputs\":2,\"layers\":[{\"type\":\"dense\",\"units\":3",
        "\"inputs\":1073741824,\"layers\":[{\"type\":\"dense\",\"units\":2147483647");
  }

  @Test
  void slightlyMoreParametersThanFitIntoTheFileAreRefused() throws IOException {
    String one = GOOD.replace("\"inputs\":2", "\"inputs\":1")
        .replace("{\"type\":\"dense\",\"units\":3,\"activation\":\"tanh\"},", "");
    int room = Zip.of(good(one)).length / Double.BYTES;
    assertEquals("model.json describes more parameters than the file contains", // a weight and a bias for each unit
        refusal(good(one.replace("\"units\":1", "\"units\":" + (room / 2 + 9)))));
  }

  @Test
  void sizesThatTheZipDirectoryAlsoDeclaresAreNotAllocated() throws IOException {
    List<Entry> lying = good(GOOD.replace("\"units\":3", "\"units\":100000000")); // 3.2 GB of weights
    for (Entry e : lying.subList(1, 5)) e.size = -2;
    refusal(lying);
    byte[] array = Zip.npy(new double[1], "(200000000, 1)");
    List<Entry> shape = good(GOOD.replace("\"units\":3", "\"units\":200000000"));
    shape.get(3).with(array);
    assertEquals("model.json describes more parameters than the file contains", refusal(shape));
  }

  @Test
  void compressedModelsAreRefusedWithoutDecompressing() throws IOException {
    List<Entry> bomb = good(GOOD);
    bomb.get(0).with(Zip.npy(GOOD + " ".repeat(50_000_000))).deflated();
    assertTrue(bomb.get(0).content.length < 100_000);
    assertTrue(refusal(bomb).startsWith("array 'model.json' is compressed, so another program has saved this file."));
  }
}
