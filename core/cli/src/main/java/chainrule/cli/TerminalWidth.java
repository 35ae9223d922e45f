// SPDX-License-Identifier: MIT
package chainrule.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * The number of columns of the terminal, as {@code stty size} prints it. Java has no call for it. While the width is in
 * use, a daemon thread reads it every two seconds and so follows a change of the window's size. Until the first answer,
 * and where there is none, as on Windows, the width is {@code COLUMNS}, or else 80.
 */
final class TerminalWidth implements IntSupplier {
  private static final int DEFAULT = 80;
  private static final long PERIOD_MILLIS = 2000;
  private static final File TERMINAL = new File("/dev/tty");

  private final int otherwise;
  private volatile int columns; // 0 if unknown
  private volatile boolean used;
  private boolean started;

  /** @param variable the value of COLUMNS, or null */
  TerminalWidth(String variable) {
    int value = columns("0 " + variable);
    this.otherwise = value > 0 ? value : DEFAULT;
  }

  @Override public int getAsInt() {
    used = true;
    if (!started) start();
    int known = columns;
    return known > 0 ? known : otherwise;
  }

  private synchronized void start() {
    if (started) return;
    started = true;
    if (!TERMINAL.exists()) return;
    Thread thread = new Thread(this::follow, "chainrule-terminal-width");
    thread.setDaemon(true);
    thread.start();
  }

  private void follow() {
    try {
      while (true) {
        if (used) {
          used = false;
          int found = measure();
          if (found == 0) return;
          columns = found;
        }
        Thread.sleep(PERIOD_MILLIS);
      }
    } catch (IOException | InterruptedException e) {
      return; // no stty, or no terminal that this process belongs to
    }
  }

  private static int measure() throws IOException, InterruptedException {
    Process p = new ProcessBuilder("stty", "size").redirectInput(TERMINAL)
        .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      if (!p.waitFor(1, TimeUnit.SECONDS)) return 0;
      return columns(new String(p.getInputStream().readNBytes(100), StandardCharsets.US_ASCII));
    } finally {
      p.destroyForcibly();
    }
  }

  /** Returns the second number of "rows columns", or 0 if the terminal does not know its size. */
  static int columns(String size) {
    Scanner s = new Scanner(size);
    if (!s.hasNextInt()) return 0;
    s.nextInt();
    return s.hasNextInt() ? Math.max(0, s.nextInt()) : 0;
  }
}
