package chainrule.kernels;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team of daemon threads that runs one task in parts. The caller takes part 0; each worker looks for the next
 * task for a few microseconds, then parks, so an idle team costs nothing.
 */
final class Workers {
  /** One piece of work in {@code parts} parts, each run once, by different threads. */
  interface Task {
    void run(int part, int parts);
  }

  /** Looks before parking: about 20 µs, the pause between two products of one training step. */
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

  /** True if the team was free and is now the caller's, until {@link #release}. */
  boolean tryAcquire() {
    return !busy.get() && busy.compareAndSet(false, true);
  }

  void release() {
    busy.set(false);
  }

  /** Runs all parts and returns when the last is done; an error in a worker's part is thrown here. */
  void run(Task t) {
    task = t;
    failure = null;
    caller = Thread.currentThread();
    unfinished.set(team.length);
    round++; // only the holder of the team writes it
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
