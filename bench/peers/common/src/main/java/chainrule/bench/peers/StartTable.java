// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import chainrule.bench.Samples;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Prints the time of Chainrule's training step in fresh JVMs, one after the other. C2's profiles and the addresses of
 * arrays differ between them. The speed of a shared machine changes too, by more than that. So each start is timed in
 * turns with one reference process, a JVM that stays the same, and their times are divided. Each time is the lower
 * quartile of the turns after a warm-up, which noise from other processes disturbs less than the median.
 *
 * <p>Arguments: [starts, default 50] [workload, default 784-128-10/64/sgd] [threads, default 1].
 */
public final class StartTable {
  private static final int TURNS = 40;
  private static final double TURN_SECONDS = 0.02;

  private StartTable() {}

  public static void main(String[] args) throws IOException, URISyntaxException, EngineProcess.Refusal {
    int starts = args.length > 0 ? Integer.parseInt(args[0]) : 50;
    Workload work = Workload.parse(args.length > 1 ? args[1] : "784-128-10/64/sgd");
    int threads = args.length > 2 ? Integer.parseInt(args[2]) : 1;
    Path code = Path.of(StartTable.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path directory = code.getParent().getParent().getParent(); // bench/peers, from common/target/steps.jar or …/classes
    Path logs = Files.createDirectories(directory.resolve("target"));
    List<String> command = EngineConfig.ALL.get(0).command(directory);
    double[] seconds = new double[starts], ratios = new double[starts];
    try (EngineProcess reference = EngineProcess.start(command, Map.of(), threads, logs.resolve("reference.log"))) {
      reference.ask("prepare " + work + " " + threads);
      int referenceTimes = reference.warmUp(TURN_SECONDS);
      for (int s = 0; s < starts; s++) {
        reference.suspend();
        try (EngineProcess start = EngineProcess.start(command, Map.of(), threads, logs.resolve("start.log"))) {
          start.ask("prepare " + work + " " + threads);
          int times = start.warmUp(TURN_SECONDS);
          double[] turns = new double[TURNS], referenceTurns = new double[TURNS];
          for (int t = 0; t < TURNS; t++) {
            turns[t] = start.run(times);
            start.suspend();
            referenceTurns[t] = reference.run(referenceTimes);
            reference.suspend();
          }
          seconds[s] = lowerQuartile(turns);
          ratios[s] = seconds[s] / lowerQuartile(referenceTurns);
        }
      }
    }
    Samples.record("starts", seconds);
    Samples.record("starts ÷ reference", ratios);
    print(work + ", time in µs", 1e6, seconds);
    print("time ÷ that of the reference process", 1, ratios);
  }

  private static double lowerQuartile(double[] turns) {
    Arrays.sort(turns);
    return turns[turns.length / 4];
  }

  private static void print(String what, double unit, double[] starts) {
    double[] sorted = starts.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    System.out.printf(Locale.ROOT, "Java %s, %d starts, %s: %.4g to %.4g, median %.4g; slowest ÷ fastest %.3f%n",
        System.getProperty("java.version"), n, what, sorted[0] * unit, sorted[n - 1] * unit, sorted[n / 2] * unit,
        sorted[n - 1] / sorted[0]);
  }
}
