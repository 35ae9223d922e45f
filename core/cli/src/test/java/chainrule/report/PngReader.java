// SPDX-License-Identifier: MIT
package chainrule.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Inflater;

/** Decodes the files that {@link Png} writes, following the PNG specification. */
final class PngReader {
  private PngReader() {}

  static byte[] pixels(byte[] png, int width, int height, int depth) throws Exception {
    ByteBuffer in = ByteBuffer.wrap(png);
    assertEquals(0x89504E470D0A1A0AL, in.getLong());
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    byte[] data = new byte[0];
    while (in.hasRemaining()) {
      byte[] chunk = new byte[in.getInt() + 4];
      in.get(chunk);
      CRC32 crc = new CRC32();
      crc.update(chunk);
      assertEquals((int) crc.getValue(), in.getInt());
      String name = new String(chunk, 0, 4, StandardCharsets.US_ASCII);
      names.writeBytes((name + " ").getBytes(StandardCharsets.US_ASCII));
      if (name.equals("IHDR")) {
        ByteBuffer header = ByteBuffer.wrap(chunk, 4, 13);
        assertEquals(width + " " + height + " " + depth + " 3",
            header.getInt() + " " + header.getInt() + " " + header.get() + " "
            + header.get());
      }
      if (name.equals("IDAT")) data = java.util.Arrays.copyOfRange(chunk, 4, chunk.length);
    }
    assertEquals("IHDR PLTE tRNS IDAT IEND ", names.toString(StandardCharsets.US_ASCII));
    int stride = 1 + (width * depth + 7) / 8;
    byte[] lines = new byte[stride * height], pixels = new byte[width * height];
    Inflater inflater = new Inflater();
    inflater.setInput(data);
    assertEquals(lines.length, inflater.inflate(lines));
    inflater.end();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int b = lines[y * stride + 1 + x * depth / 8];
        pixels[y * width + x] = (byte) (depth == 8 ? b : x % 2 == 0 ? b >> 4 & 15 : b & 15);
      }
    }
    return pixels;
  }
}
