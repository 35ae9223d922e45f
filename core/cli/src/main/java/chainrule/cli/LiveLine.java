// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.format.Formatting;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A line at the bottom of a terminal that is rewritten while something is in progress. It fits the terminal's current
 * width: parts that do not fit are left out, the least important first. Prints nothing if the stream is not a terminal.
 * <pre>{@code
 * LiveLine line = new LiveLine(terminal, 500);
 * while (…) if (line.isDue()) line.update(new Part("reading", 0), new Part("12.3 MB/s", 2), new Part("3 s left", 1));
 * line.clear();
 * }</pre>
 * The methods may be called by any thread.
 */
final class LiveLine {
  private static final long PERIOD_NANOS = 100_000_000;
  private static final String SEPARATOR = "  ";
  private static final String ERASE = "\r\u001b[K";
  /** Without wrapping, a line drawn for a window that has just become narrower is cut off at its edge. */
  private static final String WRAP_OFF = "\u001b[?7l", WRAP_ON = "\u001b[?7h";

  /**
   * A part of the line. Parts are shown in the order in which they are given.
   *
   * @param rank 0 for the most important; the parts of the highest rank are left out first
   */
  record Part(String text, int rank) {}

  private final Terminal terminal;
  private final LongSupplier nanoTime;
  private long dueAt;
  private boolean shown;

  /** @param delayMillis how long to wait before the line first appears, so that short work does not show it */
  LiveLine(Terminal terminal, long delayMillis) {
    this(terminal, delayMillis, System::nanoTime);
  }

  LiveLine(Terminal terminal, long delayMillis, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.nanoTime = nanoTime;
    this.dueAt = nanoTime.getAsLong() + delayMillis * 1_000_000;
    if (terminal.isLive()) terminal.width(); // starts measuring it
  }

  /** Returns whether to call {@link #update}: at most ten times a second, on a terminal, after the delay. */
  synchronized boolean isDue() {
    return terminal.isLive() && nanoTime.getAsLong() - dueAt >= 0;
  }

  /** Draws the line in place of the previous one. */
  synchronized void update(Part... parts) {
    if (!terminal.isLive()) return;
    // one string, written at once, so that neither a flicker nor a signal comes between
    terminal.stream().print(ERASE + WRAP_OFF + fit(List.of(parts), terminal.width() - 1) + WRAP_ON);
    terminal.stream().flush();
    shown = true;
    dueAt = nanoTime.getAsLong() + PERIOD_NANOS;
  }

  /** Erases the line. Call it before anything else is printed; the next update shows the line again. */
  synchronized void clear() {
    if (!shown) return;
    terminal.stream().print(ERASE);
    terminal.stream().flush();
    shown = false;
  }

  /** Keeps the line as it is. What is printed next starts on a new line. */
  synchronized void keep() {
    if (shown) terminal.stream().println();
    shown = false;
  }

  /** Joins the parts that fit into {@code width} columns; the last remaining part is truncated if necessary. */
  static String fit(List<Part> parts, int width) {
    List<Part> shown = new ArrayList<>(parts);
    shown.removeIf(p -> p.text().isEmpty());
    while (shown.size() > 1 && columns(joined(shown)) > width) {
      int least = 0;
      for (int i = 0; i < shown.size(); i++) if (shown.get(i).rank() >= shown.get(least).rank()) least = i;
      shown.remove(least);
    }
    String line = joined(shown);
    for (int most = width; most > 0 && columns(line) > width; most--) line = Formatting.truncate(line, most);
    return line;
  }

  private static String joined(List<Part> parts) {
    return String.join(SEPARATOR, parts.stream().map(Part::text).toList());
  }

  /** Counts columns: two for what may be a wide character, such as Chinese or an emoji. */
  private static int columns(String line) {
    return line.codePoints().map(c -> c < 0x1100 || c >= 0x2000 && c < 0x2E80 ? 1 : 2).sum();
  }
}
