// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests where the bytes of a table may come from: files, gzip, UTF-16, streams. */
class TableSourceTest {
  private static final String TEXT = "name,größe\nå,1\n\"b\n\",2.5\nc,3\n";

  @TempDir Path directory;

  private Path file(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("f"), bytes);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) out.writeBytes(part);
    return out.toByteArray();
  }

  private static String refusal(Path file) {
    return assertThrows(DataException.class, () -> Table.read(file)).getMessage().replace(file.toString(), "f");
  }

  private static void requireText(Table t) {
    assertEquals(List.of("name", "größe"), t.names());
    assertEquals(3, t.rows());
    assertEquals("å", t.column(0).text(0));
    assertEquals("b", t.column(0).text(1));
    assertEquals(2.5, ((NumberColumn) t.column(1)).value(1));
    assertEquals(5, t.line(2));
  }

  @Test
  void utf8AndUtf16AreReadWithAndWithoutAByteOrderMark() throws IOException {
    byte[] mark = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    requireText(Table.read(file(TEXT.getBytes(StandardCharsets.UTF_8))));
    requireText(Table.read(file(joined(mark, TEXT.getBytes(StandardCharsets.UTF_8)))));
    for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      requireText(Table.read(file(TEXT.getBytes(charset))));
      requireText(Table.read(file(("\uFEFF" + TEXT).getBytes(charset))));
      requireText(Table.read(file(gzip(("\uFEFF" + TEXT).getBytes(charset)))));
    }
  }

  @Test
  void longUtf16TextsWithSurrogatePairsAreReadLikeUtf8() throws IOException {
    StringBuilder s = new StringBuilder("a,b\n");
    for (int i = 0; i < 20_000; i++) s.append("\uD83D\uDE00".repeat(i % 3)).append("é,").append(i).append('\n');
    Table expected = Table.read(file(s.toString().getBytes(StandardCharsets.UTF_8)));
    Table t = Table.read(file(s.toString().getBytes(StandardCharsets.UTF_16)));
    assertEquals(((TextColumn) expected.column(0)).values(), ((TextColumn) t.column(0)).values());
    assertEquals(19_999, ((NumberColumn) t.column(1)).value(19_999));
    byte[] damaged = "a,b\n1,2\n3,\uD83D".getBytes(StandardCharsets.UTF_16LE);
    damaged[damaged.length - 1] = (byte) 0xD8; // half of a surrogate pair
    damaged[damaged.length - 2] = 0x3D;
    assertEquals("f:3: not valid UTF-16. Save the file as UTF-8.", refusal(file(damaged)));
  }

  @Test
  void gzipIsRecognizedByItsContentAndMayHaveSeveralMembers() throws IOException {
    byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
    requireText(Table.read(file(gzip(bytes))));
    byte[] rest = Arrays.copyOfRange(bytes, 9, bytes.length);
    requireText(Table.read(file(joined(gzip(Arrays.copyOf(bytes, 9)), gzip(rest)))));
  }

  @Test
  void damagedGzipIsRefused() throws IOException {
    byte[] zip = gzip("a,b\n1,2\n".repeat(10_000).getBytes());
    for (int n : new int[] {3, 20, zip.length - 9, zip.length - 1}) {
      String message = refusal(file(Arrays.copyOf(zip, n)));
      assertTrue(message.matches("f: damaged or truncated \\(gzip: .*\\)\\. Download it again\\."), message);
    }
    zip[zip.length - 5] ^= 1; // of the checksum
    assertTrue(refusal(file(zip)).startsWith("f: damaged or truncated (gzip: "));
  }

  @Test
  void aStreamIsReadToItsEndAndNotClosed() {
    boolean[] closed = {false};
    InputStream in = new ByteArrayInputStream(TEXT.getBytes(StandardCharsets.UTF_8)) {
      @Override public void close() {
        closed[0] = true;
      }

      @Override public int read(byte[] b, int from, int n) { // like a slow pipe
        return super.read(b, from, Math.min(n, 3));
      }
    };
    Table t = Table.read(in, "standard input", TableOptions.DEFAULTS);
    requireText(t);
    assertEquals("standard input", t.file());
    assertFalse(closed[0]);
    assertEquals("standard input: the file is empty. Expected one line per example.", assertThrows(DataException.class,
        () -> Table.read(InputStream.nullInputStream(), "standard input", TableOptions.DEFAULTS)).getMessage());
  }

  @Test
  void cellsOfAColumnThatBecomesStringsAreKeptAsTheyAreWritten() throws IOException {
    StringBuilder s = new StringBuilder("zip,n\n");
    for (int i = 0; i < 60_000; i++) s.append(i < 40_000 ? "00" + i % 10 + ".50" : "x" + i % 10).append(",7\n");
    byte[] bytes = s.toString().getBytes(StandardCharsets.UTF_8);
    for (Table t : List.of(Table.read(file(bytes)), Table.read(file(gzip(bytes))), Table.parse("f", s.toString()),
        Table.read(new ByteArrayInputStream(bytes), "f", TableOptions.DEFAULTS),
        Table.read(new ByteArrayInputStream(gzip(bytes)), "f", TableOptions.DEFAULTS))) {
      assertEquals(ColumnType.CATEGORY, t.column(0).type());
      assertEquals("003.50", t.column(0).text(3));
      assertEquals("x9", t.column(0).text(59_999));
      assertEquals(20, ((TextColumn) t.column(0)).values().size());
      assertEquals(7, ((NumberColumn) t.column(1)).value(59_999));
    }
  }

  @Test
  void blanksOfAllKindsAndMinusSignsDoNotHideNumbers() {
    Table t = Table.parse("f", "a,b\n\u00a01\u00a0, 2\t\n\u202f\u22123,\uFEFF4\n\" 5 \",\"\u00a06\"\n");
    assertArrayEquals(new double[] {1, -3, 5}, ((NumberColumn) t.column(0)).values());
    assertArrayEquals(new double[] {2, 4, 6}, ((NumberColumn) t.column(1)).values());
  }

  @Test
  void numbersWithADecimalCommaHaveTheValuesOfTheirStrings() {
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      List<String> cells = new ArrayList<>(List.of("0,5"));
      for (int r = 0; r < 40; r++) {
        String digits = Integer.toString(random.nextInt(100_000)), whole = Integer.toString(random.nextInt(2000));
        cells.add((random.nextInt(3) == 0 ? "-" : "") + switch (random.nextInt(6)) {
          case 0 -> whole;
          case 1 -> random.nextInt(900) + 1 + "." + (100 + random.nextInt(900));
          case 2 -> random.nextInt(900) + 1 + "." + (100 + random.nextInt(900)) + "," + digits;
          default -> whole + "," + digits + (random.nextInt(5) == 0 ? "12345678901234567890" : "");
        });
      }
      Collections.shuffle(cells, random);
      boolean header = random.nextBoolean();
      Table t = Table.parse("f", (header ? "a;b\n" : "") + String.join(";1\n", cells) + ";1\n",
          TableOptions.DEFAULTS.header(header));
      NumberColumn column = (NumberColumn) t.column(0);
      assertEquals(',', t.decimal());
      for (int r = 0; r < cells.size(); r++) {
        assertEquals(WrittenNumber.of(cells.get(r)).comma(), column.value(r), cells.get(r));
      }
      assertTrue(t.notices().toString().contains("decimal comma"), t.notices().toString());
    }
    DataException e = assertThrows(DataException.class, () -> Table.parse("f", "a;b\n0,5;1\n1,5;1\n1.5;1\n"));
    String start = "f:2: column 'a': '0,5' is a number with a decimal comma only, but '1.5' (line 4";
    assertTrue(e.getMessage().startsWith(start), e.getMessage());
  }

  @Test
  void emptyLinesAndEmptyRowsAtTheEndAndEmptyCellsAfterTheLastColumnAreSkipped() {
    Table t = Table.parse("f", "a,b\n1,2,,\n,\n\n3,4, ,\n,,,,\n \n,\n");
    assertEquals(3, t.rows());
    assertTrue(t.column(0).isMissing(1) && t.column(1).isMissing(1));
    assertEquals(5, t.line(2));
    Table trailing = Table.parse("f", "a,b,,\n1,2,,\n3,4,,\n");
    assertEquals(List.of("a", "b"), trailing.names());
    assertEquals("f:3: expected 2 fields as in the first line, found 4. Check for a missing or extra separator ','.",
        assertThrows(DataException.class, () -> Table.parse("f", "a,b\n1,2\n3,4,,5\n")).getMessage());
  }

  @Test
  void bytesThatAreNotUtf8AreFoundInEveryKindOfCell() throws IOException {
    byte[] bad = {(byte) 0xE9};
    for (String before : new String[] {"a,b\n1,2\n3,", "a,b\n1,2\n3,\"", "a,b\nx,y\nz,", "a,b\n1,2\n3,\"x\ny"}) {
      int line = before.endsWith("y") ? 4 : 3;
      assertEquals("f:" + line + ": not valid UTF-8. Save the file as UTF-8 or UTF-16 "
          + "(iconv -f WINDOWS-1252 -t UTF-8 FILE > utf8.csv).",
          refusal(file(joined(before.getBytes(), bad, "\"\n".getBytes()))));
    }
    assertEquals("f:1: not valid UTF-8. Save the file as UTF-8 or UTF-16 "
          + "(iconv -f WINDOWS-1252 -t UTF-8 FILE > utf8.csv).",
        refusal(file(joined("a".getBytes(), bad, ",b\n1,2\n".getBytes()))));
  }

  @Test
  void aFileOfNulBytesIsRefusedWithoutReadingIt() throws IOException {
    Path sparse = directory.resolve("sparse");
    try (RandomAccessFile f = new RandomAccessFile(sparse.toFile(), "rw")) {
      f.setLength(3L << 30); // occupies no disk space
    }
    String message = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> refusal(sparse));
    assertTrue(message.contains("NUL"), message);
    Path later = directory.resolve("later");
    try (RandomAccessFile f = new RandomAccessFile(later.toFile(), "rw")) {
      f.write("a,b\n1,2\n".getBytes());
      f.setLength(3L << 30);
    }
    assertTrue(assertTimeoutPreemptively(Duration.ofSeconds(60), () -> refusal(later)).contains("NUL"));
  }

  @Test
  void tablesThatDoNotFitIntoMemoryAreRefusedWithTheAmount() {
    long limit = Runtime.getRuntime().maxMemory();
    String message = ReaderMemory.refusal("f", 3.0 * limit).getMessage();
    assertTrue(message.matches("f: needs about [\\d.]+ [MG]B of memory, the limit is [\\d.]+ [MG]B\\. "
        + "Allow more with CHAINRULE_JAVA_OPTIONS=-Xmx\\d+[mg]"), message);
    ReaderMemory.require("f", 1000);
    assertThrows(DataException.class, () -> ReaderMemory.require("f", limit));
  }

  @Test
  void theListenerReceivesTheProgress() throws IOException {
    byte[] bytes = "a,b\n".concat("1,2\n".repeat(400_000)).getBytes();
    List<Long> progress = new ArrayList<>();
    InputStream slow = new ByteArrayInputStream(bytes) {
      @Override public int read(byte[] b, int from, int n) {
        try {
          if (pos > 600_000) Thread.sleep(40);
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        return super.read(b, from, Math.min(n, 1 << 16));
      }
    };
    Table t = Table.read(slow, "f", TableOptions.DEFAULTS.listener((read, size, rows) -> {
      assertEquals(-1, size);
      progress.add(read);
      assertTrue(rows > 0 && rows <= 400_000);
    }));
    assertEquals(400_000, t.rows());
    assertFalse(progress.isEmpty());
    assertEquals(progress.stream().sorted().toList(), progress);
  }
}
