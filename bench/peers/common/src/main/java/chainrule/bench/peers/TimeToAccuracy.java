// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Trains one network on as many pictures as MNIST has, here and in PyTorch: the same pictures, first weights, order of
 * rows and hyper-parameters. Every epoch's mean loss has to agree to 1e-9 and its test accuracy to the row; the seconds
 * of training are what differs.
 *
 * <p>Each library has a process of its own for one thread and for two; they take turns, an epoch each, the others
 * stopped meanwhile. Clocks run while a process trains: gathering, shuffling and the compiler's warm-up are in, making
 * pictures and testing are not.
 *
 * <p>Options: {@code --work 784-128-10/64/sgd} {@code --epochs 8} {@code --rows 60000} {@code --test 10000}
 * {@code --accuracy 0.99} {@code --threads 1,2} {@code --seed 1}
 * {@code --rehearse 0}: epochs that each process trains before, on a network that is thrown away, so that the JVM's
 * compiler has done its work. {@code --learners pytorch,…}: besides ours.
 */
public final class TimeToAccuracy {
  private static final double AGREEMENT = 1e-9;

  private Workload work = Workload.parse("784-128-10/64/sgd");
  private int epochs = 8, rows = 60_000, testRows = 10_000;
  private double accuracy = 0.99;
  private int[] threads = {1, 2};
  private long seed = 1;
  private int rehearsed;
  private List<EngineConfig> learners = EngineConfig.TRAINING_ENGINES;

  private TimeToAccuracy() {}

  /** One library at one number of threads, and what its epochs were. */
  private static final class Candidate {
    final EngineConfig peer;
    final int threads;
    final EngineProcess process;
    final List<Double> losses = new ArrayList<>(), seconds = new ArrayList<>();
    final List<Integer> right = new ArrayList<>();

    Candidate(EngineConfig peer, int threads, EngineProcess process) {
      this.peer = peer;
      this.threads = threads;
      this.process = process;
    }

    @Override public String toString() {
      return peer.name() + ", " + threads + (threads == 1 ? " thread" : " threads");
    }

    double secondsTo(int epochs) {
      return seconds.stream().limit(epochs).mapToDouble(s -> s).sum();
    }

    double median() {
      return seconds.stream().sorted().toList().get(seconds.size() / 2);
    }

    /** Trains an epoch. */
    void epoch() throws EngineProcess.Refusal {
      String[] words = process.ask("epoch").split(" ");
      process.rest();
      losses.add(Double.parseDouble(words[0]));
      right.add(Integer.parseInt(words[1]));
      seconds.add(Long.parseLong(words[2]) / 1e9);
    }
  }

  public static void main(String[] args) throws IOException, URISyntaxException {
    TimeToAccuracy race = new TimeToAccuracy();
    try {
      race.set(args);
    } catch (IllegalArgumentException e) {
      System.err.println("TimeToAccuracy: " + e.getMessage());
      System.exit(2);
    }
    System.exit(race.run() ? 0 : 1);
  }

  private void set(String[] args) {
    for (int i = 0; i < args.length; i += 2) {
      String value = i + 1 < args.length ? args[i + 1] : "";
      switch (args[i]) {
        case "--work" -> work = Workload.parse(value);
        case "--epochs" -> epochs = Integer.parseInt(value);
        case "--rows" -> rows = Integer.parseInt(value);
        case "--test" -> testRows = Integer.parseInt(value);
        case "--accuracy" -> accuracy = Double.parseDouble(value);
        case "--threads" -> threads = Arrays.stream(value.split(",")).mapToInt(Integer::parseInt).toArray();
        case "--seed" -> seed = Long.parseLong(value);
        case "--rehearse" -> rehearsed = Integer.parseInt(value);
        case "--learners" -> learners = EngineConfig.TRAINING_ENGINES.stream()
            .filter(p -> p == EngineConfig.TRAINING_ENGINES.get(0) || List.of(value.split(",")).contains(p.name()))
                .toList();
        default -> throw new IllegalArgumentException(
            args[i] + ": expected --work, --epochs, --rows, --test, --accuracy, --threads, --seed, --rehearse or "
                + "--learners");
      }
    }
  }

