// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.DataException;
import chainrule.text.Excerpt;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * numpy's {@code .npz}: a zip of {@code .npy} arrays, each in an entry {@code NAME.npy}. {@code numpy.load} opens it.
 *
 * <pre>
 *   .npy    93 'NUMPY' 1 0   length of the header [2 bytes]   header, padded with spaces to a multiple of 64   data
 *   header  {'descr': '&lt;f8', 'fortran_order': False, 'shape': (2, 3), }
 * </pre>
 *
 * The writer writes version 1.0, little-endian doubles ({@code <f8}) and bytes ({@code |u1}), in row-major order.
 * Entries are stored without compression and with one fixed date, so that equal content gives equal files. The reader
 * reads the same, and headers of versions 2.0 and 3.0. It refuses compressed entries: weights hardly shrink, and
 * without compression no content is larger than its file. Entry names never become file names. Duplicate names are
 * refused, because readers differ in which of the two they take.
 *
 * <p>A reader of other programs' files ({@link Reader#openForeign}) also reads float16 and float32, big-endian numbers,
 * Fortran order and compressed entries. These may expand to at most {@value #MOST_EXPANSION} times the file's size, and
 * 1 MiB more.
 */
final class Npz {
  private static final int ALIGNMENT = 64;
  private static final LocalDateTime DATE = LocalDateTime.of(2000, 1, 1, 0, 0);
  private static final String DOUBLES = "<f8", BYTES = "|u1", SUFFIX = ".npy";
  /** Weights are random in their lower bits and hardly shrink; constant arrays, such as biases of 0, are small. */
  private static final int MOST_EXPANSION = 100;

  private Npz() {}

  // ---------------------------------------------------------------- writing

  /** Writes arrays in the order of the calls, so that equal calls give equal files. */
  static final class Writer implements Closeable {
    private final ZipOutputStream zip;

    Writer(OutputStream out) {
      zip = new ZipOutputStream(out);
      zip.setMethod(ZipOutputStream.STORED);
    }

    /** Writes x[from …] as an array of this shape. */
    void doubles(String name, double[] x, int from, int... shape) throws IOException {
      int n = 1;
      for (int size : shape) n = Math.multiplyExact(n, size);
      byte[] header = header(DOUBLES, shape);
      ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
      CRC32 crc = new CRC32();
      crc.update(header);
      each(x, from, n, chunk, (bytes, length) -> crc.update(bytes, 0, length));
      begin(name, header.length + 8L * n, crc.getValue());
      zip.write(header);
      each(x, from, n, chunk, (bytes, length) -> zip.write(bytes, 0, length));
    }

    /** Writes a string as an array of its UTF-8 bytes. */
    void text(String name, String text) throws IOException {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8), header = header(BYTES, utf8.length);
      CRC32 crc = new CRC32();
      crc.update(header);
      crc.update(utf8);
      begin(name, header.length + (long) utf8.length, crc.getValue());
      zip.write(header);
      zip.write(utf8);
    }

    /** Starts an entry; the next entry or the end of the file closes it. */
    private void begin(String name, long size, long crc) throws IOException {
      ZipEntry entry = new ZipEntry(name + SUFFIX);
      entry.setTimeLocal(DATE);
      entry.setSize(size);
      entry.setCrc(crc);
      zip.putNextEntry(entry);
    }

    private interface Sink {
      void take(byte[] bytes, int length) throws IOException;
    }

    private static void each(double[] x, int from, int n, ByteBuffer chunk, Sink sink) throws IOException {
      for (int i = 0; i < n; ) {
        chunk.clear();
        for (; i < n && chunk.hasRemaining(); i++) chunk.putDouble(x[from + i]);
        sink.take(chunk.array(), chunk.position());
      }
    }

    /** Writes the zip's directory, and leaves the underlying stream open. */
    @Override public void close() throws IOException {
      zip.finish();
    }
  }

  /** Returns the command that converts a file of another program, for messages. */
  static String importCommand(String source) {
    String file = source.equals(Reader.STREAM) ? "FILE" : source.matches("[\\p{L}\\p{N}_./\\\\:,+@%=-]+") ? source
        : File.separatorChar == '\\' ? '"' + source + '"' : "'" + source.replace("'", "'\\''") + "'";
    return "./chainrule import " + file + " --out MODEL.npz";
  }

  private static byte[] header(String type, int... shape) {
    StringBuilder s = new StringBuilder("{'descr': '" + type + "', 'fortran_order': False, 'shape': (");
    for (int i = 0; i < shape.length; i++) {
      s.append(i == 0 ? "" : " ").append(shape[i]).append(i < shape.length - 1 || i == 0 ? "," : "");
    }
    s.append("), }");
    int begin = NpyHeader.MAGIC.length + 4, length = begin + s.length() + 1,
        padded = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    s.append(" ".repeat(padded - length)).append('\n');
    ByteBuffer b = ByteBuffer.allocate(padded).order(ByteOrder.LITTLE_ENDIAN);
    b.put(NpyHeader.MAGIC).put((byte) 1).put((byte) 0).putShort((short) s.length())
        .put(s.toString().getBytes(StandardCharsets.US_ASCII));
    return b.array();
  }

  // ---------------------------------------------------------------- reading

  /** An open file. Every defect in it is a {@link DataException} that names it. */
  static final class Reader implements ModelArrays, Closeable {
    private static final String STREAM = "input stream";

    private final String source;
    private final ZipFile zip;
    private final long size;
    private final Path temporary; // or null
    private final boolean foreign;
    private final Map<String, ZipEntry> entries = new LinkedHashMap<>();

    /** Opens a file; one that is not on the default file system, such as in a jar, is copied to a temporary file. */
    static Reader open(Path file) {
      return open(file, false);
    }

    /** Opens a file that another program may have written, in any of the forms that this class reads. */
    static Reader openForeign(Path file) {
      Reader npz = open(file, true);
      if (npz.expandedSize() <= npz.mostExpandedSize()) return npz;
      npz.close();
      throw new DataException(file + ": its " + npz.size + " bytes expand to " + npz.expandedSize()
          + ", the limit is " + npz.mostExpandedSize() + ". Save it with numpy.savez instead of savez_compressed.");
    }

    private static Reader open(Path file, boolean foreign) {
      if (Files.isDirectory(file)) {
        throw new DataException(file + ": expected a file, found a directory. Name a file in it.");
      }
      if (file.getFileSystem() == FileSystems.getDefault()) return new Reader(file.toString(), file, null, foreign);
      try (InputStream in = Files.newInputStream(file)) {
        return copied(file.toString(), in, foreign);
      } catch (IOException e) {
        throw notReadable(file.toString(), e);
      }
    }

    /** Reads a stream to its end, into a temporary file that {@link #close} deletes, and leaves the stream open. */
    static Reader open(InputStream in) {
      try {
        return copied(STREAM, in, false);
      } catch (IOException e) {
        throw notReadable(STREAM, e);
      }
    }

    private static Reader copied(String source, InputStream in, boolean foreign) throws IOException {
      Path copy = Files.createTempFile("chainrule", ".npz");
      try {
        Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        return new Reader(source, copy, copy, foreign);
      } catch (IOException | RuntimeException e) {
        Files.deleteIfExists(copy);
        throw e;
      }
    }

    private Reader(String source, Path file, Path temporary, boolean foreign) {
      this.source = source;
      this.foreign = foreign;
      this.temporary = temporary;
      ZipFile opened = null;
      try {
        size = Files.size(file);
        opened = new ZipFile(file.toFile());
        opened.stream().forEach(this::add);
        zip = opened;
      } catch (ZipException e) {
        throw notNpz(e);
      } catch (IOException e) {
        throw notReadable(source, e);
      } catch (DataException e) {
        closeAfter(opened, e);
        throw e;
      } catch (RuntimeException e) { // ZipFile throws one for some damaged directories
        closeAfter(opened, e);
        throw notNpz(e);
      }
    }

    private DataException notNpz(Exception e) {
      return new DataException(source + ": not an .npz file, or damaged (" + e.getMessage() + ")");
    }

    private static DataException notReadable(String source, IOException e) {
      return new DataException(source + (e instanceof NoSuchFileException ? ": no such file"
          : ": cannot be read (" + e.getMessage() + ")"));
    }

    private static void closeAfter(ZipFile opened, RuntimeException reason) {
      try {
        if (opened != null) opened.close();
      } catch (IOException e) {
        reason.addSuppressed(e);
      }
    }

    private void add(ZipEntry e) {
      if (entries.put(e.getName(), e) != null) {
        throw new DataException(source + ": contains '" + Excerpt.of(e.getName()) + "' twice");
      }
    }

    @Override public String source() {
      return source;
    }

    @Override public boolean has(String name) {
      return entries.containsKey(name + SUFFIX);
    }

    /** Returns the names of the arrays, in the order of the file. */
    List<String> names() {
      return entries.keySet().stream().filter(n -> n.endsWith(SUFFIX))
          .map(n -> n.substring(0, n.length() - SUFFIX.length())).toList();
    }

    @Override public long mostNumbers() {
      return foreign ? expandedSize() / FloatFormat.FLOAT16.bytes : size / Double.BYTES;
    }

    /** Returns the size of all entries without compression, as far as the zip's directory states it. */
    private long expandedSize() {
      long sum = 0;
      for (ZipEntry e : entries.values()) {
        sum += Math.max(0, e.getSize());
        if (sum < 0) return Long.MAX_VALUE;
      }
      return sum;
    }

    private long mostExpandedSize() {
      return MOST_EXPANSION * size + (1 << 20);
    }

    /** Returns the header of an array. */
    NpyHeader header(String name) {
      try (Array array = open(name)) {
        return array.header;
      } catch (IOException e) {
        throw unreadable(name, e);
      }
    }

    @Override public void requireOwnForm(String name) {
      if (!has(name)) return;
      try (Array array = open(name)) {
        requireType(name, array.header, DOUBLES);
      } catch (IOException e) {
        throw unreadable(name, e);
      }
    }

    @Override public void doubles(String name, double[] x, int to, int... shape) {
      try (Array array = open(name)) {
        requireType(name, array.header, DOUBLES);
        if (!Arrays.equals(array.header.shape(), shape)) {
          throw error(name, "expected shape " + NpyHeader.shown(shape) + ", found " + array.header.shownShape());
        }
        array.read(x, to, false);
      } catch (IOException e) {
        throw unreadable(name, e);
      }
    }

    /** Reads a matrix or a vector of real numbers into x[to …], row-major, and transposed if requested. */
    void doubles(String name, double[] x, int to, boolean transposed) {
      try (Array array = open(name)) {
        requireType(name, array.header, DOUBLES);
        array.read(x, to, transposed);
      } catch (IOException e) {
        throw unreadable(name, e);
      }
    }

    @Override public String text(String name, int most) {
      try (Array array = open(name)) {
        requireType(name, array.header, BYTES);
        int[] shape = array.header.shape();
        if (shape.length != 1 || shape[0] > most) {
          throw error(name, "expected a string of at most " + most + " bytes, found shape " + NpyHeader.shown(shape));
        }
        byte[] utf8 = array.in.readNBytes(shape[0]);
        if (utf8.length < shape[0]) throw new EOFException();
        array.end();
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      } catch (CharacterCodingException e) {
        throw error(name, "not valid UTF-8");
      } catch (IOException e) {
        throw unreadable(name, e);
      }
    }

    private record Array(DataInputStream in, NpyHeader header) implements Closeable {
      /**
       * Reads all elements. A file that lists the elements column by column lists those of the transposed matrix row by
       * row.
       */
      void read(double[] x, int to, boolean transposed) throws IOException {
        FloatFormat format = header.floats().orElseThrow();
        int[] shape = header.shape();
        int n = Math.toIntExact(header.elements());
        boolean swaps = shape.length == 2 && header.columnMajor() != transposed;
        // the rows and columns of the file: consecutive elements are in one row
        int columns = !swaps ? n : header.columnMajor() ? shape[0] : shape[1], rows = columns == 0 ? 0 : n / columns;
        byte[] chunk = new byte[1 << 16];
        ByteBuffer values = ByteBuffer.wrap(chunk).order(header.byteOrder());
        int i = 0, j = 0; // row and column of the next element
        for (int done = 0; done < n; ) {
          int count = Math.min(n - done, chunk.length / format.bytes);
          in.readFully(chunk, 0, count * format.bytes);
          for (int k = 0; k < count; k++) {
            x[swaps ? to + j * rows + i : to + j] = format.get(values, k * format.bytes);
            if (++j == columns) {
              j = 0;
              i++;
            }
          }
          done += count;
        }
        end();
      }

      /** Reads the end of the entry, where the zip's checksum is compared. */
      void end() throws IOException {
        if (in.read() >= 0) throw new ZipException("trailing bytes after its data");
      }

      @Override public void close() throws IOException {
        in.close();
      }
    }

    private Array open(String name) throws IOException {
      ZipEntry entry = entries.get(name + SUFFIX);
      if (entry == null) throw new DataException(source + ": no array '" + name + "'; the " + listed());
      if (entry.getMethod() != ZipEntry.STORED && !foreign) throw savedAgain(name, "is compressed");
      CheckedEntry checked = new CheckedEntry(zip.getInputStream(entry), entry.getCrc());
      DataInputStream in = new DataInputStream(checked);
      try {
        return new Array(in, NpyHeader.read(in));
      } catch (IllegalArgumentException e) {
        throw error(name, e.getMessage());
      }
    }

    private void requireType(String name, NpyHeader header, String type) {
      boolean real = type.equals(DOUBLES) && header.floats().isPresent();
      if (!(real || header.type().equals(type))) {
        throw error(name, "expected type '" + type + "', found '" + Excerpt.of(header.type()) + "'");
      }
      if (foreign) return;
      if (!header.type().equals(type)) throw savedAgain(name, "has the type " + header.typeName());
      if (header.columnMajor()) throw savedAgain(name, "is in Fortran order");
    }

    private DataException savedAgain(String name, String what) {
      return new DataException(source + ": array '" + name + "' " + what
          + ", so another program has saved this file. Convert it: " + importCommand(source));
    }

    private String listed() {
      List<String> names = entries.keySet().stream().limit(8).map(Excerpt::of).toList();
      return names.isEmpty() ? "file is empty"
          : "entries are " + String.join(", ", names) + (entries.size() > 8 ? ", …" : "");
    }

    private DataException error(String name, String what) {
      return new DataException(source + ": array '" + name + "': " + what);
    }

    private DataException unreadable(String name, IOException e) {
      return error(name, e instanceof EOFException ? "truncated" : "damaged (" + e.getMessage() + ")");
    }

    @Override public void close() {
      try {
        zip.close();
        if (temporary != null) Files.deleteIfExists(temporary);
      } catch (IOException e) {
        throw notReadable(source, e);
      }
    }
  }

  /** Compares the checksum at the end of an entry; ZipFile itself does not. */
  private static final class CheckedEntry extends InputStream {
    private final InputStream in;
    private final long expected;
    private final CRC32 crc = new CRC32();

    CheckedEntry(InputStream in, long expected) {
      this.in = in;
      this.expected = expected;
    }

    @Override public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override public int read(byte[] b, int from, int length) throws IOException {
      int n = in.read(b, from, length);
      if (n >= 0) crc.update(b, from, n);
      else if (crc.getValue() != expected) throw new ZipException("wrong checksum");
      return n;
    }

    @Override public void close() throws IOException {
      in.close();
    }
  }
}
