// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableReaderTest {
  @TempDir Path directory;

  @Test
  void readsQuotesLineBreaksAndDoubledQuotes() {
    Table t = Table.parse("f", "name,\"a, b\",c\r\n\"x\ny\",\"say \"\"hi\"\"\",3\r\n,\"\",4\r\n");
    assertEquals(List.of("name", "a, b", "c"), t.names());
    assertArrayEquals(new String[] {"x\ny", "say \"hi\"", "3"}, cells(t, 0));
    assertArrayEquals(new String[] {"", "", "4"}, cells(t, 1));
    assertEquals(2, t.line(0));
    assertEquals(4, t.line(1));
    Table crlf = Table.parse("f", "a\r\n\"x\r\ny\"\r\nz\r\n");
    assertArrayEquals(new String[] {"x\r\ny"}, cells(crlf, 0));
    assertEquals(4, crlf.line(1), "CRLF ends one line, within quotes too");
  }

  @Test
  void acceptsSemicolonsTabsAndEveryKindOfLineEnd() {
    assertEquals(1.5, number(Table.parse("f", "a;b\n1,5;2\n"), 0, 0));
    assertEquals(2, number(Table.parse("f", "a\tb\r1\t2\r"), 0, 1));
    assertEquals(2, number(Table.parse("f", "\uFEFFa,b\n\n1,2"), 0, 1));
    assertEquals(List.of("a", "b"), Table.parse("f", "\uFEFFa,b\n\n1,2").names());
  }

  @Test
  void aFirstLineWithANumberIsNotAHeader() {
    Table t = Table.parse("f", "1,x\n2,y\n");
    assertEquals(List.of("column1", "column2"), t.names());
    assertEquals(2, t.rows());
    assertEquals(0, t.columnIndex("column1"));
    assertEquals(1, t.columnIndex("2"));
  }

  @Test
  void theLastFieldMayEndWithoutALineEnd() {
    assertArrayEquals(new String[] {"1", ""}, cells(Table.parse("f", "a,b\n1,"), 0));
    assertArrayEquals(new String[] {"1", "2"}, cells(Table.parse("f", "a,b\n1,\"2\""), 0));
    assertArrayEquals(new String[] {"1", ""}, cells(Table.parse("f", "a,b\n1,\"\""), 0));
  }

  @Test
  void spacesAroundColumnNamesAreStripped() {
    assertEquals(List.of("a", "b c", "d"), Table.parse("f", " a , b c,\" d \"\n1,2,3\n").names());
    refused("f:1: columns 1 and 3 are both named 'a'. Rename one.", "a,b, a\n1,2,3\n");
  }

  @Test
  void aCommaIsADecimalMarkUnlessItIsTheSeparator() {
    assertEquals(List.of("column1", "column2"), Table.parse("f", "1,5;a\n2,5;b\n").names());
    for (String no : new String[] {"1,5,2", "1.5,2", "1,5.2", ",", ".,5", ",.5", "1,e", "1,,5"}) {
      assertEquals(false, DecimalNumbers.isNumber(no, true), no);
      assertEquals(true, Double.isNaN(DecimalNumbers.parse(no, true)), no);
    }
    assertEquals(0.5, DecimalNumbers.parse(" ,5", true));
    assertEquals(-1250, DecimalNumbers.parse("-1,25e3", true));
    assertEquals(1.5, DecimalNumbers.parse("1.5", true));
  }

  @Test
  void decimalNotationIsRecognizedAsANumber() {
    for (String yes : new String[] {"1", "-1.5", "+.5", "1.", "1e5", "1E-5", " 7 "}) {
      assertEquals(true, DecimalNumbers.isNumber(yes, false), yes);
    }
    for (String no : new String[] {"", ".", "e5", "1e", "0x10", "1f", "1d", "NaN", "Infinity", "1_000", "1,5", "--1"}) {
      assertEquals(false, DecimalNumbers.isNumber(no, false), no);
    }
  }

  @Test
  void errorMessagesGiveTheLine() {
    refused("f:3: expected 2 fields as in the first line, found 1. Check for a missing or extra separator ','.",
        "a,b\n1,2\n3\n");
    refused("f:2: expected 2 fields as in the first line, found 3. Check for a missing or extra separator ','.",
        "a,b\n1,2,3\n");
    refused("f:2: the quote at character 3 is never closed", "a,b\n1,\"2\n3,4\n");
    refused("f:2: expected ',' or the end of the line after a closing quote, found 'x' "
        + "at character 6. Double a quote inside quotes.", "a,b\n1,\"2\"x\n");
    refused("f: the file is empty. Expected one line per example.", "\n\n");
    refused("f: the file has only a header. Expected one line per example after it.", "a,b\n");
    DataException e = assertThrows(DataException.class, () -> Table.parse("f", "a,b\n1,2\n").columnIndex("c"));
    assertEquals("f: no column 'c'; the columns are a, b", e.getMessage());
  }

  @Test
  void theFirstNonBlankLineDeterminesTheSeparator() {
    assertEquals(List.of("a", "b"), Table.parse("f", "\n\na;b\n1;2\n").names());
    assertEquals(List.of("a", "b"), Table.parse("f", "\r\n\r\na;b\r\n1;2\r\n").names());
    assertEquals(List.of("a", "b"), Table.parse("f", "  \n\t\na;b\n1;2\n").names());
    assertEquals(List.of("a,b,c", "d"), Table.parse("f", "\"a,b,c\";d\n1;2\n").names());
    assertEquals(List.of("a\",,\"", "d"), Table.parse("f", "\"a\"\",,\"\"\";d\n1;2\n").names());
    assertEquals(List.of("size 5\"", "price"), Table.parse("f", "size 5\";price\n1;2\n").names());
    assertEquals(List.of("a", "b;c"), Table.parse("f", "a,b;c\n1,2\n").names(), "a tie goes to the comma");
    assertEquals(List.of("a", "b\tc"), Table.parse("f", "a,b\tc\n1,2\n").names());
    assertEquals(List.of("a", "b\tc"), Table.parse("f", "a;b\tc\n1;2\n").names(), "then to the semicolon");
    assertEquals(List.of("a", "b,c"), Table.parse("f", "a\tb,c\td\n1\t2\t3\n").names().subList(0, 2));
  }

  @Test
  void messagesQuoteOneLineWithoutControlCharacters() {
    refused("f:2: expected ',' or the end of the line after a closing quote, found '?' "
        + "at character 4. Double a quote inside quotes.", "a,b\n\"1\"\u001b[2J,2\n");
    refused("f:2: expected ',' or the end of the line after a closing quote, found '\uD83D\uDE00' "
        + "at character 4. Double a quote inside quotes.", "a,b\n\"1\"\uD83D\uDE00,2\n");
    refused("f:1: columns 1 and 2 are both named 'a?b?c?'. Rename one.",
        "\"a\nb\u2028c\u202e\",\"a\nb\u2028c\u202e\"\n1,2\n");
    String x = "x".repeat(100_000), cut = "x".repeat(40) + "…";
    refused("f:1: columns 1 and 2 are both named '" + cut + "'. Rename one.", x + "," + x + "\n1,2\n");
    DataException e = assertThrows(
        DataException.class, () -> Table.parse("f", "a," + x + "\n1,2\n").columnIndex(x + "y"));
    assertEquals("f: no column '" + cut + "'; the columns are a, " + cut, e.getMessage());
  }

  private static void refused(String message, String text) {
    assertEquals(message, assertThrows(DataException.class, () -> Table.parse("f", text)).getMessage());
  }

  // ---------------------------------------------------------------- bytes

  private Path file(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("f"), bytes);
  }

  private Path text(String s, Charset charset) throws IOException {
    return file(s.getBytes(charset));
  }

  private static String refusal(Path file) {
    return assertThrows(DataException.class, () -> Table.read(file)).getMessage().replace(file.toString(), "f");
  }

  @Test
  void emptyFilesAndDirectoriesAreRefused() throws IOException {
    assertEquals("f: the file is empty. Expected one line per example.", refusal(file(new byte[0])));
    assertEquals("f: the file is empty. Expected one line per example.",
        refusal(text("\uFEFF", StandardCharsets.UTF_8)));
    assertEquals("f: the file is empty. Expected one line per example.",
        refusal(text("\r\n \r\n\t\n", StandardCharsets.UTF_8)));
    assertThrows(UncheckedIOException.class, () -> Table.read(directory));
    assertThrows(UncheckedIOException.class, () -> Table.read(directory.resolve("none")));
  }

  @Test
  void filesThatAreNotUtf8AreRefusedWithTheLine() throws IOException {
    assertEquals("f:3: contains a NUL byte, so it is not a text file",
        refusal(text("a,b\n1,2\n3,\0\n", StandardCharsets.UTF_8)));
    for (String end : new String[] {"\n", "\r\n", "\r"}) {
      assertEquals("f:3: not valid UTF-8. Save the file as UTF-8 or UTF-16 "
          + "(iconv -f WINDOWS-1252 -t UTF-8 FILE > utf8.csv).", refusal(mixed(end)));
    }
    byte[] cut = "a,b\n1,\u00e9".getBytes(StandardCharsets.UTF_8);
    assertEquals("f:2: not valid UTF-8. Save the file as UTF-8 or UTF-16 "
          + "(iconv -f WINDOWS-1252 -t UTF-8 FILE > utf8.csv).",
        refusal(file(Arrays.copyOf(cut, cut.length - 1))));
  }

  /** Writes a file with a genuine U+FFFD in its first line, and a Latin-1 byte in its third. */
  private Path mixed(String end) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(("\uFFFD,b" + end + "1,2" + end + "3,").getBytes(StandardCharsets.UTF_8));
    out.write(0xE9);
    return file(out.toByteArray());
  }

  @Test
  void aCarriageReturnAloneEndsALine() throws IOException {
    Table t = Table.read(text("\uFEFFa,b\r1,2\r3,\"x\ry\"\r", StandardCharsets.UTF_8));
    assertEquals(List.of("a", "b"), t.names());
    assertEquals(2, t.rows());
    assertEquals(3, t.line(1));
    assertEquals("f:3: the quote at character 3 is never closed",
        refusal(text("a,b\r1,2\r3,\"\r", StandardCharsets.UTF_8)));
  }

  private static String[] cells(Table t, int row) {
    return t.columns().stream().map(c -> c.text(row)).toArray(String[]::new);
  }

  private static double number(Table t, int row, int column) {
    return ((NumberColumn) t.column(column)).value(row);
  }
}
