package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTest {

  @Test
  void readsQuotesLineBreaksAndDoubledQuotes() {
    Table t = Csv.parse("f", "name,\"a, b\",c\r\n\"x\ny\",\"say \"\"hi\"\"\",3\r\n,\"\",4\r\n");
    assertEquals(List.of("name", "a, b", "c"), t.columns());
    assertArrayEquals(new String[] {"x\ny", "say \"hi\"", "3"}, t.rows().get(0).cells());
    assertArrayEquals(new String[] {"", "", "4"}, t.rows().get(1).cells());
    assertEquals(2, t.rows().get(0).line());
    assertEquals(4, t.rows().get(1).line());
  }

  @Test
  void takesSemicolonsTabsAndEveryKindOfLineEnd() {
    assertEquals(1.5, Csv.parse("f", "a;b\n1,5;2\n").number(0, 0));
    assertEquals(2, Csv.parse("f", "a\tb\r1\t2\r").number(0, 1));
    assertEquals(2, Csv.parse("f", "\uFEFFa,b\n\n1,2").number(0, 1));
    assertEquals(List.of("a", "b"), Csv.parse("f", "\uFEFFa,b\n\n1,2").columns());
  }

  @Test
  void aFirstLineWithANumberIsNoHeader() {
    Table t = Csv.parse("f", "1,x\n2,y\n");
    assertEquals(List.of("column1", "column2"), t.columns());
    assertEquals(2, t.rows().size());
    assertEquals(0, t.column("column1"));
    assertEquals(1, t.column("2"));
  }

  @Test
  void numbersAreWhatPeopleWrite() {
    for (String yes : new String[] {"1", "-1.5", "+.5", "1.", "1e5", "1E-5", " 7 "}) {
      assertEquals(true, Numbers.isNumber(yes, false), yes);
    }
    for (String no : new String[] {"", ".", "e5", "1e", "0x10", "1f", "1d", "NaN", "Infinity", "1_000", "1,5", "--1"}) {
      assertEquals(false, Numbers.isNumber(no, false), no);
    }
  }

  @Test
  void everyMistakeNamesItsPlace() {
    refused("f, line 3: 1 field where the first line has 2; check for a missing or extra separator ','", "a,b\n1,2\n3\n");
    refused("f, line 2: 3 fields where the first line has 2; check for a missing or extra separator ','", "a,b\n1,2,3\n");
    refused("f, line 2, character 3: a quote opens here and is never closed", "a,b\n1,\"2\n3,4\n");
    refused("f, line 2, character 6: expected ',' or the end of the line after a closing quote, got 'x'; "
        + "write a quote inside quotes twice", "a,b\n1,\"2\"x\n");
    refused("f: empty; expected a line for each example", "\n\n");
    refused("f: only a header; expected a line for each example below it", "a,b\n");
    DataException e = assertThrows(DataException.class, () -> Csv.parse("f", "a,b\n1,2\n").column("c"));
    assertEquals("f: no column 'c'; it has a, b", e.getMessage());
  }

  @Test
  void theSeparatorIsThatOfTheFirstLineWithAnythingInIt() {
    assertEquals(List.of("a", "b"), Csv.parse("f", "\n\na;b\n1;2\n").columns());
    assertEquals(List.of("a", "b"), Csv.parse("f", "\r\n\r\na;b\r\n1;2\r\n").columns());
    assertEquals(List.of("a", "b"), Csv.parse("f", "  \n\t\na;b\n1;2\n").columns());
    assertEquals(List.of("a,b,c", "d"), Csv.parse("f", "\"a,b,c\";d\n1;2\n").columns());
    assertEquals(List.of("a\",,\"", "d"), Csv.parse("f", "\"a\"\",,\"\"\";d\n1;2\n").columns());
    assertEquals(List.of("size 5\"", "price"), Csv.parse("f", "size 5\";price\n1;2\n").columns());
  }

  @Test
  void whatAMessageQuotesIsALineThatCannotCommandATerminal() {
    refused("f, line 2, character 4: expected ',' or the end of the line after a closing quote, got '?'; "
        + "write a quote inside quotes twice", "a,b\n\"1\"\u001b[2J,2\n");
    refused("f, line 2, character 4: expected ',' or the end of the line after a closing quote, got '\uD83D\uDE00'; "
        + "write a quote inside quotes twice", "a,b\n\"1\"\uD83D\uDE00,2\n");
    refused("f, line 1: columns 1 and 2 are both called 'a?b?c?'; rename one", "\"a\nb\u2028c\u202e\",\"a\nb\u2028c\u202e\"\n1,2\n");
    String x = "x".repeat(100_000), cut = "x".repeat(40) + "…";
    refused("f, line 1: columns 1 and 2 are both called '" + cut + "'; rename one", x + "," + x + "\n1,2\n");
    DataException e = assertThrows(DataException.class, () -> Csv.parse("f", "a," + x + "\n1,2\n").column(x + "y"));
    assertEquals("f: no column '" + cut + "'; it has a, " + cut, e.getMessage());
  }

  @Test
  void equalShortCellsAreOneObjectAndOthersAreKeptApart() {
    Table t = Csv.parse("f", "a,b,c\n0,0,255\n255,0,AaAaAaAaA\nAa,BB,AaAaAaAaA\n");
    String zero = t.cell(0, 0), most = t.cell(0, 2);
    assertSame(zero, t.cell(0, 1));
    assertSame(zero, t.cell(1, 1));
    assertSame(most, t.cell(1, 0));
    assertEquals("Aa", t.cell(2, 0)); // of one hash
    assertEquals("BB", t.cell(2, 1));
    assertEquals("AaAaAaAaA", t.cell(2, 2));
  }

  private static void refused(String message, String text) {
    assertEquals(message, assertThrows(DataException.class, () -> Csv.parse("f", text)).getMessage());
  }
}
