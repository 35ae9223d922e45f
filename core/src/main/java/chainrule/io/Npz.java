package chainrule.io;

import chainrule.data.DataException;
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
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
 * numpy's {@code .npz}: a zip of {@code .npy} arrays, {@code NAME.npy} each, which {@code numpy.load} opens.
 *
 * <pre>
 *   .npy    93 'NUMPY' 1 0   length of the header [2 bytes]   header, padded with spaces to a multiple of 64   data
 *   header  {'descr': '&lt;f8', 'fortran_order': False, 'shape': (2, 3), }
 * </pre>
 *
 * Written: version 1.0, little-endian doubles ({@code <f8}) and bytes ({@code |u1}), row-major, entries stored and not
 * compressed, all of one fixed date, so that equal content makes equal files. Read: the same, and versions 2.0 and 3.0
 * of the header. Compressed entries are refused: weights hardly shrink, and so no file can be larger than it looks.
 * Names are looked up and never made into files; a name that is there twice is refused, as readers differ in which they
 * take.
 */
final class Npz {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64, MOST_HEADER = 1 << 16, MOST_SHOWN = 8, MOST_NAME = 80;
  private static final LocalDateTime DATE = LocalDateTime.of(2000, 1, 1, 0, 0);
  private static final String DOUBLES = "<f8", BYTES = "|u1";

  private Npz() {}

  private static String cut(String name) {
    return name.length() <= MOST_NAME ? name : name.substring(0, MOST_NAME) + "…";
  }

  // ---------------------------------------------------------------- writing

  /** Arrays one by one; the order is the caller's, so that equal calls make equal files. */
  static final class Writer implements Closeable {
    private final ZipOutputStream zip;

    Writer(OutputStream out) {
      zip = new ZipOutputStream(out);
      zip.setMethod(ZipOutputStream.STORED);
    }

    /** Part of x, from {@code from} on, as an array of this shape. */
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

    /** A text, as an array of the bytes of its UTF-8. */
    void text(String name, String text) throws IOException {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8), header = header(BYTES, utf8.length);
      CRC32 crc = new CRC32();
      crc.update(header);
      crc.update(utf8);
      begin(name, header.length + (long) utf8.length, crc.getValue());
      zip.write(header);
      zip.write(utf8);
    }

    /** The next one, or the end of the file, closes it. */
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

