package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
  @TempDir Path folder;

  private static final byte[] IMAGES = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 51, -1, -1, 102, 0};
  private static final byte[] LABELS = {0, 0, 8, 1, 0, 0, 0, 2, 2, 0};

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
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
    for (Dataset d : new Dataset[] {Idx.read(images, labels), Idx.read(imagesGz, labelsGz), Idx.read(images, labelsGz)}) {
      assertEquals(2, d.rows());
      assertArrayEquals(new double[] {0, 0.2, 1, 1, 0.4, 0}, d.x());
      assertEquals(3, d.labels().size());
      assertArrayEquals(new double[] {0, 0, 1, 1, 0, 0}, d.y());
    }
  }

  @Test
  void everyMistakeNamesItsFile() throws IOException {
    Path images = write("i", IMAGES), labels = write("l", LABELS);
    refused(labels, labels, labels + ": expected an IDX file of images (it begins 00 00 08 03), but it begins 00 00 08 01"
        + ", a file of labels");
    Path png = write("p", new byte[] {(byte) 0x89, 'P', 'N', 'G', 0});
    refused(png, labels, png + ": expected an IDX file of images (it begins 00 00 08 03), but it begins 89 50 4e 47");
    Path shortOne = write("s", Arrays.copyOf(IMAGES, 20));
    refused(shortOne, labels, shortOne + ": cut short: its head promises 2 × 1 × 3 = 6 bytes, 4 are there; fetch it again");
    Path head = write("h", Arrays.copyOf(IMAGES, 9));
    refused(head, labels, head + ": cut short within its head; fetch it again");
    Path empty = write("e", new byte[0]);
    refused(empty, labels, empty + ": expected an IDX file of images (it begins 00 00 08 03), but it begins with nothing"
        + ", cut short");
    Path longOne = write("x", Arrays.copyOf(IMAGES, 23));
    refused(longOne, labels, longOne + ": goes on after the 2 × 1 × 3 bytes that its head promises");
    Path many = write("m", new byte[] {0, 0, 8, 1, 0, 0, 0, 3, 2, 0, 1});
    refused(images, many, many + ": 3 labels for the 2 images of " + images + "; give the labels that belong to them");
    Path huge = write("g", new byte[] {0, 0, 8, 3, 127, -1, -1, -1, 0, 0, 1, 0, 0, 0, 1, 0});
    refused(huge, labels, huge + ": promises 2147483647 × 256 × 256 bytes, more than can be held");
    byte[] zip = gzip(IMAGES);
    Path torn = write("t.gz", Arrays.copyOf(zip, zip.length - 12));
    String message = assertThrows(DataException.class, () -> Idx.read(torn, labels)).getMessage();
    assertEquals(true, message.startsWith(torn + ": damaged or cut short (gzip: "), message);
  }

  private static void refused(Path images, Path labels, String message) {
    assertEquals(message, assertThrows(DataException.class, () -> Idx.read(images, labels)).getMessage());
  }
}
