// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import chainrule.bench.Samples;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Prints what a server that predicts gets from Chainrule and from ONNX Runtime: the latency of a call, at p50 and p99,
 * and the calls per second, with 1 to 8 callers. A call starts with the rows in a Java array and ends with the
 * probabilities in another.
 *
 * <p>Every engine runs in a separate process for each workload and number of threads. Its probabilities must agree with
 * Chainrule's scalar kernels before it is timed, to 1e-12, or to 1e-5 in single precision. The engines are timed in
 * turns, while the processes of the others are stopped. Each figure is the median of the turns.
 *
 * <p>"× ours" compares the best way and number of threads of each engine, for each figure: above 1, Chainrule is
 * better.
 *
 * <p>Options: {@code --engines a,b}, {@code --works 784-128-10/1/predict,…}, {@code --threads 1,2}, {@code --callers
 * 1,2,4,8}, {@code --turns 5}, {@code --millis 60}, {@code --warm-millis 1000}. Processes inherit the options of this
 * JVM. Their standard error goes to files in {@code bench/peers/target}.
 */
public final class PredictionTable {
  private static final String WORKS = "784-128-10/1/predict,784-128-10/16/predict,4-8-3/1/predict,4-8-3/16/predict";

  private final Path directory, logs;
  private final List<EngineConfig> engines = new ArrayList<>();
  private final List<Workload> works = new ArrayList<>();
  private int[] threads = {1, 2}, callers = {1, 2, 4, 8};
  private int turns = 5, millis = 60, warmMillis = 1000;

