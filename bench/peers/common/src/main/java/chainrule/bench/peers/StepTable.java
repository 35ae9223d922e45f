// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import chainrule.bench.Samples;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Prints the times of a training step and of the prediction of one row in each engine, on one thread and on two.
 *
 * <p>Every engine runs in a separate process for each workload and number of threads. Its first three losses, or its
 * probabilities, must agree with plain loops to 1e-12 before it is timed. It then warms up until its times no longer
 * improve. The engines are timed in turns, while the processes of the others are stopped. Each figure is a median.
 * Engines that are missing, fail to load or compute different results are skipped, and the reason is printed.
 *
 * <p>"× ours" is the engine's time divided by Chainrule's: above 1, Chainrule is faster.
 *
 * <p>Options: {@code --engines a,b}, {@code --works 784-128-10/64/sgd,…}, {@code --threads 1,2}, {@code --turns 11},
 * {@code --seconds 0.15}, {@code --openblas-core Haswell} for OpenBLAS's kernels of another processor. Processes
 * inherit the options of this JVM. Their standard error goes to files in {@code bench/peers/target}.
 */
public final class StepTable {
  private static final String WORKS = "784-128-10/64/sgd,1024-1024-1024-10/256/sgd,2-16-16-3/32/sgd,4-8-3/16/adam,"
      + "784-128-10/1/predict,4-8-3/1/predict";
  private static final double AGREEMENT = 1e-12;

  private final Path directory, logs;
  private final List<EngineConfig> peers = new ArrayList<>();
  private final List<Workload> works = new ArrayList<>();
  private int[] threads = {1, 2};
  private int turns = 11;
  private double seconds = 0.15;
  private Map<String, String> variables = Map.of();
  private double peak;
  private final Set<String> printed = new HashSet<>();