    /** Writes the zip's directory; the stream below stays open. */
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
    int begin = MAGIC.length + 4, length = begin + s.length() + 1, padded = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    s.append(" ".repeat(padded - length)).append('\n');
    ByteBuffer b = ByteBuffer.allocate(padded).order(ByteOrder.LITTLE_ENDIAN);
    b.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) s.length()).put(s.toString().getBytes(StandardCharsets.US_ASCII));
    return b.array();
  }

  // ---------------------------------------------------------------- reading

  private static final Pattern HEADER = Pattern.compile("\\{\\s*'descr':\\s*'([^']*)',\\s*'fortran_order':\\s*(True|False),"
      + "\\s*'shape':\\s*\\(((?:\\d++,\\s*+)*+\\d*+)\\),?\\s*\\}\\s*");

  /** An open file. Every mistake in it is a {@link DataException} that names it. */
  static final class Reader implements Closeable {
    private final Path file;
    private final ZipFile zip;
    private final long size;
    private final Map<String, ZipEntry> entries = new LinkedHashMap<>();

    Reader(Path file) {
      this.file = file;
      ZipFile opened = null;
      try {
        if (Files.isDirectory(file)) throw new DataException(file + ": a folder; name a file in it");
        size = Files.size(file);
        opened = new ZipFile(file.toFile());
        opened.stream().forEach(this::add);
        zip = opened;
      } catch (ZipException e) {
        throw new DataException(file + ": no .npz file, or a damaged one (" + e.getMessage() + ")");
      } catch (NoSuchFileException e) {
        throw new DataException(file + ": no such file");
      } catch (IOException e) {
        throw new DataException(file + ": cannot be read (" + e.getMessage() + ")");
      } catch (DataException e) {
        closeAfter(opened, e);
        throw e;
      } catch (RuntimeException e) { // what ZipFile makes of a directory that nobody writes
        closeAfter(opened, e);
        throw new DataException(file + ": no .npz file, or a damaged one (" + e.getMessage() + ")");
      }
    }

    private static void closeAfter(ZipFile opened, RuntimeException reason) {
      try {
        if (opened != null) opened.close();
      } catch (IOException e) {
        reason.addSuppressed(e);
      }
    }

    private void add(ZipEntry e) {
      if (entries.put(e.getName(), e) != null) throw new DataException(file + ": holds '" + cut(e.getName()) + "' twice");
    }

    boolean has(String name) {
      return entries.containsKey(name + ".npy");
    }

    /** How many bytes the file has: what it promises beyond is not there. */
    long size() {
      return size;
    }

    /** Reads an array of doubles of exactly this shape into x, from {@code to} on. */
    void doubles(String name, double[] x, int to, int... shape) {
      int n = 1;
      for (int size : shape) n = Math.multiplyExact(n, size);
      try (Array array = open(name, DOUBLES)) {
        if (!Arrays.equals(array.shape, shape)) {
          throw damaged(name, "has the shape " + shown(array.shape) + " where " + shown(shape) + " was expected");
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

    /** Reads a text of at most {@code most} bytes. */
    String text(String name, int most) {
      try (Array array = open(name, BYTES)) {
        if (array.shape.length != 1 || array.shape[0] > most) {
          throw damaged(name, "has the shape " + shown(array.shape) + ", which is no text of up to " + most + " bytes");
        }
        byte[] utf8 = array.in.readNBytes(array.shape[0]);
        if (utf8.length < array.shape[0]) throw new EOFException();
        array.end();
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      } catch (CharacterCodingException e) {
        throw damaged(name, "is no text in UTF-8");
      } catch (IOException e) {
        throw unreadable(name, e);
      }
    }

    private record Array(DataInputStream in, int[] shape) implements Closeable {
      /** Reads on to the end, where the zip's own checksum is compared. */
      void end() throws IOException {
        if (in.read() >= 0) throw new ZipException("it goes on after its data");
      }

      @Override public void close() throws IOException {
        in.close();
      }
    }

    private Array open(String name, String type) throws IOException {
      ZipEntry entry = entries.get(name + ".npy");
      if (entry == null) throw new DataException(file + ": no array '" + name + "' in it; it has " + names());
      if (entry.getMethod() != ZipEntry.STORED) {
        throw damaged(name, "is compressed, which is not read; save it with numpy.savez instead of savez_compressed");
      }
      CheckedEntry checked = new CheckedEntry(zip.getInputStream(entry), entry.getCrc());
      DataInputStream in = new DataInputStream(checked);
      byte[] head = in.readNBytes(MAGIC.length + 2);
      if (head.length < 8 || !Arrays.equals(Arrays.copyOf(head, MAGIC.length), MAGIC) || head[6] < 1 || head[6] > 3) {
        throw damaged(name, "is no .npy array of version 1, 2 or 3");
      }
      int length = head[6] == 1 ? Short.toUnsignedInt(Short.reverseBytes(in.readShort())) : Integer.reverseBytes(in.readInt());
      if (length < 0 || length > MOST_HEADER) throw damaged(name, "has a header of " + Integer.toUnsignedString(length) + " bytes");
      byte[] header = in.readNBytes(length);
      Matcher m = HEADER.matcher(new String(header, StandardCharsets.ISO_8859_1));
      if (!m.matches()) throw damaged(name, "has a header that is not read: fields descr, fortran_order and shape, in this order");
      if (!m.group(1).equals(type)) throw damaged(name, "holds '" + cut(m.group(1)) + "' where '" + type + "' was expected");
      int[] shape = shape(name, m.group(3));
      if (m.group(2).equals("True") && shape.length > 1) throw damaged(name, "is in Fortran's order, by columns; save it by rows");
      return new Array(in, shape);
    }

    private int[] shape(String name, String text) {
      String[] sizes = text.isBlank() ? new String[0] : text.split(",\\s*");
      int[] shape = new int[sizes.length];
      try {
        for (int i = 0; i < sizes.length; i++) shape[i] = Integer.parseInt(sizes[i].strip());
        return shape;
      } catch (NumberFormatException e) {
        throw damaged(name, "promises more elements than can be held");
      }
    }

    private static String shown(int[] shape) {
      StringBuilder s = new StringBuilder("(");
      for (int i = 0; i < shape.length && i < MOST_SHOWN; i++) s.append(i == 0 ? "" : " × ").append(shape[i]);
      return s.append(shape.length > MOST_SHOWN ? " × …)" : ")").toString();
    }

    private String names() {
      List<String> names = entries.keySet().stream().limit(8).map(Npz::cut).toList();
      return names.isEmpty() ? "nothing" : String.join(", ", names) + (entries.size() > 8 ? ", …" : "");
    }

    private DataException damaged(String name, String how) {
      return new DataException(file + ": the array '" + name + "' " + how);
    }

    private DataException unreadable(String name, IOException e) {
      return damaged(name, e instanceof EOFException ? "is cut short" : "is damaged (" + e.getMessage() + ")");
    }

    @Override public void close() {
      try {
        zip.close();
      } catch (IOException e) {
        throw new DataException(file + ": cannot be read (" + e.getMessage() + ")");
      }
    }
  }

  /** Compares the checksum at the end: ZipFile itself does not. */
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
      else if (crc.getValue() != expected) throw new ZipException("its checksum is wrong");
      return n;
    }

    @Override public void close() throws IOException {
      in.close();
    }
  }
}
