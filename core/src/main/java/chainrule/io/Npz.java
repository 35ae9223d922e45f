// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.DataException;
import chainrule.text.Excerpt;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
 */
final class Npz {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64, MOST_HEADER = 1 << 16, MOST_SHOWN = 8;
  private static final LocalDateTime DATE = LocalDateTime.of(2000, 1, 1, 0, 0);
  private static final String DOUBLES = "<f8", BYTES = "|u1";

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
      ZipEntry entry = new ZipEntry(name + ".npy");
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

  private static byte[] header(String type, int... shape) {
    StringBuilder s = new StringBuilder("{'descr': '" + type + "', 'fortran_order': False, 'shape': (");
    for (int i = 0; i < shape.length; i++) {
      s.append(i == 0 ? "" : " ").append(shape[i]).append(i < shape.length - 1 || i == 0 ? "," : "");
    }
    s.append("), }");
    int begin = MAGIC.length + 4, length = begin + s.length() + 1,
        padded = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    s.append(" ".repeat(padded - length)).append('\n');
    ByteBuffer b = ByteBuffer.allocate(padded).order(ByteOrder.LITTLE_ENDIAN);
    b.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) s.length())
        .put(s.toString().getBytes(StandardCharsets.US_ASCII));
    return b.array();
  }

  // ---------------------------------------------------------------- reading

  private static final Pattern HEADER =
      Pattern.compile("\\{\\s*'descr':\\s*'([^']*)',\\s*'fortran_order':\\s*(True|False),"
      + "\\s*'shape':\\s*\\(((?:\\d++,\\s*+)*+\\d*+)\\),?\\s*\\}\\s*");

  /** An open file. Every defect in it is a {@link DataException} that names it. */
  static final class Reader implements Closeable {
    private static final String STREAM = "input stream";

    private final String source;
    private final ZipFile zip;
    private final long size;
    private final Path temporary; // or null
    private final Map<String, ZipEntry> entries = new LinkedHashMap<>();

    /** Opens a file; one that is not on the default file system, such as in a jar, is copied to a temporary file. */
    static Reader open(Path file) {
      if (Files.isDirectory(file)) {
        throw new DataException(file + ": expected a file, found a directory. Name a file in it.");
      }
      if (file.getFileSystem() == FileSystems.getDefault()) return new Reader(file.toString(), file, null);
      try (InputStream in = Files.newInputStream(file)) {
        return copied(file.toString(), in);
      } catch (IOException e) {
        throw notReadable(file.toString(), e);
      }
    }

    /** Reads a stream to its end, into a temporary file that {@link #close} deletes, and leaves the stream open. */
    static Reader open(InputStream in) {
      try {
        return copied(STREAM, in);
      } catch (IOException e) {
        throw notReadable(STREAM, e);
      }
    }

    private static Reader copied(String source, InputStream in) throws IOException {
      Path copy = Files.createTempFile("chainrule", ".npz");
      try {
        Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        return new Reader(source, copy, copy);
      } catch (IOException | RuntimeException e) {
        Files.deleteIfExists(copy);
        throw e;
      }
    }

    private Reader(String source, Path file, Path temporary) {
      this.source = source;
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

    /** Returns the file's name for messages. */
    String source() {
      return source;
    }

    boolean has(String name) {
      return entries.containsKey(name + ".npy");
    }

    /** Returns the file's size in bytes, which bounds the size of its arrays. */
    long size() {
      return size;
    }

    /** Reads an array of doubles of exactly this shape into x[to …]. */
    void doubles(String name, double[] x, int to, int... shape) {
      int n = 1;
      for (int size : shape) n = Math.multiplyExact(n, size);
      try (Array array = open(name, DOUBLES)) {
        if (!Arrays.equals(array.shape, shape)) {
          throw error(name, "expected shape " + shown(shape) + ", found " + shown(array.shape));
        }
        byte[] chunk = new byte[1 << 16];
        ByteBuffer values = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < n; ) {
          int count = Math.min(n - i, chunk.length / 8);
          array.in.readFully(chunk, 0, count * 8);
          for (int j = 0; j < count; j++) x[to + i + j] = values.getDouble(8 * j);
          i += count;
        }
        array.end();
      } catch (IOException e) {
        throw unreadable(name, e);
      }
    }

    /** Reads a string of at most {@code most} bytes in UTF-8. */
    String text(String name, int most) {
      try (Array array = open(name, BYTES)) {
        if (array.shape.length != 1 || array.shape[0] > most) {
          throw error(name, "expected a string of at most " + most + " bytes, found shape " + shown(array.shape));
        }
        byte[] utf8 = array.in.readNBytes(array.shape[0]);
        if (utf8.length < array.shape[0]) throw new EOFException();
        array.end();
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      } catch (CharacterCodingException e) {
        throw error(name, "not valid UTF-8");
      } catch (IOException e) {
        throw unreadable(name, e);
      }
    }

    private record Array(DataInputStream in, int[] shape) implements Closeable {
      /** Reads the end of the entry, where the zip's checksum is compared. */
      void end() throws IOException {
        if (in.read() >= 0) throw new ZipException("trailing bytes after its data");
      }

      @Override public void close() throws IOException {
        in.close();
      }
    }

    private Array open(String name, String type) throws IOException {
      ZipEntry entry = entries.get(name + ".npy");
      if (entry == null) throw new DataException(source + ": no array '" + name + "'; the " + names());
      if (entry.getMethod() != ZipEntry.STORED) {
        throw error(name, "compressed entries are not supported. Save it with numpy.savez instead of "
            + "savez_compressed.");
      }
      CheckedEntry checked = new CheckedEntry(zip.getInputStream(entry), entry.getCrc());
      DataInputStream in = new DataInputStream(checked);
      byte[] head = in.readNBytes(MAGIC.length + 2);
      if (head.length < 8 || !Arrays.equals(Arrays.copyOf(head, MAGIC.length), MAGIC) || head[6] < 1 || head[6] > 3) {
        throw error(name, "not an .npy array of version 1, 2 or 3");
      }
      int length = head[6] == 1 ? Short.toUnsignedInt(Short.reverseBytes(in.readShort()))
          : Integer.reverseBytes(in.readInt());
      if (length < 0 || length > MOST_HEADER) {
        throw error(name, "a header of " + Integer.toUnsignedString(length) + " bytes, the limit is " + MOST_HEADER);
      }
      byte[] header = in.readNBytes(length);
      Matcher m = HEADER.matcher(new String(header, StandardCharsets.ISO_8859_1));
      if (!m.matches()) {
        throw error(name, "expected a header with the fields descr, fortran_order and shape, in this order");
      }
      if (!m.group(1).equals(type)) {
        throw error(name, "expected type '" + type + "', found '" + Excerpt.of(m.group(1)) + "'");
      }
      int[] shape = shape(name, m.group(3));
      if (m.group(2).equals("True") && shape.length > 1) {
        throw error(name, "in Fortran order (by columns). Save it in C order (by rows).");
      }
      return new Array(in, shape);
    }

    private int[] shape(String name, String text) {
      String[] sizes = text.isBlank() ? new String[0] : text.split(",\\s*");
      int[] shape = new int[sizes.length];
      try {
        for (int i = 0; i < sizes.length; i++) shape[i] = Integer.parseInt(sizes[i].strip());
        return shape;
      } catch (NumberFormatException e) {
        throw error(name, "more elements than a Java array can hold");
      }
    }

    private static String shown(int[] shape) {
      StringBuilder s = new StringBuilder("(");
      for (int i = 0; i < shape.length && i < MOST_SHOWN; i++) s.append(i == 0 ? "" : " × ").append(shape[i]);
      return s.append(shape.length > MOST_SHOWN ? " × …)" : ")").toString();
    }

    private String names() {
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
