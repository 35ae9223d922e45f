// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import chainrule.io.OpenFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
  @TempDir Path directory;

  private static final byte[] IMAGES = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 51, -1, -1, 102, 0};
  private static final byte[] LABELS = {0, 0, 8, 1, 0, 0, 0, 2, 2, 0};

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    }
    return out.toByteArray();
  }

  @Test
  void readsImagesPlainAndCompressed() throws IOException {
    Path images = write("i", IMAGES), labels = write("l", LABELS);
    Path imagesGz = write("i.gz", gzip(IMAGES)), labelsGz = write("l.gz", gzip(LABELS));
    for (Dataset d : new Dataset[] {Idx.read(images, labels), Idx.read(imagesGz, labelsGz),
        Idx.read(images, labelsGz)}) {
      assertEquals(2, d.rows());
      assertArrayEquals(new double[] {0, 0.2, 1, 1, 0.4, 0}, d.x());
      assertEquals(3, d.labels().size());
      assertArrayEquals(new double[] {0, 0, 1, 1, 0, 0}, d.y());
    }
  }

  @Test
  void imagesNeedNotBeSquare() throws IOException {
    Idx.Images wide = Idx.readImages(write("i", IMAGES)); // two images of one row of three pixels
    assertEquals(List.of(2, 1, 3), List.of(wide.count(), wide.height(), wide.width()));
    byte[] high = IMAGES.clone();
    high[11] = 3;
    high[15] = 1;
    Idx.Images tall = Idx.readImages(write("h", high));
    assertEquals(List.of(2, 3, 1), List.of(tall.count(), tall.height(), tall.width()));
    assertArrayEquals(wide.x(), tall.x());
  }

  @Test
  void aLabelIsAnUnsignedByte() throws IOException {
    byte[] labels = LABELS.clone();
    labels[8] = (byte) 200;
    Dataset d = Idx.read(write("i", IMAGES), write("l", labels));
    assertEquals(201, d.labels().size());
    assertEquals("200", d.labels().get(200));
    for (int j = 0; j < 402; j++) assertEquals(j == 200 || j == 201 ? 1 : 0, d.y()[j], "y " + j);
  }

  @Test
  void errorMessagesNameTheFile() throws IOException {
    Path images = write("i", IMAGES), labels = write("l", LABELS);
    refused(labels, labels,
        labels + ": expected an IDX file of images, which starts with 00 00 08 03, found 00 00 08 01"
        + " (labels)");
    Path png = write("p", new byte[] {(byte) 0x89, 'P', 'N', 'G', 0});
    refused(png, labels, png + ": expected an IDX file of images, which starts with 00 00 08 03, found 89 50 4e 47");
    Path shortOne = write("s", Arrays.copyOf(IMAGES, 20));
    refused(shortOne, labels,
        shortOne + ": truncated: the header declares 2 × 1 × 3 = 6 bytes, found 4. Download it again.");
    Path header = write("h", Arrays.copyOf(IMAGES, 9));
    refused(header, labels, header + ": truncated in the header. Download it again.");
    Path empty = write("e", new byte[0]);
    refused(empty, labels, empty + ": expected an IDX file of images, which starts with 00 00 08 03, found nothing"
        + " (truncated)");
    Path longOne = write("x", Arrays.copyOf(IMAGES, 23));
    refused(longOne, labels, longOne + ": trailing bytes after the 2 × 1 × 3 that the header declares");
    Path many = write("m", new byte[] {0, 0, 8, 1, 0, 0, 0, 3, 2, 0, 1});
    refused(images, many, many + ": expected 2 labels, one for each image of " + images + ", found 3");
    Path huge = write("g", new byte[] {0, 0, 8, 3, 127, -1, -1, -1, 0, 0, 1, 0, 0, 0, 1, 0});
    refused(huge, labels, huge + ": the header declares 2147483647 × 256 × 256 bytes, more than a Java array can hold");
    byte[] zip = gzip(IMAGES);
    Path torn = write("t.gz", Arrays.copyOf(zip, zip.length - 12));
    String message = assertThrows(DataException.class, () -> Idx.read(torn, labels)).getMessage();
    assertEquals(true, message.startsWith(torn + ": damaged or truncated (gzip: "), message);
  }

  private static void refused(Path images, Path labels, String message) {
    assertEquals(message, assertThrows(DataException.class, () -> Idx.read(images, labels)).getMessage());
  }

  @Test
  void errorMessagesSayWhatWasFoundInstead() throws IOException {
    Path images = write("i", IMAGES);
    refused(images, images, images + ": expected an IDX file of labels, which starts with 00 00 08 01, found 00 00 08 "
        + "03 (images)");
    Path floats = write("f", new byte[] {0, 0, 0x0D, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0});
    String expected = ": expected an IDX file of images, which starts with 00 00 08 03, found ";
    refused(floats, images, floats + expected + "00 00 0d 03 (only unsigned bytes, type 08, are supported)");
    Path matrix = write("m", new byte[] {0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0});
    refused(matrix, images, matrix + expected + "00 00 08 02");
  }

  // ---------------------------------------------------------------- false headers

  private static byte[] header(int kind, int... sizes) {
    ByteBuffer b = ByteBuffer.allocate(4 + 4 * sizes.length).put(new byte[] {0, 0, 8, (byte) kind});
    for (int s : sizes) b.putInt(s);
    return b.array();
  }

  private Path file(byte[] bytes) throws IOException {
    return write("f", bytes);
  }

  private static String idxRefusal(Path file) {
    return assertThrows(DataException.class, () -> Idx.readImages(file)).getMessage().replace(file.toString(), "f");
  }

  @Test
  void sizesInTheHeaderAreCheckedBeforeAllocating() throws IOException {
    assertEquals("f: truncated: the header declares 200000 × 10 × 10 = 20000000 bytes, found 0. Download it again.",
        idxRefusal(file(header(3, 200_000, 10, 10))));
    int[][] tooMany = {{-1, -1, -1}, {1, -1, -1}, {Integer.MAX_VALUE, 2, 1}, {65536, 65536, 65536}, {1, 1 << 31, 1}};
    for (int[] sizes : tooMany) {
      assertTrue(idxRefusal(file(header(3, sizes))).endsWith(" bytes, more than a Java array can hold"), sizes[0] + "");
    }
    assertEquals("f: the file contains no images", idxRefusal(file(header(3, 0, -1, -1))));
    assertEquals("f: the file contains no images", idxRefusal(file(header(3, 0, 28, 28))));
    assertEquals("f: the images have no pixels", idxRefusal(file(header(3, 5, 0, 28))));
  }

  @Test
  void dataLargerThanAnArrayIsRefused() throws IOException {
    Path images = write("i", IMAGES);
    Path most = write("m", header(1, Integer.MAX_VALUE - 8)), more = write("n", header(1, Integer.MAX_VALUE - 7));
    refused(images, most,
        most + ": truncated: the header declares 2147483639 = 2147483639 bytes, found 0. Download it again.");
    refused(images, more, more + ": the header declares 2147483640 bytes, more than a Java array can hold");
  }

  @Test
  void imagesTakeNineBytesOfHeapPerPixel() throws IOException {
    long memory = Runtime.getRuntime().maxMemory(), pixels = memory / 9;
    assumeTrue(pixels < Integer.MAX_VALUE - 8, "an array holds fewer pixels");
    assertEquals("f: truncated: the header declares " + pixels + " × 1 × 1 = " + pixels
        + " bytes, found 0. Download it again.", idxRefusal(file(header(3, (int) pixels, 1, 1))));
    assertEquals("f: the header declares " + (pixels + 1) + " × 1 × 1 pixels of 8 bytes each, more than a heap of "
        + memory / (1024 * 1024) + " MiB can hold. Raise it with -Xmx.",
        idxRefusal(file(header(3, (int) pixels + 1, 1, 1))));
  }

  @Test
  void aFileThatOnlyStartsLikeGzipIsRefusedAndClosed() throws IOException {
    Path f = file(new byte[] {0x1f, (byte) 0x8b, 99, 0, 0, 0, 0, 0, 0, 0});
    String message = idxRefusal(f);
    assertTrue(message.startsWith("f: damaged or truncated (gzip: ") && message.endsWith("). Download it again."),
        message);
    assertFalse(OpenFiles.has(f));
  }
}
