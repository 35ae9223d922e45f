// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.json;
import static chainrule.cli.CommandLine.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several numbers or labels as targets, through train, evaluate, predict, report, info, check and export. */
class SeveralTargetsTest {
  private static final int ROWS = 60;

  @TempDir Path directory;

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private static int x(int i) {
    return i * 7 % 31 - 15;
  }

  /** Two targets whose units differ by a factor of 1,000; the name of one contains a comma. */
  private String places() throws IOException {
    StringBuilder s = new StringBuilder("lat,\"lon, east\",x,z\n");
    for (int i = 0; i < ROWS; i++) {
      s.append(50 + 0.1 * x(i)).append(',').append(1000 - 100 * x(i)).append(',').append(x(i)).append(',')
          .append(i % 4).append('\n');
    }
    return Files.writeString(directory.resolve("places.csv"), s).toString();
  }

  private String labels() throws IOException {
    StringBuilder s = new StringBuilder("x,low,even,flag\n");
    for (int i = 0; i < ROWS; i++) {
      s.append(x(i)).append(x(i) < 0 ? ",yes," : ",no,").append(x(i) > 5 ? 1 : 0).append(x(i) < -5 ? ",b\n" : ",a\n");
    }
    return Files.writeString(directory.resolve("labels.csv"), s).toString();
  }

  @Test
  void severalNumbersHaveTheirOwnUnitsEverywhere() throws IOException {
    String data = places(), model = path("m.npz");
    String trained = done("train", data, "--target", "lat,lon, east", "--epochs", "150", "--rate", "0.01", "--out",
        model, "--report", path("r.html"), "--json");
    assertTrue(trained.contains("places.csv, targets 'lat', 'lon, east': 48 rows to train, 12 to test; 9 inputs, "
        + "2 numeric targets\n"), trained);
    String evaluated = done("evaluate", model, data, "--json");
    List<String> lines = done("predict", model, data).lines().toList();
    assertEquals("lat,\"lon, east\"", lines.get(0));
    double[] sizes = new double[2];
    for (int i = 0; i < ROWS; i++) {
      String[] cells = lines.get(i + 1).split(",");
      sizes[0] += Math.abs(Double.parseDouble(cells[0]) - (50 + 0.1 * x(i))) / ROWS;
      sizes[1] += Math.abs(Double.parseDouble(cells[1]) - (1000 - 100 * x(i))) / ROWS;
    }
    List<?> targets = (List<?>) json(evaluated).get("targets");
    for (int j = 0; j < 2; j++) {
      Map<?, ?> target = (Map<?, ?>) targets.get(j);
      assertEquals(List.of("lat", "lon, east").get(j), target.get("name"));
      assertEquals(sizes[j], (Double) target.get("mae"), 1e-9 * sizes[j]);
      assertTrue((Double) target.get("r2") > 0.9, evaluated);
    }
    assertNull(json(evaluated).get("rmse"), "the targets have no unit in common");
    assertNull(json(trained).get("test_rmse"));
    assertTrue((Double) json(trained).get("test_r2") > 0.8, trained);
    assertEquals(2, ((List<?>) json(trained).get("test_targets")).size());
    assertTrue(trained.contains("\ntarget ") && evaluated.contains("over 2 targets\n"), trained + evaluated);
    assertTrue(done("info", model).contains("targets\n  lat: mean "));
    String report = Files.readString(Path.of(path("r.html")));
    assertTrue(report.contains("Errors by target") && report.contains("Predicts 2 numbers from 2 columns"), report);
    done("export", model, path("m.onnx"));
    done("check", data, "--target", "lat,lon, east", "--layers", "3:tanh");
  }

  @Test
  void labelsAreSigmoidsWithAccuracyPerLabelAndExactMatch() throws IOException {
    String data = labels(), model = path("m.npz");
    String[] target = {"--target", "low,even,flag", "--task", "multilabel"};
    String trained = done("train", data, "--target", "low,even,flag", "--task", "multilabel", "--epochs", "200",
        "--rate", "0.01", "--out", model, "--report", path("r.html"), "--json");
    assertTrue(trained.contains("; 5 inputs, 3 labels\n") && trained.contains("→ 3 sigmoid"), trained);
    assertTrue(trained.contains("training  bce") && trained.contains("test exact match "), trained);
    Map<?, ?> result = json(done("evaluate", model, data, "--json"));
    List<String> lines = done("predict", model, data).lines().toList();
    assertEquals("low,even,flag,p(low),p(even),p(flag)", lines.get(0));
    int exact = 0;
    int[] right = new int[3];
    for (int i = 0; i < ROWS; i++) {
      String[] cells = lines.get(i + 1).split(",");
      String[] truth = {x(i) < 0 ? "yes" : "no", x(i) > 5 ? "1" : "0", x(i) < -5 ? "b" : "a"};
      boolean all = true;
      for (int j = 0; j < 3; j++) {
        boolean second = Double.parseDouble(cells[3 + j]) >= 0.5;
        assertEquals(second ? List.of("yes", "1", "b").get(j) : List.of("no", "0", "a").get(j), cells[j]);
        if (cells[j].equals(truth[j])) right[j]++;
        all &= cells[j].equals(truth[j]);
      }
      if (all) exact++;
    }
    assertEquals("multilabel", result.get("task"));
    assertEquals(exact / (double) ROWS, (Double) result.get("exact_match"), 1e-12);
    for (int j = 0; j < 3; j++) {
      Map<?, ?> label = (Map<?, ?>) ((List<?>) result.get("labels")).get(j);
      assertEquals(right[j] / (double) ROWS, (Double) label.get("accuracy"), 1e-12);
    }
    assertTrue(exact > 0.8 * ROWS, "learned " + exact);
    String report = Files.readString(Path.of(path("r.html")));
    assertTrue(report.contains("Accuracy by label") && report.contains("Exact match"), report);
    assertTrue(done("info", model).contains("targets   3 labels: low, even, flag\n"));
    done("export", model, path("m.onnx"));
    done("check", data, target[0], target[1], target[2], target[3], "--layers", "3:tanh");
    refused("--loss mse does not apply to several labels; use bce, or remove it", "train", data, target[0], target[1],
        target[2], target[3], "--loss", "mse");
    refused("--class-weight requires classes, but the target has several labels; remove it, or pass --weight COLUMN",
        "train", data, target[0], target[1], target[2], target[3], "--class-weight", "balanced");
  }

  @Test
  void targetsThatDoNotFitTheTaskAreRefused() throws IOException {
    String data = labels();
    refused("--target: several targets must be numbers, but column 'low' contains text; pass --task multilabel if they "
        + "are yes-or-no columns, or name one column", "train", data, "--target", "low,even");
    refused("--task classify requires a single target; pass --task multilabel to predict several yes-or-no columns, or "
        + "name one column with --target", "train", data, "--target", "low,even", "--task", "classify");
    refused("--drop: 'even' is the target; keep it, or choose another with --target", "train", data, "--target",
        "even,x", "--drop", "even");
    refused("--task multilabel does not apply to built-in data, whose targets are classes; remove it", "train", "xor",
        "--task", "multilabel");
  }
}
