package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Encoding.Input;
import chainrule.data.Encoding.Target;
import chainrule.data.Encoding.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files that people have, or make up: each a result, or one clear line, in memory that its size bounds. */
class SpecialInputTest {
  @TempDir Path folder;

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("f"), bytes);
  }

  private Path text(String s, Charset charset) throws IOException {
    return file(s.getBytes(charset));
  }

  private static String refusal(Path file) {
    return assertThrows(DataException.class, () -> Csv.read(file)).getMessage().replace(file.toString(), "f");
  }

  private static Dataset encoded(Table t, int target, Task task) {
    int[] rows = new int[t.rows().size()];
    for (int i = 0; i < rows.length; i++) rows[i] = i;
    return Encoding.fit(t, target, Set.of(), task, rows).encode(t, rows);
  }

  // ---------------------------------------------------------------- CSV: the bytes

  @Test
  void emptyFilesAndFolders() throws IOException {
    assertEquals("f: empty; expected a line for each example", refusal(file(new byte[0])));
    assertEquals("f: empty; expected a line for each example", refusal(text("\uFEFF", StandardCharsets.UTF_8)));
    assertEquals("f: empty; expected a line for each example", refusal(text("\r\n \r\n\t\n", StandardCharsets.UTF_8)));
    assertThrows(UncheckedIOException.class, () -> Csv.read(folder));
    assertThrows(UncheckedIOException.class, () -> Csv.read(folder.resolve("none")));
  }

  @Test
  void otherEncodingsAreNamedWithTheirLine() throws IOException {
    assertEquals("f, line 1: not UTF-8 text; save the file as UTF-8", refusal(text("a,b\n1,2\n", StandardCharsets.UTF_16)));
    assertEquals("f, line 1: a zero byte, which no text has; if the file is UTF-16, save it as UTF-8",
        refusal(text("a,b\n1,2\n", StandardCharsets.UTF_16LE)));
    assertEquals("f, line 1: a zero byte, which no text has; if the file is UTF-16, save it as UTF-8",
        refusal(text("a,b\n1,2\n", StandardCharsets.UTF_16BE)));
    assertEquals("f, line 3: a zero byte, which no text has; if the file is UTF-16, save it as UTF-8",
        refusal(text("a,b\n1,2\n3,\0\n", StandardCharsets.UTF_8)));
    for (String end : new String[] {"\n", "\r\n", "\r"}) {
      assertEquals("f, line 3: not UTF-8 text; save the file as UTF-8", refusal(mixed(end)));
    }
    byte[] cut = "a,b\n1,\u00e9".getBytes(StandardCharsets.UTF_8);
    assertEquals("f, line 2: not UTF-8 text; save the file as UTF-8", refusal(file(Arrays.copyOf(cut, cut.length - 1))));
  }

  /** A file whose first line holds a genuine U+FFFD, and whose third a byte of Latin-1. */
  private Path mixed(String end) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(("\uFFFD,b" + end + "1,2" + end + "3,").getBytes(StandardCharsets.UTF_8));
    out.write(0xE9);
    return file(out.toByteArray());
  }

  @Test
  void carriageReturnsAloneAreLineEnds() throws IOException {
    Table t = Csv.read(text("\uFEFFa,b\r1,2\r3,\"x\ry\"\r", StandardCharsets.UTF_8));
    assertEquals(List.of("a", "b"), t.columns());
    assertEquals(2, t.rows().size());
    assertEquals(3, t.rows().get(1).line());
    assertEquals("f, line 3, character 3: a quote opens here and is never closed", refusal(text("a,b\r1,2\r3,\"\r", StandardCharsets.UTF_8)));
  }

  @Test
  void largerThanTheLimitIsRefusedBeforeItIsRead() throws IOException {
    Path sparse = folder.resolve("sparse");
    try (RandomAccessFile f = new RandomAccessFile(sparse.toFile(), "rw")) {
      f.setLength(3L << 30); // nothing of it is written
    }
    String message = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> refusal(sparse));
    assertTrue(message.matches("f: larger than \\d+ MiB, the most that is read into \\d+ MiB of memory; .*divide the file"), message);
    Path ten = file("a,b\n1,2\n33".getBytes());
    assertEquals(10, Csv.bytes(ten, 10).length);
    assertThrows(DataException.class, () -> Csv.bytes(ten, 9));
    assertEquals(0, Csv.bytes(file(new byte[0]), 0).length);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void whatDoesNotTellItsSizeIsReadUpToTheLimit() throws IOException {
    DataException e = assertTimeoutPreemptively(Duration.ofSeconds(20),
        () -> assertThrows(DataException.class, () -> Csv.bytes(Path.of("/dev/zero"), 1 << 20)));
    assertTrue(e.getMessage().startsWith("/dev/zero: larger than 1 MiB"), e.getMessage());
    assertEquals(0, Csv.bytes(Path.of("/dev/null"), 10).length);
  }

  @Test
  void aFileThatShrinksWhileItIsReadIsReadAsFarAsItGoes() throws Exception {
    Path file = folder.resolve("shrinking");
    byte[] line = "1,2\n".repeat(1000).getBytes();
    Thread cutter = new Thread(() -> {
      try {
        for (int i = 0; i < 50; i++) {
          try (OutputStream out = Files.newOutputStream(file)) {
            for (int j = 0; j < 100; j++) out.write(line);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
    Files.write(file, line);
    cutter.start();
    while (cutter.isAlive()) {
      try {
        assertEquals(2, Csv.read(file).columns().size());
      } catch (DataException e) {
        assertTrue(e.getMessage().contains(": empty") || e.getMessage().contains("1 field where the first line has 2"), e.getMessage());
      }
    }
    cutter.join();
  }

  @Test
  void oneEndlessLineAndOneEndlessQuote() throws IOException {
    String million = "1".repeat(4_000_000);
    assertEquals("f, line 2, column 'a': '" + "1".repeat(40) + "…' is too large for a number",
        assertThrows(DataException.class, () -> encoded(Csv.parse("f", "a,b\n" + million + ",2\n3,4\n"), 0, Task.REGRESS)).getMessage());
    assertEquals("f, line 1, character 1: a quote opens here and is never closed",
        assertThrows(DataException.class, () -> Csv.parse("f", "\"" + "x\n".repeat(1_000_000))).getMessage());
    assertEquals("f: only a header; expected a line for each example below it",
        assertThrows(DataException.class, () -> Csv.parse("f", "x," + "y".repeat(3_000_000))).getMessage());
  }

  // ---------------------------------------------------------------- CSV: the cells

  @Test
  void whatIsNoFiniteNumberHasItsPlace() {
    for (String bad : new String[] {"NaN", "nan", "inf", "-Infinity", "0x1p3", "1e", "1,5", "\u0661", "null", "--1", "1e5e5"}) {
      assertEquals("f, line 4, column 'a': expected a number as in the rest of this column, got '" + bad + "'",
          assertThrows(DataException.class, () -> encoded(Csv.parse("f", "a,b\n1,2\n3,4\n\"" + bad + "\",5\n7,8\n"), 1, Task.REGRESS)).getMessage());
    }
    for (String large : new String[] {"1e999", "-1e309", "1e99999999999999999999", "9".repeat(400)}) {
      String message = assertThrows(DataException.class,
          () -> encoded(Csv.parse("f", "a,b\n1,2\n3,4\n" + large + ",5\n"), 1, Task.REGRESS)).getMessage();
      assertTrue(message.startsWith("f, line 4, column 'a': '") && message.endsWith("' is too large for a number"), message);
    }
    assertEquals(0, encoded(Csv.parse("f", "a,b\n1e-999,2\n-1e-999,4\n"), 1, Task.REGRESS).x()[0]);
  }

  @Test
  void aNumberTooFarFromThoseOfTrainingIsRefusedNotInfinite() {
    Table train = Csv.parse("f", "a,b\n1e-150,1\n2e-150,2\n"), far = Csv.parse("g", "a,b\n1e-150,1\n1e200,2\n");
    Encoding e = Encoding.fit(train, 1, Set.of(), Task.REGRESS, new int[] {0, 1});
    String message = assertThrows(DataException.class, () -> e.encodeInputs(far, new int[] {0, 1})).getMessage();
    assertTrue(message.startsWith("g, line 3, column 'a': '1e200' is too far from the numbers of training, whose mean is 1.5"), message);
  }

  @Test
  void tenThousandColumns() {
    StringBuilder s = new StringBuilder();
    for (int r = 0; r < 4; r++) {
      for (int c = 0; c < 10_000; c++) s.append(c == 0 ? "" : ",").append(r == 0 ? "c" + c : Integer.toString(r * c % 7));
      s.append('\n');
    }
    Table t = Csv.parse("f", s.toString());
    Dataset d = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> encoded(t, 9_999, Task.REGRESS));
    assertEquals(9_999, d.inputs());
    assertTrue(assertThrows(DataException.class, () -> t.column("nope")).getMessage().endsWith("c10, c11, … (10000 columns)"));
  }

  @Test
  void moreNumbersThanAnArrayHoldsAreRefusedByName() {
    List<String> categories = new ArrayList<>();
    for (int i = 0; i < 1000; i++) categories.add("c" + i);
    List<Input> inputs = new ArrayList<>();
    for (int i = 0; i < 100; i++) inputs.add(new Input("i" + i, 0, 1, categories));
    Table t = Csv.parse("f", "i0,t\na,0\n");
    Encoding numbers = new Encoding(inputs, new Target(List.of("t"), List.of(), 0, 1), null);
    assertEquals("f: 30000 rows of 100000 inputs are more numbers than one array holds (2147483639); leave out columns of many "
        + "categories with --drop, or use fewer rows",
        assertThrows(DataException.class, () -> numbers.encodeInputs(t, new int[30_000])).getMessage());
  }

  @Test
  void theLanguageOfTheMachineChangesNothing() {
    Locale before = Locale.getDefault();
    String csv = "I;i;t\n1,5;\u0130;title\n-2,25;i;TITLE\n1e3;I;title\n";
    try {
      Dataset root = null;
      for (String tag : new String[] {"", "tr", "de", "ar-EG", "hi-IN-u-nu-deva", "lt"}) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        Dataset d = encoded(Csv.parse("f", csv), 2, Task.CLASSIFY);
        if (root == null) root = d;
        assertArrayEquals(root.x(), d.x(), tag);
        assertEquals(root.labels(), d.labels(), tag);
        assertEquals(Generators.SPIRALS, Generators.named("spirals").orElseThrow(), tag);
        assertEquals("digits", Generators.DIGITS.label(), tag);
        Path none = folder.resolve("x");
        Files.write(none, new byte[] {1, 2, (byte) 255, 0});
        assertEquals("expected an IDX file of images (it begins 00 00 08 03), but it begins 01 02 ff 00",
            assertThrows(DataException.class, () -> Idx.readImages(none)).getMessage().substring(none.toString().length() + 2), tag);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Locale.setDefault(before);
    }
  }

  // ---------------------------------------------------------------- IDX

  private static byte[] head(int kind, int... sizes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 0, 8, (byte) kind});
    for (int s : sizes) out.writeBytes(new byte[] {(byte) (s >> 24), (byte) (s >> 16), (byte) (s >> 8), (byte) s});
    return out.toByteArray();
  }

  private static String idxRefusal(Path file) {
    return assertThrows(DataException.class, () -> Idx.readImages(file)).getMessage().replace(file.toString(), "f");
  }

  @Test
  void headsThatPromiseMuchAreNotBelieved() throws IOException {
    assertEquals("f: cut short: its head promises 200000 × 10 × 10 = 20000000 bytes, 0 are there; fetch it again",
        idxRefusal(file(head(3, 200_000, 10, 10))));
    String most = idxRefusal(file(head(3, 2_000_000, 32, 33)));
    long heap = Runtime.getRuntime().maxMemory();
    if (2_112_000_000L > heap / 9) assertTrue(most.contains(" pixels, of 8 bytes each as numbers, more than "), most);
    for (int[] sizes : new int[][] {{-1, -1, -1}, {1, -1, -1}, {Integer.MAX_VALUE, 2, 1}, {65536, 65536, 65536}, {1, 1 << 31, 1}}) {
      assertTrue(idxRefusal(file(head(3, sizes))).endsWith(" bytes, more than can be held"), sizes[0] + "");
    }
    assertEquals("f: no images", idxRefusal(file(head(3, 0, -1, -1))));
    assertEquals("f: no images", idxRefusal(file(head(3, 0, 28, 28))));
    assertEquals("f: promises images without pixels", idxRefusal(file(head(3, 5, 0, 28))));
  }

  @Test
  void aGzipBombIsReadNoFurtherThanItsHeadPromises() throws IOException {
    Path bomb = folder.resolve("f");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(bomb), 1 << 16)) {
      out.write(head(3, 2, 2, 2));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 300; i++) out.write(zeros);
    }
    assertTrue(Files.size(bomb) < 1 << 20);
    String message = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> idxRefusal(bomb));
    assertEquals("f: goes on after the 2 × 2 × 2 bytes that its head promises", message);
  }
}
