// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Runs the same task in several threads at once. */
final class ThreadGroupRun {
  private ThreadGroupRun() {}

  /** Runs a task in n threads, one of which is the caller's, and throws the first of their exceptions. */
  static void run(int n, Runnable task) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Runnable caught = () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      }
    };
    List<Thread> threads = new ArrayList<>();
    for (int i = 1; i < n; i++) {
      Thread thread = new Thread(caught, "chainrule-reader-" + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    caught.run();
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
    if (failure.get() instanceof RuntimeException e) throw e;
    if (failure.get() instanceof Error e) throw e;
  }
}
