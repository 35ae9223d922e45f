// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.apache.spark.sql.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.cli.Main;
import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.Encoding.Task;
import chainrule.data.EncodingBuilder;
import chainrule.data.Table;
import chainrule.data.TableOptions;
import chainrule.io.Calibration;
import chainrule.io.Json;
import chainrule.io.Model;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Compares with {@code ./chainrule predict} on a CSV file with the same cells, by bits. */
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SparkScoringTest {
  private static final int TRAINING_ROWS = 20, ROWS = 300;
  @TempDir static Path dir;
  private static LocalSession session;
  private static Table table;
  private static RandomCsv data;
  private static Path csv;

  @BeforeAll static void start() throws IOException {
    session = LocalSession.start();
    session.spark().conf().set("spark.sql.session.timeZone", "UTC");
    data = new RandomCsv(3, ROWS);
    int[] order = IntStream.range(0, ROWS).toArray();
    table = Table.read(data.write(dir.resolve("plain.csv"), null, order), TableOptions.DEFAULTS.header(true));
    csv = data.write(dir.resolve("keyed.csv"), "id", data.shuffled());
  }

  @AfterAll static void stop() {
    session.close();
  }

  private static EncodingBuilder builder(String... targets) {
    return Encoding.of(table).target(targets).bins(3);
  }

  /** Learns from the first rows only, so that the others have categories that are not known. */
  private static Encoding fit(EncodingBuilder builder) {
    return builder.fit(IntStream.range(0, TRAINING_ROWS).toArray());
  }

  private static Network network(Encoding e, int outputs, Activation output, long seed) {
    return Network.input(e.inputs()).dense(7, new Tanh()).dense(outputs, output).build(seed);
  }

  private static Model model(Encoding e, int outputs, Activation output) {
    return new Model(network(e, outputs, output, 5), e, Map.of());
  }

  private static Model calibrated(Model model, double threshold) {
    int[] rows = IntStream.range(0, TRAINING_ROWS).toArray();
    Dataset held = model.adapt(model.encoding().encode(table, rows));
    return model.withCalibration(new Calibration(threshold, Calibration.scores(model.outputs(held.x()), held)));
  }

  @Test void classes() throws IOException {
    compare("classes", model(fit(builder("kind")), 3, new Softmax()), Double.NaN);
  }

  @Tag("long")
  @Test void twoClassesWithAThreshold() throws IOException {
    compare("threshold", calibrated(model(fit(builder("flag")), 1, new Sigmoid()), 0.62), Double.NaN);
  }

  @Tag("long")
  @Test void setsOfClasses() throws IOException {
    compare("sets", calibrated(model(fit(builder("kind")), 3, new Softmax()), Double.NaN), 0.9);
  }

  @Test void intervalsOfSeveralNumbers() throws IOException {
    compare("intervals", calibrated(model(fit(builder("fraction", "whole")), 2, new Linear()), Double.NaN), 0.75);
  }

  @Tag("long")
  @Test void labels() throws IOException {
    compare("labels", model(fit(builder("flag", "bit").task(Task.MULTILABEL)), 2, new Sigmoid()), Double.NaN);
  }

  @Tag("long")
  @Test void anEnsemble() throws IOException {
    Encoding e = fit(builder("money").task(Task.REGRESS));
    List<Network> networks = new ArrayList<>();
    for (int m = 0; m < 3; m++) networks.add(network(e, 1, new Linear(), m));
    compare("ensemble", new Model(networks, e, Map.of(), Calibration.NONE, Optional.empty()), Double.NaN);
  }

  /** Scores the file with typed columns in 5 partitions, of which some are empty, and as strings in one. */
  private static void compare(String name, Model model, double interval) throws IOException {
    Path file = dir.resolve(name + ".npz"), out = dir.resolve(name + ".csv");
    model.write(file);
    List<String> args = new ArrayList<>(
        List.of("predict", file.toString(), csv.toString(), "--keep", "id", "--out", out.toString(), "--json"));
    if (!Double.isNaN(interval)) args.addAll(List.of("--interval", Double.toString(interval)));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream warned = new ByteArrayOutputStream();
    int status = Main.run(args, new PrintStream(printed, true, StandardCharsets.UTF_8), new PrintStream(warned), false);
    assertEquals(0, status, warned::toString);
    String json = printed.toString(StandardCharsets.UTF_8).lines().reduce((a, b) -> b).orElseThrow();
    List<String> expected = Files.readAllLines(out);
    SparkScoring scoring = SparkScoring.of(model).keep("id");
    if (!Double.isNaN(interval)) scoring = scoring.interval(interval);
    for (boolean inferred : new boolean[] {true, false}) {
      org.apache.spark.sql.Dataset<Row> frame = session.spark().read().option("header", true)
          .option("inferSchema", inferred).option("escape", "\"").option("multiLine", true).csv(csv.toString());
      SparkPredictions p = scoring.score(inferred ? frame.repartition(5, col("kind")) : frame);
      String what = name + ", inferred " + inferred + ", " + p.notices();
      assertEquals(expected.get(0), String.join(",", p.rows().columns()), what);
      List<String> lines = p.rows().collectAsList().stream().map(SparkScoringTest::line).toList();
      assertEquals(sorted(expected.subList(1, expected.size())), sorted(lines), what);
      assertCounts(what, json, p.summary());
    }
  }

  private static List<String> sorted(List<String> lines) {
    return lines.stream().sorted().toList();
  }

  private static String line(Row row) {
    StringBuilder s = new StringBuilder();
    for (int c = 0; c < row.size(); c++) s.append(c == 0 ? "" : ",").append(row.get(c));
    return s.toString();
  }

  @SuppressWarnings("unchecked")
  private static void assertCounts(String what, String json, ScoringSummary summary) {
    Map<String, Object> expected = (Map<String, Object>) Json.parse(json);
    Map<String, Object> missing = (Map<String, Object>) expected.get("missing");
    Map<String, Object> unseen = (Map<String, Object>) expected.get("unseen");
    assertEquals(ROWS, summary.rows(), what);
    for (ScoringSummary.InputCells c : summary.columns()) {
      assertEquals(((Number) missing.getOrDefault(c.name(), 0)).longValue(), c.missing(), what + c.name());
      Map<String, Object> column =
          (Map<String, Object>) unseen.getOrDefault(c.name(), Map.of("rows", 0, "different", 0));
      assertEquals(((Number) column.get("rows")).longValue(), c.unseen(), what + c.name());
      assertEquals(((Number) column.get("different")).intValue(), c.different(), what + c.name());
    }
    assertTrue(summary.columns().stream().anyMatch(c -> c.unseen() > 0) && !missing.isEmpty(), what + json);
  }
}
