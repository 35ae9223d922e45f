// SPDX-License-Identifier: MIT
package chainrule.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.DataException;
import chainrule.io.Zip.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzTest {
  @TempDir Path directory;

  private Path file(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("f.npz"), bytes);
  }

  private Path file(Entry... entries) throws IOException {
    return file(Zip.of(entries));
  }

  private static byte[] written(double[] x, int... shape) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Npz.Writer w = new Npz.Writer(out)) {
      w.doubles("a", x, 0, shape);
    }
    return Zip.entries(out.toByteArray()).get(0).content;
  }

  private double[] read(Path file, String name, int... shape) {
    double[] x = new double[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    try (Npz.Reader r = Npz.Reader.open(file)) {
      r.doubles(name, x, 0, shape);
    }
    return x;
  }

  private void refused(String message, Path file, int... shape) {
    String found = assertThrows(DataException.class, () -> read(file, "a", shape)).getMessage();
    assertEquals(file + ": " + message, found.replace("import " + file, "import FILE"));
  }

  // ---------------------------------------------------------------- writing

  /** The bytes are those that numpy 2.4 writes for np.array([[1., -2.5, np.nan], [np.inf, 0., 1e-310]]). */
  @Test
  void writesTheBytesThatNumpyWrites() throws IOException {
    String header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }";
    byte[] expected = HexFormat.of().parseHex("934e554d5059" + "0100" + "7600"
        + HexFormat.of().formatHex(
        (header + " ".repeat(118 - header.length() - 1) + "\n").getBytes(StandardCharsets.US_ASCII))
        + "000000000000f03f" + "00000000000004c0" + "000000000000f87f" + "000000000000f07f" + "0000000000000000"
        + "2be6708b68120000");
    assertEquals(128 + 48, expected.length);
    assertArrayEquals(expected, written(new double[] {1, -2.5, Double.NaN, Double.POSITIVE_INFINITY, 0, 1e-310}, 2, 3));
  }

  @Test
  void headersArePaddedToAMultipleOf64() throws IOException {
    for (int[] shape : new int[][] {{}, {0}, {1}, {12345}, {3, 0}, {2, 3, 4},
        {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}}) {
      int n = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
      byte[] npy = written(new double[n], shape);
      assertEquals(0, (npy.length - 8 * n) % 64);
      String header = new String(npy, 10, npy.length - 8 * n - 10, StandardCharsets.US_ASCII);
      String tuple = Arrays.toString(shape).replace('[', '(').replace(']', ')');
      if (shape.length == 1) tuple = "(" + shape[0] + ",)";
      assertEquals("{'descr': '<f8', 'fortran_order': False, 'shape': " + tuple + ", }", header.strip());
      assertTrue(header.endsWith("\n"));
      assertArrayEquals(new double[n], read(file(new Entry("a.npy", npy)), "a", shape));
    }
  }

  @Test
  void headersArePaddedByLessThan64Bytes() throws IOException {
    for (int dimensions = 2; dimensions < 70; dimensions++) { // 3 characters each, which covers every remainder mod 64
      int[] shape = new int[dimensions];
      Arrays.fill(shape, 1);
      int written = written(new double[1], shape).length - Double.BYTES;
      String header = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + "1, ".repeat(dimensions - 1) + "1), }\n";
      int least = 10 + header.length();
      assertTrue(written % 64 == 0 && written >= least && written < least + 64, written + " bytes for " + least);
    }
  }

  @Test
  void everyEntryIsStoredWithAFixedDate() throws IOException {
    Path f = directory.resolve("p.npz");
    SafeFile.write(f, out -> {
      try (Npz.Writer w = new Npz.Writer(out)) {
        w.doubles("a", new double[2], 0, 2);
        w.text("t", "text");
      }
    });
    try (ZipFile zip = new ZipFile(f.toFile())) {
      assertEquals(List.of("a.npy", "t.npy"), zip.stream().map(ZipEntry::getName).toList());
      zip.stream().forEach(e -> {
        assertEquals(LocalDateTime.of(2000, 1, 1, 0, 0), e.getTimeLocal());
        assertEquals(ZipEntry.STORED, e.getMethod());
        assertEquals(e.getSize(), e.getCompressedSize());
      });
    }
  }

  @Test
  void aRangeOfAnArrayIsWrittenAndRead() throws IOException {
    double[] x = new double[30_000], back = new double[30_002]; // more than one chunk
    for (int i = 0; i < x.length; i++) x[i] = i;
    Path f = directory.resolve("p.npz");
    SafeFile.write(f, out -> {
      try (Npz.Writer w = new Npz.Writer(out)) {
        w.doubles("a", x, 5, 29_000);
        w.text("t", "ä\0\uD83D\uDE00");
        w.text("", "");
      }
    });
    try (Npz.Reader r = Npz.Reader.open(f)) {
      r.doubles("a", back, 7, 29_000);
      assertEquals("ä\0\uD83D\uDE00", r.text("t", 100));
      assertEquals("", r.text("", 0));
      assertEquals(Files.size(f) / 8, r.mostNumbers());
    }
    for (int i = 0; i < back.length; i++) assertEquals(i < 7 || i >= 29_007 ? 0 : i - 2, back[i]);
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(1, files.count());
    }
  }

  // ---------------------------------------------------------------- reading

  @Test
  void readsVersions1To3AndTheVariantsOfOtherWriters() throws IOException {
    byte[] one = new byte[] {0, 0, 0, 0, 0, 0, (byte) 0xF0, 0x3F};
    for (String header : new String[] {"{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1), }",
        "{'descr':'<f8','fortran_order':False,'shape':(1,1)}",
        "{ 'descr': '<f8', 'fortran_order': False, 'shape': (1, 1,), } "}) {
      for (int version = 1; version <= 3; version++) {
        Path f = file(new Entry("a.npy", Zip.npy(version, header, one)));
        assertArrayEquals(new double[] {1}, read(f, "a", 1, 1), header + version);
      }
    }
    Path column = file(new Entry("a.npy", Zip.npy(1, "{'descr': '<f8', 'fortran_order': True, 'shape': (1,), }", one)));
    assertArrayEquals(new double[] {1}, read(column, "a", 1), "one dimension has the same order either way");
  }

  @Test
  void unsupportedArraysAreRefused() throws IOException {
    byte[] data = new byte[8];
    String good = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }";
    String again = ", so another program has saved this file. Convert it: ./chainrule import FILE --out MODEL.npz";
    refused("array 'a' has the type big-endian float64" + again,
        file(new Entry("a.npy", Zip.npy(1, good.replace('<', '>'), data))), 1);
    refused("array 'a' has the type float32" + again,
        file(new Entry("a.npy", Zip.npy(1, good.replace("f8", "f4"), data))), 1);
    refused("array 'a': expected type '<f8', found '|O'",
        file(new Entry("a.npy", Zip.npy(1, good.replace("<f8", "|O"), data))), 1);
    refused("array 'a' is in Fortran order" + again, file(new Entry("a.npy",
        Zip.npy(1, good.replace("False", "True").replace("(1,)", "(1, 1)"), data))), 1, 1);
    refused("array 'a': expected shape (1 × 1), found (1)", file(new Entry("a.npy", Zip.npy(1, good, data))), 1, 1);
    refused("array 'a': expected shape (2), found (1)", file(new Entry("a.npy", Zip.npy(1, good, data))), 2);
    refused("array 'a': expected shape (1), found (1 × 1 × 1 × 1 × 1 × 1 × 1 × 1 × …)",
        file(new Entry("a.npy", Zip.npy(1, good.replace("(1,)", "(" + "1, ".repeat(9) + ")"), data))), 1);
    refused("array 'a': expected shape (1), found (1 × 1 × 1 × 1 × 1 × 1 × 1 × 1)",
        file(new Entry("a.npy", Zip.npy(1, good.replace("(1,)", "(" + "1, ".repeat(8) + ")"), data))), 1);
    refused("array 'a' is compressed" + again,
        file(new Entry("a.npy", Zip.npy(1, good, data)).deflated()), 1);
    refused("array 'a': not an .npy array of version 1, 2 or 3", file(new Entry("a.npy", Zip.npy(4, good, data))), 1);
    refused("array 'a': not an .npy array of version 1, 2 or 3", file(new Entry("a.npy", "no array".getBytes())), 1);
    refused("array 'a': not an .npy array of version 1, 2 or 3", file(new Entry("a.npy", new byte[0])), 1);
    refused("no array 'a'; the entries are b.npy", file(new Entry("b.npy", data)), 1);
    refused("no array 'a'; the file is empty", file(), 1);
    for (String bad : new String[] {"", "{}", good.replace("descr", "dscr"), good.replace("(1,)", "(-1,)"),
        good.replace("(1,)", "(1 1)"),
        good.replace("(1,)", "1"), good.replace("(1,)", "(1,,)"), good.replace("False", "false"), good + "x",
        good.replace("(1,)", "(" + "1,".repeat(20_000)), "{".repeat(60_000)}) {
      refused("array 'a': expected a header with the fields descr, fortran_order and shape, in this order",
          file(new Entry("a.npy", Zip.npy(1, bad, data))), 1);
    }
    for (String huge : new String[] {"(2147483648,)", "(9223372036854775808,)", "(" + "9".repeat(5000) + ",)",
        "(2, 99999999999)"}) {
      refused("array 'a': more elements than a Java array can hold",
          file(new Entry("a.npy", Zip.npy(1, good.replace("(1,)", huge), data))), 1);
    }
  }

  @Test
  void theSizeOfHeadersIsLimited() throws IOException {
    String good = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }";
    int begin = 12, most = 1 << 16;
    byte[] one = {0, 0, 0, 0, 0, 0, (byte) 0xF0, 0x3F};
    byte[] longest = Zip.npy(2, good + " ".repeat(most - good.length() - 1), one);
    ByteBuffer.wrap(longest).order(ByteOrder.LITTLE_ENDIAN).putInt(8, most);
    byte[] exact = Arrays.copyOf(longest, begin + most + 8);
    System.arraycopy(one, 0, exact, begin + most, 8);
    assertArrayEquals(new double[] {1}, read(file(new Entry("a.npy", exact)), "a", 1));
    ByteBuffer.wrap(exact).order(ByteOrder.LITTLE_ENDIAN).putInt(8, most + 1);
    refused("array 'a': a header of 65537 bytes, the limit is 65536", file(new Entry("a.npy", exact)), 1);
    byte[] none = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 0, 0};
    refused("array 'a': expected a header with the fields descr, fortran_order and shape, in this order",
        file(new Entry("a.npy", none)), 1);
  }

  @Test
  void messagesShortenLongNames() throws IOException {
    byte[] npy = Zip.npy(new double[] {1}, "(1,)");
    String name = "n".repeat(76) + ".npy"; // 80 characters
    refused("no array 'a'; the entries are " + name, file(new Entry(name, npy)), 1);
    refused("no array 'a'; the entries are " + "n".repeat(40) + "…", file(new Entry("n" + name, npy)), 1);
    Entry[] nine = new Entry[9];
    for (int i = 0; i < 9; i++) nine[i] = new Entry(i + ".npy", npy);
    String eight = "0.npy, 1.npy, 2.npy, 3.npy, 4.npy, 5.npy, 6.npy, 7.npy";
    refused("no array 'a'; the entries are " + eight, file(Arrays.copyOf(nine, 8)), 1);
    refused("no array 'a'; the entries are " + eight + ", …", file(nine), 1);
  }

  @Test
  void damagedFilesAreRefused() throws IOException {
    byte[] npy = Zip.npy(new double[] {1, 2, 3}, "(3,)");
    for (int length : new int[] {6, 8, 9, 10, 50, 127, 128, 151}) {
      String message = assertThrows(DataException.class, () ->
          read(file(new Entry("a.npy", Arrays.copyOf(npy, length))), "a", 3)).getMessage();
      assertTrue(message.contains(": array 'a': truncated") || message.contains("expected a header")
          || message.contains("not an .npy array"), length + message);
    }
    refused("array 'a': damaged (trailing bytes after its data)",
        file(new Entry("a.npy", Arrays.copyOf(npy, npy.length + 1))), 3);
    Entry flipped = new Entry("a.npy", npy);
    flipped.content = npy.clone();
    flipped.content[140] ^= 1;
    refused("array 'a': damaged (wrong checksum)", file(flipped), 3);
    Entry longHeader = new Entry("a.npy", new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, -1, -1, -1, -1});
    refused("array 'a': a header of 4294967295 bytes, the limit is 65536", file(longHeader), 3);
    byte[] whole = Zip.of(new Entry("a.npy", npy));
    for (int length = 0; length < whole.length; length++) {
      Path cut = file(Arrays.copyOf(whole, length));
      String message = assertThrows(DataException.class, () -> read(cut, "a", 3)).getMessage();
      assertTrue(message.startsWith(cut + ": not an .npz file, or damaged ("), message);
    }
    for (int i = 0; i < whole.length; i++) { // every flipped bit is detected, or changes nothing
      byte[] bad = whole.clone();
      bad[i] ^= 1 << i % 8;
      Path f = file(bad);
      try {
        assertArrayEquals(new double[] {1, 2, 3}, read(f, "a", 3), "byte " + i);
      } catch (DataException e) {
        assertTrue(e.getMessage().startsWith(f + ": "), e.getMessage());
      }
    }
  }

  @Test
  void entryNamesAreNeverUsedAsPaths() throws IOException {
    byte[] npy = Zip.npy(new double[] {1}, "(1,)");
    String up = "../".repeat(20) + "tmp/x";
    Path f = file(new Entry(up + ".npy", npy), new Entry("/etc/x.npy", npy), new Entry("a/", new byte[0]),
        new Entry("C:\\x\n\u001b[2J.npy", npy),
        new Entry("", npy));
    assertArrayEquals(new double[] {1}, read(f, up, 1));
    refused("no array 'a'; the entries are " + up + ".npy, /etc/x.npy, a/, C:\\x??[2J.npy, ", f, 1);
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(1, files.count());
    }
    Entry first = new Entry("a.npy", npy).deflated(), second = new Entry("a.npy", npy);
    refused("contains \'a.npy\' twice", file(first, second), 1);
    refused("contains \'a.npy\' twice", file(second, second), 1);
  }

  @Test
  void invalidDirectoryEntriesGiveAResultOrAnError() throws IOException {
    byte[] npy = Zip.npy(new double[] {1}, "(1,)");
    Entry comment = new Entry("a.npy", npy);
    comment.comment = new byte[] {(byte) 0xFF, (byte) 0xFE};
    Entry name = new Entry("a.npy", npy);
    name.name = new byte[] {(byte) 0xC3, 'a'};
    Entry offset = new Entry("a.npy", npy);
    offset.offset = Integer.MAX_VALUE;
    Entry huge = new Entry("a.npy", npy);
    huge.size = -1;
    huge.compressedSize = -1;
    Entry extra = new Entry("a.npy", npy);
    extra.extra = new byte[] {1, 0, -1, -1, 0};
    Entry method = new Entry("a.npy", npy);
    method.method = 99;
    Entry encrypted = new Entry("a.npy", npy);
    encrypted.flags |= 1;
    for (Entry e : new Entry[] {comment, name, offset, huge, extra, method, encrypted}) {
      Path f = file(e);
      try {
        read(f, "a", 1);
      } catch (DataException expected) {
        assertTrue(expected.getMessage().startsWith(f + ": "), expected.getMessage());
      }
    }
  }

  @Test
  void stringsAreLimitedAndMustBeUtf8() throws IOException {
    Path f = file(new Entry("t.npy", Zip.npy("abc")), new Entry("a.npy", Zip.npy(new double[] {1}, "(1,)")),
        new Entry("bad.npy", Zip.npy(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }",
            new byte[] {(byte) 0xC3, 'a'})),
        new Entry("long.npy",
            Zip.npy(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (2000000000,), }", new byte[2])));
    try (Npz.Reader r = Npz.Reader.open(f)) {
      assertEquals("abc", r.text("t", 3));
      assertEquals(f + ": array 't': expected a string of at most 2 bytes, found shape (3)",
          assertThrows(DataException.class, () -> r.text("t", 2)).getMessage());
      assertEquals(f + ": array 'a': expected type '|u1', found '<f8'",
          assertThrows(DataException.class, () -> r.text("a", 9)).getMessage());
      assertEquals(f + ": array 'bad': not valid UTF-8",
          assertThrows(DataException.class, () -> r.text("bad", 9)).getMessage());
      assertEquals(f + ": array 'long': truncated",
          assertThrows(DataException.class, () -> r.text("long", Integer.MAX_VALUE)).getMessage());
    }
  }

  @Test
  void aDamagedStringIsRefusedLikeADamagedArray() throws IOException {
    byte[] npy = Zip.npy("abc");
    Entry flipped = new Entry("flipped.npy", npy), longer = new Entry("longer.npy", Arrays.copyOf(npy, npy.length + 1));
    flipped.content = npy.clone();
    flipped.content[npy.length - 1] ^= 1; // 'b' instead of 'c', still valid UTF-8
    Path f = file(flipped, longer);
    try (Npz.Reader r = Npz.Reader.open(f)) {
      assertEquals(f + ": array 'flipped': damaged (wrong checksum)",
          assertThrows(DataException.class, () -> r.text("flipped", 9)).getMessage());
      assertEquals(f + ": array 'longer': damaged (trailing bytes after its data)",
          assertThrows(DataException.class, () -> r.text("longer", 9)).getMessage());
    }
  }

  @Test
  void filesAreClosedAfterReadingAndAfterErrors() throws IOException {
    byte[] npy = Zip.npy(new double[] {1}, "(1,)");
    Entry badComment = new Entry("a.npy", npy);
    badComment.comment = new byte[] {(byte) 0xFF, (byte) 0xFE};
    Path f = file(new Entry("a.npy", npy));
    try (Npz.Reader r = Npz.Reader.open(f)) {
      assertEquals(OpenFiles.areKnown(), OpenFiles.has(f), "open files are detected");
    }
    assertFalse(OpenFiles.has(f), "closed");
    for (Entry[] bad : new Entry[][] {{new Entry("a.npy", npy), new Entry("a.npy", npy)}, {badComment}}) {
      file(bad);
      assertThrows(DataException.class, () -> read(f, "b", 1));
      assertFalse(OpenFiles.has(f), "refused");
    }
  }

  @Test
  void directoriesAndMissingAndEmptyFilesAreRefused() throws IOException {
    assertEquals(directory + ": expected a file, found a directory. Name a file in it.",
        assertThrows(DataException.class, () ->
        Npz.Reader.open(directory)).getMessage());
    Path none = directory.resolve("none");
    assertEquals(none + ": no such file", assertThrows(DataException.class, () -> Npz.Reader.open(none)).getMessage());
    Path empty = file(new byte[0]);
    assertTrue(assertThrows(DataException.class, () -> Npz.Reader.open(empty)).getMessage().startsWith(empty
        + ": not an .npz file, or damaged ("));
  }
}
