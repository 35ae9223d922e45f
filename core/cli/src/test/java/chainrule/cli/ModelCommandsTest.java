// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.refused;
import static chainrule.cli.CommandLine.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import chainrule.data.Table;
import chainrule.io.Json;
import chainrule.io.Model;
import chainrule.io.Predictions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model from {@code train --out}, used by {@code evaluate}, {@code predict} and {@code info}. */
class ModelCommandsTest {
  private static final int ROWS = 60;

  @TempDir Path directory;

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  /** Writes a header and a line for each row. */
  private String table(String name, String header, IntFunction<String> line) throws IOException {
    StringBuilder s = new StringBuilder(header).append('\n');
    for (int i = 0; i < ROWS; i++) s.append(line.apply(i)).append('\n');
    return file(name, s.toString());
  }

  private static int x(int i) {
    return i % 30 - 15;
  }

  private static String colour(int i) {
    return i % 3 == 0 ? "red" : i % 3 == 1 ? "blue" : "\"green, dark\"";
  }

  /** Classes whose names must be quoted. */
  private static String label(int i) {
    return i % 30 < 10 ? "\"low, or so\"" : i % 30 < 20 ? "\"the \"\"middle\"\"\"" : "high";
  }

  private String classes() throws IOException {
    return table("classes.csv", "x,colour,label", i -> x(i) + "," + colour(i) + "," + label(i));
  }

  private String prices() throws IOException {
    return table("prices.csv", "x,colour,price",
        i -> x(i) + "," + colour(i) + "," + (1000 + 25.5 * x(i) + 100 * (i % 3)));
  }

