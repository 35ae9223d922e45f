// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Handles Ctrl-C. Spark stops when the JVM shuts down, while a command may still need it to end its training. So a
 * command that ends its work itself, and then writes its files, is awaited first. Any other command is abandoned,
 * without an error message about the end of Spark.
 */
final class OrderlyShutdown implements AutoCloseable {
  /** Before Spark, whose hooks have priorities up to 100. */
  private static final int PRIORITY = 1000;
  private static final int MOST_SECONDS = 120;

  private final boolean awaited;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Runnable hook = this::stop;
  private volatile boolean requested;

  /** @param awaited whether the command ends its work after Ctrl-C */
  OrderlyShutdown(boolean awaited) {
    this.awaited = awaited;
    ShutdownHookManager.get().addShutdownHook(hook, PRIORITY, MOST_SECONDS + 10, TimeUnit.SECONDS);
  }

  private void stop() {
    requested = true;
    try {
      if (awaited) ended.await(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns a stream of errors that is silent once an abandoned command is stopped. */
  PrintStream errors(PrintStream err) {
    if (awaited) return err;
    return new PrintStream(new FilterOutputStream(err) {
      @Override public void write(byte[] bytes, int from, int count) throws IOException {
        if (!requested) out.write(bytes, from, count);
      }

      @Override public void write(int b) throws IOException {
        if (!requested) out.write(b);
      }
    }, true, StandardCharsets.UTF_8);
  }

  /** Lets Spark stop; call it when everything is written. */
  @Override public void close() {
    ended.countDown();
    if (!requested) ShutdownHookManager.get().removeShutdownHook(hook);
  }
}
