// SPDX-License-Identifier: MIT
package chainrule.report;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Encodes small images as PNG files with a palette of up to 256 colors, embedded in the page. */
final class Png {
  private Png() {}

  /**
   * Returns a {@code data:} URL of an image.
   *
   * @param pixels [height × width] indices into the palette
   * @param argb the palette, up to 256 colors: alpha, red, green, blue
   */
  static String dataUrl(int width, int height, byte[] pixels, int[] argb) {
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(file(width, height, pixels, argb));
  }

  static byte[] file(int width, int height, byte[] pixels, int[] argb) {
    int depth = argb.length <= 16 ? 4 : 8;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
    byte indexed = 3;
    chunk(out, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) depth).put(indexed).array());
    ByteBuffer colors = ByteBuffer.allocate(3 * argb.length), alphas = ByteBuffer.allocate(argb.length);
    for (int c : argb) {
      colors.put((byte) (c >> 16)).put((byte) (c >> 8)).put((byte) c);
      alphas.put((byte) (c >>> 24));
    }
    chunk(out, "PLTE", colors.array());
    chunk(out, "tRNS", alphas.array());
    chunk(out, "IDAT", deflated(lines(width, height, pixels, depth)));
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  /** Packs the scan lines. Each starts with 0, for no filter; at 4 bits two pixels share a byte, the left one high. */
  private static byte[] lines(int width, int height, byte[] pixels, int depth) {
    int stride = 1 + (width * depth + 7) / 8;
    byte[] lines = new byte[Math.multiplyExact(height, stride)];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int value = pixels[y * width + x] & 0xFF, at = y * stride + 1 + x * depth / 8;
        lines[at] |= (byte) (depth == 4 && x % 2 == 0 ? value << 4 : value);
      }
    }
    return lines;
  }

  private static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[4096];
      while (!deflater.finished()) out.write(buffer, 0, deflater.deflate(buffer));
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    out.writeBytes(ByteBuffer.allocate(12 + data.length).putInt(data.length).put(name).put(data)
        .putInt((int) crc.getValue())
        .array());
  }
}
