// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.refused;
import static chainrule.cli.CommandLine.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Table;
import chainrule.io.Calibration;
import chainrule.io.Json;
import chainrule.io.Model;
import chainrule.io.Predictions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thresholds, prediction intervals, sets of classes, and the importance of columns. */
class CalibrationCommandTest {
  @TempDir Path directory;

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  /** Writes rows with a rare class 'yes' that depends on x, and a column that means nothing. */
  private String rare(String name, int rows, long seed) throws IOException {
    Random random = new Random(seed);
    StringBuilder s = new StringBuilder("x,noise,bought\n");
    for (int i = 0; i < rows; i++) {
      double x = random.nextGaussian();
      s.append(x).append(',').append(random.nextGaussian()).append(',')
          .append(x + random.nextGaussian() > 2 ? "yes" : "no").append('\n');
    }
    return Files.writeString(directory.resolve(name), s.toString()).toString();
  }

  private String line(String name, int rows, long seed) throws IOException {
    Random random = new Random(seed);
    StringBuilder s = new StringBuilder("x,price\n");
    for (int i = 0; i < rows; i++) {
      double x = random.nextGaussian();
      s.append(x).append(',').append(1000 + 50 * x + 10 * random.nextGaussian()).append('\n');
    }
    return Files.writeString(directory.resolve(name), s.toString()).toString();
  }

  private static Map<?, ?> json(String text) {
    return (Map<?, ?>) Json.parse(text);
  }

  @Test
  void aThresholdIsChosenOnValidationRowsStoredAndUsedByEveryCommand() throws IOException {
    String data = rare("a.csv", 800, 1), other = rare("b.csv", 300, 2), model = path("m.npz");
    for (String rule : List.of("f1", "youden", "0.2")) {
      String out = done("train", data, "--patience", "5", "--epochs", "20", "--threshold", rule, "--out", model,
          "--json");
      Model m = Model.read(Path.of(model));
      double t = m.calibration().threshold();
      assertEquals(t, json(out.lines().reduce((a, b) -> b).get()).get("threshold"), rule);
      assertTrue(t > 0 && t < 0.5, rule + ": " + t); // class 1 is rare
      assertTrue(out.contains("\nthreshold yes from a probability of "), out);
      assertTrue(done("info", model).contains("\nthreshold yes from a probability of "));
      List<String> lines = done("predict", model, other).lines().toList();
      Predictions p = m.predict(Table.read(Path.of(other), m.encoding().tableOptions()));
      int right = 0;
      List<String> rows = Files.readAllLines(Path.of(other));
      for (int i = 0; i < 300; i++) {
        String label = lines.get(i + 1).split(",")[0];
        assertEquals(Double.parseDouble(lines.get(i + 1).split(",")[2]) >= t ? "yes" : "no", label);
        assertEquals(p.label(i), label);
        if (rows.get(i + 1).endsWith("," + label)) right++;
      }
      assertEquals(right / 300.0, json(run("evaluate", model, other, "--json").json()).get("accuracy"));
    }
  }

  @Test
  void aThresholdThatCannotBeChosenIsRefused() throws IOException {
    String data = rare("a.csv", 100, 1);
    refused("--threshold f1 requires rows on which it is chosen; add --patience 20 or --ensemble 5, or give a number",
        "train", data, "--threshold", "f1");
    refused("--threshold: expected a number > 0 and < 1, f1 or youden, found '1.5'",
        "train", data, "--threshold", "1.5");
    refused("--threshold is for two classes, but the target has 3 classes; remove it",
        "train", "spirals", "--threshold", "0.4");
    refused("--threshold is for two classes, but the target is not a class; remove it",
        "train", line("p.csv", 50, 1), "--threshold", "0.4");
  }

  @Test
  void intervalsContainNineOfTenNewNumbers() throws IOException {
    String data = line("p.csv", 1500, 1), fresh = line("q.csv", 3000, 2), model = path("p.npz");
    done("train", data, "--patience", "5", "--epochs", "15", "--validation-fraction", "0.4", "--out", model);
    List<String> lines = done("predict", model, fresh, "--interval", "0.9").lines().toList();
    assertEquals("price,lower(price),upper(price)", lines.get(0));
    List<String> rows = Files.readAllLines(Path.of(fresh));
    int inside = 0;
    for (int i = 1; i <= 3000; i++) {
      String[] cells = lines.get(i).split(",");
      double y = Double.parseDouble(rows.get(i).split(",")[1]);
      if (y >= Double.parseDouble(cells[1]) && y <= Double.parseDouble(cells[2])) inside++;
    }
    assertEquals(0.9, inside / 3000.0, 0.035); // 480 errors: the coverage has a standard deviation of 0.014
    assertTrue(Model.read(Path.of(model)).calibration().scores().get(0).kept().length <= Calibration.MOST_SCORES);
    assertTrue(done("info", model).contains(
        "\nintervals predict --interval 0.9 works, from the errors of 480 held-out rows"));
  }

