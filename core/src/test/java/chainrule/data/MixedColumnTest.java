// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Encoding.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Columns in which some cells are numbers and others are not. */
class MixedColumnTest {
  private static final String OR_CATEGORIES =
      ", or prefix the numbers with a letter if they are categories ('n2' for '2').";

  private static int[] all(Table t) {
    return IntStream.range(0, t.rows().size()).toArray();
  }

  private static Encoding fit(Table t, int target, Task task, Integer... drop) {
    return Encoding.of(t).target(target).drop(Set.of(drop)).task(task).fit(all(t));
  }

  private static String refusal(Table t, int target, Task task, Integer... drop) {
    return assertThrows(DataException.class, () -> fit(t, target, task, drop)).getMessage();
  }

  @Test
  void nanAndInfinityAmongNumbersAreNotCategories() {
    Table t = Csv.parse("f", "a,y\nnan,1\ninf,2\n1,3\n2,4\n");
    assertEquals("f: column 'a': contains 2 numbers (such as '1' in line 4) and 2 cells that are not numbers (such as "
        + "'nan' in line 2). NaN and infinity do not count as numbers. Fix the values, pass --drop a"
        + OR_CATEGORIES, refusal(t, 1, Task.REGRESS));
  }

  @Test
  void anyMixtureOfNumbersAndWordsIsRefusedWithCountsAndLines() {
    int rows = 12;
    for (int numbers = 1; numbers < rows; numbers++) {
      for (boolean numbersFirst : new boolean[] {true, false}) {
        StringBuilder s = new StringBuilder("y,a\n");
        for (int i = 0; i < rows; i++) {
          boolean number = numbersFirst ? i < numbers : i >= rows - numbers;
          s.append(i).append(',').append(number ? "-1.5e" + i : "w" + i).append('\n');
        }
        String message = refusal(Csv.parse("f", s.toString()), 0, Task.REGRESS);
        int words = rows - numbers, firstNumber = numbersFirst ? 0 : words, firstWord = numbersFirst ? numbers : 0;
        assertEquals("f: column 'a': contains " + (numbers == 1 ? "1 number ('" : numbers + " numbers (such as '")
            + "-1.5e"
            + firstNumber + "' in line " + (firstNumber + 2) + ") and "
            + (words == 1 ? "1 cell that is not a number ('" : words + " cells that are not numbers (such as '") + "w"
            + firstWord + "' in line " + (firstWord + 2) + "). Fix the values, pass --drop a"
            + OR_CATEGORIES, message);
      }
    }
  }

  @Test
  void aWordInAHeldOutRowIsFoundToo() {
    Table t = Csv.parse("f", "a,y\n1,1\n2,2\nx,3\n");
    String message = assertThrows(DataException.class,
        () -> Encoding.of(t).target(1).task(Task.REGRESS).fit(new int[] {0, 1})).getMessage();
    assertTrue(message.startsWith("f: column 'a': contains 2 numbers (such as '1' in line 2) and 1 cell that is not a "
        + "number ('x' in line 4). "), message);
  }

  @Test
  void columnsOfOneTypeAreFitted() {
    Table t = Csv.parse("f", "n,w,half,y\n1,a,,1\n-2e3,nan,x,2\n.5,inf,,3\n");
    Encoding e = fit(t, 3, Task.REGRESS);
    assertTrue(e.inputColumns().get(0).isNumber());
    assertEquals(List.of("a", "inf", "nan"), e.inputColumns().get(1).categories());
    assertEquals(List.of("", "x"), e.inputColumns().get(2).categories(), "empty cells form their own category");
    assertEquals(6, e.inputs());
  }

  @Test
  void anyNumberOfEmptyCellsAmongNumbersIsRefused() {
    for (int empty = 1; empty < 7; empty++) {
      StringBuilder s = new StringBuilder("a,y\n");
      for (int i = 0; i < 7; i++) s.append(i < empty ? " " : "5").append(',').append(i).append('\n');
      assertEquals("f:2: column 'a': expected a number, found an empty cell. Fill it in, delete the "
          + "line, or pass --drop a.", refusal(Csv.parse("f", s.toString()), 1, Task.REGRESS));
    }
  }

  @Test
  void aMixedTargetRequiresAnExplicitClassificationTask() {
    for (int numbers : new int[] {1, 10, 19}) mixedTarget(numbers);
  }

  private static void mixedTarget(int numbers) {
    StringBuilder s = new StringBuilder("x,y\n");
    for (int i = 0; i < 20; i++) s.append(i).append(i < numbers ? ",1\n" : ",x\n");
    Table t = Csv.parse("f", s.toString());
    int words = 20 - numbers;
    String message = "f: target 'y': contains " + (numbers == 1 ? "1 number ('1" : numbers + " numbers (such as '1")
        + "' in line 2) and " + (words == 1 ? "1 cell that is not a number ('x" : words
        + " cells that are not numbers (such as 'x") + "' in line " + (numbers + 2)
        + "). Fix the values, delete their lines, or pass --task classify to predict classes.";
    assertEquals(message, assertThrows(DataException.class, () -> Encoding.guessTask(t, 1)).getMessage());
    assertEquals(message, refusal(t, 1, Task.REGRESS));
    Encoding e = fit(t, 1, Task.CLASSIFY);
    assertEquals(List.of("1", "x"), e.target().labels());
    double[] y = e.encode(t, all(t)).y();
    for (int i = 0; i < 20; i++) assertEquals(i < numbers ? 0 : 1, y[i]);
  }

