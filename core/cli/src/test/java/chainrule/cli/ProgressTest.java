// SPDX-License-Identifier: MIT
package chainrule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.format.Formatting;
import chainrule.train.Evaluation;
import chainrule.train.History;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code train} prints while it trains, with a clock that the test sets. */
class ProgressTest {
  private static final int ROWS = 1000, STEPS = 10;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private long millis = 1_000_000;
  private int width = 200;

  private Progress progress(boolean terminal, int epochs, History.Epoch... earlier) {
    return new Progress(Terminal.of(stream, terminal, Map.of(), () -> width), false, epochs, ROWS, List.of(earlier),
        () -> millis * 1_000_000);
  }

  private static Evaluation accuracy(double loss) {
    return new Evaluation(loss, 0.875, Double.NaN, Double.NaN, Double.NaN);
  }

  private static History.Epoch epoch(int number, Evaluation validation) {
    return new History.Epoch(number, 0.5, validation, accuracy(0.25), 0.01, 0);
  }

  /** The steps of an epoch, and its end. */
  private void train(Progress p, int number, long stepMillis, Evaluation validation) {
    for (int step = 1; step <= STEPS; step++) {
      millis += stepMillis;
      p.onStep(number, step, STEPS, 0.5);
    }
    p.onEpoch(epoch(number, validation));
  }

  /** The lines that were printed; on a terminal, the successive states of the live line. */
  private List<String> printed() {
    List<String> lines = new ArrayList<>();
    for (String l : bytes.toString(StandardCharsets.UTF_8).split("[\r\n]+")) {
      if (!l.isEmpty()) lines.add(l.replaceAll("\u001b\\[\\??[0-9]*[a-zA-Z]", ""));
    }
    bytes.reset();
    return lines;
  }

  @Test
  void aShortRunInAPipePrintsAboutTenLinesWithoutAnEstimate() {
    Progress p = progress(false, 30);
    for (int e = 1; e <= 30; e++) train(p, e, 1, null);
    p.end();
    List<String> lines = printed();
    assertEquals(10, lines.size(), lines.toString());
    assertEquals("epoch 3/30  loss 0.5000  test accuracy 0.875  100,000 examples/s", lines.get(0));
    assertEquals("epoch 30/30  loss 0.5000  test accuracy 0.875  100,000 examples/s  in 0.3 s", lines.get(9));
  }

  @Test
  void aLongEpochInAPipePrintsALineEveryTenSeconds() {
    Progress p = progress(false, 100);
    for (int step = 1; step <= 100; step++) { // one epoch of 50 seconds
      millis += 500;
      p.onStep(1, step, 100, 0.5);
    }
    p.onEpoch(epoch(1, null));
    List<String> lines = printed();
    assertEquals(5, lines.size(), lines.toString());
    assertEquals("epoch 1/100  20 %  loss 0.5000  20 examples/s  83 min 10 s left", lines.get(0));
    assertTrue(lines.get(3).startsWith("epoch 1/100  80 %  "), lines.toString());
    assertTrue(lines.get(4).startsWith("epoch 1/100  loss 0.5000  test accuracy 0.875  "), lines.toString());
  }

  @Test
  void epochsOfThreeSecondsInAPipePrintALineAfterEachFourth() {
    Progress p = progress(false, 1000); // every hundredth epoch alone would print a line after five minutes
    for (int e = 1; e <= 20; e++) train(p, e, 300, null);
    List<String> lines = printed();
    assertEquals(5, lines.size(), lines.toString());
    for (int i = 0; i < 5; i++) assertTrue(lines.get(i).startsWith("epoch " + 4 * (i + 1) + "/1000  loss "));
  }

  /** The first step takes a second, then each second is twice as fast as the one before, up to the tenth. */
  @Test
  void theTimeLeftAppearsWhenTheSpeedIsSteady() {
    Progress p = progress(true, 1000);
    double done = 0, speed = 0.01; // epochs per second
    int warm = 0;
    for (int second = 1; second <= 30; second++) {
      if (second <= 10) speed *= 2;
      done += speed;
      millis += 1000;
      p.onStep(1 + (int) done, (int) Math.round((done - Math.floor(done)) * 1000), 1000, 0.5);
      List<String> lines = printed();
      assertEquals(1, lines.size(), lines.toString());
      if (!lines.get(0).contains(" left")) {
        assertEquals(0, warm, lines.toString());
        continue;
      }
      if (warm == 0) warm = second;
      double expected = (1000 - done) / speed; // below 119.5 s it is printed in seconds
      assertTrue(lines.get(0).endsWith(Formatting.duration(expected) + " left"),
          expected + ": " + lines);
    }
    assertTrue(warm >= 11 && warm <= 13, "estimated from second " + warm);
  }

