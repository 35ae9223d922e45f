package chainrule.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C: a training that {@link #watch}es for it is asked to stop after its step, and the JVM, which is going down with
 * status 130, is held until what was promised has been written and said. Other commands end at once.
 */
final class Interruption implements AutoCloseable {
  /** Long enough to write the largest model; a hung disk shall not hold a person for ever. */
  private static final int LONGEST_SECONDS = 120;

  private final CountDownLatch written = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "chainrule-interruption");
  private volatile boolean asked;
  private boolean watched;

  /** From now on the JVM waits for {@link #close}. */
  void watch() {
    watched = true;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Whether somebody wants to stop. */
  boolean asked() {
    return asked;
  }

  private void stop() {
    asked = true;
    try {
      written.await(LONGEST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Everything is written and said: the JVM may end. */
  @Override public void close() {
    written.countDown();
    if (asked || !watched) return;
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // going down already; the hook does not wait any more
    }
  }
}