  /** Whether all agreed. */
  private boolean run() throws IOException, URISyntaxException {
    Path code = Path.of(TimeToAccuracy.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path folder = code.getParent().getParent().getParent(); // bench/peers, from common/target/steps.jar or …/classes
    Path logs = Files.createDirectories(folder.resolve("target"));
    System.out.printf(Locale.ROOT, "Java %s, %d cores; %s at rate %s, %,d pictures, %,d to test, seed %d%s%n",
        System.getProperty("java.version"), Runtime.getRuntime().availableProcessors(), work, work.task().rate, rows,
        testRows, seed, rehearsed == 0 ? ", from a cold start" : ", after " + rehearsed + " rehearsed");
    List<Candidate> candidates = new ArrayList<>();
    for (EngineConfig peer : learners) {
      for (int t : threads) {
        try {
          EngineProcess process = EngineProcess.start(peer.command(folder, TrainingServer.class), peer.environment(), t,
              logs.resolve("learn-" + peer.name() + "-" + t + ".log"));
          Candidate candidate = new Candidate(peer, t, process);
          String name = process.ask(String.join(" ", "task", work.toString(), "" + t, "" + epochs, "" + seed,
              "" + rows, "" + testRows, "" + rehearsed));
          process.rest();
          System.out.println("- " + candidate + ": " + name);
          candidates.add(candidate);
        } catch (IOException | EngineProcess.Refusal e) {
          System.out.println("- " + peer.name() + " is left out: " + e.getMessage());
        }
      }
    }
    if (candidates.isEmpty()) return false;
    System.out.printf("%n| epoch | loss | differs by | right | %s |%n|--:|--:|--:|--:|%s%n",
        candidates.stream().map(l -> "s, " + l).collect(Collectors.joining(" | ")), "--:|".repeat(candidates.size()));
    boolean agree = true;
    for (int epoch = 1; epoch <= epochs; epoch++) {
      try {
        for (Candidate candidate : candidates) candidate.epoch();
      } catch (EngineProcess.Refusal e) {
        System.out.println("epoch " + epoch + ": " + e.getMessage());
        return false;
      }
      agree &= print(epoch, candidates);
    }
    candidates.forEach(candidate -> candidate.process.close());
    System.out.println();
    summary("all " + epochs + " epochs", epochs, candidates);
    int enough = 0;
    while (enough < epochs && candidates.get(0).right.get(enough) < accuracy * testRows) enough++;
    if (enough == epochs) System.out.printf(Locale.ROOT, "accuracy %s was not reached%n", accuracy);
    else summary(String.format(Locale.ROOT, "to accuracy %s, %d epochs", accuracy, enough + 1), enough + 1, candidates);
    return agree;
  }

  /** A line of the table; whether all candidates agree in it. */
  private boolean print(int epoch, List<Candidate> candidates) {
    double loss = candidates.get(0).losses.get(epoch - 1), worst = 0;
    int right = candidates.get(0).right.get(epoch - 1);
    boolean same = true;
    StringBuilder seconds = new StringBuilder();
    for (Candidate candidate : candidates) {
      worst = Math.max(worst, Math.abs(candidate.losses.get(epoch - 1) - loss) / loss);
      same &= candidate.right.get(epoch - 1) == right;
      seconds.append(String.format(Locale.ROOT, " %.3f |", candidate.seconds.get(epoch - 1)));
    }
    System.out.printf(Locale.ROOT, "| %d | %.12f | %.0e | %,d |%s%n", epoch, loss, worst, right, seconds);
    if (!same || !(worst <= AGREEMENT)) {
      System.out.println("These are not the same training: " + candidates.stream().map(
          l -> l + " " + l.losses.get(epoch - 1) + " " + l.right.get(epoch - 1)).collect(Collectors.joining("; ")));
      return false;
    }
    return true;
  }

  private void summary(String what, int epochs, List<Candidate> candidates) {
    System.out.println(what + ":");
    for (EngineConfig peer : learners) {
      candidates.stream().filter(l -> l.peer == peer).forEach(l -> System.out.printf(Locale.ROOT,
          "  %s: %.2f s; median epoch %.3f s%n", l, l.secondsTo(epochs), l.median()));
    }
    Candidate ours = best(candidates, learners.get(0), epochs);
    for (EngineConfig peer : learners.subList(1, learners.size())) {
      Candidate theirs = best(candidates, peer, epochs);
      if (ours == null || theirs == null) continue;
      System.out.printf(Locale.ROOT, "  %s takes %.2f times our time, each at its best; by median epochs %.2f%n",
          peer.name(), theirs.secondsTo(epochs) / ours.secondsTo(epochs), theirs.median() / ours.median());
    }
  }

  private static Candidate best(List<Candidate> candidates, EngineConfig peer, int epochs) {
    return candidates.stream().filter(l -> l.peer == peer)
        .min(Comparator.comparingDouble(candidate -> candidate.secondsTo(epochs))).orElse(null);
  }
}
