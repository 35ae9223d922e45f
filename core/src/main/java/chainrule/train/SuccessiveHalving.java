// SPDX-License-Identifier: MIT
package chainrule.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A search for the best of several candidates that spends little on bad ones. In each rung, the remaining candidates
 * are trained on folds, and about the best third of them, by the mean loss on the held-out rows, remain for the next:
 * <pre>
 * rung       candidates    epochs    folds           of N candidates, E epochs and k folds
 * 1          N             ⌈E/3⌉     1               if N ≥ 10
 * 2          ⌈N/3⌉         ⌈E/3⌉     min(3, k)       if N ≥ 4
 * 3          ⌈N/9⌉         E         k
 * </pre>
 * So each rung spends about three times as much per candidate as the one before, and candidates that depend on luck are
 * tried on more folds. Candidate 1, usually the default settings, stays until the end, so that the result shows what
 * the search has gained. It wins unless another candidate is clearly better, see {@link #winner}. Equal losses rank by
 * the number of the candidate. A loss of NaN ranks last.
 *
 * <p>A search has no state of its own: {@link #next} returns the tasks that follow from the results so far. They may be
 * computed in any order, on any machine, and a search may be continued from stored results.
 * <pre>{@code
 * List<TrialResult> results = new ArrayList<>();
 * for (List<TrialTask> tasks = search.next(results); !tasks.isEmpty(); tasks = search.next(results)) {
 *   results.addAll(SuccessiveHalving.run(tasks, task -> …, threads));
 * }
 * Candidate best = search.winner(results).candidate();
 * }</pre>
 * Source: Jamieson, Talwalkar 2016. Spec: TuningTest.
 */
public final class SuccessiveHalving {
  private static final int FACTOR = 3;

  /**
   * What each of the remaining candidates is trained with.
   *
   * @param candidates how many remain; candidate 1 may be in the rung in addition
   * @param epochs the most epochs of a training
   * @param folds each candidate is trained on this many of the first folds
   */
  public record Rung(int candidates, int epochs, int folds) {}

  /**
   * A candidate and how well it did.
   *
   * @param candidate the candidate
   * @param rung the last rung that it completed, from 1; 0 if none
   * @param loss the mean and deviation of its loss over the folds of that rung
   * @param score the mean and deviation of its score over the folds of that rung
   */
  public record Standing(Candidate candidate, int rung, MetricSpread loss, MetricSpread score) {}

  /** Computes tasks. It must be a function of the task alone, and may be called by several threads at a time. */
  public interface TrialFunction {
    /**
     * Trains a candidate.
     *
     * @param task the candidate, the fold and the number of epochs
     * @return the loss and the score on the held-out rows; null if training was stopped
     */
    TrialResult run(TrialTask task);
  }

  private record Key(int candidate, int fold, int epochs) {}

  private final List<Candidate> candidates;
  private final CrossValidation folds;
  private final List<Rung> rungs;

  private SuccessiveHalving(List<Candidate> candidates, CrossValidation folds, List<Rung> rungs) {
    this.candidates = candidates;
    this.folds = folds;
    this.rungs = rungs;
  }

  /**
   * {@return a search among these candidates}
   *
   * @param candidates numbered from 1, in order
   * @param folds the folds of the last rung, of one repeat
   * @param epochs the epochs of the last rung
   * @throws IllegalArgumentException unless candidates are numbered so, there is one, repeats are 1, and epochs ≥ 1
   */
  public static SuccessiveHalving of(List<Candidate> candidates, CrossValidation folds, int epochs) {
    if (candidates.isEmpty()) throw new IllegalArgumentException("no candidates");
    if (folds.repeats() != 1) throw new IllegalArgumentException("repeats: expected 1, found " + folds.repeats());
    if (epochs < 1) throw new IllegalArgumentException("epochs: expected ≥ 1, found " + epochs);
    for (int i = 0; i < candidates.size(); i++) {
      if (candidates.get(i).number() != i + 1) {
        throw new IllegalArgumentException("expected candidate " + (i + 1) + ", found " + candidates.get(i));
      }
    }
    return new SuccessiveHalving(List.copyOf(candidates), folds,
        rungs(candidates.size(), folds.folds(), epochs));
  }

  private static List<Rung> rungs(int candidates, int folds, int epochs) {
    int third = (epochs + FACTOR - 1) / FACTOR;
    List<Rung> rungs = new ArrayList<>();
    int n = candidates;
    if (candidates > FACTOR * FACTOR) {
      rungs.add(new Rung(n, third, 1));
      n = (n + FACTOR - 1) / FACTOR;
    }
    if (candidates > FACTOR) {
      rungs.add(new Rung(n, third, Math.min(FACTOR, folds)));
      n = (n + FACTOR - 1) / FACTOR;
    }
    rungs.add(new Rung(n, epochs, folds));
    return List.copyOf(rungs);
  }

  /** {@return the rungs, the first with all candidates} */
  public List<Rung> rungs() {
    return rungs;
  }

  /**
   * {@return the tasks of the current rung that have no result yet; empty if the search has ended} Those of the best
   * candidates of the rung before come first.
   *
   * @param results all results so far, in any order
   */
  public List<TrialTask> next(List<TrialResult> results) {
    return current(results).tasks;
  }

  /**
   * {@return the index of the current rung; the number of rungs if the search has ended}
   *
   * @param results all results so far, in any order
   */
  public int rungOf(List<TrialResult> results) {
    return current(results).rung;
  }

  /** The current rung and its tasks. */
  private record Current(int rung, List<TrialTask> tasks) {}

  private Current current(List<TrialResult> results) {
    Map<Key, TrialResult> known = known(results);
    List<FoldTask> all = folds.tasks(candidates.size());
    List<Candidate> remaining = candidates;
    for (int r = 0; r < rungs.size(); r++) {
      Rung rung = rungs.get(r);
      List<TrialTask> tasks = new ArrayList<>();
      for (Candidate c : remaining) {
        for (int f = 0; f < rung.folds; f++) {
          if (!known.containsKey(new Key(c.number(), f, rung.epochs))) {
            tasks.add(new TrialTask(c, all.get((c.number() - 1) * folds.folds() + f), rung.epochs));
          }
        }
      }
      if (!tasks.isEmpty()) return new Current(r, tasks);
      if (r + 1 < rungs.size()) remaining = best(remaining, r, known);
    }
    return new Current(rungs.size(), List.of());
  }

  /**
   * Computes tasks on several threads.
   *
   * @param tasks the tasks, which are started in this order
   * @param function computes a task
   * @param threads the most threads to use, ≥ 1
   * @return the results in the order of the tasks, without those for which the function returned null
   */
  public static List<TrialResult> run(List<TrialTask> tasks, TrialFunction function, int threads) {
    return run(tasks, function, threads, r -> { }, () -> false);
  }

  /**
   * Computes tasks on several threads. If one throws an exception, so does this method: that of the first such task.
   *
   * @param tasks the tasks, which are started in this order
   * @param function computes a task
   * @param threads the most threads to use, ≥ 1; the calling thread is one of them
   * @param receiver is called with each result as soon as it is complete, by one thread at a time
   * @param stop a condition; when it is true, no other task begins
   * @return the results in the order of the tasks, without those of tasks that were not computed
   */
  public static List<TrialResult> run(List<TrialTask> tasks, TrialFunction function, int threads,
      Consumer<TrialResult> receiver, BooleanSupplier stop) {
    TrialResult[] results = new TrialResult[tasks.size()];
    ParallelRuns.execute(results.length, threads, stop, (i, stopped) -> {
      if (stopped.getAsBoolean()) return;
      results[i] = function.run(tasks.get(i));
      if (results[i] == null) return;
      synchronized (results) {
        receiver.accept(results[i]);
      }
    });
    return Arrays.stream(results).filter(Objects::nonNull).toList();
  }

  private static Map<Key, TrialResult> known(List<TrialResult> results) {
    Map<Key, TrialResult> known = new HashMap<>();
    for (TrialResult t : results) known.put(new Key(t.candidate(), t.fold(), t.epochs()), t);
    return known;
  }

  /**
   * {@return the standing of the candidate to use: the first of the {@link #ranking}} If it beats candidate 1, on the
   * folds of the same rung, by at most one standard error of the difference, the winner is candidate 1:
   * <pre>d_f = loss_1f − loss_f        mean(d) ≤ deviation(d) / √folds</pre>
   * The best of many candidates is partly lucky, and the default settings are the better bet if the difference is
   * noise. Source: after the one-standard-error rule of Breiman, Friedman, Olshen, Stone 1984.
   *
   * @param results all results so far, in any order
   */
  public Standing winner(List<TrialResult> results) {
    List<Standing> ranking = ranking(results);
    Standing best = ranking.get(0);
    Standing first = ranking.stream().filter(s -> s.candidate.number() == 1).findFirst().orElseThrow();
    if (best == first || best.rung == 0 || first.rung != best.rung || Double.isNaN(first.loss.mean())) return best;
    Rung rung = rungs.get(best.rung - 1);
    Map<Key, TrialResult> known = known(results);
    double[] gains = new double[rung.folds];
    for (int f = 0; f < gains.length; f++) {
      gains[f] = known.get(new Key(1, f, rung.epochs)).loss()
          - known.get(new Key(best.candidate.number(), f, rung.epochs)).loss();
    }
    MetricSpread gain = MetricSpread.of(gains);
    return gain.mean() <= gain.deviation() / Math.sqrt(gain.count()) ? first : best;
  }

  /** Returns the candidates that remain after a rung, best first, and candidate 1. */
  private List<Candidate> best(List<Candidate> remaining, int r, Map<Key, TrialResult> known) {
    List<Standing> ranked = new ArrayList<>();
    for (Candidate c : remaining) ranked.add(standing(c, r, known));
    ranked.sort(ORDER);
    int n = Math.min(rungs.get(r + 1).candidates, ranked.size());
    List<Candidate> best = new ArrayList<>();
    for (Standing s : ranked.subList(0, n)) best.add(s.candidate);
    if (best.stream().noneMatch(c -> c.number() == 1)) best.add(candidates.get(0));
    return best;
  }

  /** Candidates of a higher rung rank first, then those with the lower mean loss. */
  private static final Comparator<Standing> ORDER = Comparator.comparingInt((Standing s) -> -s.rung)
      .thenComparingDouble(s -> s.loss.mean()).thenComparingInt(s -> s.candidate.number());

  /** Returns the standing after rung r, or null if a result is missing. */
  private Standing standing(Candidate c, int r, Map<Key, TrialResult> known) {
    Rung rung = rungs.get(r);
    double[] losses = new double[rung.folds], scores = new double[rung.folds];
    boolean undefined = false;
    for (int f = 0; f < rung.folds; f++) {
      TrialResult t = known.get(new Key(c.number(), f, rung.epochs));
      if (t == null) return null;
      losses[f] = t.loss();
      scores[f] = t.score();
      undefined |= Double.isNaN(t.loss());
    }
    // a candidate that diverges on one fold is not judged by the others
    MetricSpread loss = undefined ? MetricSpread.of() : MetricSpread.of(losses);
    return new Standing(c, r + 1, loss, MetricSpread.of(scores));
  }

  /**
   * {@return all candidates, the best first: those that have completed a later rung before the others, then by the mean
   * loss in it} Candidates without a complete rung are last.
   *
   * @param results all results so far, in any order
   */
  public List<Standing> ranking(List<TrialResult> results) {
    Map<Key, TrialResult> known = known(results);
    List<Standing> ranking = new ArrayList<>();
    List<Candidate> remaining = candidates;
    Standing[] last = new Standing[candidates.size()];
    for (int r = 0; r < rungs.size(); r++) {
      boolean complete = true;
      for (Candidate c : remaining) {
        Standing s = standing(c, r, known);
        if (s != null) last[c.number() - 1] = s;
        else complete = false;
      }
      if (!complete || r + 1 == rungs.size()) break;
      remaining = best(remaining, r, known);
    }
    MetricSpread none = MetricSpread.of();
    for (Candidate c : candidates) {
      Standing s = last[c.number() - 1];
      ranking.add(s != null ? s : new Standing(c, 0, none, none));
    }
    ranking.sort(ORDER);
    return ranking;
  }
}
