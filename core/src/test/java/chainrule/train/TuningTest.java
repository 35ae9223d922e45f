// SPDX-License-Identifier: MIT
package chainrule.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.train.SuccessiveHalving.Rung;
import chainrule.train.SuccessiveHalving.Standing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Candidates, and the search for the best of them. */
class TuningTest {
  private static final Candidate FIRST = new Candidate(1, List.of(64, 32), 0, 0.002, 0, 32);

  private static List<Candidate> candidates(int n) {
    return new SearchSpace(0.002).candidates(FIRST, n, 5);
  }

  private static SuccessiveHalving search(int n, int folds, int epochs) {
    return SuccessiveHalving.of(candidates(n), new CrossValidation(folds, 1, 1), epochs);
  }

  /** A made-up loss: candidate 17 is the best, then 12 and 22. */
  private static TrialResult result(TrialTask t) {
    int c = t.candidate().number();
    return new TrialResult(c, t.fold().fold(), t.epochs(), Math.abs(c - 17) + (t.fold().fold() + 1) * 0.01, 1.0 / c);
  }

  private static List<TrialResult> run(SuccessiveHalving search) {
    List<TrialResult> results = new ArrayList<>();
    for (List<TrialTask> tasks = search.next(results); !tasks.isEmpty(); tasks = search.next(results)) {
      results.addAll(SuccessiveHalving.run(tasks, TuningTest::result, 2));
    }
    return results;
  }

  @Test
  void candidatesAreFunctionsOfSeedAndNumberInTheirRanges() {
    List<Candidate> all = candidates(500);
    assertEquals(FIRST, all.get(0));
    assertEquals(all.subList(0, 100), candidates(100));
    Set<Object> depths = new TreeSet<>(), batches = new TreeSet<>(), dropouts = new TreeSet<>();
    int plain = 0;
    for (Candidate c : all.subList(1, 500)) {
      for (int w : c.widths()) assertTrue(Set.of(16, 32, 64, 128, 256).contains(w), c.toString());
      for (int l = 1; l < c.widths().size(); l++) assertTrue(c.widths().get(l) <= c.widths().get(l - 1));
      assertTrue(c.rate() >= 0.0002 && c.rate() <= 0.02, c.toString());
      assertTrue(c.l2() == 0 || c.l2() >= 1e-6 && c.l2() <= 1e-1, c.toString());
      depths.add(c.widths().size());
      batches.add(c.batch());
      dropouts.add(c.dropout());
      if (c.l2() == 0) plain++;
    }
    assertEquals("[1, 2, 3] [16, 32, 64, 128, 256] [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]",
        depths + " " + batches + " " + dropouts);
    assertTrue(plain > 80 && plain < 170, plain + " of 499 without L2");
    assertNotEquals(new SearchSpace(0.002).candidate(2, 1), new SearchSpace(0.002).candidate(2, 2));
  }

  @Test
  void hiddenLayersAreWrittenAsTheCommandLineTakesThem() {
    assertEquals("64:relu,32:relu", FIRST.layers("relu"));
    assertEquals("16:tanh,dropout:0.3", new Candidate(2, List.of(16), 0.3, 1, 0, 1).layers("tanh"));
    assertEquals("none", new Candidate(2, List.of(), 0.3, 1, 0, 1).layers("relu"));
  }

  @Test
  void rungsGrowByThreeInFoldsAndThenInEpochs() {
    assertEquals(List.of(new Rung(30, 34, 1), new Rung(10, 34, 3), new Rung(4, 100, 5)), search(30, 5, 100).rungs());
    assertEquals(List.of(new Rung(9, 34, 2), new Rung(3, 100, 2)), search(9, 2, 100).rungs());
    assertEquals(List.of(new Rung(3, 1, 3)), search(3, 3, 1).rungs());
  }

  @Test
  void theBestCandidateIsFoundAndTheFirstStaysUntilTheEnd() {
    SuccessiveHalving search = search(30, 3, 90);
    List<TrialResult> results = run(search);
    List<Standing> ranking = search.ranking(results);
    assertEquals(17, ranking.get(0).candidate().number());
    assertEquals(3, ranking.get(0).rung());
    assertEquals(0.02, ranking.get(0).loss().mean(), 1e-12);
    // equal losses: 16 before 18, and 15 is the fourth
    assertEquals(List.of(17, 16, 18, 15, 1), ranking.stream().limit(5).map(s -> s.candidate().number()).toList());
    assertEquals(List.of(3, 3, 3, 3, 3, 2), ranking.stream().limit(6).map(Standing::rung).toList());
    assertEquals(30, ranking.size());
    // 30 · 1 + 10 · 2 more folds and 3 of candidate 1, then (4 + 1) · 3
    assertEquals(30 + 10 * 2 + 2 + 5 * 3, results.size());
  }

  @Test
  void aTaskHasTheSeedsOfItsFoldOfTheCrossValidation() {
    CrossValidation cv = new CrossValidation(3, 1, 1);
    for (TrialTask t : search(3, 3, 9).next(List.of())) {
      assertEquals(cv.tasks(3).get((t.candidate().number() - 1) * 3 + t.fold().fold()), t.fold());
      assertEquals(t.candidate().number() - 1, t.fold().candidate());
    }
  }