  @Test
  void setsContainNineOfTenNewClasses() throws IOException {
    String data = rare("a.csv", 1500, 1), fresh = rare("b.csv", 3000, 2), model = path("m.npz");
    done("train", data, "--patience", "5", "--epochs", "15", "--validation-fraction", "0.4", "--out", model);
    List<String> lines = done("predict", model, fresh, "--interval", "0.95").lines().toList();
    assertEquals("class,p(no),p(yes),set", lines.get(0));
    List<String> rows = Files.readAllLines(Path.of(fresh));
    int inside = 0;
    for (int i = 1; i <= 3000; i++) {
      List<String> set = List.of(lines.get(i).split(",")[3].split("\\|"));
      assertTrue(set.contains(lines.get(i).split(",")[0]), "the predicted class is in the set");
      if (set.contains(rows.get(i).split(",")[2])) inside++;
    }
    assertTrue(inside / 3000.0 >= 0.92, inside + " of 3000");
  }

  @Test
  void aSeparatorInALabelIsEscapedInSets() throws IOException {
    Random random = new Random(3);
    StringBuilder s = new StringBuilder("x,kind\n");
    for (int i = 0; i < 200; i++) s.append(random.nextGaussian()).append(i % 2 == 0 ? ",a|b\n" : ",c\\d\n");
    String data = Files.writeString(directory.resolve("odd.csv"), s.toString()).toString(), model = path("odd.npz");
    done("train", data, "--ensemble", "2", "--epochs", "2", "--out", model);
    List<String> lines = done("predict", model, data, "--interval", "0.98").lines().toList();
    assertTrue(lines.stream().anyMatch(l -> l.endsWith(",a\\|b|c\\\\d")), lines.toString());
    for (String line : lines.subList(1, lines.size())) {
      String set = line.substring(line.lastIndexOf(',') + 1);
      assertTrue(List.of("a\\|b", "c\\\\d", "a\\|b|c\\\\d").contains(set), line);
      assertTrue(line.startsWith("a|b,") || line.startsWith("c\\d,"), "the column class is not escaped");
    }
  }

  @Test
  void aThresholdChosenOnFewPositiveRowsIsNoted() throws IOException {
    StringBuilder s = new StringBuilder("x,kind\n");
    for (int i = 0; i < 100; i++) s.append(i).append(i % 10 == 3 ? ",yes\n" : ",no\n");
    String data = Files.writeString(directory.resolve("few.csv"), s.toString()).toString();
    String[] train = {"train", data, "--epochs", "2", "--test-fraction", "0", "--threshold", "f1"};
    String note = "\nnote      --threshold f1: chosen on only 1 held-out row of class 'yes', so it may be far from the "
        + "best one; --ensemble 5 chooses it on all training rows\n";
    String[] single = Arrays.copyOf(train, train.length + 2), five = Arrays.copyOf(train, train.length + 2);
    single[train.length] = "--patience";
    five[train.length] = "--ensemble";
    single[train.length + 1] = five[train.length + 1] = "5";
    String out = done(single);
    assertTrue(out.contains(note), out);
    out = done(five); // all 10 rows of the class are held out once
    assertTrue(!out.contains("chosen on only"), out);
    five[5] = "0.2"; // 8 rows of the class are left to train
    out = done(five);
    assertTrue(out.contains("chosen on only 8 held-out rows of class 'yes', so it may be far from the best one\n"),
        out);
  }

  @Test
  void intervalsWithoutHeldOutRowsAreRefused() throws IOException {
    String data = line("p.csv", 100, 1), model = path("p.npz"), few = path("few.npz");
    done("train", data, "--epochs", "5", "--out", model);
    refused(model + ": the model has no errors of held-out rows, which --interval requires; train it with "
        + "--patience 20 or --ensemble 5",
        "predict", model, data, "--interval", "0.9");
    done("train", data, "--epochs", "5", "--patience", "5", "--out", few);
    refused("--interval 0.99: the model has the errors of only 8 held-out rows; give a number up to 0.888, or train "
        + "with a larger --validation-fraction", "predict", few, data, "--interval", "0.99");
    refused("--interval: expected a number > 0 and < 1, found '90'", "predict", few, data, "--interval", "90");
    assertEquals("price,lower(price),upper(price)",
        done("predict", few, data, "--interval", "0.888").lines().findFirst().get());
  }

