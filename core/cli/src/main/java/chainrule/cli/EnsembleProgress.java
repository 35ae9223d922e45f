// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.cli.LiveLine.Part;
import chainrule.format.Formatting;
import chainrule.train.EnsembleListener;
import chainrule.train.EnsembleSnapshot;
import chainrule.train.Evaluation;
import chainrule.train.History;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Shows the progress of an ensemble in one line over all networks: on a terminal one that is rewritten, otherwise a
 * plain line whenever a network has ended, at most about ten, and after ten seconds without one.
 */
final class EnsembleProgress implements EnsembleListener {
  private static final long SILENCE_NANOS = 10_000_000_000L;

  private final Terminal terminal;
  private final boolean quiet;
  private final int epochs;
  private final LiveLine live;
  private final Pace pace;
  private final long start = System.nanoTime();
  private final double[] done; // epochs of each network, with the fraction of the current one
  private final boolean[] ended;
  private final History.Epoch[] best; // of each network; null before its first epoch
  private long printedAt = start;

  EnsembleProgress(Terminal terminal, boolean quiet, int members, int epochs, Optional<EnsembleSnapshot> resumed) {
    this.terminal = terminal;
    this.quiet = quiet;
    this.epochs = epochs;
    this.live = new LiveLine(quiet ? Terminal.plain(terminal.stream()) : terminal, 100);
    this.pace = new Pace(start);
    this.done = new double[members];
    this.ended = new boolean[members];
    this.best = new History.Epoch[members];
    for (int m = 0; resumed.isPresent() && m < members; m++) {
      List<History.Epoch> earlier = resumed.get().members().get(m).epochs();
      for (History.Epoch e : earlier) update(m, e);
    }
  }

  private void update(int member, History.Epoch e) {
    done[member] = e.number();
    if (best[member] == null || History.isBetter(e.monitoredLoss(), best[member].monitoredLoss())) best[member] = e;
  }

  @Override public void onStep(int member, int epoch, int step, int steps, double loss) {
    if (quiet) return;
    done[member] = epoch - 1 + (double) step / steps;
    long now = System.nanoTime();
    pace.step(sum(), now);
    if (live.isDue()) live.update(parts(now));
    else if (!terminal.isLive() && now - printedAt >= SILENCE_NANOS) print(now);
  }

  @Override public void onEpoch(int member, History.Epoch e) {
    update(member, e);
    pace.epoch(sum(), System.nanoTime());
  }

  @Override public void onEnd(int member, History history) {
    if (history.end() == History.End.INTERRUPTED) return;
    ended[member] = true;
    int n = endedCount();
    if (!quiet && !terminal.isLive() && n < ended.length && n % Math.max(1, ended.length / 10) == 0) {
      print(System.nanoTime());
    }
  }

  /** Erases the line of a terminal, so that something else can be printed. */
  void clear() {
    live.clear();
  }

  /** Keeps the line of a terminal as it is, because training has failed. */
  void keep() {
    live.keep();
  }

  /** Shows the line at the end, even if training was interrupted. */
  void end() {
    long now = System.nanoTime();
    if (!quiet && terminal.isLive()) live.update(parts(now));
    else if (!quiet) print(now);
    live.keep();
  }

  private void print(long now) {
    printedAt = now;
    terminal.stream().println(LiveLine.fit(List.of(parts(now)), Integer.MAX_VALUE));
  }

  private double sum() {
    return Arrays.stream(done).sum();
  }

  private int endedCount() {
    int n = 0;
    for (boolean e : ended) if (e) n++;
    return n;
  }

  /** In the order of the line, each part with its rank. */
  private Part[] parts(long now) {
    int all = ended.length;
    double left = 0; // at most, because networks may stop early
    for (int m = 0; m < all; m++) if (!ended[m]) left += epochs - done[m];
    double speed = pace.speed(sum(), now);
    String time = left == 0 ? "in " + Formatting.duration((now - start) / 1e9)
        : pace.isWarm() && speed > 0 ? "at most " + Formatting.duration(left / speed) + " left" : "";
    return new Part[] {
        new Part(Formatting.count((long) Math.floor(sum() + 1e-9)) + "/" + Formatting.count((long) all * epochs)
            + " epochs", 0),
        new Part(endedCount() + "/" + all + " networks ended", 2), new Part(scores(), 3), new Part(time, 1)};
  }

  /** Returns the range of the best validation scores, or nothing before the first epoch. */
  private String scores() {
    double low = Double.POSITIVE_INFINITY, high = Double.NEGATIVE_INFINITY;
    boolean numbers = false;
    for (History.Epoch e : best) {
      if (e == null) continue;
      Evaluation v = e.validation();
      numbers = Double.isNaN(v.accuracy());
      double score = numbers ? v.r2() : v.accuracy();
      low = Math.min(low, score);
      high = Math.max(high, score);
    }
    if (Double.isNaN(low) || low > high) return "";
    String from = MetricFormat.decimals(low, 3), to = MetricFormat.decimals(high, 3);
    return "best validation " + (numbers ? "R² " : "accuracy ") + (from.equals(to) ? from : from + " to " + to);
  }
}