  /** Parses the CSV that predict prints; independent of the library's CSV reader. */
  private List<String[]> cells(String csv) {
    List<String[]> rows = new ArrayList<>();
    for (String line : csv.split("\n")) {
      List<String> cells = new ArrayList<>();
      StringBuilder cell = new StringBuilder();
      boolean quoted = false;
      for (int i = 0; i < line.length(); i++) {
        char c = line.charAt(i);
        if (quoted && c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"') cell.append(line.charAt(i++));
        else if (c == '"') quoted = !quoted;
        else if (c == ',' && !quoted) {
          cells.add(cell.toString());
          cell.setLength(0);
        } else cell.append(c);
      }
      assertFalse(quoted, line);
      cells.add(cell.toString());
      rows.add(cells.toArray(new String[0]));
    }
    return rows;
  }

  private static double field(String json, String name) {
    return (Double) ((Map<?, ?>) Json.parse(json)).get(name);
  }

  @Test
  void aClassifierIsTrainedEvaluatedPredictedWithAndDescribed() throws IOException {
    String data = classes(), model = path("classes.npz");
    String said = done("train", data, "--epochs", "150", "--rate", "0.01", "--out", model);
    assertTrue(said.contains("\nwrote     " + model + "\n"), said);
    assertTrue(said.contains("class") && said.contains("precision  recall      F1"), said);

    String evaluated = done("evaluate", model, data, "--json");
    assertTrue(evaluated.startsWith("model     " + model + ": 8 → 64 relu → 32 relu → 3 softmax, 2,755 parameters\n"
        + "data      " + data + ": 60 rows\n"), evaluated);
    assertTrue(evaluated.contains("low, or so") && evaluated.contains("confusion matrix"), evaluated);
    String json = evaluated.lines().reduce((a, b) -> b).orElseThrow();
    assertTrue(json.matches(
        "\\{\"task\":\"classify\",\"rows\":60.0,.*|\\{\"task\":\"classify\",\"rows\":60,\"loss\":.*"), json);
    assertTrue(field(json, "accuracy") >= 0.9, json);

    List<String[]> rows = cells(done("predict", model, data));
    assertEquals(ROWS + 1, rows.size());
    assertArrayEquals(new String[] {"class", "p(high)", "p(low, or so)", "p(the \"middle\")"}, rows.get(0));
    int right = 0;
    for (int i = 0; i < ROWS; i++) {
      String[] row = rows.get(i + 1);
      double sum = 0;
      int best = 1;
      for (int c = 1; c <= 3; c++) {
        double p = Double.parseDouble(row[c]);
        assertTrue(p >= 0 && p <= 1, row[c]);
        sum += p;
        if (p > Double.parseDouble(row[best])) best = c;
      }
      assertEquals(1, sum, 1e-15);
      assertEquals(rows.get(0)[best], "p(" + row[0] + ")");
      if (row[0].equals(i % 30 < 10 ? "low, or so" : i % 30 < 20 ? "the \"middle\"" : "high")) right++;
    }
    assertEquals(field(json, "accuracy"), right / (double) ROWS,
        "predict and evaluate must see the same rows in the same order");

    String info = done("info", model);
    for (String part : List.of("model     " + model + ": 8 → 64 relu → 32 relu → 3 softmax, 2,755 parameters",
        "    1  dense       8 → 64          relu               576", "  colour  3 categories: blue, green, dark, red",
        "target    label: 3 classes, high, low, or so, the \"middle\"", "  epochs       150 of 150",
        "  loss         cce")) {
      assertTrue(info.contains(part), part + " is missing from\n" + info);
    }
  }

  @Test
  void numbersArePredictedInTheTargetsUnit() throws IOException {
    String data = prices(), model = path("prices.npz");
    String json = run("train", data, "--epochs", "400", "--rate", "0.01", "--out", model, "--json").json();
    List<String[]> rows = cells(done("predict", model, data));
    assertArrayEquals(new String[] {"price"}, rows.get(0));
    double sizes = 0, squares = 0;
    for (int i = 0; i < ROWS; i++) {
      double price = 1000 + 25.5 * x(i) + 100 * (i % 3), predicted = Double.parseDouble(rows.get(i + 1)[0]);
      assertEquals(price, predicted, 60, "row " + i);
      sizes += Math.abs(price - predicted) / ROWS;
      squares += (price - predicted) * (price - predicted) / ROWS;
    }
    String evaluated = run("evaluate", model, data, "--quiet", "--json").json();
    assertEquals("regress", ((Map<?, ?>) Json.parse(evaluated)).get("task"));
    assertEquals(sizes, field(evaluated, "mae"), 1e-9 * sizes);
    assertEquals(Math.sqrt(squares), field(evaluated, "rmse"), 1e-9 * sizes);
    assertTrue(field(evaluated, "r2") > 0.9 && field(json, "test_r2") > 0.5, evaluated + json);
    assertTrue(field(json, "test_rmse") >= field(json, "test_mae") && field(json, "test_mae") > 0.01, json);
    String info = done("info", model);
    assertTrue(info.contains("target    price: mean 1") && info.contains("  optimizer    Adam["), info);
  }

  /** Columns are matched by name: the file lacks the target, has another order, an extra column, and semicolons. */
  @Test
  void predictNeedsOnlyTheInputsInAnyOrder() throws IOException {
    String data = classes(), model = path("m.npz");
    done("train", data, "--epochs", "3", "--out", model);
    String expected = done("predict", model, data);
    String other = table("other.csv", "colour;id;x", i -> colour(i) + ";" + (1000 + i) + ";" + x(i));
    assertEquals(expected, done("predict", model, other));
    String out = path("p.csv");
    assertEquals("wrote     " + out + ", 60 predictions\n",
        done("predict", model, other, "--out", out, "--threads", "1"));
    assertEquals(expected, Files.readString(Path.of(out)));
    String unseen = file("unseen.csv", "x,colour\n3,violet\n");
    var violet = run("predict", model, unseen);
    assertEquals("warning: column colour: 1 row with unseen value 'violet'\n", violet.err());
    assertEquals(2, cells(violet.out()).size());
    refused(file("less.csv", "x,label\n3,high\n")
        + ": no column 'colour', which is an input of the model; the columns are x, label",
        "predict", model, path("less.csv"));
    refused(file("bare.csv", "1,red\n2,blue\n1,red\n")
        + ": no column 'x', which is an input of the model; the columns are column1, column2. The file has no header: "
        + "add a first line with the names of its columns.", "predict", model, path("bare.csv"));
    refused(other + ": no column 'label', which is the target of the model; the columns are colour, id, x",
        "evaluate", model, other);
    refused(file("odd.csv", "x,colour,label\n1,red,high\n2,red,tall\n")
        + ":3: column 'label': expected a class of the model, found 'tall'. "
        + "The classes are high, low, or so, the \"middle\". Fix the label, delete the line, or train a new model.",
        "evaluate", model, path("odd.csv"));
    refused(file("bad.csv", "x,colour\n1,red\nx,red\n2,blue\n") + ":3: column 'x': expected a number, "
        + "found 'x'. Fix the value, or count it as missing: --type x=number.", "predict", model, path("bad.csv"));
  }

  /** Names are matched as they are, and the longest one wins. */
  @Test
  void columnsWithCommasInTheirNamesCanBeDropped() throws IOException {
    String header = "\"street, no\",a,\"street, no, town\",\"say \"\"b\"\"\",x,y";
    String data = table("names.csv", header, i -> "s" + i + "," + i + ",t" + i + ",1," + x(i) + "," + i % 2);
    String model = path("names.npz");
    for (String drop : List.of("street, no,street, no, town", "a, street, no, town ,street, no", "3,street, no")) {
      done("train", data, "--epochs", "1", "--drop", drop, "--out", model);
      List<String> kept = Model.read(Path.of(model)).encoding().inputColumns().stream().map(InputColumn::name)
          .toList();
      assertEquals(drop.startsWith("a,") ? List.of("x") : List.of("a", "x"), kept, drop);
    }
    refused(data + ": no column 'town'; the columns are street, no, a, street, no, town, say \"b\", x, y",
        "train", data, "--drop", "street, no, town,town");
  }

  @Test
  void predictGivesTheSameResultsAsTheLibrary() throws IOException {
    String data = classes(), file = path("m.npz");
    done("train", data, "--epochs", "3", "--out", file);
    Model model = Model.read(Path.of(file));
    Predictions p = model.predict(Table.read(Path.of(data)));
    List<String[]> rows = cells(done("predict", file, data));
    for (int i = 0; i < ROWS; i++) {
      assertEquals(p.label(i), rows.get(i + 1)[0]);
      for (int c = 0; c < 3; c++) assertEquals(p.probability(i, c), Double.parseDouble(rows.get(i + 1)[c + 1]));
    }
  }

  @Test
  void twoClassesHaveTwoProbabilitiesForOneOutputOrTwo() throws IOException {
    String data = table("two.csv", "x,answer", i -> x(i) + "," + (x(i) < 0 ? "no" : "yes"));
    for (String loss : List.of("bce", "cce")) {
      String model = path(loss + ".npz");
      done("train", data, "--loss", loss, "--epochs", "60", "--rate", "0.02", "--out", model);
      List<String[]> rows = cells(done("predict", model, data));
      assertArrayEquals(new String[] {"class", "p(no)", "p(yes)"}, rows.get(0));
      for (int i = 0; i < ROWS; i++) {
        double no = Double.parseDouble(rows.get(i + 1)[1]), yes = Double.parseDouble(rows.get(i + 1)[2]);
        assertEquals(1, no + yes, 1e-15);
        assertEquals(yes >= 0.5 ? "yes" : "no", rows.get(i + 1)[0]);
      }
      String json = run("evaluate", model, data, "--json", "--quiet").json();
      assertTrue(field(json, "accuracy") >= 0.95 && field(json, "macro_f1") >= 0.95, json);
    }
  }

  private String images(String name, int n, int side) throws IOException {
    byte[] b = new byte[16 + n * side * side];
    System.arraycopy(new byte[] {0, 0, 8, 3, 0, 0, 0, (byte) n, 0, 0, 0, (byte) side, 0, 0, 0, (byte) side}, 0, b, 0,
        16);
    for (int i = 0; i < n; i++) b[16 + i * side * side + i % 3] = -1;
    return Files.write(directory.resolve(name), b).toString();
  }

  private String labels(String name, int n, int classes) throws IOException {
    byte[] b = new byte[8 + n];
    System.arraycopy(new byte[] {0, 0, 8, 1, 0, 0, 0, (byte) n}, 0, b, 0, 8);
    for (int i = 0; i < n; i++) b[8 + i] = (byte) (i % classes);
    return Files.write(directory.resolve(name), b).toString();
  }

  @Test
  void anImageClassifierIsTrainedEvaluatedPredictedWithAndDescribed() throws IOException {
    String images = images("i.idx", 60, 3), labels = labels("l.idx", 60, 3), model = path("images.npz");
    done("train", images, "--labels", labels, "--rate", "0.01", "--epochs", "40", "--out", model);
    String json = run("evaluate", model, images, "--labels", labels, "--json").json();
    assertEquals(1, field(json, "accuracy"));
    List<String[]> rows = cells(done("predict", model, images));
    assertEquals(61, rows.size());
    for (int i = 0; i < 60; i++) assertEquals(Integer.toString(i % 3), rows.get(i + 1)[0]);
    assertTrue(done("info", model).contains("  images of 3 × 3 pixels, divided by 255"));

    refused(images + ": IDX images require labels; add --labels FILE", "evaluate", model, images);
    refused(images("large.idx", 6, 4) + ": expected images of 3 × 3 pixels as in training, found 4 × 4", "predict",
        model, path("large.idx"));
    refused(path("large.idx") + ": expected images of 3 × 3 pixels as in training, found 4 × 4", "evaluate", model,
        path("large.idx"), "--labels", labels("l6.idx", 6, 3));
    refused(labels("strange.idx", 60, 4) + ": label 4: expected a class of the training data, found '3'. The classes "
        + "are 0, 1, 2. Remove this image, or train a new model with this class.",
        "evaluate", model, images, "--labels", path("strange.idx"));
    String table = path("t.npz");
    done("train", classes(), "--epochs", "1", "--out", table);
    refused(images + ": is a file of images, but the model was not trained on images", "predict", table, images);
  }

  /** A label file shows only the largest label that occurs; the classes are those of the training data. */
  @Test
  void testImagesMayLackTheLastClasses() throws IOException {
    String images = images("i.idx", 60, 3), labels = labels("l.idx", 60, 3), two = labels("two.idx", 60, 2);
    String model = path("images.npz");
    String trained = done("train", images, "--labels", labels, "--test", images, "--test-labels", two, "--rate", "0.01",
        "--epochs", "40", "--out", model, "--json");
    String evaluated = done("evaluate", model, images, "--labels", two, "--json");
    // image i shows class i % 3 and has the label i % 2: of every six, the first two agree
    assertTrue(trained.contains("test accuracy 0.3333 (20 of 60 correct)"), trained);
    assertTrue(evaluated.contains("accuracy 0.3333 (20 of 60 correct)"), evaluated);
    List<String> lines = evaluated.lines().map(l -> l.strip().replaceAll(" +", " ")).toList();
    assertTrue(lines.containsAll(List.of("0 30 0.500 0.333 0.400", "1 30 0.500 0.333 0.400", "2 0 0.000 – 0.000")),
        evaluated);
    assertTrue(lines.containsAll(List.of("0 10 10 10", "1 10 10 10", "2 0 0 0")), evaluated);
  }

  @Test
  void builtInDataIsEvaluatedAndPredicted() {
    String model = path("moons.npz");
    done("train", "moons", "--epochs", "15", "--out", model);
    String json = run("evaluate", model, "moons", "--json").json();
    assertEquals(1000, field(json, "rows"));
    assertTrue(field(json, "accuracy") > 0.8, json);
    List<String[]> rows = cells(done("predict", model, "moons"));
    assertEquals(1001, rows.size());
    assertArrayEquals(new String[] {"class", "p(0)", "p(1)"}, rows.get(0));
    assertTrue(done("info", model).contains("target    class: 2 classes, 0, 1"));
    refused("the built-in data set spirals has 2 inputs and the classes 0, 1, 2, but the model has 2 inputs and the "
        + "classes 0, 1",
        "evaluate", model, "spirals");
    refused("--labels does not apply to built-in data; remove it", "evaluate", model, "moons", "--labels", "x");
  }

  @Test
  void filesThatAreNotModelsAreRefused() throws IOException {
    refused("nope.npz: no such file; expected a model written by train --out", "predict", "nope.npz", "moons");
    refused("nope.npz: no such file; expected a model written by train --out", "info", "nope.npz");
    refused(directory + ": is a directory; name a file in it", "evaluate", directory.toString(), "moons");
    String text = file("text.npz", "not a zip at all");
    var r = run("evaluate", text, "moons");
    assertEquals(2, r.status());
    assertTrue(r.err().startsWith("chainrule: " + text + ": not an .npz file, or damaged ("), r.err());
    String model = path("m.npz");
    done("train", "moons", "--epochs", "1", "--out", model);
    byte[] bytes = Files.readAllBytes(Path.of(model));
    bytes[bytes.length / 2] ^= 1; // flips a bit of a weight
    String damaged = Files.write(directory.resolve("damaged.npz"), bytes).toString();
    var d = run("predict", damaged, "moons");
    assertEquals(2, d.status());
    assertTrue(d.err().startsWith("chainrule: " + damaged + ": array 'layer") && d.err().contains("damaged"), d.err());
    refused("evaluate requires a model: ./chainrule evaluate MODEL DATA [options]", "evaluate");
    refused("evaluate requires data: ./chainrule evaluate MODEL DATA [options]", "evaluate", model);
    refused("predict takes a model and data; unexpected argument 'x'", "predict", model, "moons", "x");
    refused("nope.csv: no such file or built-in data set (spirals, moons, circles, xor, digits)", "predict", model,
        "nope.csv");
    refused("--epochs does not apply to predict; remove it ('./chainrule help predict' lists its options)",
        "predict", model, "moons", "--epochs", "3");
    String nowhere = path("no/where.csv");
    var w = run("predict", model, "moons", "--out", nowhere);
    assertEquals(2, w.status());
    assertTrue(w.err().startsWith("chainrule: cannot read or write: " + nowhere), w.err());
  }

  @Test
  void identicalRunsWriteIdenticalModelsWithTheEncoding() throws IOException {
    String data = classes();
    done("train", data, "--epochs", "3", "--out", path("a.npz"), "--threads", "1");
    done("train", data, "--epochs", "3", "--out", path("b.npz"), "--threads", "2");
    assertArrayEquals(Files.readAllBytes(Path.of(path("a.npz"))), Files.readAllBytes(Path.of(path("b.npz"))));
    Encoding e = Model.read(Path.of(path("a.npz"))).encoding();
    assertEquals(List.of("x", "colour"), e.inputColumns().stream().map(InputColumn::name).toList());
    assertEquals(List.of("blue", "green, dark", "red"), e.inputColumns().get(1).categories());
  }
}
