// SPDX-License-Identifier: MIT
package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.nn.Network;
import chainrule.spec.PlainTraining.Mistake;
import chainrule.spec.PlainTraining.Outcome;
import chainrule.train.History;
import chainrule.train.Snapshot;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Whole runs of {@code Trainer} against {@link PlainTraining}, over every pair of settings: parameters, losses and
 * rates after each epoch, and the result of early stopping. The four paths from gradient to update (into the weights,
 * block by block, clipped, in blocks of rows) are combined with all other settings.
 */
class TrainingMatrixSpec {
  private static final int CASES = 1500;

  /**
   * The largest difference between two computations of a run, relative to 1 + |v|. Sums of at most 5,000 terms of order
   * one, each rounded to 2⁻⁵³, are within 1e-12 of the exact ones. A step changes θ by at most 0.02 of such an error
   * (adadelta by about 0.001), and a hundred steps add up to less than 1e-11.
   */
  private static final double TOLERANCE = 1e-11;
  /** The least effect of a mistake, in units of the tolerance. */
  private static final double CLEARLY = 1000;

  /** Runs {@code Trainer}, which is interrupted and resumed as often as the case says. */
  static Outcome trained(TrainingCase c) {
    Outcome o = new Outcome(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), null, 0);
    Snapshot[] state = new Snapshot[1];
    for (int part = 0; ; part++) {
      Network net = c.network();
      int[] left = {part < c.stops().length ? c.stops()[part] : Integer.MAX_VALUE};
      Trainer trainer = c.trainer(net).stopWhen(() -> left[0]-- == 0).checkpoint(s -> state[0] = copy(s))
          .listener(new TrainingListener() {
            @Override public void onEpoch(History.Epoch e) {
              o.parameters().add(net.parameters().clone());
            }
          });
      if (part > 0) {
        Arrays.fill(net.parameters(), Double.NaN); // the snapshot must contain everything
        trainer.resume(state[0]);
      }
      History h = trainer.fit(c.train(), c.epochs());
      if (h.end() == History.End.INTERRUPTED) continue;
      for (History.Epoch e : h.epochs()) {
        o.losses().add(e.trainLoss());
        o.rates().add(e.rate());
        if (c.patience() > 0) o.validation().add(e.validation().loss());
      }
      return new Outcome(o.parameters(), o.losses(), o.validation(), o.rates(), net.parameters().clone(), h.kept());
    }
  }

  private static Snapshot copy(Snapshot s) {
    double[][] memory = Arrays.stream(s.optimizerState()).map(double[]::clone).toArray(double[][]::new);
    return new Snapshot(List.copyOf(s.epochs()), s.stepsOfEpoch(), s.lossOfEpoch(), s.steps(), s.parameters().clone(),
        s.epochParameters().clone(), memory, s.bestEpoch(),
        s.bestParameters() == null ? null : s.bestParameters().clone());
  }

  /** The largest distance relative to 1 + |v|; ∞ if the numbers of epochs differ or a value is NaN. */
  static double distance(Outcome one, Outcome other) {
    if (one.parameters().size() != other.parameters().size() || one.kept() != other.kept()) {
      return Double.POSITIVE_INFINITY;
    }
    double worst = distance(one.end(), other.end());
    for (int e = 0; e < one.parameters().size(); e++) {
      worst = Math.max(worst, distance(one.parameters().get(e), other.parameters().get(e)));
    }
    worst = Math.max(worst, distance(one.losses(), other.losses()));
    worst = Math.max(worst, distance(one.validation(), other.validation()));
    return Math.max(worst, distance(one.rates(), other.rates()));
  }

  private static double distance(List<Double> one, List<Double> other) {
    return distance(one.stream().mapToDouble(v -> v).toArray(), other.stream().mapToDouble(v -> v).toArray());
  }

  private static double distance(double[] one, double[] other) {
    if (one.length != other.length) return Double.POSITIVE_INFINITY;
    double worst = 0;
    for (int i = 0; i < one.length; i++) {
      double d = Math.abs(one[i] - other[i]) / (1 + Math.abs(other[i]));
      worst = d <= worst ? worst : Double.isNaN(d) ? Double.POSITIVE_INFINITY : d;
    }
    return worst;
  }

  private static Outcome plain(TrainingCase c, Mistake mistake) {
    return new PlainTraining(c, c.network().parameters(), mistake).run();
  }

  private static void check(TrainingCase c) {
    double distance = distance(trained(c), plain(c, Mistake.NONE));
    assertTrue(distance <= TOLERANCE, () -> "distance " + distance + " in " + c);
  }

  @Test
  void trainerAgreesWithPlainLoopsForEveryPairOfSettings() {
    Set<String> pairs = new TreeSet<>();
    for (long seed = 1; seed <= CASES; seed++) {
      TrainingCase c = TrainingCase.of(seed);
      check(c);
      addPairs(c, pairs);
    }
    assertEquals(Set.of(), missing(pairs));
  }

  private static void addPairs(TrainingCase c, Set<String> pairs) {
    List<Map.Entry<String, String>> all = new ArrayList<>(c.options().entrySet());
    all.add(Map.entry("path", c.path()));
    for (int i = 0; i < all.size(); i++) {
      for (int j = i + 1; j < all.size(); j++) pairs.add(all.get(i) + " & " + all.get(j));
    }
  }

  /** Pairs of settings without a case. Four settings determine the path, which is paired with all others. */
  private static Set<String> missing(Set<String> pairs) {
    Set<String> missing = new TreeSet<>();
    List<String> names = new ArrayList<>(TrainingCase.VALUES.keySet());
    for (int i = 0; i < names.size(); i++) {
      for (String v : TrainingCase.VALUES.get(names.get(i))) {
        for (int j = i + 1; j < names.size(); j++) {
          for (String w : TrainingCase.VALUES.get(names.get(j))) {
            missing.add(names.get(i) + "=" + v + " & " + names.get(j) + "=" + w);
          }
        }
        if (Set.of("optimizer", "penalty", "clip", "blocks").contains(names.get(i))) continue;
        for (String path : List.of("into the weights", "block by block", "clipped", "in blocks")) {
          missing.add(names.get(i) + "=" + v + " & path=" + path);
        }
      }
    }
    missing.removeAll(pairs);
    return missing;
  }

  /** Every optimizer, and plain descent and blocks with 1, 2 and 3 threads, on products large enough to split. */
  @Test
  void trainerAgreesWithPlainLoopsForLargeNetworksOnSeveralThreads() {
    Set<String> paths = new TreeSet<>();
    List<String> optimizers = new ArrayList<>(List.of("sgd", "sgd"));
    optimizers.addAll(TrainingCase.VALUES.get("optimizer"));
    int withoutBlocks = optimizers.size();
    optimizers.addAll(List.of("sgd", "adam", "momentum"));
    for (int i = 0; i < optimizers.size(); i++) {
      int threads = 1 + i % 3;
      TrainingCase c = TrainingCase.large(
          i, optimizers.get(i), threads, i < withoutBlocks ? "none" : "less than a batch");
      int out = c.layers().stream().filter(p -> !p.isDropout()).findFirst().get().out();
      assertTrue((long) c.batch() * c.inputs() * out >= 1L << 20, "the product must be split among threads");
      check(c);
      paths.add(c.path() + (threads == 1 ? ", one thread" : ", several threads"));
    }
    assertEquals(8, paths.size(), "every path on one thread and on several: " + paths);
  }

  /** The comparison detects every mistake of the plain training, in at least one of the same cases. */
  @Test
  void everyMistakeInTrainingIsDetected() {
    Set<Mistake> undetected = EnumSet.complementOf(EnumSet.of(Mistake.NONE));
    for (long seed = 1; seed <= CASES && !undetected.isEmpty(); seed++) {
      TrainingCase c = TrainingCase.of(seed);
      Outcome right = plain(c, Mistake.NONE);
      undetected.removeIf(m -> distance(plain(c, m), right) > CLEARLY * TOLERANCE);
    }
    assertEquals(Set.of(), undetected);
    assertThrows(AssertionError.class, () -> assertEquals(Set.of(), missing(new TreeSet<>())),
        "an empty set of pairs must be reported as missing");
  }
}
