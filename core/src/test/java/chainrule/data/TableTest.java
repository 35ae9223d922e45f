// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void aColumnIsFoundByNameOrByOneBasedNumber() {
    Table t = Table.parse("f", "a,b,c\n1,2,3\n");
    for (String name : new String[] {"a", "1"}) assertEquals(0, t.columnIndex(name));
    for (String name : new String[] {"c", "3"}) assertEquals(2, t.columnIndex(name));
    for (String none : new String[] {"0", "4", "-1", "A", "", "1.0", "99999999999"}) {
      assertEquals("f: no column '" + none + "'; the columns are a, b, c",
          assertThrows(DataException.class, () -> t.columnIndex(none)).getMessage());
    }
    Table numbered = Table.parse("f", "2,1\nx,y\n", TableOptions.DEFAULTS.header(true));
    assertEquals(0, numbered.columnIndex("2"), "a name takes precedence over a number");
  }

  @Test
  void indexOfFindsOnlyNames() {
    Table t = Table.parse("f", "a,b\n1,2\n");
    assertEquals(1, t.indexOf("b"));
    assertEquals(-1, t.indexOf("1"));
  }

  @Test
  void tablesAndDatasetsAreSplitIntoTheSameRows() {
    Table t = Table.parse("f", "a,b\n" + "1,2\n".repeat(50));
    Table.Split rows = t.split(0.2, 7);
    assertArrayEquals(Dataset.splitRows(50, 0.2, 7)[0], rows.train());
    assertArrayEquals(Dataset.splitRows(50, 0.2, 7)[1], rows.test());
    assertEquals(10, rows.test().length);
  }

  @Test
  void messagesListUpToTwelveColumns() {
    String twelve = "f: no column 'z'; the columns are c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12";
    assertEquals(twelve, missing(12));
    assertEquals(twelve + ", … (13 columns)", missing(13));
  }

  private static String missing(int columns) {
    String header = IntStream.rangeClosed(1, columns).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
    String row = IntStream.rangeClosed(1, columns).mapToObj(Integer::toString).collect(Collectors.joining(","));
    return assertThrows(DataException.class, () -> Table.parse("f", header + "\n" + row).columnIndex("z")).getMessage();
  }
}
