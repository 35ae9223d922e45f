// SPDX-License-Identifier: MIT
package chainrule.data;

import chainrule.data.ChunkParser.Kind;
import chainrule.kernels.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads the records of a delimited file with several threads. Each thread takes the next chunk of whole records from
 * the stream, parses it, waits until the chunks before it were added to the columns, and adds its own.
 */
final class DelimitedReader {
  /** The usual number of bytes of a chunk: it and its numbers stay in a core's cache. */
  static final int CHUNK = 1 << 19;
  private static final long PROGRESS_NANOS = 200_000_000;

  private final TableSource source;
  private final InputStream in;
  private final RecordCutter cutter;
  private final Kind[] kinds;
  private final char separator;
  private final TableOptions.ReadingListener listener;
  private final int chunkSize;
  private final ColumnStore store;

  // of the stream; guarded by readLock
  private final Object readLock = new Object();
  private byte[] carried = {}; // the start of a record at the end of the latest chunk
  private int chunks;
  private boolean ended;

  // of the columns; guarded by this
  private int added;
  private int line;
  private RuntimeException failure;
  private long reported = System.nanoTime();

  /** The bytes of one chunk. */
  private static final class Chunk {
    byte[] bytes = {};
    int end;
    int index;
    long position;
    RuntimeException failure; // instead of bytes
    boolean tooLong; // likewise: the first record of the chunk is longer than an array or a quarter of the heap
  }

  /**
   * @param in the text after the first record
   * @param line the line at which that starts
   * @param kinds how to keep each column
   * @param expectedRows the number of rows to allocate
   */
  DelimitedReader(TableSource source, InputStream in, int line, char separator, Kind[] kinds, int expectedRows,
      TableOptions.ReadingListener listener, int chunkSize) {
    this.source = source;
    this.in = in;
    this.line = line;
    this.separator = separator;
    this.kinds = kinds;
    this.listener = listener;
    this.chunkSize = chunkSize;
    cutter = new RecordCutter(separator);
    store = new ColumnStore(source.name(), kinds, expectedRows);
  }

  /**
   * Reads all records.
   *
   * @throws DataException for the first record that is not one
   */
  ColumnStore read(int threads) {
    ThreadGroupRun.run(threads, this::parseChunks);
    if (failure != null) throw failure;
    store.removeEmptyEnd();
    return store;
  }

  private void parseChunks() {
    ChunkParser parser = new ChunkParser(separator, kinds);
    Chunk chunk = new Chunk();
    try {
      while (next(chunk)) {
        if (chunk.failure == null && !chunk.tooLong) parser.parse(chunk.bytes, 0, chunk.end);
        if (!add(chunk, parser)) return;
      }
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        if (failure == null) failure = e instanceof RuntimeException r ? r : new IllegalStateException(e);
        notifyAll();
      }
      throw e;
    }
  }

  /** Fills a chunk with the next whole records; returns false at the end of the file. */
  private boolean next(Chunk chunk) {
    synchronized (readLock) {
      if (ended) return false;
      chunk.index = chunks++;
      chunk.failure = null;
      chunk.tooLong = false;
      try {
        fill(chunk);
      } catch (IOException e) {
        chunk.failure = source.failure(e);
      } catch (RuntimeException e) {
        chunk.failure = e;
      }
      chunk.position = source.position();
      ended |= chunk.failure != null || chunk.tooLong;
      return ended ? chunk.failure != null || chunk.tooLong || chunk.end > 0 : true;
    }
  }

  private void fill(Chunk chunk) throws IOException {
    int n = carried.length;
    allocate(chunk, Math.max(chunkSize, n + 1));
    System.arraycopy(carried, 0, chunk.bytes, 0, n);
    int end = 0;
    do {
      int room = chunk.bytes.length - ChunkParser.PADDING - 1 - n, count = in.readNBytes(chunk.bytes, n, room);
      boolean text = RecordCutter.indexOf(chunk.bytes, (byte) 0, n, n + count) < 0;
      n += count;
      ended = count < room || !text && cutter.lastEnd(chunk.bytes, n) == 0; // of NUL bytes only the first matters
      end = ended ? n : cutter.lastEnd(chunk.bytes, n);
      if (end == 0 && !ended) {
        if (2L * n > mostBytes()) {
          chunk.tooLong = true;
          return;
        }
        allocate(chunk, 2 * n);
      }
    } while (end == 0 && !ended);
    byte[] b = chunk.bytes;
    carried = Arrays.copyOfRange(b, end, n);
    if (ended && end > 0 && b[end - 1] != '\n' && b[end - 1] != '\r') b[end++] = '\n';
    Arrays.fill(b, end, Math.min(b.length, end + ChunkParser.PADDING), (byte) 0);
    chunk.end = end;
  }

  private static long mostBytes() {
    return Math.min(Limits.MAX_ARRAY_LENGTH - ChunkParser.PADDING - 1,
        Math.max(1 << 20, Runtime.getRuntime().maxMemory() / 4));
  }

  /** Makes room for at least this many bytes, with what the parser needs after them. */
  private static void allocate(Chunk chunk, int size) {
    int length = size + 1 + ChunkParser.PADDING;
    if (length > chunk.bytes.length) chunk.bytes = Arrays.copyOf(chunk.bytes, length);
  }

  /** Adds a chunk to the columns after those before it; returns false if reading has failed. */
  private synchronized boolean add(Chunk chunk, ChunkParser parser) {
    boolean interrupted = false;
    while (added != chunk.index && failure == null) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
    if (failure != null) return false;
    if (chunk.failure != null) {
      failure = chunk.failure;
    } else if (chunk.tooLong) {
      failure = new DataException(source.name() + ":" + line + ": this record is longer than " + (mostBytes() >> 21)
          + " MiB. Check for a quote that is never closed.");
    } else if (parser.error() != null) {
      failure = new DataException(source.name() + ":" + (line + parser.errorLine()) + ": " + parser.error());
    } else {
      double read = source.size() <= 0 ? 1 : (double) chunk.position / source.size();
      store.add(parser, chunk.bytes, line, read);
      line += parser.lines();
      added++;
      report(chunk.position);
    }
    notifyAll();
    return failure == null;
  }

  private void report(long position) {
    long now = System.nanoTime();
    if (now - reported < PROGRESS_NANOS) return;
    reported = now;
    listener.onBytes(position, source.size(), store.rows());
  }
}
