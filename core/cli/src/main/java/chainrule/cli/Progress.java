// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.cli.LiveLine.Part;
import chainrule.format.Formatting;
import chainrule.train.Evaluation;
import chainrule.train.History;
import chainrule.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows the progress of training. On a terminal it is one line that is rewritten. Otherwise it is about ten plain
 * lines, and more of them in a long run: after an epoch if none was printed for ten seconds, and within a long epoch
 * every ten seconds.
 */
final class Progress implements TrainingListener {
  private static final long SILENCE_NANOS = 10_000_000_000L;
  /** An epoch that takes longer shows how much of it is done. */
  private static final long LONG_EPOCH_NANOS = 2_000_000_000L;

  private final Terminal terminal;
  private final boolean quiet;
  private final int epochs;
  private final int rows;
  private final LongSupplier nanoTime;
  private final LiveLine live;
  private final Pace pace;
  private final long start;
  private double doneBefore; // the epochs that a resumed run made before
  private String lossName = "loss";
  private boolean started;
  private long printedAt;
  private long measuredAt; // when the last epoch ended
  private History.Epoch best;
  private History.Epoch last;
  private boolean printed = true; // whether the last epoch has been printed

  /** @param earlier the epochs that a resumed run made before */
  Progress(Terminal terminal, boolean quiet, int epochs, int rows, List<History.Epoch> earlier) {
    this(terminal, quiet, epochs, rows, earlier, System::nanoTime);
  }

  Progress(Terminal terminal, boolean quiet, int epochs, int rows, List<History.Epoch> earlier, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.quiet = quiet;
    this.epochs = epochs;
    this.rows = rows;
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
    this.printedAt = start;
    this.measuredAt = start;
    this.doneBefore = earlier.size();
    this.live = new LiveLine(quiet ? Terminal.plain(terminal.stream()) : terminal, 100, nanoTime);
    this.pace = new Pace(start);
    for (History.Epoch e : earlier) update(e);
  }

  /** Sets the name of the training loss, which says whether it includes penalties. */
  Progress lossName(String name) {
    lossName = name;
    return this;
  }

  private void update(History.Epoch e) {
    if (best == null || History.isBetter(e.monitoredLoss(), best.monitoredLoss())) best = e;
    last = e;
  }

  @Override public void onStep(int epoch, int step, int steps, double loss) {
    if (quiet) return;
    if (!started) {
      started = true;
      doneBefore = epoch - 1 + (step - 1.0) / steps; // a run may be resumed within an epoch
    }
    long now = nanoTime.getAsLong();
    double done = epoch - 1 + (double) step / steps;
    pace.step(done, now);
    if (live.isDue()) {
      boolean slow = now - measuredAt >= LONG_EPOCH_NANOS;
      live.update(parts(epoch, slow ? 100L * step / steps + " %" : "", loss, done, now));
    } else if (!terminal.isLive() && step < steps && now - Math.max(measuredAt, printedAt) >= SILENCE_NANOS) {
      print(parts(epoch, 100L * step / steps + " %", loss, done, now), now);
    }
  }

  @Override public void onEpoch(History.Epoch e) {
    update(e);
    long now = nanoTime.getAsLong();
    measuredAt = now;
    printed = false;
    pace.epoch(e.number(), now);
    boolean due = e.number() % Math.max(1, epochs / 10) == 0 || now - printedAt >= SILENCE_NANOS;
    if (!terminal.isLive() && !quiet && due) printLast(e.number() == epochs);
  }

  private void printLast(boolean ended) {
    printed = true;
    print(lastParts(ended), measuredAt);
  }

  private void print(Part[] parts, long now) {
    printedAt = now;
    terminal.stream().println(LiveLine.fit(List.of(parts), Integer.MAX_VALUE));
  }

  /** Erases the line of a terminal, so that something else can be printed. */
  void clear() {
    live.clear();
  }

  /** Keeps the line of a terminal as it is, because training has failed. */
  void keep() {
    live.keep();
  }

  /** Shows the last epoch, even if training stopped early or was interrupted. */
  void end() {
    if (!quiet && measuredAt > start) { // an epoch was completed
      if (terminal.isLive()) live.update(lastParts(true));
      else if (!printed) printLast(true);
    }
    live.keep();
  }

  private Part[] lastParts(boolean ended) {
    int n = last.number();
    if (!ended) return parts(n, "", last.trainLoss(), n, measuredAt);
    double seconds = (measuredAt - start) / 1e9;
    return parts(n, "", last.trainLoss(), (n - doneBefore) / seconds, "in " + Formatting.duration(seconds));
  }

  private Part[] parts(int epoch, String percent, double loss, double done, long now) {
    double speed = pace.speed(done, now);
    if (Double.isNaN(speed)) speed = (done - doneBefore) * 1e9 / (now - start);
    String left = pace.isWarm() ? Formatting.duration((epochs - done) / speed) + " left" : "";
    return parts(epoch, percent, loss, speed, left);
  }

  /** In the order of the line, each part with its rank. Without validation no epoch is kept as the best. */
  private Part[] parts(int epoch, String percent, double loss, double speed, String time) {
    List<Part> parts = new ArrayList<>();
    parts.add(new Part("epoch " + epoch + "/" + epochs, 0));
    parts.add(new Part(percent, 3));
    parts.add(new Part(lossName + " " + MetricFormat.loss(loss), 2));
    if (last != null && last.validation() != null) {
      parts.add(new Part("validation " + score(last.validation()), 4));
      parts.add(new Part("best " + best.number(), 5));
    } else if (last != null && last.test() != null) {
      parts.add(new Part("test " + score(last.test()), 4));
    }
    // no speed of a run that made only steps before it was interrupted
    if (speed > 0 && speed < Double.POSITIVE_INFINITY) {
      parts.add(new Part(String.format(Locale.ROOT, "%,.0f examples/s", speed * rows), 6));
    }
    parts.add(new Part(time, 1));
    return parts.toArray(new Part[0]);
  }

  private static String score(Evaluation e) {
    return Double.isNaN(e.accuracy())
        ? "R² " + MetricFormat.decimals(e.r2(), 3)
        : String.format(Locale.ROOT, "accuracy %.3f", e.accuracy());
  }
}
