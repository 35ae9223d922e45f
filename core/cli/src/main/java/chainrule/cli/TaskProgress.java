// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.cli.LiveLine.Part;
import chainrule.format.Formatting;
import chainrule.train.EnsembleListener;
import chainrule.train.History;
import chainrule.train.TrainingListener;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.function.Supplier;

/** Shows on a terminal how many of several trainings, which run side by side, are done. */
final class TaskProgress {
  private final LiveLine live;
  private final Supplier<String> detail;
  private final long start = System.nanoTime();
  private String label = "";
  private int tasks;
  private int done;
  private double work; // in tasks; those in progress count by their epochs
  private long startOfTasks = start;

  /** @param detail what else to show, the most important part */
  TaskProgress(Terminal terminal, boolean quiet, Supplier<String> detail) {
    this.live = new LiveLine(quiet ? Terminal.plain(terminal.stream()) : terminal, 100);
    this.detail = detail;
  }

  /** Returns a progress that prints nothing, for trainings on another machine. */
  static TaskProgress unseen() {
    return new TaskProgress(Terminal.plain(new PrintStream(OutputStream.nullOutputStream())), true, () -> "");
  }

  /** Starts with a number of tasks. */
  synchronized void begin(String newLabel, int count) {
    label = newLabel;
    tasks = count;
    done = 0;
    work = 0;
    startOfTasks = System.nanoTime();
  }

  /** Returns a listener to the training of one task, which has at most this number of epochs. */
  TrainingListener listener(int epochs) {
    return new TrainingListener() {
      @Override public void onEpoch(History.Epoch e) {
        advance(1.0 / epochs);
      }
    };
  }

  /** Returns a listener to the training of one task, an ensemble of networks of at most this number of epochs each. */
  EnsembleListener listener(int members, int epochs) {
    return new EnsembleListener() {
      @Override public void onEpoch(int member, History.Epoch e) {
        advance(1.0 / epochs / members);
      }
    };
  }

  private synchronized void advance(double share) {
    work += share;
    if (live.isDue()) show();
  }

  /** Counts a task that has ended. */
  synchronized void done() {
    done++;
    work = Math.max(work, done); // it may have stopped early
    if (live.isDue()) show();
  }

  private void show() {
    double seconds = (System.nanoTime() - startOfTasks) / 1e9, left = seconds * (tasks - work) / work;
    live.update(new Part(label, 2), new Part(done + " of " + tasks + " trainings", 1), new Part(detail.get(), 0),
        new Part(seconds > 1 && work > 0 ? Formatting.duration(Math.max(0, left)) + " left" : "", 3));
  }

  /** Erases the line, so that something else can be printed. */
  void clear() {
    live.clear();
  }

  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }
}
