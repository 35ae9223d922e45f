// SPDX-License-Identifier: MIT
package chainrule.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Independent runs, numbered from 0, on several threads. Threads take the runs in order. What a run computes must not
 * depend on the others, so results do not depend on the number of threads.
 *
 * <p>If a run throws an exception, the runs after it stop and those before it continue. So the exception that is thrown
 * in the end is that of the first run that fails, for any number of threads.
 */
final class ParallelRuns {

  /** One of the runs. */
  interface Run {
    /** @param stopped returns whether the run must end early; it may be called by any thread */
    void run(int number, BooleanSupplier stopped);
  }

  private final int runs;
  private final BooleanSupplier stop;
  private final Run run;
  private final Thread caller = Thread.currentThread();
  private int next;
  private Throwable failure;
  private volatile int failed = Integer.MAX_VALUE; // the first run that failed
  private volatile boolean interrupted;

  private ParallelRuns(int runs, BooleanSupplier stop, Run run) {
    this.runs = runs;
    this.stop = stop;
    this.run = run;
  }

  /**
   * Executes the runs and returns when all of them have ended. An interrupt of the calling thread stops them; the
   * interrupt status is then still set.
   *
   * @param threads the largest number of runs at a time; the calling thread is one of the threads
   * @param stop a condition that stops all runs; called by all threads
   * @throws IllegalArgumentException if threads &lt; 1
   */
  static void execute(int runs, int threads, BooleanSupplier stop, Run run) {
    if (threads < 1) throw new IllegalArgumentException("threads: expected ≥ 1, found " + threads);
    new ParallelRuns(runs, stop, run).execute(Math.min(threads, runs));
  }

  private void execute(int threads) {
    List<Thread> others = new ArrayList<>();
    for (int i = 1; i < threads; i++) {
      Thread thread = new Thread(this::takeRuns, "chainrule-run-" + i);
      thread.setDaemon(true);
      thread.start();
      others.add(thread);
    }
    takeRuns();
    for (Thread thread : others) join(thread);
    if (interrupted) caller.interrupt();
    if (failure instanceof RuntimeException e) throw e;
    if (failure instanceof Error e) throw e;
  }

  private void join(Thread thread) {
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
  }

  private void takeRuns() {
    for (int i = take(); i < runs; i = take()) {
      int number = i;
      try {
        run.run(number, () -> failed < number || interrupted || caller.isInterrupted() || stop.getAsBoolean());
      } catch (RuntimeException | Error e) {
        fail(number, e);
      }
    }
  }

  /** Returns the number of the next run, or the number of runs if there is none or one has failed. */
  private synchronized int take() {
    return failure != null || next == runs ? runs : next++;
  }

  private synchronized void fail(int number, Throwable e) {
    if (number >= failed) return;
    failed = number;
    failure = e;
  }
}
