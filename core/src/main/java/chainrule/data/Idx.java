// SPDX-License-Identifier: MIT
package chainrule.data;

import chainrule.kernels.Limits;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads IDX files, the format of MNIST: two zero bytes, a type (08: unsigned bytes), the number of dimensions, each
 * dimension as a big-endian int, then the bytes. Files may be compressed with gzip, which their first bytes show.
 */
public final class Idx {
  private static final int UNSIGNED_BYTES = 0x08;

  private Idx() {}

  /** A file's dimensions, the first of which is the number of examples, and the bytes of all examples. */
  private record Content(int[] sizes, byte[] bytes) {}

  /**
   * Images without labels.
   *
   * @param count the number of images
   * @param height the number of rows of pixels
   * @param width the number of pixels in a row
   * @param x the pixels scaled from 0 … 255 to 0 … 1, [count × height·width]
   */
  public record Images(int count, int height, int width, double[] x) {}

  /**
   * Reads images without labels, to predict from.
   *
   * @param images the file of the images
   * @return the images
   * @throws DataException naming a file that is damaged or not of this format
   * @throws UncheckedIOException if the file cannot be read
   */
  public static Images readImages(Path images) {
    Content content = read(images, 3, "images");
    if (content.sizes[0] == 0) throw new DataException(images + ": the file contains no images");
    double[] x = new double[content.bytes.length];
    for (int i = 0; i < x.length; i++) x[i] = (content.bytes[i] & 0xFF) / 255.0;
    return new Images(content.sizes[0], content.sizes[1], content.sizes[2], x);
  }

  /**
   * Reads images and labels: pixels scaled from 0 … 255 to 0 … 1, and a class for each number up to the largest label.
   *
   * @param images the file of the images
   * @param labels the file of their labels
   * @return the examples of a classification
   * @throws DataException naming a file that is damaged or not of this format, or both files if their counts differ
   * @throws UncheckedIOException if a file cannot be read
   */
  public static Dataset read(Path images, Path labels) {
    return read(readImages(images), images, labels);
  }

  /**
   * Reads the labels of images that have been read from a file already.
   *
   * @param content the images
   * @param images the file of the images, for messages
   * @param labels the file of their labels
   * @return the examples of a classification
   * @throws DataException as {@link #read(Path, Path)}
   * @throws UncheckedIOException if the file of the labels cannot be read
   */
  public static Dataset read(Images content, Path images, Path labels) {
    Content classes = read(labels, 1, "labels");
    int n = content.count;
    if (classes.sizes[0] != n) {
      throw new DataException(
          labels + ": expected " + n + " labels, one for each image of " + images + ", found " + classes.sizes[0]);
    }
    int largest = 1;
    int[] y = new int[n];
    for (int i = 0; i < n; i++) {
      y[i] = classes.bytes[i] & 0xFF;
      largest = Math.max(largest, y[i]);
    }
    List<String> names = new ArrayList<>();
    for (int c = 0; c <= largest; c++) names.add(Integer.toString(c));
    return Dataset.classification(content.height * content.width, content.x, y, names);
  }

  private static Content read(Path file, int dimensions, String what) {
    try (InputStream in = open(file)) {
      byte[] head = in.readNBytes(4);
      boolean magic = head.length == 4 && head[0] == 0 && head[1] == 0;
      if (!magic || head[2] != UNSIGNED_BYTES || head[3] != dimensions) {
        throw new DataException(
            file + ": expected an IDX file of " + what + ", which starts with 00 00 08 0" + dimensions
            + ", found " + hex(head) + explained(head, magic));
      }
      int[] sizes = new int[dimensions];
      long count = 1;
      for (int d = 0; d < dimensions; d++) {
        sizes[d] = bigEndian(file, in.readNBytes(4));
        if (d > 0 && sizes[d] == 0) throw new DataException(file + ": the images have no pixels");
      }
      for (int size : sizes) {
        count *= Integer.toUnsignedLong(size);
        if (count > Limits.MAX_ARRAY_LENGTH) {
          throw new DataException(
              file + ": the header declares " + shape(sizes, dimensions) + " bytes, more than a Java array can hold");
        }
      }
      if (dimensions > 1 && count > most()) {
        throw new DataException(
            file + ": the header declares " + shape(sizes, dimensions) + " pixels of 8 bytes each, more than a "
            + "heap of " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB can hold. Raise it with -Xmx.");
      }
      byte[] bytes = in.readNBytes((int) count);
      if (bytes.length < count) throw cutShort(file, shape(sizes, dimensions), count, bytes.length);
      if (in.read() >= 0) {
        throw new DataException(
            file + ": trailing bytes after the " + shape(sizes, dimensions) + " that the header declares");
      }
      return new Content(sizes, bytes);
    } catch (EOFException | ZipException e) {
      throw new DataException(file + ": damaged or truncated (gzip: " + e.getMessage() + "). Download it again.");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each pixel takes one byte and one double. */
  private static long most() {
    return Runtime.getRuntime().maxMemory() / (1 + Double.BYTES);
  }

  private static InputStream open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      in.mark(2);
      boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
      in.reset();
      return gzip ? new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16) : in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private static int bigEndian(Path file, byte[] b) {
    if (b.length < 4) throw new DataException(file + ": truncated in the header. Download it again.");
    return (b[0] & 0xFF) << 24 | (b[1] & 0xFF) << 16 | (b[2] & 0xFF) << 8 | (b[3] & 0xFF);
  }

  private static DataException cutShort(Path file, String shape, long count, int there) {
    return new DataException(
        file + ": truncated: the header declares " + shape + " = " + count + " bytes, found " + there
        + ". Download it again.");
  }

  private static String explained(byte[] head, boolean magic) {
    if (head.length < 4) return " (truncated)";
    if (!magic) return "";
    if (head[2] != UNSIGNED_BYTES) return " (only unsigned bytes, type 08, are supported)";
    return head[3] == 1 ? " (labels)" : head[3] == 3 ? " (images)" : "";
  }

  private static String shape(int[] sizes, int dimensions) {
    StringBuilder s = new StringBuilder();
    for (int d = 0; d < dimensions; d++) s.append(d == 0 ? "" : " × ").append(Integer.toUnsignedString(sizes[d]));
    return s.toString();
  }

  private static String hex(byte[] bytes) {
    if (bytes.length == 0) return "nothing";
    StringBuilder s = new StringBuilder();
    for (byte b : bytes) s.append(s.length() == 0 ? "" : " ").append(String.format("%02x", b));
    return s.toString();
  }
}