  @Test
  void theResultDoesNotDependOnTheOrderOrThePlaceWhereTasksWereComputed() {
    SuccessiveHalving search = search(30, 3, 90);
    List<TrialResult> results = run(search);
    List<Standing> ranking = search.ranking(results);
    Collections.reverse(results);
    assertEquals(ranking, search.ranking(results));
    assertTrue(search.next(results).isEmpty());
    // a search that continues from any part of the results ends in the same ranking
    for (int kept = 0; kept < results.size(); kept += 7) {
      List<TrialResult> part = new ArrayList<>(results.subList(0, kept));
      for (List<TrialTask> tasks = search.next(part); !tasks.isEmpty(); tasks = search.next(part)) {
        part.add(result(tasks.get(0)));
      }
      assertEquals(ranking, search.ranking(part));
    }
  }

  @Test
  void aCandidateThatDivergesOnOneFoldRanksLastOfItsRung() {
    SuccessiveHalving search = search(2, 3, 3);
    List<TrialResult> results = new ArrayList<>();
    for (TrialTask t : search.next(results)) {
      boolean diverges = t.candidate().number() == 1 && t.fold().fold() == 1;
      results.add(new TrialResult(t.candidate().number(), t.fold().fold(), 3, diverges ? Double.NaN : 1, 0));
    }
    List<Standing> ranking = search.ranking(results);
    assertEquals(2, ranking.get(0).candidate().number());
    assertTrue(Double.isNaN(ranking.get(1).loss().mean()));
  }

  @Test
  void withoutResultsNoCandidateHasCompletedARung() {
    List<Standing> ranking = search(12, 3, 9).ranking(List.of());
    assertEquals(12, ranking.size());
    for (Standing s : ranking) assertEquals(0, s.rung());
    assertEquals(1, ranking.get(0).candidate().number());
    assertEquals(0, search(12, 3, 9).rungOf(List.of()));
  }

  @Test
  void searchesWithoutSenseAreRefused() {
    CrossValidation folds = new CrossValidation(3, 1, 1);
    assertThrows(IllegalArgumentException.class, () -> SuccessiveHalving.of(List.of(), folds, 1));
    CrossValidation repeated = new CrossValidation(3, 2, 1);
    assertThrows(IllegalArgumentException.class, () -> SuccessiveHalving.of(candidates(2), repeated, 1));
    assertThrows(IllegalArgumentException.class, () -> SuccessiveHalving.of(candidates(2), folds, 0));
    assertThrows(IllegalArgumentException.class, () -> SuccessiveHalving.of(candidates(3).subList(1, 3), folds, 1));
    assertThrows(IllegalArgumentException.class, () -> new SearchSpace(0));
    assertThrows(IllegalArgumentException.class, () -> candidates(0));
  }

  /** Candidate 1 loses 1 on each of 4 folds, candidate 2 less by these differences. */
  private static int winner(double... gains) {
    SuccessiveHalving search = SuccessiveHalving.of(
        new SearchSpace(0.01).candidates(new Candidate(1, List.of(4), 0, 0.01, 0, 8), 2, 1),
        new CrossValidation(gains.length, 1, 1), 3);
    List<TrialResult> results = new ArrayList<>();
    for (int f = 0; f < gains.length; f++) {
      results.add(new TrialResult(1, f, 3, 1, 0));
      results.add(new TrialResult(2, f, 3, 1 - gains[f], 0));
    }
    assertTrue(search.next(results).isEmpty());
    return search.winner(results).candidate().number();
  }

  @Test
  void theDefaultSettingsWinUnlessTheyAreBeatenByMoreThanOneStandardError() {
    // gains of m ± 0.2 on 4 folds have the deviation 0.4/√3, so a standard error is 0.2/√3 = 0.1155
    assertEquals(2, winner(0.4, 0, 0.4, 0)); // m = 0.2
    assertEquals(1, winner(0.31, -0.09, 0.31, -0.09)); // m = 0.11
    assertEquals(2, winner(0.32, -0.08, 0.32, -0.08)); // m = 0.12
    assertEquals(1, winner(0.1, -0.2, -0.1, 0.1));
    assertEquals(1, winner(0, 0));
    assertEquals(2, winner(1e-9, 1e-9)); // without any spread
  }

  @Test
  void aDefaultThatDivergesDoesNotWin() {
    SuccessiveHalving search = SuccessiveHalving.of(
        new SearchSpace(0.01).candidates(new Candidate(1, List.of(4), 0, 0.01, 0, 8), 2, 1),
        new CrossValidation(2, 1, 1), 3);
    List<TrialResult> results = List.of(new TrialResult(1, 0, 3, 0.1, 0), new TrialResult(1, 1, 3, Double.NaN, 0),
        new TrialResult(2, 0, 3, 5, 0), new TrialResult(2, 1, 3, 7, 0));
    assertEquals(2, search.winner(results).candidate().number());
    assertEquals(0, search.winner(List.of()).rung());
  }
}
