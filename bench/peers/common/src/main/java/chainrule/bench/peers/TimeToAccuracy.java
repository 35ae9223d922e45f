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
 * Trains one network with Chainrule and PyTorch on as many images as MNIST has, and prints the time to an accuracy. The
 * images, initial weights, order of rows and hyperparameters are the same. Each epoch's mean loss must agree to 1e-9,
 * and the number of correct test rows exactly. Only the times differ.
 *
 * <p>Each library runs in a separate process for one thread and for two. They train in turns, one epoch each, while the
 * others are stopped. The times include gathering batches, shuffling and JIT compilation, but not the generation of
 * images or the test.
 *
 * <p>Options: {@code --work 784-128-10/64/sgd}, {@code --epochs 8}, {@code --rows 60000}, {@code --test 10000}, {@code
 * --accuracy 0.99}, {@code --threads 1,2}, {@code --seed 1}
 * <ul>
 * <li>{@code --rehearse 0}: epochs that each process trains first, on another network, so that the code is compiled
 * <li>{@code --learners pytorch,…}: the libraries to compare with Chainrule
 * </ul>
 */
public final class TimeToAccuracy {
  private static final double AGREEMENT = 1e-9;

  private Workload work = Workload.parse("784-128-10/64/sgd");
  private int epochs = 8, rows = 60_000, testRows = 10_000;
  private double accuracy = 0.99;
  private int[] threads = {1, 2};
  private long seed = 1;
  private int warmUpEpochs;
  private List<EngineConfig> engines = EngineConfig.TRAINING_ENGINES;

  private TimeToAccuracy() {}

  /** A library with a number of threads, and the results of its epochs. */
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

    /** Trains one epoch. */
    void epoch() throws EngineProcess.Refusal {
      String[] words = process.ask("epoch").split(" ");
      process.suspend();
      losses.add(Double.parseDouble(words[0]));
      right.add(Integer.parseInt(words[1]));
      seconds.add(Long.parseLong(words[2]) / 1e9);
    }
  }

  public static void main(String[] args) throws IOException, URISyntaxException {
    TimeToAccuracy comparison = new TimeToAccuracy();
    try {
      comparison.set(args);
    } catch (IllegalArgumentException e) {
      System.err.println("TimeToAccuracy: " + e.getMessage());
      System.exit(2);
    }
    System.exit(comparison.run() ? 0 : 1);
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
        case "--rehearse" -> warmUpEpochs = Integer.parseInt(value);
        case "--learners" -> {
          EngineConfig chainrule = EngineConfig.TRAINING_ENGINES.get(0);
          List<String> chosen = List.of(value.split(","));
          engines = EngineConfig.TRAINING_ENGINES.stream()
              .filter(p -> p == chainrule || chosen.contains(p.name())).toList();
        }
        default -> throw new IllegalArgumentException(
            args[i] + ": expected --work, --epochs, --rows, --test, --accuracy, --threads, --seed, --rehearse or "
                + "--learners");
      }
    }
  }

  /** Trains and prints. Returns whether all results agreed. */
  private boolean run() throws IOException, URISyntaxException {
    Path code = Path.of(TimeToAccuracy.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path directory = code.getParent().getParent().getParent(); // bench/peers, from common/target/steps.jar or …/classes
    Path logs = Files.createDirectories(directory.resolve("target"));
    System.out.printf(Locale.ROOT, "Java %s, %d cores; %s at rate %s, %,d images, %,d for testing, seed %d%s%n",
        System.getProperty("java.version"), Runtime.getRuntime().availableProcessors(), work, work.task().rate, rows,
        testRows, seed, warmUpEpochs == 0 ? ", from a cold start" : ", after " + warmUpEpochs + " warm-up epochs");
    List<Candidate> candidates = new ArrayList<>();
    for (EngineConfig peer : engines) {
      for (int t : threads) {
        try {
          List<String> command = peer.command(directory, TrainingServer.class);
          EngineProcess process = EngineProcess.start(command, peer.environment(), t,
              logs.resolve("learn-" + peer.name() + "-" + t + ".log"));
          Candidate candidate = new Candidate(peer, t, process);
          String name = process.ask(String.join(" ", "task", work.toString(), "" + t, "" + epochs, "" + seed,
              "" + rows, "" + testRows, "" + warmUpEpochs));
          process.suspend();
          System.out.println("- " + candidate + ": " + name);
          candidates.add(candidate);
        } catch (IOException | EngineProcess.Refusal e) {
          System.out.println("- " + peer.name() + " is skipped: " + e.getMessage());
        }
      }
    }
    if (candidates.isEmpty()) return false;
    System.out.printf("%n| epoch | loss | relative difference | correct | %s |%n|--:|--:|--:|--:|%s%n",
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

  /** Prints a row of the table. Returns whether all candidates agree. */
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
      System.out.println("the trainings differ: " + candidates.stream().map(
          l -> l + " " + l.losses.get(epoch - 1) + " " + l.right.get(epoch - 1)).collect(Collectors.joining("; ")));
      return false;
    }
    return true;
  }

  private void summary(String what, int epochs, List<Candidate> candidates) {
    System.out.println(what + ":");
    for (EngineConfig peer : engines) {
      candidates.stream().filter(l -> l.peer == peer).forEach(l -> System.out.printf(Locale.ROOT,
          "  %s: %.2f s; median epoch %.3f s%n", l, l.secondsTo(epochs), l.median()));
    }
    Candidate ours = best(candidates, engines.get(0), epochs);
    for (EngineConfig peer : engines.subList(1, engines.size())) {
      Candidate theirs = best(candidates, peer, epochs);
      if (ours == null || theirs == null) continue;
      System.out.printf(Locale.ROOT,
          "  %s takes %.2f times as long as Chainrule, each at its best; by median epochs %.2f%n", peer.name(),
          theirs.secondsTo(epochs) / ours.secondsTo(epochs), theirs.median() / ours.median());
    }
  }

  private static Candidate best(List<Candidate> candidates, EngineConfig peer, int epochs) {
    return candidates.stream().filter(l -> l.peer == peer)
        .min(Comparator.comparingDouble(candidate -> candidate.secondsTo(epochs))).orElse(null);
  }
}
