// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.cli.Main;
import chainrule.io.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Measures what a training costs on Spark in addition to the training itself: a cross-validation on Spark and on the
 * threads of this JVM, in turn. {@code TrainingOverhead [MASTER [ROWS [EPOCHS [FOLDS [ROUNDS]]]]]}, by default
 * {@code local[2] 1000 5 100 7}. Prints the median and the least time per training and core. Processor time is that of
 * this JVM, so for {@code local[2]} it includes the executors; it depends less on what else runs.
 */
final class TrainingOverhead {
  private TrainingOverhead() {}

  public static void main(String[] args) throws IOException {
    String master = args.length > 0 ? args[0] : "local[2]";
    int[] n = {1000, 5, 100, 7}; // rows, epochs, folds, rounds
    for (int i = 1; i < args.length; i++) n[i - 1] = Integer.parseInt(args[i]);
    Path data = Files.createTempFile("overhead", ".csv");
    Files.writeString(data, table(n[0]));
    String[] cv = {"cv", data.toString(), "--folds", "" + n[2], "--epochs", "" + n[1], "--threads", "2", "--quiet",
        "--json"};
    double[] here = new double[n[3]], there = new double[n[3]], hereCpu = new double[n[3]], thereCpu = new double[n[3]];
    try (LocalSession local = master.startsWith("local[") ? LocalSession.start(master) : null;
        LocalCluster processes = local == null ? LocalCluster.start(2) : null;
        SparkCluster cluster = SparkCluster.of(local == null ? processes.spark() : local.spark(), "id")) {
      for (int round = -1; round < n[3]; round++) { // the first one warms up
        double before = cpuSeconds(), a = seconds(Arrays.copyOf(cv, cv.length + 2), null);
        double between = cpuSeconds(), b = seconds(cv, cluster), after = cpuSeconds();
        if (round < 0) continue;
        here[round] = a;
        there[round] = b;
        hereCpu[round] = between - before;
        thereCpu[round] = after - between;
      }
    }
    print("time", master, here, there, 2.0 / n[2]);
    print("processor time", master, hereCpu, thereCpu, 1.0 / n[2]);
    Files.delete(data);
  }

  private static double cpuSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
  }

  /** @param factor from all trainings to one, on one core */
  private static void print(String what, String master, double[] here, double[] there, double factor) {
    Arrays.sort(here);
    Arrays.sort(there);
    int middle = here.length / 2;
    System.out.printf(Locale.ROOT, "%-14s ms per training and core: threads %.1f (least %.1f), %s %.1f (least %.1f)%n",
        what, 1e3 * factor * here[middle], 1e3 * factor * here[0], master, 1e3 * factor * there[middle],
        1e3 * factor * there[0]);
  }

  private static String table(int rows) {
    Random random = new Random(1);
    StringBuilder s = new StringBuilder("id,a,b,c,y\n");
    for (int i = 0; i < rows; i++) {
      s.append(i);
      for (int j = 0; j < 4; j++) s.append(',').append(random.nextGaussian());
      s.append('\n');
    }
    return s.toString();
  }

  /** Returns the seconds of a cross-validation, here if the cluster is null. */
  private static double seconds(String[] args, SparkCluster cluster) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    String[] words = args;
    if (cluster == null) {
      words[words.length - 2] = "--drop";
      words[words.length - 1] = "id";
    }
    int status = cluster == null ? Main.run(List.of(words), out, System.err, false)
        : Main.run(List.of(words), out, System.err, false, cluster);
    if (status != 0) throw new IllegalStateException("status " + status);
    String json = bytes.toString(StandardCharsets.UTF_8).lines().reduce((a, b) -> b).orElseThrow();
    return (double) ((Map<?, ?>) Json.parse(json)).get("seconds");
  }
}
