// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.cli.Main;
import chainrule.data.Encoding;
import chainrule.data.Table;
import chainrule.io.Model;
import chainrule.nn.Network;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.random.CounterRandom;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * Measures how many rows per second are scored: 100,000 rows of 18 numbers and 2 categories, network 26-64-32-3, from a
 * Parquet file, with Spark on 1 and 2 cores; and from CSV with the command line. The best of 7 runs each, and the
 * least CPU time of a run, of all threads.
 */
final class ScoringSpeed {
  private static final int ROWS = 100_000, NUMBERS = 18, RUNS = 7;

  private ScoringSpeed() {}

  public static void main(String[] args) throws IOException {
    Path dir = Files.createDirectories(Path.of("target", "scoring-speed"));
    Path csv = dir.resolve("rows.csv"), file = dir.resolve("model.npz"), parquet = dir.resolve("rows.parquet");
    writeRows(csv);
    Table table = Table.read(csv);
    Encoding e = Encoding.of(table).target("y").drop("id").fit();
    Network net = Network.input(e.inputs()).dense(64, new Relu()).dense(32, new Relu()).dense(3, new Softmax())
        .build(1);
    Model model = new Model(net, e, Map.of());
    model.write(file);
    report("command line, 1 thread, CSV", () -> Main.run(List.of("predict", file.toString(), csv.toString(), "--keep",
        "id", "--threads", "1", "--out", dir.resolve("out.csv").toString()),
        new PrintStream(OutputStream.nullOutputStream()),
        System.err, false));
    for (int cores = 1; cores <= 2; cores++) {
      try (LocalSession session = LocalSession.start("local[" + cores + "]")) {
        if (cores == 1) {
          session.spark().read().option("header", true).option("inferSchema", true).csv(csv.toString()).repartition(8)
              .write().mode(SaveMode.Overwrite).parquet(parquet.toString());
        }
        Dataset<Row> rows = session.spark().read().parquet(parquet.toString());
        report("Spark, local[" + cores + "], Parquet", () -> noop(SparkScoring.predict(model, rows, "id")));
        report("Spark, local[" + cores + "], Parquet, only read", () -> noop(rows.map(
            (org.apache.spark.api.java.function.MapFunction<Row, Row>) row -> row, rows.encoder())));
        report("Spark, local[" + cores + "], SparkTables.table", () -> SparkTables.table(rows, "id", "rows"));
      }
    }
  }

  private static void writeRows(Path csv) throws IOException {
    StringBuilder s = new StringBuilder("id,");
    for (int c = 0; c < NUMBERS; c++) s.append("x").append(c).append(',');
    s.append("city,kind,y\n");
    for (int r = 0; r < ROWS; r++) {
      s.append(r).append(',');
      long at = (long) r * (NUMBERS + 3);
      for (int c = 0; c < NUMBERS; c++) s.append((float) CounterRandom.normal(1, 1, at + c)).append(',');
      s.append("city").append(CounterRandom.below(5, 1, 2, at)).append(",kind");
      s.append(CounterRandom.below(3, 1, 3, at)).append(",class").append(CounterRandom.below(3, 1, 4, at)).append('\n');
    }
    Files.writeString(csv, s);
  }

  private static void noop(Dataset<Row> rows) {
    rows.write().format("noop").mode(SaveMode.Overwrite).save();
  }

  private static void report(String what, Runnable run) {
    OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    double best = Double.POSITIVE_INFINITY, leastCpu = Double.POSITIVE_INFINITY;
    for (int i = 0; i < RUNS; i++) {
      long start = System.nanoTime(), cpu = system.getProcessCpuTime();
      run.run();
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
      leastCpu = Math.min(leastCpu, (system.getProcessCpuTime() - cpu) / 1e9);
    }
    System.out.printf(Locale.ROOT, "%-42s %,10.0f rows/s  %5.2f s, %5.2f s of CPU time%n", what, ROWS / best, best,
        leastCpu);
  }
}
