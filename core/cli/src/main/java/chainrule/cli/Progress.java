package chainrule.cli;

import chainrule.train.Evaluation;
import chainrule.train.History;
import chainrule.train.TrainingListener;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Shows training as it goes: on a terminal one line that is rewritten, in a pipe about ten plain lines. */
final class Progress implements TrainingListener {
  private static final long REDRAW_NANOS = 100_000_000;

  /** A line that wraps cannot be rewritten, and most terminals have 80 columns. */
  private static final int WIDEST = 79;

  private final PrintStream out;
  private final boolean terminal;
  private final boolean quiet;
  private final int epochs;
  private final int rows;
  private final int before;
  private final long begin = System.nanoTime();
  private long drawn = begin;
  private long seen = begin; // when what was shown last was measured
  private String scores = "";
  private History.Epoch best;
  private History.Epoch last;
  private boolean shown = true; // whether the last epoch has its line

  /** @param earlier the epochs before a resumption */
  Progress(PrintStream out, boolean terminal, boolean quiet, int epochs, int rows, List<History.Epoch> earlier) {
    this.out = out;
    this.terminal = terminal;
    this.quiet = quiet;
    this.epochs = epochs;
    this.rows = rows;
    this.before = earlier.size();
    for (History.Epoch e : earlier) judge(e);
  }

  private void judge(History.Epoch e) {
    if (best == null || History.isLower(e.judgedLoss(), best.judgedLoss())) best = e;
    Evaluation judged = e.validation() != null ? e.validation() : e.test();
    if (judged != null) {
      scores = "  " + (e.validation() != null ? "validation " : "test ") + score(judged) + "  best " + best.number();
    }
  }

  @Override public void onStep(int epoch, int step, int steps, double loss) {
    if (!terminal || quiet) return;
    long now = System.nanoTime();
    if (now - drawn < REDRAW_NANOS) return;
    drawn = now;
    draw(epoch, epoch - 1 + (double) step / steps, loss, now);
  }

  @Override public void onEpoch(History.Epoch e) {
    judge(e);
    last = e;
    seen = System.nanoTime();
    shown = false;
    if (!terminal && e.number() % Math.max(1, epochs / 10) == 0) show();
  }

  private void show() {
    shown = true;
    if (!quiet) out.println(line(last.number(), last.number(), last.trainLoss(), seen));
  }

  /** The line of the last epoch, wherever training ended. */
  void end(History history) {
    if (quiet) return;
    if (terminal && last != null) {
      draw(last.number(), last.number(), last.trainLoss(), seen);
      out.println();
    } else if (!shown) {
      show();
    }
  }

  static String score(Evaluation e) {
    return Double.isNaN(e.accuracy())
        ? "R² " + MetricFormat.decimals(e.r2(), 3)
        : String.format(Locale.ROOT, "accuracy %.3f", e.accuracy());
  }

  private void draw(int epoch, double done, double loss, long now) {
    String line = line(epoch, done, loss, now);
    if (line.length() > WIDEST) line = line.replaceFirst("  [0-9,]+ examples/s", "");
    out.print("\r" + line + "\u001b[K"); // to the end of the line: erase what was there
    out.flush();
  }

  private String line(int epoch, double done, double loss, long now) {
    double seconds = (now - begin) / 1e9, here = done - before;
    double left = seconds / here * (epochs - done);
    return String.format(Locale.ROOT, "epoch %d/%d  loss %s%s  %,.0f examples/s  %s",
        epoch, epochs, MetricFormat.loss(loss), scores, here * rows / seconds,
        done < epochs ? duration(left) + " left" : "in " + duration(seconds));
  }

  static String duration(double seconds) {
    if (seconds < 9.95) return String.format(Locale.ROOT, "%.1f s", seconds);
    if (seconds < 119.5) return String.format(Locale.ROOT, "%.0f s", seconds);
    return String.format(Locale.ROOT, "%d min %02d s", (long) seconds / 60, (long) seconds % 60);
  }
}
