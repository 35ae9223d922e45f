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
  private static final int BLOCK = 1 << 18;

  private LineCounter() {}

  /** Counts a byte in a file. */
  static long count(Path file, byte value, int threads) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      AtomicLong next = new AtomicLong(), total = new AtomicLong();
      ThreadGroupRun.run(threads, () -> {
        byte[] bytes = new byte[BLOCK];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (true) {
          long at = next.getAndAdd(BLOCK);
          int n = 0, read = 0;
          buffer.clear();
          try {
            while (n < BLOCK && (read = channel.read(buffer, at + n)) > 0) n += read;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          if (n == 0) return;
          total.addAndGet(RecordCutter.count(bytes, value, 0, n));
        }
      });
      return total.get();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
