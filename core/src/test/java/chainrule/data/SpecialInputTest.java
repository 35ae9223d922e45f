// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Encoding.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Tests that unusual and hostile files give a result or a one-line error, in memory bounded by the file's size. */
class SpecialInputTest {
  @TempDir Path directory;

  private static Dataset encoded(Table t, int target, Task task) {
    int[] rows = new int[t.rows()];
    for (int i = 0; i < rows.length; i++) rows[i] = i;
    return Encoding.of(t).target(target).task(task).fit(rows).encode(t, rows);
  }

  // ---------------------------------------------------------------- CSV: bytes

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void anEmptyDeviceIsReadAsEmpty() {
    DataException e = assertThrows(DataException.class, () -> Table.read(Path.of("/dev/null")));
    assertEquals("/dev/null: the file is empty. Expected one line per example.", e.getMessage());
  }

  @Test
  void aFileThatShrinksWhileBeingReadGivesAResultOrAnError() throws Exception {
    Path file = directory.resolve("shrinking");
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
        assertEquals(2, Table.read(file).columns().size());
      } catch (DataException e) {
        assertTrue(e.getMessage().contains(": the file is empty") || e.getMessage().contains("expected 2 fields"),
            e.getMessage());
      }
    }
    cutter.join();
  }

  @Test
  void veryLongLinesAndQuotesGiveShortMessages() throws IOException {
    String million = "1".repeat(4_000_000);
    assertEquals("f:2: column 'a': '" + "1".repeat(40) + "…' is too large for a double",
        assertThrows(DataException.class, () -> encoded(Table.parse("f", "a,b\n" + million + ",2\n3,4\n"), 0,
            Task.REGRESS)).getMessage());
    assertEquals("f:1: the quote at character 1 is never closed",
        assertThrows(DataException.class, () -> Table.parse("f", "\"" + "x\n".repeat(1_000_000))).getMessage());
    assertEquals("f: the file has only a header. Expected one line per example after it.",
        assertThrows(DataException.class, () -> Table.parse("f", "x," + "y".repeat(3_000_000))).getMessage());
  }

  // ---------------------------------------------------------------- CSV: cells

  @Test
  void cellsThatAreNotFiniteNumbersNeverBecomeNumbers() {
    for (String bad : new String[] {"inf", "-Infinity", "0x1p3", "1e", "\u0661", "--1", "1e5e5"}) {
      Table table = Table.parse("f", "a,b\n1,2\n3,4\n\"" + bad + "\",5\n7,8\n");
      assertEquals(ColumnType.CATEGORY, table.column(0).type(), bad);
      assertEquals(List.of("column 'a': 3 of 4 cells are numbers, the others are not, such as '" + bad
          + "' (line 4): read as categories; --type a=number makes the others missing"), table.notices());
    }
    for (String missing : new String[] {"NaN", "nan", "null", ""}) {
      Table table = Table.parse("f", "a,b\n1,2\n3,4\n\"" + missing + "\",5\n7,8\n");
      assertArrayEquals(new double[] {1, 3, Double.NaN, 7}, ((NumberColumn) table.column(0)).values());
    }
    for (String large : new String[] {"1e999", "-1e309", "1e99999999999999999999", "9".repeat(400)}) {
      String message = assertThrows(DataException.class,
          () -> encoded(Table.parse("f", "a,b\n1,2\n3,4\n" + large + ",5\n"), 1, Task.REGRESS)).getMessage();
      assertTrue(message.startsWith("f:4: column 'a': '") && message.endsWith("' is too large for a double"), message);
    }
    assertEquals(0, ((NumberColumn) Table.parse("f", "a,b\n1e-999,2\n-1e-999,4\n").column(0)).value(0));
  }

  @Test
  void tenThousandColumnsAreEncoded() {
    StringBuilder s = new StringBuilder();
    for (int r = 0; r < 4; r++) {
      for (int c = 0; c < 10_000; c++) {
        s.append(c == 0 ? "" : ",").append(r == 0 ? "c" + c : Integer.toString(r * c % 7));
      }
      s.append('\n');
    }
    Table t = Table.parse("f", s.toString());
    Dataset d = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> encoded(t, 9_999, Task.REGRESS));
    assertEquals(8_570, d.inputs(), "every 7th column is constant");
    assertTrue(assertThrows(DataException.class, () -> t.columnIndex("nope")).getMessage()
        .endsWith("c10, c11, … (10000 columns)"));
  }

  @Test
  void resultsDoNotDependOnTheLocale() {
    Locale before = Locale.getDefault();
    String csv = "I;i;t\n1,5;\u0130;title\n-2,25;i;TITLE\n1e3;I;title\n";
    try {
      Dataset root = null;
      for (String tag : new String[] {"", "tr", "de", "ar-EG", "hi-IN-u-nu-deva", "lt"}) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        Dataset d = encoded(Table.parse("f", csv), 2, Task.CLASSIFY);
        if (root == null) root = d;
        assertArrayEquals(root.x(), d.x(), tag);
        assertEquals(root.labels(), d.labels(), tag);
        assertEquals(Generators.SPIRALS, Generators.named("spirals").orElseThrow(), tag);
        assertEquals("digits", Generators.DIGITS.label(), tag);
        Path none = directory.resolve("x");
        Files.write(none, new byte[] {1, 2, (byte) 255, 0});
        assertEquals("expected an IDX file of images, which starts with 00 00 08 03, found 01 02 ff 00",
            assertThrows(DataException.class, () ->
                Idx.readImages(none)).getMessage().substring(none.toString().length() + 2), tag);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Locale.setDefault(before);
    }
  }

  // ---------------------------------------------------------------- IDX

  private static byte[] header(int kind, int... sizes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 0, 8, (byte) kind});
    for (int s : sizes) out.writeBytes(new byte[] {(byte) (s >> 24), (byte) (s >> 16), (byte) (s >> 8), (byte) s});
    return out.toByteArray();
  }

  private static String idxRefusal(Path file) {
    return assertThrows(DataException.class, () -> Idx.readImages(file)).getMessage().replace(file.toString(), "f");
  }

  @Test
  void aGzipBombIsReadOnlyUpToTheSizeInItsHeader() throws IOException {
    Path bomb = directory.resolve("f");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(bomb), 1 << 16)) {
      out.write(header(3, 2, 2, 2));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 300; i++) out.write(zeros);
    }
    assertTrue(Files.size(bomb) < 1 << 20);
    String message = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> idxRefusal(bomb));
    assertEquals("f: trailing bytes after the 2 × 2 × 2 that the header declares", message);
  }
}