  @Test
  void anEstimateIsMadeAfterTwentySecondsEvenIfTheSpeedIsNotSteady() {
    Pace p = new Pace(0);
    for (int second = 1; second < 20; second++) p.step(Math.pow(1.5, second), second * 1_000_000_000L);
    assertTrue(!p.isWarm());
    p.step(Math.pow(1.5, 20), 20_000_000_000L);
    assertTrue(p.isWarm());
  }

  @Test
  void theEstimateFollowsAChangeOfSpeedWithinTwentySeconds() {
    Pace p = new Pace(0);
    long now = 0;
    for (int e = 1; e <= 30; e++) p.epoch(e, now += 1_000_000_000L);
    assertEquals(1, p.speed(30, now), 1e-12);
    now += 3_600_000_000_000L; // asleep
    for (int e = 31; e <= 51; e++) p.epoch(e, now += 1_000_000_000L);
    assertEquals(1, p.speed(51, now), 1e-12);
  }

  @Test
  void anEpochIsCalledBestOnlyIfItsWeightsAreKept() {
    Progress p = progress(false, 3);
    for (int e = 1; e <= 3; e++) train(p, e, 1, null);
    assertTrue(printed().stream().noneMatch(l -> l.contains("best")));
    Progress kept = progress(false, 3);
    train(kept, 1, 1, accuracy(0.5));
    train(kept, 2, 1, accuracy(0.1));
    train(kept, 3, 1, accuracy(0.3));
    List<String> lines = printed();
    String last = lines.get(2);
    assertTrue(last.startsWith("epoch 3/3  loss 0.5000  validation accuracy 0.875  best 2  "), last);
  }

  @Test
  void theLiveLineFitsEveryWidth() {
    for (int w : new int[] {200, 80, 40, 20, 10}) {
      width = w;
      Progress p = progress(true, 1000);
      for (int e = 1; e <= 10; e++) train(p, e, 500, accuracy(0.1));
      List<String> lines = printed();
      assertTrue(lines.stream().allMatch(l -> l.length() < w), w + ": " + lines);
      String last = lines.get(lines.size() - 1);
      assertTrue(last.startsWith(w == 10 ? "epoch 10" : "epoch 10/1000"), last);
      String estimate = "epoch 10/1000  100 %  .*  best 1  200 examples/s  82 min 30 s left";
      if (w == 200) assertTrue(last.matches(estimate), last);
      if (w == 40) assertTrue(last.equals("epoch 10/1000  82 min 30 s left"), last);
    }
  }

  @Test
  void theLastLineSaysHowLongItTookEvenIfTrainingEndedEarly() {
    Progress p = progress(true, 100);
    for (int e = 1; e <= 7; e++) train(p, e, 1000, accuracy(0.1));
    p.end();
    List<String> lines = printed();
    assertEquals("epoch 7/100  loss 0.5000  validation accuracy 0.875  best 1  100 examples/s  in 70 s",
        lines.get(lines.size() - 1));
  }

  @Test
  void aResumedRunCountsItsOwnStepsOnly() {
    Progress p = progress(false, 4, epoch(1, null), epoch(2, null));
    for (int step = 6; step <= STEPS; step++) { // resumed after five steps of epoch 3
      millis += 100;
      p.onStep(3, step, STEPS, 0.5);
    }
    p.onEpoch(epoch(3, null));
    assertEquals(List.of("epoch 3/4  loss 0.5000  test accuracy 0.875  1,000 examples/s"), printed());
  }

  @Test
  void withoutACompleteEpochTheLiveLineStays() {
    Progress p = progress(true, 4, epoch(1, null));
    millis += 150;
    p.onStep(2, 1, STEPS, 0.5);
    printed();
    p.end();
    assertEquals(System.lineSeparator(), bytes.toString(StandardCharsets.UTF_8));
  }

  @Test
  void quietPrintsNothing() {
    for (boolean terminal : new boolean[] {true, false}) {
      Progress p = new Progress(Terminal.of(stream, terminal, Map.of(), () -> 80), true, 3, ROWS, List.of(),
          () -> millis * 1_000_000);
      for (int e = 1; e <= 3; e++) train(p, e, 5000, null);
      p.clear();
      p.end();
      assertEquals("", bytes.toString(StandardCharsets.UTF_8));
    }
  }
}
