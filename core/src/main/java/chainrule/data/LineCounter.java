// SPDX-License-Identifier: MIT
package chainrule.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the lines of a file, so that columns can be allocated with their final length. */
final class LineCounter {
  private static final int BLOCK = 1 << 18, TAIL = 1 << 10;

  private LineCounter() {}

  /**
   * Counts the lines up to the last one that is not blank.
   *
   * @param lineEnd the byte that ends a line
   */
  static long count(Path file, byte lineEnd, int threads) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      AtomicLong next = new AtomicLong(), total = new AtomicLong();
      ThreadGroupRun.run(threads, () -> {
        ByteBuffer buffer = ByteBuffer.allocate(BLOCK);
        while (true) {
          int n = read(channel, next.getAndAdd(BLOCK), buffer);
          if (n == 0) return;
          total.addAndGet(RecordCutter.count(buffer.array(), lineEnd, 0, n));
        }
      });
      ByteBuffer tail = ByteBuffer.allocate(TAIL);
      int n = read(channel, Math.max(0, channel.size() - TAIL), tail), last = n;
      while (last > 0 && tail.get(last - 1) >= 0 && tail.get(last - 1) <= ' ') last--;
      return total.get() - RecordCutter.count(tail.array(), lineEnd, last, n) + (n > 0 ? 1 : 0);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Fills the buffer from a position of the file; returns the number of bytes, less only at the end. */
  private static int read(FileChannel channel, long from, ByteBuffer buffer) {
    buffer.clear();
    try {
      while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) > 0) { }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return buffer.position();
  }
}
