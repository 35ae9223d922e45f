// SPDX-License-Identifier: MIT
package chainrule.data;

import chainrule.data.ChunkParser.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a table: finds its layout in the first part of the file, parses the records, decides whether the first one is a
 * header, and then the types of the columns.
 */
final class TableReader {
  private static final int SAMPLE = 1 << 18;
  /** The share of strings in a column of numbers from which it is likely to become a column of strings. */
  private static final double MIXED = 0.05;

  private final TableSource source;
  private final String file;
  private final TableOptions options;
  private int chunkSize;
  private int threads;
  private TableLayout layout;
  private Kind[] kinds; // [width]
  private int rows;
  private boolean[] mixed; // [width], whether a column has numbers and many strings
  private final Map<Integer, RawColumn> texts = new HashMap<>(); // columns that were read again

  private TableReader(TableSource source, TableOptions options, int chunkSize) {
    this.source = source;
    this.file = source.name();
    this.options = options;
    this.chunkSize = chunkSize;
  }

  static Table read(Path path, TableOptions options) {
    try {
      return read(TableSource.of(path), options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Table read(TableSource source, TableOptions options) {
    return read(source, options, DelimitedReader.CHUNK);
  }

  /** Reads in chunks of about this many bytes. The table does not depend on it. */
  static Table read(TableSource source, TableOptions options, int chunkSize) {
    try {
      return new TableReader(source, options, chunkSize).read();
    } catch (IOException e) {
      throw source.failure(e);
    } catch (OutOfMemoryError e) {
      double share = source.size() > 0 ? Math.max(0.01, (double) source.position() / source.size()) : 1;
      throw ReaderMemory.refusal(source.name(), Runtime.getRuntime().maxMemory() / Math.min(1, share));
    } finally {
      source.release();
    }
  }

  private Table read() throws IOException {
    ColumnStore store;
    try (InputStream in = source.open()) {
      byte[] sample = in.readNBytes(SAMPLE);
      boolean whole = sample.length < SAMPLE;
      if (ArffReader.looksLikeArff(sample, sample.length)) {
        return ArffReader.read(file, new SequenceInputStream(new ByteArrayInputStream(sample), in), options);
      }
      layout = LayoutDetector.detect(file, sample, sample.length, whole, options);
      while (layout == null) {
        int nul = RecordCutter.indexOf(sample, (byte) 0, 0, sample.length);
        if (nul >= 0) throw notText(sample, 0, nul, 1, ChunkParser.NUL);
        ReaderMemory.require(file, 8.0 * sample.length);
        byte[] more = in.readNBytes(sample.length);
        whole = more.length < sample.length;
        int n = sample.length;
        sample = Arrays.copyOf(sample, n + more.length);
        System.arraycopy(more, 0, sample, n, more.length);
        layout = LayoutDetector.detect(file, sample, sample.length, whole, options);
      }
      requireText(sample, layout.start(), layout.next());
      kinds = kinds();
      threads = options.threads();
      if (source.plainFile() != null) threads = (int) Math.min(threads, 1 + source.size() / chunkSize);
      if (whole && sample.length < chunkSize) { // one chunk
        chunkSize = sample.length - layout.next() + 1;
        threads = 1;
      }
      long lines = expectedLines(sample, whole);
      ReaderMemory.require(file, (double) lines * ColumnStore.bytesPerRow(kinds));
      InputStream rest = new ByteArrayInputStream(sample, layout.next(), sample.length - layout.next());
      store = parse(whole ? rest : new SequenceInputStream(rest, in), kinds, (int) Math.min(lines, 1 << 30));
    }
    return table(store);
  }

  private ColumnStore parse(InputStream in, Kind[] columns, int expectedRows) {
    return new DelimitedReader(source, in, layout.nextLine(), layout.separator(), columns, expectedRows,
        options.listener(), chunkSize).read(threads);
  }

  /** Requires the first record to be UTF-8. Those after it are checked when they are parsed. */
  private void requireText(byte[] b, int from, int to) {
    ByteBuffer in = ByteBuffer.wrap(b, from, to - from);
    boolean error = StandardCharsets.UTF_8.newDecoder().decode(in, CharBuffer.allocate(to - from), true).isError();
    int place = error ? in.position() : RecordCutter.indexOf(b, (byte) 0, from, to);
    if (place >= 0) throw notText(b, from, place, layout.startLine(), error ? TableSource.NOT_UTF8 : ChunkParser.NUL);
  }

  /** Returns the error at a place of the sample. */
  private DataException notText(byte[] b, int from, int place, int firstLine, String what) {
    int line = firstLine;
    for (int i = from; i < place; i++) if (b[i] == '\n' || b[i] == '\r' && b[i + 1] != '\n') line++;
    return new DataException(file + ":" + line + ": " + what);
  }

  private Kind[] kinds() {
    Kind[] result = new Kind[layout.width()];
    int shift = layout.rowNames() ? 1 : 0;
    for (int c = 0; c < result.length; c++) {
      String name = c < shift || c - shift >= layout.first().size() ? ""
          : UnicodeText.clean(layout.first().get(c - shift));
      result[c] = layout.numeric()[c] && !isText(name) && !isText(Integer.toString(c + 1)) ? Kind.NUMBER : Kind.TEXT;
    }
    return result;
  }

  /** Returns whether the options say that a column of this name or number contains strings. */
  private boolean isText(String name) {
    return options.exact().contains(name) || options.types().get(name) == ColumnType.CATEGORY
        || options.usualTypes().get(name) == ColumnType.CATEGORY;
  }

  /** Returns the number of line ends after the first record if that can be counted, or an estimate. */
  private long expectedLines(byte[] sample, boolean whole) throws IOException {
    byte lineEnd = sample[layout.next() - 1] == '\r' ? (byte) '\r' : (byte) '\n';
    if (!whole && source.plainFile() != null) {
      int before = RecordCutter.count(sample, lineEnd, 0, layout.next());
      long all = Math.max(0, LineCounter.count(source.plainFile(), lineEnd, threads) - before);
      int records = recordsIn(sample);
      if (records == Integer.MAX_VALUE) return all;
      int lines = RecordCutter.count(sample, lineEnd, layout.next(), sample.length);
      return records >= lines ? all : (long) (all * 1.05 * (records + 1) / lines);
    }
    int lines = RecordCutter.count(sample, lineEnd, layout.next(), sample.length);
    byte last = sample[sample.length - 1];
    if (whole) return lines + (last == '\n' || last == '\r' ? 0 : 1);
    double share = source.size() > 0 ? Math.min(1, (double) source.position() / source.size()) : 0.5;
    return (long) (lines / share * 1.05);
  }

  /** Returns the number of records in the sample after the first: fewer than lines if quotes contain line ends. */
  private int recordsIn(byte[] sample) {
    if (RecordCutter.indexOf(sample, (byte) '"', layout.next(), sample.length) < 0) return Integer.MAX_VALUE;
    RecordCutter cutter = new RecordCutter(layout.separator());
    int n = 0;
    for (int at = layout.next(); at >= 0; n++) at = cutter.firstEnd(sample, at, sample.length);
    return n - 1;
  }

  private Table table(ColumnStore store) {
    rows = store.rows();
    int[] lines = store.takeLines();
    List<RawColumn> columns = new ArrayList<>();
    mixed = new boolean[kinds.length];
    for (int c = 0; c < kinds.length; c++) {
      mixed[c] = store.share(c) > MIXED;
      columns.add(store.take(c, this::asTexts));
    }
    HeaderDecision decision = HeaderDecision.decide(file, layout, columns, options);
    if (!decision.header()) {
      lines = RowInFront.add(lines, layout.startLine());
      List<String> first = new ArrayList<>(layout.first());
      if (layout.rowNames()) first.add(0, "");
      for (int c = 0; c < kinds.length; c++) {
        columns.set(c, RowInFront.add(columns.get(c), c < first.size() ? first.get(c) : ""));
      }
    }
    if (lines.length == 0) {
      throw new DataException(file + ": the file has only a header. Expected one line per example after it.");
    }
    List<String> names = new ArrayList<>();
    List<RawColumn> used = new ArrayList<>();
    for (int c = 0; c < kinds.length; c++) {
      if (decision.leftOut().contains(c)) continue;
      names.add(decision.names().get(c));
      used.add(columns.get(c));
    }
    columns.clear();
    ColumnTyping typing = ColumnTyping.resolve(file, names, used, lines, layout.separator(), options);
    List<String> notices = new ArrayList<>(layout.notices());
    notices.addAll(decision.notices());
    notices.addAll(typing.notices());
    return new Table(file, typing.columns(), lines, typing.decimal(), notices);
  }

  /**
   * Returns a column with all its cells as strings. Columns with numbers and many strings are read together, since they
   * are likely to be requested as well.
   */
  private RawColumn asTexts(int column) {
    RawColumn known = texts.remove(column);
    if (known != null) return known;
    Kind[] wanted = new Kind[kinds.length];
    for (int c = 0; c < wanted.length; c++) wanted[c] = c == column || mixed[c] ? Kind.TEXT : Kind.SKIPPED;
    try (InputStream in = source.open()) {
      in.skipNBytes(layout.next());
      ColumnStore store = parse(in, wanted, rows);
      if (store.rows() != rows) throw new DataException(file + ": was changed while it was read");
      for (int c = 0; c < wanted.length; c++) {
        if (wanted[c] == Kind.TEXT) texts.put(c, store.take(c, this::asTexts));
      }
    } catch (IOException e) {
      throw source.failure(e);
    }
    Arrays.fill(mixed, false);
    return texts.remove(column);
  }
}
