// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tests that a table, or its error, does not depend on the chunks of the file and on the number of threads. */
class ChunkedReadingTest {
  private static final String[] LINE_ENDS = {"\n", "\r\n", "\r"};

  /** Returns everything that a table contains, or the message of its refusal. */
  private static String content(String text, int chunkSize, int threads) {
    try {
      Table t = TableReader.read(TableSource.of("f", text), TableOptions.DEFAULTS.threads(threads), chunkSize);
      StringBuilder s = new StringBuilder();
      for (Column c : t.columns()) {
        s.append(c.name()).append(' ').append(c.type());
        if (c instanceof TextColumn x) s.append(x.values());
        for (int r = 0; r < t.rows(); r++) s.append('|').append(c.text(r));
        if (c instanceof NumberColumn n) s.append(n.words());
      }
      for (int r = 0; r < t.rows(); r++) s.append(' ').append(t.line(r));
      return s.append(t.notices()).toString();
    } catch (DataException e) {
      return e.getMessage();
    }
  }

  private static void requireSame(String text) {
    String whole = content(text, 1 << 20, 1);
    for (int size = 1; size < 70; size += size < 20 ? 1 : 7) {
      assertEquals(whole, content(text, size, 1), () -> text);
      assertEquals(whole, content(text, size, 3), () -> text);
    }
  }

  @Test
  void quotesAndLineEndsMayLieAtEveryPlaceOfAChunk() {
    for (String end : LINE_ENDS) {
      String table = "name,\"a, b\",c\n\"x\ny\",\"say \"\"hi\"\"\",3\n"
          + ",\"\",4\n\n  \n,,\nsize 5\", \"q,\" ,1\n\"\"\"\",b,-2.5\n";
      requireSame(table.replace("\n", end));
      requireSame((table + "last,\"\n\",7").replace("\n", end));
    }
  }

  @Test
  void numbersThatBecomeStringsAndStringsThatBecomeNumbersAreTheSame() {
    StringBuilder s = new StringBuilder("a,b,c,d\n");
    for (int i = 0; i < 60; i++) {
      s.append(i < 30 ? i : "x" + i % 7).append(',').append(i % 5 == 0 ? "" : 0.1 * i).append(',')
          .append(i < 20 ? "k" : i).append(',')
          .append(i == 40 ? "\u00a03\u202f" : i == 41 ? "\u22127" : "4").append('\n');
    }
    requireSame(s.toString());
  }

  @Test
  void numbersWithADecimalCommaAreTheSame() {
    StringBuilder s = new StringBuilder("a;b;c\n");
    for (int i = 0; i < 60; i++) {
      s.append(i).append(i % 3 == 0 ? ",25" : i % 7 == 0 ? ",250" : "").append(';').append(i < 50 ? "" : "-0,5")
          .append(i % 11 == 0 ? "x;" : ";").append(i % 4 == 0 ? "1.250,5" : "7,5").append('\n');
    }
    requireSame(s.toString());
    requireSame(s + "1.5;2;3\n");
    requireSame(s.substring(6));
    requireSame(s.toString().replace(",", "\",\"").replace(';', ','));
  }

  @Test
  void theFirstErrorIsReportedHoweverTheFileIsCut() {
    String good = "1,2\n3,4\n5,6\n".repeat(5);
    requireSame("a,b\n" + good + "1\n" + good + "1,2,3\n" + good + "\"x\"y,2\n");
    requireSame("a,b\n" + good + "\"x\"y,2\n" + good + "1,2,3\n" + good);
    requireSame("a,b\n" + good + "\"x,2\n" + good + "1,2,3\n" + good);
    requireSame("a,b\n" + good + "1,\0\n" + good + "1,2,3\n" + good);
  }

  @Test
  void randomTextsAreTheSame() {
    Random random = new Random(4);
    String[] parts = {"a", "1", "2.5", ",", ",", ",", "\n", "\n", "\r\n", "\r", "\"", "\"", "\"\"", " ", "\t", ";", "é",
        ";0,5", "\u00a0", "-", "0", "\"x,\n\"", ",,"};
    for (int i = 0; i < 1500; i++) {
      StringBuilder s = new StringBuilder();
      int n = random.nextInt(40);
      for (int k = 0; k < n; k++) s.append(parts[random.nextInt(parts.length)]);
      String text = s.toString(), whole = content(text, 1 << 20, 1);
      for (int size : List.of(1, 2, 3, 5, 8, 13)) {
        assertEquals(whole, content(text, size, 1 + size % 3), () -> new ArrayList<>(List.of(text)).toString());
      }
    }
  }
}
