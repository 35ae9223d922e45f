// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import chainrule.bench.Samples;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * Prints the time of Chainrule's training step in fresh JVMs, one after the other. C2's profiles and the addresses of
 * arrays differ between them. Each figure is the lower quartile of turns after a warm-up, which noise from other
 * processes disturbs less than the median.
 *
 * <p>Arguments: [starts, default 50] [workload, default 784-128-10/64/sgd] [threads, default 1].
 */
public final class StartTable {
  private static final int TURNS = 20;
  private static final double TURN_SECONDS = 0.04;

  private StartTable() {}

  public static void main(String[] args) throws IOException, URISyntaxException, EngineProcess.Refusal {
    int starts = args.length > 0 ? Integer.parseInt(args[0]) : 50;
    Workload work = Workload.parse(args.length > 1 ? args[1] : "784-128-10/64/sgd");
    int threads = args.length > 2 ? Integer.parseInt(args[2]) : 1;
    Path code = Path.of(StartTable.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path directory = code.getParent().getParent().getParent(); // bench/peers, from common/target/steps.jar or …/classes
    Path logs = Files.createDirectories(directory.resolve("target"));
    EngineConfig chainrule = EngineConfig.ALL.get(0);
    double[] seconds = new double[starts];
    for (int s = 0; s < starts; s++) {
      try (EngineProcess process =
          EngineProcess.start(chainrule.command(directory), Map.of(), threads, logs.resolve("start.log"))) {
        process.ask("prepare " + work + " " + threads);
        int times = process.warmUp(TURN_SECONDS);
        double[] turns = new double[TURNS];
        for (int t = 0; t < TURNS; t++) turns[t] = process.run(times);
        Arrays.sort(turns);
        seconds[s] = turns[TURNS / 4];
      }
    }
    Samples.record("starts", seconds);
    Arrays.sort(seconds);
    System.out.printf(Locale.ROOT, "Java %s, %s, %d starts: %.1f to %.1f µs, median %.1f; slowest ÷ fastest %.3f%n",
        System.getProperty("java.version"), work, starts, seconds[0] * 1e6, seconds[starts - 1] * 1e6,
        seconds[starts / 2] * 1e6, seconds[starts - 1] / seconds[0]);
  }
}
