// SPDX-License-Identifier: MIT
package chainrule.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.data.Idx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fuzzes IDX files, plain and compressed: the result is labeled images with pixels in 0 … 1, or a one-line refusal. */
class IdxFuzzTest {
  @TempDir Path directory;

  record Input(byte[] images, byte[] labels) {}

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  static Input images(FuzzRandom c, int n) {
    int h = 1 + c.fewBelow(6), w = 1 + c.fewBelow(6);
    ByteBuffer images = ByteBuffer.allocate(16 + n * h * w).putInt(0x803).putInt(n).putInt(h).putInt(w)
        .put(c.bytes(n * h * w));
    ByteBuffer labels = ByteBuffer.allocate(8 + n).putInt(0x801).putInt(n);
    for (int i = 0; i < n; i++) labels.put((byte) c.below(4));
    return new Input(images.array(), labels.array());
  }

  /** Puts an extreme size into the header. */
  static byte[] withFalseSize(FuzzRandom c, byte[] idx) {
    byte[] copy = idx.clone();
    int sizes = (idx[3] & 3) == 3 ? 3 : 1;
    ByteBuffer.wrap(copy).putInt(4 + 4 * c.below(sizes), c.of(0, 1, 2, 3, -1, 65536, 46341, 1 << 20, 1 << 24,
        200_000_000, Integer.MAX_VALUE, Integer.MIN_VALUE));
    return copy;
  }

  private static byte[] damaged(FuzzRandom c, byte[] idx) {
    byte[] b = c.oneIn(3) ? withFalseSize(c, idx) : c.oneIn(4) ? Mutation.bytes(c, idx)
        : c.oneIn(30) ? c.bytes(c.fewBelow(100)) : idx;
    if (!c.oneIn(3)) return b;
    byte[] zip = gzip(b);
    return c.oneIn(3) ? Mutation.bytes(c, zip) : zip;
  }

  @Test
  void anyImagesAreReadOrRefused() throws InterruptedException {
    FuzzRunner.run("IdxFuzzTest", 4_000, 15, new FuzzRunner.Subject<Input>() {
      @Override public Input make(FuzzRandom c) {
        Input in = images(c, 1 + c.fewBelow(20));
        return new Input(damaged(c, in.images), damaged(c, in.labels));
      }

      @Override public long limit(Input in) {
        return 1_500_000 + 2_000L * (in.images.length + in.labels.length); // gzip can compress by a factor of 1000
      }

      @Override public String use(Input in) throws IOException {
        Path images = Files.write(directory.resolve("i"), in.images);
        Path labels = Files.write(directory.resolve("l"), in.labels);
        try {
          Dataset d = Idx.read(images, labels);
          assertTrue(d.labels().size() >= 2 && d.labels().size() <= 256);
          for (double v : d.x()) assertTrue(v >= 0 && v <= 1);
          return "";
        } catch (DataException e) {
          FuzzRunner.requireLine(e.getMessage());
          return e.getMessage();
        }
      }
    });
  }
}
