// SPDX-License-Identifier: MIT
package chainrule.data;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The text of a table: the bytes of a file, a pipe or a string as UTF-8 without a byte-order mark, whether they were
 * compressed with gzip or UTF-16. Can be opened again; the bytes of a pipe are kept for that.
 */
final class TableSource {
  static final String NOT_UTF8 = "not valid UTF-8. Save the file as UTF-8 or UTF-16 "
      + "(iconv -f WINDOWS-1252 -t UTF-8 FILE > utf8.csv).";
  private static final int HEAD = 4096;

  private final String name;
  private final Path path; // null for a stream
  private final boolean pipe; // opened here, but only once
  private final long size; // −1 if not known
  private InputStream stream; // null for a file, and once it was read
  private final List<byte[]> kept = new ArrayList<>(); // raw bytes of a stream
  private boolean plain;
  private Gunzip gunzip; // null unless the text is compressed
  private volatile long position;

  private TableSource(String name, Path path, InputStream stream, boolean pipe, long size) {
    this.name = name;
    this.path = path;
    this.stream = stream;
    this.pipe = pipe;
    this.size = size;
  }

  static TableSource of(Path path) throws IOException {
    return Files.isRegularFile(path) ? new TableSource(path.toString(), path, null, false, Files.size(path))
        : new TableSource(path.toString(), null, Files.newInputStream(path), true, -1);
  }

  static TableSource of(String name, InputStream stream) {
    return new TableSource(name, null, stream, false, -1);
  }

  static TableSource of(String name, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    TableSource source = new TableSource(name, null, null, false, bytes.length);
    source.kept.add(bytes);
    return source;
  }

  /** Returns the name for messages. */
  String name() {
    return name;
  }

  /** Returns the number of bytes before decompression, −1 if it is not known. */
  long size() {
    return size;
  }

  /** Returns the number of bytes read since the latest opening, before decompression. */
  long position() {
    return gunzip == null ? position : Math.max(0, position - gunzip.waiting());
  }

  /** Returns the file if it is the text itself, neither compressed nor UTF-16; otherwise null. Known once opened. */
  Path plainFile() {
    return plain ? path : null;
  }

  /** Frees the bytes of a stream. The source can then not be opened again. */
  void release() {
    kept.clear();
  }

  /** Returns the error for a failure to read, which is a {@link DataException} if the file is damaged. */
  RuntimeException failure(IOException e) {
    return e instanceof EOFException || e instanceof ZipException
        ? new DataException(name + ": damaged or truncated (gzip: " + e.getMessage() + "). Download it again.")
        : new UncheckedIOException(e);
  }

  /** Opens the text from its start. */
  InputStream open() throws IOException {
    InputStream raw = new Counting(path != null ? Files.newInputStream(path) : stream != null ? new Keeping(stream)
        : new SequenceInputStream(Collections.enumeration(
            kept.stream().map(b -> (InputStream) new ByteArrayInputStream(b)).toList())));
    stream = null;
    gunzip = null;
    position = 0;
    try {
      return text(raw);
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  private InputStream text(InputStream raw) throws IOException {
    byte[] head = raw.readNBytes(HEAD);
    InputStream all = new SequenceInputStream(new ByteArrayInputStream(head), raw);
    boolean gzip = starts(head, 0x1F, 0x8B);
    if (gzip) {
      Gunzip content = new Gunzip(all);
      gunzip = content;
      head = content.readNBytes(HEAD);
      all = new SequenceInputStream(new ByteArrayInputStream(head), content);
    }
    if (starts(head, 0xEF, 0xBB, 0xBF)) {
      all.skipNBytes(3);
      plain = !gzip;
      return all;
    }
    if (starts(head, 0xFF, 0xFE, 0, 0) || starts(head, 0, 0, 0xFE, 0xFF)) {
      throw new DataException(name + ": is UTF-32. Save the file as UTF-8.");
    }
    Charset utf16 = utf16(head);
    plain = !gzip && utf16 == null;
    if (utf16 == null) return all;
    if (starts(head, 0xFE, 0xFF) || starts(head, 0xFF, 0xFE)) all.skipNBytes(2);
    return new Utf16Input(name, all, utf16);
  }

  /** Returns which UTF-16 the text is, by its byte-order mark or because every other byte is 0; null if it is not. */
  private static Charset utf16(byte[] head) {
    if (starts(head, 0xFE, 0xFF)) return StandardCharsets.UTF_16BE;
    if (starts(head, 0xFF, 0xFE)) return StandardCharsets.UTF_16LE;
    int pairs = Math.min(head.length, 256) / 2, even = 0, odd = 0;
    for (int i = 0; i < pairs; i++) {
      if (head[2 * i] == 0) even++;
      if (head[2 * i + 1] == 0) odd++;
    }
    if (pairs < 2) return null;
    return even == 0 && 4 * odd >= 3 * pairs ? StandardCharsets.UTF_16LE
        : odd == 0 && 4 * even >= 3 * pairs ? StandardCharsets.UTF_16BE : null;
  }

  private static boolean starts(byte[] head, int... bytes) {
    if (head.length < bytes.length) return false;
    for (int i = 0; i < bytes.length; i++) if ((head[i] & 0xFF) != bytes[i]) return false;
    return true;
  }

  private static final class Gunzip extends GZIPInputStream {
    Gunzip(InputStream in) throws IOException {
      super(in, 1 << 16);
    }

    /** Returns the number of bytes that were read but not yet decompressed. */
    int waiting() {
      return inf.getRemaining();
    }
  }

  private final class Counting extends FilterInputStream {
    Counting(InputStream in) {
      super(in);
    }

    @Override public int read() throws IOException {
      int b = in.read();
      if (b >= 0) position++;
      return b;
    }

    @Override public int read(byte[] b, int from, int n) throws IOException {
      int count = in.read(b, from, n);
      if (count > 0) position += count;
      return count;
    }
  }

  private final class Keeping extends FilterInputStream {
    Keeping(InputStream in) {
      super(in);
    }

    @Override public void close() throws IOException {
      if (pipe) super.close(); // otherwise it was opened by the caller
    }

    @Override public int read() throws IOException {
      int b = in.read();
      if (b >= 0) kept.add(new byte[] {(byte) b});
      return b;
    }

    @Override public int read(byte[] b, int from, int n) throws IOException {
      int count = in.read(b, from, n);
      if (count > 0) kept.add(Arrays.copyOfRange(b, from, from + count));
      return count;
    }
  }
}
