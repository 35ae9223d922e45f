// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.format.Formatting;
import chainrule.train.Evaluation;
import chainrule.train.History;
import chainrule.train.TrainingListener;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Shows the progress of training: on a terminal as one line that is rewritten, otherwise as about ten plain lines. */
final class Progress implements TrainingListener {
  private static final long REDRAW_NANOS = 100_000_000;

  /** A line that wraps cannot be rewritten, and many terminals have 80 columns. */
  private static final int MAX_WIDTH = 79;

  private final PrintStream out;
  private final boolean terminal;
  private final boolean quiet;
  private final int epochs;
  private final int rows;
  private final int earlierEpochs;
  private final long start = System.nanoTime();
  private long drawnAt = start;
  private long measuredAt = start; // when the last epoch ended
  private String scores = "";
  private History.Epoch best;
  private History.Epoch last;
  private boolean printed = true; // whether the last epoch has been printed

  /** @param earlier the epochs that a resumed run made before */
  Progress(PrintStream out, boolean terminal, boolean quiet, int epochs, int rows, List<History.Epoch> earlier) {
    this.out = out;
    this.terminal = terminal;
    this.quiet = quiet;
    this.epochs = epochs;
    this.rows = rows;
    this.earlierEpochs = earlier.size();
    for (History.Epoch e : earlier) update(e);
  }

  private void update(History.Epoch e) {
    if (best == null || History.isBetter(e.monitoredLoss(), best.monitoredLoss())) best = e;
    Evaluation judged = e.validation() != null ? e.validation() : e.test();
    if (judged != null) {
      scores = "  " + (e.validation() != null ? "validation " : "test ") + score(judged) + "  best " + best.number();
    }
  }

  @Override public void onStep(int epoch, int step, int steps, double loss) {
    if (!terminal || quiet) return;
    long now = System.nanoTime();
    if (now - drawnAt < REDRAW_NANOS) return;
    drawnAt = now;
    draw(epoch, epoch - 1 + (double) step / steps, loss, now);
  }

  @Override public void onEpoch(History.Epoch e) {
    update(e);
    last = e;
    measuredAt = System.nanoTime();
    printed = false;
    if (!terminal && e.number() % Math.max(1, epochs / 10) == 0) print();
  }

  private void print() {
    printed = true;
    if (!quiet) out.println(line(last.number(), last.number(), last.trainLoss(), measuredAt));
  }

  /** Shows the last epoch, even if training stopped early. */
  void end() {
    if (quiet) return;
    if (terminal && last != null) {
      draw(last.number(), last.number(), last.trainLoss(), measuredAt);
      out.println();
    } else if (!printed) {
      print();
    }
  }

  static String score(Evaluation e) {
    return Double.isNaN(e.accuracy())
        ? "R² " + MetricFormat.decimals(e.r2(), 3)
        : String.format(Locale.ROOT, "accuracy %.3f", e.accuracy());
  }

  private void draw(int epoch, double done, double loss, long now) {
    String line = line(epoch, done, loss, now);
    if (line.length() > MAX_WIDTH) line = line.replaceFirst("  [0-9,]+ examples/s", "");
    out.print("\r" + line + "\u001b[K"); // erase the rest of the previous line
    out.flush();
  }

  private String line(int epoch, double done, double loss, long now) {
    double seconds = (now - start) / 1e9, doneHere = done - earlierEpochs;
    double left = seconds / doneHere * (epochs - done);
    return String.format(Locale.ROOT, "epoch %d/%d  loss %s%s  %,.0f examples/s  %s",
        epoch, epochs, MetricFormat.loss(loss), scores, doneHere * rows / seconds,
        done < epochs ? Formatting.duration(left) + " left" : "in " + Formatting.duration(seconds));
  }
}