  /** Two targets in different units, from the same rows: each has its own width, the same in every row. */
  @Test
  void severalNumbersHaveAnIntervalEach() throws IOException {
    Random random = new Random(4);
    String[] names = {"a.csv", "b.csv"};
    for (int f = 0; f < 2; f++) {
      StringBuilder s = new StringBuilder("x,kg,m\n");
      for (int i = 0; i < 1000; i++) {
        double x = random.nextGaussian();
        s.append(x).append(',').append(1000 + 50 * x + 10 * random.nextGaussian()).append(',')
            .append(0.001 * (random.nextGaussian() - x)).append('\n');
      }
      Files.writeString(directory.resolve(names[f]), s.toString());
    }
    String model = path("two.npz");
    done("train", path("a.csv"), "--target", "kg,m", "--patience", "5", "--epochs", "15",
        "--validation-fraction", "0.5", "--out", model);
    String out = path("two.csv");
    String last = done("predict", model, path("b.csv"), "--interval", "0.9", "--keep", "kg,m", "--out", out, "--json");
    assertEquals(1000.0, json(last.lines().reduce((a, b) -> b).get()).get("rows"));
    List<String> lines = Files.readAllLines(Path.of(out));
    assertEquals("kg,m,kg,m,lower(kg),upper(kg),lower(m),upper(m)", lines.get(0));
    int[] inside = new int[2];
    double[] width = new double[2];
    for (int i = 1; i <= 1000; i++) {
      double[] row = Arrays.stream(lines.get(i).split(",")).mapToDouble(Double::parseDouble).toArray();
      for (int j = 0; j < 2; j++) {
        double low = row[4 + 2 * j], high = row[5 + 2 * j];
        if (low <= row[j] && row[j] <= high) inside[j]++;
        assertEquals(row[2 + j], (low + high) / 2, 1e-12 * 1000);
        if (i == 1) width[j] = high - low;
        assertEquals(width[j], high - low, 1e-9 * width[j] + 1e-12 * Math.abs(row[2 + j]));
      }
    }
    // 400 errors and 1000 rows: the share has a standard deviation of √(0.09/400 + 0.09/1000) = 0.018
    for (int j = 0; j < 2; j++) assertEquals(0.9, inside[j] / 1000.0, 0.06);
  }

  @Test
  void aLargerProbabilityNeverMakesAnIntervalOrASetSmaller() throws IOException {
    String numbers = line("p.csv", 400, 1), classes = rare("a.csv", 400, 1), p = path("p.npz"), c = path("c.npz");
    done("train", numbers, "--patience", "3", "--epochs", "5", "--validation-fraction", "0.4", "--out", p);
    done("train", classes, "--ensemble", "3", "--epochs", "5", "--out", c);
    double width = 0;
    long members = 0;
    for (String level : List.of("0.5", "0.8", "0.9", "0.95", "0.99")) {
      String[] cells = done("predict", p, numbers, "--interval", level).lines().skip(1).findFirst().get().split(",");
      double now = Double.parseDouble(cells[2]) - Double.parseDouble(cells[1]);
      assertTrue(now >= width && now > 0, level + ": " + now + " after " + width);
      width = now;
      long count = done("predict", c, classes, "--interval", level).lines().skip(1)
          .mapToLong(l -> l.substring(l.lastIndexOf(',') + 1).split("\\|").length).sum();
      assertTrue(count >= members && count >= 400, level + ": " + count + " after " + members);
      members = count;
    }
    assertTrue(members > 400, "at 0.99, some rows are ambiguous");
  }

  @Test
  void labelsHaveNoIntervals() throws IOException {
    String rows = "1,0,1\n2,1,1\n3,0,0\n4,1,0\n".repeat(10);
    String data = Files.writeString(directory.resolve("l.csv"), "x,a,b\n" + rows).toString();
    done("train", data, "--target", "a,b", "--task", "multilabel", "--patience", "3", "--epochs", "3", "--out",
        path("l.npz"));
    refused("--interval is for numbers and classes, but the model predicts labels; remove it",
        "predict", path("l.npz"), data, "--interval", "0.9");
  }

  @Test
  void permutingAColumnThatMattersCostsMoreThanOneThatDoesNot() throws IOException {
    String data = line("p.csv", 300, 1), model = path("p.npz");
    String rare = rare("a.csv", 300, 3);
    done("train", rare, "--epochs", "20", "--out", model);
    String out = done("evaluate", model, rare, "--importance", "3", "--json");
    assertTrue(out.contains("importance: the rise of the log loss, and the drop of accuracy, if the column's values "
        + "are permuted: mean ± standard deviation of 3 permutations\n  x      "), out);
    Map<?, ?> result = json(out.lines().reduce((a, b) -> b).get());
    List<?> columns = (List<?>) result.get("importance");
    assertEquals("x", ((Map<?, ?>) columns.get(0)).get("name"));
    assertTrue((double) ((Map<?, ?>) columns.get(0)).get("mean") > (double) ((Map<?, ?>) columns.get(1)).get("mean"));
    assertEquals(out, done("evaluate", model, rare, "--importance", "3", "--json"), "the permutations are seeded");
    done("train", data, "--epochs", "5", "--out", path("p.npz"));
    assertTrue(done("evaluate", "--importance", path("p.npz"), data).contains("the drop of R²"));
  }
}
