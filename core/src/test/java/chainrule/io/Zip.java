// SPDX-License-Identifier: MIT
package chainrule.io;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Builds zip files and {@code .npy} arrays byte by byte, for files that no regular writer produces. Every field can
 * have a false value. Checksums are correct unless set, so that readers get past them.
 */
public final class Zip {
  private Zip() {}

  /** An entry. Its headers contain the sizes and the checksum given here, true or not. */
  public static final class Entry {
    public byte[] name;
    public byte[] content;
    public byte[] comment = {};
    public byte[] extra = {};
    public int method;
    public int flags = 0x800; // names are UTF-8
    public int crc;
    public int size;
    public int compressedSize;
    /** The offset of the local header in the directory; −1 for the true offset. */
    public int offset = -1;

    public Entry(String name, byte[] content) {
      this.name = name.getBytes(StandardCharsets.UTF_8);
      with(content);
    }

    /** Sets other content, stored, with matching checksum and sizes. */
    public Entry with(byte[] bytes) {
      CRC32 sum = new CRC32();
      sum.update(bytes);
      content = bytes;
      crc = (int) sum.getValue();
      size = bytes.length;
      compressedSize = bytes.length;
      method = 0;
      return this;
    }

    /** Deflates the content. */
    public Entry deflated() {
      Deflater d = new Deflater(9, true);
      d.setInput(content);
      d.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] chunk = new byte[1 << 16];
      while (!d.finished()) out.write(chunk, 0, d.deflate(chunk));
      d.end();
      method = 8;
      content = out.toByteArray();
      compressedSize = content.length;
      return this;
    }
  }

  public static byte[] of(Entry... entries) {
    return of(List.of(entries));
  }

  public static byte[] of(List<Entry> entries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(), directory = new ByteArrayOutputStream();
    for (Entry e : entries) {
      int at = out.size();
      ByteBuffer local = buffer(30).putInt(0x04034b50);
      common(local, e);
      out.writeBytes(local.putShort((short) e.name.length).putShort((short) 0).array());
      out.writeBytes(e.name);
      out.writeBytes(e.content);
      ByteBuffer central = buffer(46).putInt(0x02014b50).putShort((short) 20);
      common(central, e);
      central.putShort((short) e.name.length).putShort((short) e.extra.length).putShort((short) e.comment.length);
      central.putShort((short) 0).putShort((short) 0).putInt(0).putInt(e.offset < 0 ? at : e.offset);
      directory.writeBytes(central.array());
      directory.writeBytes(e.name);
      directory.writeBytes(e.extra);
      directory.writeBytes(e.comment);
    }
    ByteBuffer end = buffer(22).putInt(0x06054b50).putInt(0).putShort((short) entries.size())
        .putShort((short) entries.size());
    end.putInt(directory.size()).putInt(out.size()).putShort((short) 0);
    out.writeBytes(directory.toByteArray());
    out.writeBytes(end.array());
    return out.toByteArray();
  }

  private static void common(ByteBuffer b, Entry e) {
    b.putShort((short) 20).putShort((short) e.flags).putShort((short) e.method).putInt(0x28210000);
    b.putInt(e.crc).putInt(e.compressedSize).putInt(e.size);
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns the entries of a file written by {@link #of} or Chainrule: stored, complete, without data descriptors. */
  public static List<Entry> entries(byte[] zip) {
    List<Entry> entries = new ArrayList<>();
    ByteBuffer b = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int at = b.getInt(zip.length - 6);
    for (int n = b.getShort(zip.length - 12); n > 0; n--) {
      int name = b.getShort(at + 28), local = b.getInt(at + 42), data = local + 30 + b.getShort(local + 26)
          + b.getShort(local + 28);
      String text = new String(zip, at + 46, name, StandardCharsets.UTF_8);
      entries.add(new Entry(text, Arrays.copyOfRange(zip, data, data + b.getInt(at + 24))));
      at += 46 + name + b.getShort(at + 30) + b.getShort(at + 32);
    }
    return entries;
  }

  /** Returns an array with exactly this header, padded as numpy does. */
  public static byte[] npy(int version, String header, byte[] data) {
    int begin = version == 1 ? 10 : 12, padded = (begin + header.length() + 1 + 63) / 64 * 64;
    ByteBuffer b = buffer(padded + data.length).put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    b.put((byte) version).put((byte) 0);
    if (version == 1) b.putShort((short) (padded - begin));
    else b.putInt(padded - begin);
    b.put((header + " ".repeat(padded - begin - header.length() - 1) + "\n").getBytes(StandardCharsets.ISO_8859_1))
        .put(data);
    return b.array();
  }

  public static byte[] npy(double[] data, String shape) {
    ByteBuffer b = buffer(8 * data.length);
    for (double d : data) b.putDouble(d);
    return npy(1, "{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }", b.array());
  }

  public static byte[] npy(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return npy(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (" + utf8.length + ",), }", utf8);
  }
}
