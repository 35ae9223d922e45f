// SPDX-License-Identifier: MIT
package chainrule.kernels;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team of daemon threads that runs one task at a time, in parts. The caller runs part 0. Each worker runs its
 * own part, or the caller does so, if it has finished part 0 before the worker has started. So a worker that waits for
 * a processor, because other programs use them all, delays nothing.
 *
 * <p>A worker spins while it waits for the next task, then parks, so an idle team costs nothing.
 */
final class Workers {
  /** A task of {@code parts} parts. Each part runs once. */
  interface Task {
    void run(int part, int parts);
  }

  /**
   * Spins before parking: 0.1 to 0.3 ms, longer than the pauses within a training step and between two of them. With
   * 2,000 spins (30 µs), workers parked in most steps of 784-128-10, batch 64, and a step took 617 µs instead of 366 on
   * a machine with other load.
   */
  private static final int SPINS = 10_000;
  /** Spins between two offers of the processor to other threads, which may include the caller. */
  private static final int SPINS_PER_YIELD = 64;

  // The states of a worker: PARKED or WAITING, POSTED, RUNNING, perhaps AWAITED, and WAITING again. The caller takes a
  // part back, from POSTED to WAITING, to run it itself.
  private static final int WAITING = 0, PARKED = 1, POSTED = 2, RUNNING = 3, AWAITED = 4;
  /** The distance between two states: 128 bytes, because processors fetch cache lines in pairs. */
  private static final int DISTANCE = 32;

  private final int threads;
  private final Thread[] team; // [threads]; the first is null
  private final AtomicIntegerArray states;
  private final AtomicBoolean busy = new AtomicBoolean();
  // written before a part is posted, read by those who run it
  private Task task;
  private Thread caller;
  private volatile Throwable failure;

  Workers(int threads) {
    this.threads = threads;
    this.team = new Thread[threads];
    this.states = new AtomicIntegerArray((threads + 1) * DISTANCE);
    for (int i = 1; i < threads; i++) {
      int part = i;
      team[part] = new Thread(() -> work(part), "chainrule-worker-" + part);
      team[part].setDaemon(true);
      team[part].start();
    }
  }

  /** Reserves the team for the caller until {@link #release}. Returns false if another caller has it. */
  boolean tryAcquire() {
    return !busy.get() && busy.compareAndSet(false, true);
  }

  void release() {
    busy.set(false);
  }

  /** Returns whether all workers were spinning a moment ago, so that they start a part at once. */
  boolean areAwake() {
    for (int part = 1; part < threads; part++) if (states.get(part * DISTANCE) == PARKED) return false;
    return true;
  }

  /**
   * Runs all parts and returns when the last is done. The caller must have acquired the team. An error or unchecked
   * exception in a part is thrown here.
   */
  void run(Task t) {
    task = t;
    failure = null;
    caller = Thread.currentThread();
    for (int part = 1; part < threads; part++) {
      if (states.getAndSet(part * DISTANCE, POSTED) == PARKED) LockSupport.unpark(team[part]);
    }
    runPart(0);
    for (int part = 1; part < threads; part++) {
      if (states.compareAndSet(part * DISTANCE, POSTED, WAITING)) runPart(part);
    }
    for (int part = 1; part < threads; part++) await(part * DISTANCE);
    task = null;
    Throwable thrown = failure;
    if (thrown instanceof Error e) throw e;
    if (thrown instanceof RuntimeException e) throw e;
  }

  private void runPart(int part) {
    try {
      task.run(part, threads);
    } catch (Throwable t) {
      failure = t;
    }
  }

  /** Waits for the end of a part that its worker has started. */
  private void await(int state) {
    for (int spins = 0; states.get(state) == RUNNING; spins++) {
      if (spins < SPINS) Thread.onSpinWait();
      else states.compareAndSet(state, RUNNING, AWAITED);
    }
    while (states.get(state) == AWAITED) LockSupport.park(this);
  }

  private void work(int part) {
    int state = part * DISTANCE;
    while (true) {
      for (int spins = 1; states.get(state) != POSTED; spins++) {
        if (spins % SPINS_PER_YIELD == 0) Thread.yield();
        else Thread.onSpinWait();
        if (spins < SPINS || !states.compareAndSet(state, WAITING, PARKED)) continue;
        while (states.get(state) == PARKED) LockSupport.park(this);
        spins = 0;
      }
      if (!states.compareAndSet(state, POSTED, RUNNING)) continue;
      runPart(part);
      if (states.getAndSet(state, WAITING) == AWAITED) LockSupport.unpark(caller);
    }
  }
}
