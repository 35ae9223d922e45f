package chainrule.cli;

import chainrule.train.Evaluation;
import chainrule.train.History;
import chainrule.train.TrainingListener;
import java.io.PrintStream;
import java.util.Locale;

/** Shows training as it goes: on a terminal one line that is rewritten, in a pipe about ten plain lines. */
final class Progress implements TrainingListener {
  private static final long REDRAW_NANOS = 100_000_000;

  private final PrintStream out;
  private final boolean terminal;
  private final int epochs;
  private final int rows;
  private final long begin = System.nanoTime();
  private long drawn = begin;
  private String test = "";

  Progress(PrintStream out, boolean terminal, int epochs, int rows) {
    this.out = out;
    this.terminal = terminal;
    this.epochs = epochs;
    this.rows = rows;
  }

  @Override public void onStep(int epoch, int step, int steps, double loss) {
    if (!terminal) return;
    long now = System.nanoTime();
    if (now - drawn < REDRAW_NANOS) return;
    drawn = now;
    draw(epoch, epoch - 1 + (double) step / steps, loss, now);
  }

  @Override public void onEpoch(History.Epoch e) {
    if (e.test() != null) test = "  test " + score(e.test());
    if (terminal) {
      if (e.number() == epochs) {
        draw(e.number(), e.number(), e.trainLoss(), System.nanoTime());
        out.println();
      }
    } else if (e.number() % Math.max(1, epochs / 10) == 0 || e.number() == epochs) {
      out.println(line(e.number(), e.number(), e.trainLoss(), System.nanoTime()));
    }
  }

  static String score(Evaluation e) {
    return Double.isNaN(e.accuracy())
        ? String.format(Locale.ROOT, "R² %.3f", e.r2())
        : String.format(Locale.ROOT, "accuracy %.3f", e.accuracy());
  }

  /** Four decimals, or powers of ten where they would all be 0. */
  static String loss(double loss) {
    return String.format(Locale.ROOT, Math.abs(loss) < 0.001 && loss != 0 ? "%.1e" : "%.4f", loss);
  }

  private void draw(int epoch, double done, double loss, long now) {
    out.print("\r" + line(epoch, done, loss, now) + "\u001b[K"); // to the end of the line: erase what was there
    out.flush();
  }

  private String line(int epoch, double done, double loss, long now) {
    double seconds = (now - begin) / 1e9;
    double left = seconds / done * (epochs - done);
    return String.format(Locale.ROOT, "epoch %d/%d  loss %s%s  %,.0f examples/s  %s",
        epoch, epochs, loss(loss), test, done * rows / seconds,
        done < epochs ? duration(left) + " left" : "in " + duration(seconds));
  }

  static String duration(double seconds) {
    if (seconds < 9.95) return String.format(Locale.ROOT, "%.1f s", seconds);
    if (seconds < 119.5) return String.format(Locale.ROOT, "%.0f s", seconds);
    return String.format(Locale.ROOT, "%d min %02d s", (long) seconds / 60, (long) seconds % 60);
  }
}
