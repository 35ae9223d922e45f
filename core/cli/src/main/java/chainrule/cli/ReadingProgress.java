// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.cli.LiveLine.Part;
import chainrule.data.TableOptions.ReadingListener;
import chainrule.format.Formatting;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Shows how much of a large table has been read, on a terminal and after half a second. */
final class ReadingProgress implements ReadingListener {
  private static final long DELAY_MILLIS = 500;

  private final String name;
  private final LiveLine line;
  private final LongSupplier nanoTime;
  private final long start;

  ReadingProgress(Terminal terminal, String name) {
    this(terminal, name, System::nanoTime);
  }

  ReadingProgress(Terminal terminal, String name, LongSupplier nanoTime) {
    this.name = Formatting.line(name, 200);
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
    this.line = new LiveLine(terminal, DELAY_MILLIS, nanoTime);
  }

  @Override public void onBytes(long bytes, long size, long rows) {
    if (!line.isDue()) return;
    double seconds = (nanoTime.getAsLong() - start) / 1e9;
    double left = seconds * Math.max(0, size - bytes) / bytes;
    line.update(new Part("reading " + name, 1),
        new Part(megabytes(bytes) + (size > 0 ? " of " + megabytes(size) : ""), 2),
        new Part(Formatting.count(rows, "row", "rows"), 3),
        new Part(size > 0 && bytes > 0 ? Formatting.duration(left) + " left" : "", 0));
  }

  /** Erases the line. */
  void end() {
    line.clear();
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, bytes < 10_000_000 ? "%.1f MB" : "%,.0f MB", bytes / 1e6);
  }
}
