// SPDX-License-Identifier: MIT
package chainrule.kernels;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team of daemon threads that runs one task at a time, in parts. The caller runs part 0. Each worker spins for
 * a few microseconds while it waits for the next task, then parks, so an idle team costs nothing.
 */
final class Workers {
  /** A task of {@code parts} parts. Each part runs once, on a different thread. */
  interface Task {
    void run(int part, int parts);
  }

  /** Spins before parking: about 20 µs, the pause between two products of one training step. */
  private static final int SPINS = 2_000;

  private final int threads;
  private final Thread[] team;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final AtomicInteger unfinished = new AtomicInteger();
  private volatile int round;
  private volatile Thread caller;
  private volatile Throwable failure;
  private Task task; // written before round, read after it

  Workers(int threads) {
    this.threads = threads;
    this.team = new Thread[threads - 1];
    for (int i = 0; i < team.length; i++) {
      int part = i + 1;
      team[i] = new Thread(() -> work(part), "chainrule-worker-" + part);
      team[i].setDaemon(true);
      team[i].start();
    }
  }

  /** Reserves the team for the caller until {@link #release}. Returns false if another caller has it. */
  boolean tryAcquire() {
    return !busy.get() && busy.compareAndSet(false, true);
  }

  void release() {
    busy.set(false);
  }

  /**
   * Runs all parts and returns when the last is done. The caller must have acquired the team. An error or unchecked
   * exception in a worker's part is thrown here.
   */
  void run(Task t) {
    task = t;
    failure = null;
    caller = Thread.currentThread();
    unfinished.set(team.length);
    round++; // written only by the thread that has acquired the team
    for (Thread thread : team) LockSupport.unpark(thread);
    try {
      t.run(0, threads);
    } finally {
      for (int spins = 0; unfinished.get() > 0; spins++) {
        if (spins < SPINS) Thread.onSpinWait();
        else LockSupport.park(this);
      }
      task = null;
    }
    Throwable thrown = failure;
    if (thrown instanceof Error e) throw e;
    if (thrown instanceof RuntimeException e) throw e;
  }

  private void work(int part) {
    int seen = 0;
    while (true) {
      for (int spins = 0; round == seen; spins++) {
        if (spins < SPINS) Thread.onSpinWait();
        else LockSupport.park(this);
      }
      seen = round;
      try {
        task.run(part, threads);
      } catch (Throwable t) {
        failure = t;
      }
      if (unfinished.decrementAndGet() == 0) LockSupport.unpark(caller);
    }
  }
}
