// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program that spark-submit starts: from a CSV to a model file and to predictions, and what it refuses. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MainTest {
  @TempDir Path directory;
  private String data;
  private String out;
  private String err;
  private int sessions;

  @BeforeEach void writeTable() throws IOException {
    StringBuilder s = new StringBuilder("id,a,color,y\n");
    for (int i = 1; i <= 200; i++) {
      s.append(i).append(',').append(i % 17).append(',').append(i % 3 == 0 ? "red" : "blue").append(',')
          .append(i % 17 * 0.5 + i % 3).append('\n');
    }
    data = Files.writeString(directory.resolve("data.csv"), s).toString();
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private int run(String... args) {
    ByteArrayOutputStream o = new ByteArrayOutputStream(), e = new ByteArrayOutputStream();
    int status = Main.run(List.of(args), new PrintStream(o, true, StandardCharsets.UTF_8),
        new PrintStream(e, true, StandardCharsets.UTF_8), () -> {
          sessions++;
          return LocalSession.start().spark();
        });
    out = o.toString(StandardCharsets.UTF_8);
    err = e.toString(StandardCharsets.UTF_8);
    return status;
  }

  private static String here(String... args) {
    ByteArrayOutputStream o = new ByteArrayOutputStream(), e = new ByteArrayOutputStream();
    int status = chainrule.cli.Main.run(List.of(args), new PrintStream(o, true, StandardCharsets.UTF_8),
        new PrintStream(e, true, StandardCharsets.UTF_8), false);
    assertEquals(0, status, e.toString(StandardCharsets.UTF_8));
    return o.toString(StandardCharsets.UTF_8);
  }

  @Test void fromACsvToAModelFileAndToPredictions() throws IOException {
    here("train", data, "--drop", "id", "--batch", "128", "--blocks", "32", "--epochs", "5", "--quiet", "--out",
        path("one.npz"));
    assertEquals(0, run("train", data, "--key", "id", "--batch", "128", "--blocks", "32", "--epochs", "5", "--quiet",
        "--out", path("spark.npz")), err);
    assertArrayEquals(Files.readAllBytes(Path.of(path("one.npz"))), Files.readAllBytes(Path.of(path("spark.npz"))));
    assertEquals(0, run("predict", path("spark.npz"), data, "--key=id", "--out", path("predictions")), err);
    assertEquals("", err);
    assertEquals("wrote     " + path("predictions") + ", 200 predictions\n", out);
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of(path("predictions")))) {
      for (Path f : files.filter(f -> f.toString().endsWith(".csv")).toList()) lines.addAll(Files.readAllLines(f));
    }
    assertEquals(here("predict", path("one.npz"), data, "--keep", "id").lines().sorted().toList(),
        lines.stream().distinct().sorted().toList());
    assertEquals(2, run("predict", path("spark.npz"), data, "--key", "id", "--out", path("predictions")));
    assertTrue(err.startsWith("chainrule: ") && err.contains("already exists") && err.lines().count() == 1, err);
    assertEquals(3, sessions);
  }

  private void refused(String message, String... args) {
    assertEquals(2, run(args), err);
    assertEquals("chainrule: " + message + "\n", err);
    assertEquals("", out);
  }

  @Test void badArgumentsAreRefusedBeforeSparkStarts() {
    String hint = " (--help explains the options)";
    refused("unknown command 'describe'; expected train, cv, tune or predict" + hint, "describe", data);
    refused("cv requires --key COLUMN, because the rows of a DataFrame have no order: a column with a different value "
        + "in each row" + hint, "cv", data);
    refused("--key requires a value" + hint, "cv", data, "--key", "--quiet");
    refused("--key is given twice; give it once", "cv", data, "--key", "id", "--key=id");
    refused("--format: expected csv, parquet, json or orc, found 'xml'", "cv", data, "--key", "id", "--format", "xml");
    refused("train requires DATA" + hint, "train", "--key", "id", "--quiet");
    refused("predict requires MODEL and DATA" + hint, "predict", "--key", "id");
    refused("predict requires --out DIRECTORY" + hint, "predict", "m.npz", data, "--key", "id");
    refused("predict takes MODEL and DATA, found [predict, m.npz, " + data + ", --json]" + hint, "predict", "m.npz",
        data, "--json", "--key", "id", "--out", path("p"));
    assertEquals(0, run("--help"));
    assertTrue(out.startsWith("usage: train|cv|tune DATA --key COLUMN "), out);
    assertEquals(0, sessions);
  }

  @Test void badModelsAndValuesAreOneLine() {
    refused("none.npz: no such file", "predict", "none.npz", data, "--key", "id",
        "--out", path("p"));
    refused(data + ": not an .npz file, or damaged (zip END header not found)", "predict", data, data, "--key", "id",
        "--out", path("p"));
    refused("--rate: expected a number > 0, found 'x'", "cv", data, "--key", "id", "--rate", "x");
    refused("unknown option --nope; did you mean --type? ('./chainrule help cv' lists all options)", "cv", data,
        "--key", "id", "--nope");
  }
}