  @Test
  void aTextTargetCannotBeUsedForRegression() {
    assertEquals("f:3: column 'y': --task regress requires numbers, but no cell of this target is one, such as "
        + "'dog'. Pass --task classify to predict classes, or choose another column with --target.",
        refusal(Csv.parse("f", "x,y\n1,\n2,dog\n3,cat\n"), 1, Task.REGRESS));
    assertEquals("f:3: column 'y': expected a number, found an empty cell. Fill it in, or delete the line.",
        refusal(Csv.parse("f", "x,y\n1,5\n2,\n3,\n"), 1, Task.REGRESS));
  }

  @Test
  void aPossibleHeaderOfNumbersIsPointedOut() {
    assertEquals("f: target 'column2': contains 1 number ('1' in line 1) and 2 cells that are not numbers (such as "
        + "'dog' in line 2). If line 1 is a header, rename its columns so that none is a number. Fix the values, "
        + "delete their lines, or pass --task classify to predict classes.", assertThrows(DataException.class,
            () -> Encoding.guessTask(Csv.parse("f", "0,1\n0.5,dog\n2.5,cat\n"), 1)).getMessage());
    String named = assertThrows(DataException.class,
        () -> Encoding.guessTask(Csv.parse("f", "x,y\n0,1\n0.5,dog\n2.5,cat\n"), 1)).getMessage();
    assertFalse(named.contains("header"), named);
  }

  @Test
  void aModelRefusesWordsInNumericColumns() {
    Encoding e = fit(Csv.parse("f", "x,y\n1,1\n2,2\n"), 1, Task.REGRESS);
    String[][] cases = {{"abc", "expected a number, found 'abc'. Fix the value, or delete the line."},
        {"-NaN", "expected a finite number, found '-NaN'. Fix the value, or delete the line."},
        {"+Infinity", "expected a finite number, found '+Infinity'. Fix the value, or delete the line."},
        {" ", "expected a number, found an empty cell. Fill it in, or delete the line."}};
    for (String[] c : cases) {
      Table input = Csv.parse("g", "x,y\n3,4\n" + c[0] + ",5\n"), target = Csv.parse("g", "y,x\n3,4\n" + c[0] + ",5\n");
      assertEquals("g:3: column 'x': " + c[1],
          assertThrows(DataException.class, () -> e.encodeInputs(input, all(input))).getMessage());
      assertEquals("g:3: column 'y': " + c[1],
          assertThrows(DataException.class, () -> e.encode(target, all(target))).getMessage());
    }
  }

  @Test
  void theSuggestedDropOptionCanBePasted() {
    for (String plain : new String[] {"age", "größe_2.b"}) pasted(plain, plain);
    for (String quoted : new String[] {"Full Name", "a;b", "it's", "R&D (x)"}) {
      pasted(quoted, '"' + quoted + '"');
    }
    for (String unsafe : new String[] {"a,b", "say \"hi\"", "$HOME", "`ls`", "a\\b", "hi!", "100%", "-x", "--out", "",
        "x".repeat(41)}) {
      pasted(unsafe, "2");
    }
  }

  private static void pasted(String name, String pasted) {
    Table t = new Table("f", List.of("y", name, "z"), Csv.parse("f", "1,1,1\n2,x,x\n").rows(), false);
    assertTrue(refusal(t, 0, Task.REGRESS, 2).contains(" pass --drop "
        + (pasted.startsWith("\"") ? pasted.replaceAll(".$", ",z\"") : pasted + ",z") + ", or"), name);
    String message = refusal(t, 0, Task.REGRESS);
    Matcher option = Pattern.compile("--drop (\"[^\"]*\"|[^ ,]*), or").matcher(message);
    assertTrue(option.find(), message);
    assertEquals(pasted, option.group(1));
    assertEquals(1, t.columnIndex(option.group(1).replace("\"", "")), "the option must name this column");
  }

  @Test
  void theSuggestedDropOptionKeepsTheColumnsAlreadyDropped() {
    int columns = 20;
    List<String> names = new ArrayList<>(List.of("y"));
    for (int c = 1; c < columns; c++) names.add("c" + c);
    String[] words = new String[columns], numbers = new String[columns];
    Arrays.fill(words, "x");
    Arrays.fill(numbers, "1");
    words[0] = "2";
    Table t = new Table("f", names, List.of(new Table.Row(2, numbers), new Table.Row(3, words)), false);
    Set<Integer> drop = new TreeSet<>();
    for (int c = 1; c < columns - 1; c++) {
      String option = c > 12 ? "--drop (add c" + c + " to its columns)"
          : "--drop " + String.join(",", names.subList(1, c + 1));
      String message = refusal(t, 0, Task.REGRESS, drop.toArray(Integer[]::new));
      assertTrue(message.contains(" pass " + option + ", or"), message);
      drop.add(c);
    }
  }
}