  private StepTable(String[] args) throws IOException, URISyntaxException {
    Path code = Path.of(StepTable.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    directory = code.getParent().getParent().getParent(); // bench/peers, from common/target/steps.jar or …/classes
    logs = Files.createDirectories(directory.resolve("target"));
    String engines = "", wanted = WORKS;
    for (int i = 0; i < args.length; i += 2) {
      String value = i + 1 < args.length ? args[i + 1] : "";
      switch (args[i]) {
        case "--engines" -> engines = value;
        case "--works" -> wanted = value;
        case "--threads" -> threads = Arrays.stream(value.split(",")).mapToInt(Integer::parseInt).toArray();
        case "--turns" -> turns = Integer.parseInt(value);
        case "--seconds" -> seconds = Double.parseDouble(value);
        case "--openblas-core" -> variables = Map.of("OPENBLAS_CORETYPE", value);
        default -> throw new IllegalArgumentException(
            args[i] + ": expected --engines, --works, --threads, --turns, --seconds or --openblas-core");
      }
    }
    for (String w : wanted.split(",")) works.add(Workload.parse(w));
    List<String> names = EngineConfig.ALL.stream().map(EngineConfig::name).toList();
    List<String> chosen = engines.isEmpty() ? names : List.of(engines.split(","));
    for (String name : chosen) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException("--engines: expected names from " + names + ", found " + name);
      }
    }
    EngineConfig.ALL.stream().filter(p -> chosen.contains(p.name())).forEach(peers::add);
  }

  public static void main(String[] args) throws IOException, URISyntaxException {
    StepTable table;
    try {
      table = new StepTable(args);
    } catch (IllegalArgumentException e) {
      System.err.println("StepTable: " + e.getMessage());
      System.exit(2);
      return;
    }
    table.print();
  }

  /** An engine with a number of threads. */
  private static final class Candidate {
    final EngineConfig peer;
    final int threads;
    final EngineProcess process;
    final List<Double> taken = new ArrayList<>();
    int times = 1;
    double difference;

    Candidate(EngineConfig peer, int threads, EngineProcess process) {
      this.peer = peer;
      this.threads = threads;
      this.process = process;
    }

    double median() {
      return taken.stream().sorted().toList().get(taken.size() / 2);
    }
  }

  private void print() {
    System.getenv().keySet().stream().filter(EngineProcess::changesOpenBlas).sorted()
        .forEach(v -> System.out.println("note: " + v + " changes OpenBLAS, so it is not passed to the engines"));
    peak = peak();
    System.out.printf(Locale.ROOT, "Java %s, %d cores, FMA peak of one %.1f GFLOP/s; medians of %d turns of %.2f s%n",
        System.getProperty("java.version"), Runtime.getRuntime().availableProcessors(), peak / 1e9, turns, seconds);
    for (Workload work : works) print(work);
  }

  private double peak() {
    EngineConfig chainrule = EngineConfig.ALL.get(0);
    Path log = logs.resolve("peak.log");
    try (EngineProcess process = EngineProcess.start(chainrule.command(directory), Map.of(), 1, log)) {
      return Double.parseDouble(process.ask("peak"));
    } catch (IOException | EngineProcess.Refusal e) {
      throw new IllegalStateException("Chainrule's engine does not start: " + e.getMessage(), e);
    }
  }

  private void print(Workload work) {
    System.out.printf(Locale.ROOT, "%n## %s: %s kFLOP%n%n", work, digits(work.flops() / 1e3));
    double[] expected = EngineServer.firstResults(new ReferenceWorkload(work), work);
    List<Candidate> candidates = new ArrayList<>();
    for (EngineConfig peer : peers) {
      for (int t : threads) {
        Candidate candidate = start(peer, t, work, expected);
        if (candidate != null) candidates.add(candidate);
      }
    }
    for (int turn = 0; turn < turns; turn++) {
      for (Candidate candidate : List.copyOf(candidates)) {
        try {
          candidate.process.run(1 + candidate.times / 8); // refills caches and wakes workers
          candidate.taken.add(candidate.process.run(candidate.times));
          candidate.process.suspend();
        } catch (EngineProcess.Refusal e) {
          skip(candidate.peer, candidate.threads, e.getMessage());
          candidates.remove(candidate);
        }
      }
    }
    for (Candidate candidate : candidates) {
      candidate.process.close();
      Samples.record(work + " " + candidate.peer.name() + " " + candidate.threads,
          candidate.taken.stream().mapToDouble(t -> t).toArray());
    }
    table(work, candidates);
  }

  /** Starts an engine, checks it and warms it up. If that fails, prints the reason and returns null. */
  private Candidate start(EngineConfig peer, int threads, Workload work, double[] expected) {
    EngineProcess process = null;
    try {
      Path log = logs.resolve(peer.name() + "-" + threads + ".log");
      Map<String, String> environment = new HashMap<>(peer.environment());
      environment.putAll(variables);
      process = EngineProcess.start(peer.command(directory), environment, threads, log);
      String name = process.ask("prepare " + work + " " + threads);
      double worst = 0;
      String answer = process.ask("check");
      double[] values = Arrays.stream(answer.split(" ")).mapToDouble(Double::parseDouble).toArray();
      if (values.length != expected.length) throw new EngineProcess.Refusal("different results: " + answer);
      for (int i = 0; i < values.length; i++) worst = Math.max(worst, Math.abs(values[i] - expected[i]));
      if (!(worst <= AGREEMENT)) {
        throw new EngineProcess.Refusal("different results: " + answer + ", expected " + Arrays.toString(expected));
      }
      String core = process.core().map(c -> ", OpenBLAS core " + c).orElse("");
      printOnce(peer.name() + ": " + name + core);
      Candidate candidate = new Candidate(peer, threads, process);
      candidate.difference = worst;
      candidate.times = process.warmUp(seconds);
      process.suspend();
      return candidate;
    } catch (IOException | EngineProcess.Refusal e) {
      skip(peer, threads, e.getMessage());
      if (process != null) process.close();
      return null;
    }
  }

  private void skip(EngineConfig peer, int threads, String reason) {
    printOnce(peer.name() + ", " + threads + (threads == 1 ? " thread" : " threads") + ", is skipped: " + reason);
  }

  /** Prints a line, but only once in a run. */
  private void printOnce(String line) {
    if (printed.add(line)) System.out.println("- " + line);
  }

  private void table(Workload work, List<Candidate> candidates) {
    System.out.printf(Locale.ROOT, "- %s agree with plain loops to %.0e%n%n| engine |",
        work.task() == Workload.Task.PREDICT ? "probabilities" : "first losses",
        candidates.stream().mapToDouble(l -> l.difference).max().orElse(0));
    for (int t : threads) System.out.printf(" µs, %d thread%s |", t, t == 1 ? "" : "s");
    System.out.println(" GFLOP/s | of the peak | × ours, same threads | × ours, best |");
    System.out.println("|---|" + "--:|".repeat(threads.length + 2) + "---|--:|");
    List<Candidate> ours = candidates.stream().filter(l -> l.peer == EngineConfig.ALL.get(0)).toList();
    for (EngineConfig peer : peers) {
      List<Candidate> own = candidates.stream().filter(l -> l.peer == peer).toList();
      if (own.isEmpty()) continue;
      System.out.printf("| %s |", peer.name());
      StringJoiner ratios = new StringJoiner(", ");
      for (int t : threads) {
        ratios.add(ratio(on(t, own), on(t, ours)));
        String cell = on(t, own)
            .map(l -> digits(l.median() * 1e6)).orElse("–");
        System.out.printf(" %s |", cell);
      }
      Candidate best = best(own).orElseThrow();
      double flops = work.flops() / best.median();
      System.out.printf(Locale.ROOT, " %.1f | %.2f | %s | %s |%n",
          flops / 1e9, flops / (peak * best.threads), ratios, ratio(best(own), best(ours)));
    }
  }

  private static Optional<Candidate> on(int threads, List<Candidate> candidates) {
    return candidates.stream().filter(l -> l.threads == threads).findFirst();
  }

  /** Returns the fastest candidate. More threads count as faster only if the gain exceeds the noise. */
  private static Optional<Candidate> best(List<Candidate> candidates) {
    return candidates.stream().reduce((a, b) -> b.median() < 0.97 * a.median() ? b : a);
  }

  private static String ratio(Optional<Candidate> theirs, Optional<Candidate> ours) {
    if (theirs.isEmpty() || ours.isEmpty()) return "–";
    return String.format(Locale.ROOT, "%.2f", theirs.get().median() / ours.get().median());
  }

  /** Formats a value with three significant digits, or as an integer if it is larger. */
  private static String digits(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
  }
}