  private PredictionTable(String[] args) throws IOException, URISyntaxException {
    Path code = Path.of(PredictionTable.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    directory = code.getParent().getParent().getParent(); // bench/peers, from common/target/steps.jar or …/classes
    logs = Files.createDirectories(directory.resolve("target"));
    List<String> names = EngineConfig.PREDICTION_ENGINES.stream().map(EngineConfig::name).toList(), chosen = names;
    String wanted = WORKS;
    for (int i = 0; i < args.length; i += 2) {
      String value = i + 1 < args.length ? args[i + 1] : "";
      switch (args[i]) {
        case "--engines" -> chosen = List.of(value.split(","));
        case "--works" -> wanted = value;
        case "--threads" -> threads = numbers(value);
        case "--callers" -> callers = numbers(value);
        case "--turns" -> turns = Integer.parseInt(value);
        case "--millis" -> millis = Integer.parseInt(value);
        case "--warm-millis" -> warmMillis = Integer.parseInt(value);
        default -> throw new IllegalArgumentException(
            args[i] + ": expected --engines, --works, --threads, --callers, --turns, --millis or --warm-millis");
      }
    }
    for (String w : wanted.split(",")) works.add(Workload.parse(w));
    for (String name : chosen) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException("--engines: expected names from " + names + ", found " + name);
      }
    }
    List<String> kept = chosen;
    EngineConfig.PREDICTION_ENGINES.stream().filter(e -> kept.contains(e.name())).forEach(engines::add);
  }

  private static int[] numbers(String list) {
    return Arrays.stream(list.split(",")).mapToInt(Integer::parseInt).toArray();
  }

  public static void main(String[] args) throws IOException, URISyntaxException {
    PredictionTable table;
    try {
      table = new PredictionTable(args);
    } catch (IllegalArgumentException e) {
      System.err.println("PredictionTable: " + e.getMessage());
      System.exit(2);
      return;
    }
    System.out.printf(Locale.ROOT, "Java %s, %d cores; medians of %d turns of %d ms%n",
        System.getProperty("java.version"), Runtime.getRuntime().availableProcessors(), table.turns, table.millis);
    for (Workload work : table.works) table.print(work);
  }

  /** The figures of one number of callers. */
  private static final class Figures {
    final List<double[]> turns = new ArrayList<>(); // p50 and p99 in µs, calls per second

    double median(int figure) {
      return turns.stream().mapToDouble(t -> t[figure]).sorted().toArray()[turns.size() / 2];
    }
  }

  /** A way to call an engine on a number of threads. */
  private final class Candidate {
    final EngineConfig engine;
    final int threads;
    final String way;
    final EngineProcess process;
    final Figures[] figures = new Figures[callers.length];

    Candidate(EngineConfig engine, int threads, String way, EngineProcess process) {
      this.engine = engine;
      this.threads = threads;
      this.way = way;
      this.process = process;
      Arrays.setAll(figures, c -> new Figures());
    }

    /** Returns p50 and p99 in µs, and calls per second. */
    double[] run(int count, int time) throws EngineProcess.Refusal {
      double[] answer = Arrays.stream(process.ask("run " + way + " " + count + " " + time).split(" "))
          .mapToDouble(Double::parseDouble).toArray();
      return new double[] {answer[0] / 1e3, answer[1] / 1e3, answer[2]};
    }
  }

  private void print(Workload work) {
    System.out.printf("%n## %s%n%n", work);
    List<Candidate> candidates = new ArrayList<>();
    for (EngineConfig engine : engines) {
      for (int t : threads) candidates.addAll(start(engine, t, work));
    }
    for (int turn = 0; turn < turns; turn++) {
      for (Candidate candidate : List.copyOf(candidates)) {
        try {
          candidate.run(1, 1 + millis / 10); // refills caches and wakes workers
          for (int c = 0; c < callers.length; c++) {
            candidate.figures[c].turns.add(candidate.run(callers[c], millis));
          }
          candidate.process.suspend();
        } catch (EngineProcess.Refusal e) {
          System.out.println("- " + candidate.engine.name() + " is skipped: " + e.getMessage());
          candidates.remove(candidate);
        }
      }
    }
    candidates.forEach(candidate -> candidate.process.close());
    record(work, candidates);
    table(candidates);
  }

  private void record(Workload work, List<Candidate> candidates) {
    String[] names = {"p50", "p99", "calls"};
    for (Candidate candidate : candidates) {
      String of = String.join(" ", work.toString(), candidate.engine.name(), candidate.way, "" + candidate.threads);
      for (int c = 0; c < callers.length; c++) {
        for (int figure = 0; figure < names.length; figure++) {
          int f = figure;
          Samples.record(of + " " + callers[c] + " " + names[f],
              candidate.figures[c].turns.stream().mapToDouble(t -> t[f]).toArray());
        }
      }
    }
  }

  /** Starts an engine, checks it and warms it up. If that fails, prints the reason and returns no candidates. */
  private List<Candidate> start(EngineConfig engine, int threads, Workload work) {
    EngineProcess process = null;
    try {
      Path log = logs.resolve(engine.name() + "-" + threads + ".log");
      process = EngineProcess.start(
          engine.command(directory, PredictionServer.class), engine.environment(), threads, log);
      String name = process.ask("prepare " + work + " " + threads);
      List<Candidate> ways = new ArrayList<>();
      double worst = 0;
      for (String way : process.ask("ways").split(" ")) {
        worst = Math.max(worst, Double.parseDouble(process.ask("check " + way)));
        ways.add(new Candidate(engine, threads, way, process));
      }
      System.out.printf(Locale.ROOT, "- %s, %d threads: %s; agrees to %.0e%n", engine.name(), threads, name, worst);
      for (Candidate way : ways) {
        for (int spent = 0; spent < warmMillis; spent += 100) way.run(spent / 100 % 2 + 1, 100);
      }
      process.suspend();
      return ways;
    } catch (IOException | EngineProcess.Refusal e) {
      System.out.println("- " + engine.name() + ", " + threads + " threads, is skipped: " + e.getMessage());
      if (process != null) process.close();
      return List.of();
    }
  }

  private void table(List<Candidate> candidates) {
    System.out.printf("%n| engine | call | threads |");
    for (int c : callers) System.out.printf(" %d caller%s: p50, p99 µs | calls/s |", c, c == 1 ? "" : "s");
    System.out.println("\n|---|---|--:|" + "--:|--:|".repeat(callers.length));
    for (Candidate candidate : candidates) {
      System.out.printf("| %s | %s | %d |", candidate.engine.name(), candidate.way, candidate.threads);
      for (Figures f : candidate.figures) {
        System.out.printf(Locale.ROOT, " %s, %s | %,.0f |", digits(f.median(0)), digits(f.median(1)), f.median(2));
      }
      System.out.println();
    }
    System.out.printf("%n| × ours, each at its best |");
    for (int c : callers) System.out.printf(" %d caller%s: p50, p99 | calls/s |", c, c == 1 ? "" : "s");
    System.out.println("\n|---|" + "--:|--:|".repeat(callers.length));
    for (EngineConfig engine : engines.subList(1, engines.size())) {
      System.out.printf("| %s |", engine.name());
      for (int c = 0; c < callers.length; c++) {
        int at = c;
        double[] ratios = new double[3];
        for (int figure = 0; figure < 3; figure++) {
          int f = figure;
          ToDoubleFunction<Candidate> cost =
              l -> f < 2 ? l.figures[at].median(f) : 1 / l.figures[at].median(f);
          ratios[f] = least(candidates, engine, cost) / least(candidates, engines.get(0), cost);
        }
        System.out.printf(Locale.ROOT, " %.2f, %.2f | %.2f |", ratios[0], ratios[1], ratios[2]);
      }
      System.out.println();
    }
  }

  private static double least(List<Candidate> candidates, EngineConfig engine, ToDoubleFunction<Candidate> cost) {
    return candidates.stream().filter(l -> l.engine == engine).mapToDouble(cost).min().orElse(Double.NaN);
  }

  /** Formats a value with three significant digits, or as an integer if it is larger. */
  private static String digits(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
  }
}
