// SPDX-License-Identifier: MIT
package chainrule.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Handles Ctrl-C. A training run that {@link #watch}es for it stops after the current step. The JVM, which is shutting
 * down with status 130, waits until the requested files and messages are written. Other commands end at once.
 */
final class Interruption implements AutoCloseable {
  /** Long enough to write the largest model, but a hung disk must not block the shutdown forever. */
  private static final int MAX_WAIT_SECONDS = 120;

  private final CountDownLatch written = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "chainrule-interruption");
  private volatile boolean requested;
  private boolean watching;

  /** Makes the shutdown of the JVM wait for {@link #close}. */
  void watch() {
    watching = true;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Returns whether the user has pressed Ctrl-C. */
  boolean requested() {
    return requested;
  }

  private void stop() {
    requested = true;
    try {
      written.await(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets the JVM end; call it when everything is written. */
  @Override public void close() {
    written.countDown();
    if (requested || !watching) return;
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // already shutting down; the hook no longer waits
    }
  }
}
