// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayoutDetectorTest {
  private static final List<String> XY = List.of("x", "y", "label");
  private static final String ROWS = "-0.5,1.25,dog\n2,-3.5,cat\n0.75,0,dog\n1.5,2.5,cat\n";

  private static TableLayout detect(String text, TableOptions options) {
    byte[] b = text.getBytes(StandardCharsets.UTF_8);
    return LayoutDetector.detect("f", b, b.length, true, options);
  }

  private static TableLayout detect(String text) {
    return detect(text, TableOptions.DEFAULTS);
  }

  private static Table parse(String text) {
    return Table.parse("f", text);
  }

  private static String separated(String separator, String commas) {
    return commas.replace(",", separator);
  }

  private static void refused(String message, String text) {
    assertEquals("f:1: " + message, assertThrows(DataException.class, () -> detect(text), text).getMessage());
  }

  private static void layout(char separator, int width, String text) {
    TableLayout layout = detect(text);
    assertEquals(separator, layout.separator(), text);
    assertEquals(width, layout.width(), text);
  }

  // ---------------------------------------------------------------- separators

  @Test
  void everySeparatorIsDetectedWithAndWithoutAHeader() {
    for (String separator : new String[] {",", ";", "\t", "|", " ", "   ", " \t ", ", ", " ; "}) {
      for (String end : new String[] {"\n", "\r\n", "\r"}) {
        for (String header : new String[] {"x,y,label\n", ""}) {
          Table t = parse(separated(separator, header + ROWS).replace("\n", end));
          assertEquals(header.isEmpty() ? List.of("column1", "column2", "column3") : XY, t.names(), separator);
          assertEquals(4, t.rows());
          assertEquals("cat", t.column(2).text(3));
          assertEquals(-3.5, ((NumberColumn) t.column(1)).value(1));
        }
      }
    }
  }

  @Test
  void decimalCommasDoNotMakeACommaTheSeparator() {
    layout(';', 3, "0,400;2,10;b\n0,401;2,11;a\n0,402;2,12;b\n");
    layout(';', 3, "valence;arousal;label\n0,400;2,10;b\n0,401;2,11;a\n");
    layout(';', 3, "1.200,50;20;no\n901,00;21;yes\n902,00;22;no\n");
    layout(';', 2, "1,5;2,5\n");
    layout(';', 2, "1,5;2,5\n3,5;4,5\n");
    layout('\t', 3, "a\tb\tc\n1,5\t2,25\tx\n3,5\t4\ty\n");
    layout(' ', 3, "1,5 2,25 x\n3,5 4,5 y\n");
    layout('|', 2, "1,5|2,5\n3,5|4,5\n");
    assertEquals(List.of("x"), parse("x\n1,5\n2,25\n").names());
    assertEquals(2.25, ((NumberColumn) parse("x\n1,5\n2,25\n").column(0)).value(1));
  }

  @Test
  void textWithOtherSeparatorsDoesNotMisleadTheDetection() {
    layout(',', 3, "x,y,label\n1,2,a;b\n3,4,a;b\n5,6,c;d\n");
    layout(',', 3, "1,2,a;b;c\n3,4,a;b;c\n5,6,a;b;c\n");
    layout(',', 3, "id,title,genres\n1,Heat,Action|Crime\n2,Big,Comedy|Drama\n3,Alien,Horror|SciFi\n");
    layout(',', 2, "text,label\n\"a;b;c;d\ne;f\",1\n\"x;\"\"y\"\";z\",2\n");
    layout('\t', 2, "spam\tHello, world; you, me\nham\tYes, no\nspam\tSo, it; is, a, b\n");
    layout(';', 2, "id;text\n1;hello, world\n2;good, bye\n");
    layout(',', 3, "Full Name,x,label\nP0 Q,0,a\nP1 Q,1,b\nP2 Q,2,a\n");
    layout(',', 3, "name, city, y\nn0, \"Paris, FR\", 0\nn1, \"Paris, FR\", 1\n");
    layout(';', 2, "\"a,b,c\";d\n1;2\n");
    layout(',', 2, "when,x\n2020-01-01 12:00,5\n2020-01-02 13:00,6\n");
    layout(',', 2, "a,b;c\n1,2\n");
    layout(';', 2, "size 5\";price\n1;2\n");
  }

  @Test
  void aFileWithASingleColumnStaysOne() {
    for (String text : new String[] {"x\n1\n2\n", "text\nhello world\nso it is\nyes\n",
        "name\nJohn Smith\nAda King\nAl Gore\n",
        "full name\nJohn Smith\nAda King\nAl Gore\n", "time\n2020-01-01 12:00\n2020-01-02 12:00\n",
        "x\n1 200\n900\n1 300\n",
        "x\n1,5\n2,5\n3\n", "text\na, b\nc\nd; e\n"}) {
      assertEquals(1, detect(text).width(), text);
    }
    assertEquals(List.of("a, b", "c", "d; e"), ((TextColumn) parse("text\na, b\nc\nd; e\n").column(0)).values());
  }

  @Test
  void runsOfBlanksSeparateNumbersAndQuotedNames() {
    Table t = parse("18.0   8   307.0      130.0  70\t\"chevrolet chevelle\"\n15.0   8   350.0      ?  70\t\"buick\"\n"
        + "  16.5   4  101.0      95.0  71\t\"ford, big\"  \n");
    assertEquals(6, t.columns().size());
    assertEquals("ford, big", t.column(5).text(2));
    layout(' ', 4, "15.26\t14.84\t\t0.871\t1\n14.88\t14.57\t0.88\t2\n14.29\t\t14.09\t0.9\t1\n"
        + "13.84\t13.94\t0.89\t1\n");
    layout('\t', 3, "a\tb\tc\n1\t\t3\n4\t5\t\n");
    layout(' ', 3, "kind level label\na low yes\nb high no\na high yes\n");
    layout(' ', 2, "name label\nrex dog\nmia cat\nbob dog\nleo cat\ntim dog\nsam cat\nzoe dog\nada cat\n");
  }

  @Test
  void theSeparatorOfTheOptionsOverrides() {
    assertEquals(2, detect("a:b\n1:2\n", TableOptions.DEFAULTS.separator(':')).width());
    assertEquals(1, detect("a,b\n1,2\n", TableOptions.DEFAULTS.separator(';')).width());
    assertEquals(2, detect("sep=;\na:b\n1:2\n", TableOptions.DEFAULTS.separator(':')).width());
  }

  @Test
  void aSepLineSetsTheSeparator() {
    for (String line : new String[] {"sep=;", "SEP=;", "\"sep=;\"", "sep=; "}) {
      TableLayout layout = detect(line + "\r\nx,a;y,b\r\n1,5;2\r\n");
      assertEquals(';', layout.separator(), line);
      assertEquals(2, layout.startLine());
      assertEquals(List.of("x,a", "y,b"), layout.first());
    }
    assertEquals('\t', detect("sep=\t\na\tb\n1\t2\n").separator());
    assertEquals(List.of("sep=a", "b"), detect("sep=a,b\n1,2\n").first());
    assertEquals(List.of("x", "sep=;"), detect("x,sep=;\n1,2\n").first());
  }

  // ---------------------------------------------------------------- comments and empty lines

  @Test
  void commentsAndEmptyLinesBeforeTheHeaderAreSkipped() {
    TableLayout layout = detect("\n \n# Created: 11, Oct; 2017\n\n#\n  # x;y\nx,y,label\n" + ROWS);
    assertEquals(7, layout.startLine());
    assertEquals(XY, layout.first());
    assertEquals(8, layout.nextLine());
    assertEquals(XY, parse("\n\n# a\n\nx,y,label\n\n" + ROWS).names());
    assertEquals("f: contains only comments, lines that start with '#'. Expected one line per example.",
        assertThrows(DataException.class, () -> detect("# a\n# b\n")).getMessage());
  }

  @Test
  void aColumnNamedNumberSignIsNotAComment() {
    assertEquals(List.of("#", "name", "hp"), parse("#,name,hp\n1,Bulba,45\n2,Ivy,60\n").names());
    assertEquals(List.of("#", "name"), parse("#;name\n1;Bulba\n2;Ivy\n").names());
  }

  @Test
  void aCommentWithTheNamesOfTheColumnsIsAHeader() {
    String notice = "the comment in line 2 (x, y, label) taken as column names; --header no if it does not contain "
        + "them";
    for (String header : new String[] {"# x,y,label", "#x,y,label", "## x , y,\"label\""}) {
      Table t = parse("# made by me\n" + header + "\n" + ROWS);
      assertEquals(XY, t.names(), header);
      assertEquals(4, t.rows());
      assertEquals(3, t.line(0));
      assertEquals(notice, t.notices().get(0));
    }
    String blanks = separated("  ", ROWS);
    assertEquals(XY, parse("# x y label\n" + blanks).names());
    assertEquals(XY, parse("# x,y,label\n" + blanks).names(), "as numpy.savetxt writes it");
    Table no = Table.parse("f", "# x y label\n" + blanks, TableOptions.DEFAULTS.header(false));
    assertEquals(List.of("column1", "column2", "column3"), no.names());
    assertEquals(4, no.rows());
  }

  @Test
  void otherCommentsAreNotHeaders() {
    List<String> numbered = List.of("column1", "column2", "column3");
    assertEquals(numbered, parse("# made by me\n" + ROWS).names(), "three words above three columns");
    assertEquals(numbered, parse("# x,y,label\n\n" + ROWS).names(), "not directly above");
    assertEquals(numbered, parse("# 1,2,3\n" + ROWS).names(), "numbers");
    assertEquals(numbered, parse("# x,x,y\n" + ROWS).names(), "not unique");
    assertEquals(numbered, parse("# x,y\n" + ROWS).names(), "another number of fields");
    assertEquals(XY, parse("# a,b,c\nx,y,label\n" + ROWS).names(), "above a header");
  }

  // ---------------------------------------------------------------- width

  @Test
  void trailingEmptyColumnsAreIgnored() {
    for (String text : new String[] {"x,y,label,\n" + ROWS.replace("\n", ",\n"),
        "x,y,label\n" + ROWS.replace("\n", ",\n"),
        "x,y,label,,\n" + ROWS, "x,y,label,,,\n" + ROWS.replace("\n", ",,,\n") + ",,,,,\n,,,,,\n",
        "x,y,label\n" + ROWS + ",,\n,,\n", "x,y,label\n" + ROWS + "\n\n \n"}) {
      Table t = parse(text);
      assertEquals(XY, t.names(), text);
      assertEquals(4, t.rows(), text);
      assertEquals(List.of(), t.notices(), text);
    }
    assertEquals(List.of("column1", "column2", "column3"), parse(ROWS.replace("\n", ",\n")).names());
    assertEquals(List.of("x", "y", "z"), parse("x,y,z\n1,2,\n3,4,\n5,6,\n").names(), "a name keeps an empty column");
  }

  @Test
  void rowNamesWithoutAHeaderAreLeftOut() {
    String notice = "the header has one name less than the lines have fields: column 1 contains row names, left out";
    for (String text : new String[] {"x,y,label\nr1,-0.5,1.25,dog\nr2,2,-3.5,cat\nr3,0,1,dog\n",
        "\"x\" \"y\" \"label\"\n\"1\" -0.5 1.25 \"dog\"\n\"2\" 2 -3.5 \"cat\"\n\"3\" 0 1 \"dog\"\n",
        "x\ty\tlabel\nMazda RX4\t-0.5\t1.25\tdog\nFiat\t2\t-3.5\tcat\nVW\t0\t1\tdog\n"}) {
      Table t = parse(text);
      assertEquals(XY, t.names(), text);
      assertEquals(1.25, ((NumberColumn) t.column(1)).value(0));
      assertEquals(3, t.rows());
      assertEquals(List.of(notice), t.notices());
    }
  }

  // ---------------------------------------------------------------- titles

  @Test
  void aTitleAboveTheTableIsRefused() {
    String below = ", the following lines have 3. Delete it, or put # in front.", table = "x,y,label\n" + ROWS;
    refused("line 1 looks like a title: it has 2 fields" + below,
        "Created on 02-18-2020,https://example.org\n" + table);
    refused("line 1 looks like a title: it has 1 field" + below, "My pets\n" + table);
    refused("line 1 looks like a title: it has 1 field" + below, "My pets\n\n" + table);
    refused("line 1 looks like a title: it has 1 field" + below, "2020\n" + table);
    refused("line 1 looks like a title: it has 1 field, the following lines have 3. Delete it, or put # in front.",
        "My pets\n" + separated("\t", table));
    refused("lines 1 to 3 look like a title: they have fewer fields than the following lines, which have 3. Delete "
        + "them, or put # in front.", "My pets\nby me, and you\nSource: x\n\n" + table);
    String lone = "line 1 looks like a title: only its first field is not empty. Delete it, or put # in front.";
    refused(lone, "My pets,,\n" + table);
    refused(lone, "My pets,,\n,,\n" + table);
    refused(lone, "\"My pets\";;\n\n" + separated(";", table));
    refused("lines 1 and 2 both contain words above columns of numbers, but only one can contain the names. Delete the "
        + "other, or put # in front.", "pets, cats and dogs,2020s\n" + table);
    refused("lines 1 and 2 both contain words above columns of numbers, but only one can contain the names. Delete the "
        + "other, or put # in front.", "x,y,label\ncm,kg,-\n" + ROWS);
    for (String title : new String[] {"# My pets\n", "# Created on 02-18-2020,https://example.org\n"}) {
      assertEquals(XY, parse(title + table).names());
    }
  }

  @Test
  void aMissingNameInTheHeaderIsNotCalledATitle() {
    refused("line 1 has 2 fields, the following lines have 3. Add the missing name, or put # in front if it is a "
        + "title.",
        "x,y\n1,2,dog\n1,3,cat\n2,5,dog\n");
    refused("line 1 has 2 fields, the following lines have 3. Add the missing name, or put # in front if it is a "
        + "title.",
        "x,y\n1.5,2,dog\n1.25,3,cat\n2.5,5,dog\n");
  }

  @Test
  void recordsOfOtherLengthsAreLeftToTheReader() {
    for (String text : new String[] {"a,b\n1,2,3\n", "a,b\n1,2\n3\n", "a,b\n1,2\n3,4,5\n6,7\n"}) {
      assertEquals(2, detect(text).width(), text);
      assertThrows(DataException.class, () -> parse(text), text);
    }
  }

  // ---------------------------------------------------------------- places and samples

  @Test
  void theBytesAndLinesOfTheFirstRecordsAreGiven() {
    TableLayout layout = detect("# \u00E4\r\n\r\n\"a\r\nb\",c\r\n\r\n1,2\r\n");
    assertEquals(3, layout.startLine());
    assertEquals(8, layout.start());
    assertEquals(List.of("a\r\nb", "c"), layout.first());
    assertEquals(5, layout.nextLine());
    assertEquals(18, layout.next());
    assertArrayEquals(new boolean[] {true, false, true, true},
        detect("a,b,c,d\n1,x,,1\n2,y,,2\nNA,z,,\"1,5\"\n").numeric(), "an empty column may contain numbers");
  }

  @Test
  void anIncompleteLastRecordDoesNotCount() {
    byte[] b = "a;b\n1;2\n3;4\n5,6,7,8".getBytes(StandardCharsets.UTF_8);
    TableLayout layout = LayoutDetector.detect("f", b, b.length, false, TableOptions.DEFAULTS);
    assertEquals(';', layout.separator());
    assertEquals(2, layout.width());
    for (String cut : new String[] {"a,b", "", "# comment", "# comment\n\n", "\"a\nb\n", "sep="}) {
      byte[] c = cut.getBytes(StandardCharsets.UTF_8);
      assertNull(LayoutDetector.detect("f", c, c.length, false, TableOptions.DEFAULTS), cut);
    }
    byte[] more = Arrays.copyOf("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8), 100);
    assertEquals(2, LayoutDetector.detect("f", more, 8, true, TableOptions.DEFAULTS).width());
  }

  @Test
  void emptyFilesAndOpenQuotesAreRefused() {
    for (String text : new String[] {"", "\n\n", " \n\t\r\n", "sep=;\n", ",,\n,,\n"}) {
      assertEquals("f: the file is empty. Expected one line per example.",
          assertThrows(DataException.class, () -> detect(text), text).getMessage());
    }
    assertEquals("f:2: the quote at character 3 is never closed",
        assertThrows(DataException.class, () -> detect("\nx,\"a,b\nc")).getMessage());
  }

  @Test
  void aLargeSampleIsDetectedQuickly() {
    StringBuilder wide = new StringBuilder();
    for (int r = 0; r < 20; r++) {
      for (int c = 0; c < 10_000; c++) wide.append(c == 0 ? "" : ",").append(r == 0 ? "c" + c : c * r % 7);
      wide.append('\n');
    }
    String commas = "1,".repeat(500_000), quotes = "\"\"".repeat(500_000), blanks = " ".repeat(1_000_000);
    assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
      assertEquals(10_000, detect(wide.toString()).width());
      assertEquals(500_001, detect(commas + "1\n").width());
      detect("a b\n" + commas + " " + commas);
      detect(quotes + "\nx\n");
      detect("x" + blanks + "y\n");
      detect("1:" + "1".repeat(1_000_000));
      detect("[" + "1".repeat(1_000_000));
    });
  }
}
