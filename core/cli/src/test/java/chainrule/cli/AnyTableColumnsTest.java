// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.AnyTable.assertContains;
import static chainrule.cli.AnyTable.assertNumbers;
import static chainrule.cli.AnyTable.column;
import static chainrule.cli.AnyTable.described;
import static chainrule.cli.AnyTable.refusal;
import static chainrule.cli.AnyTable.trained;
import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers, missing values, dates, identifiers and categories as people write them, on the command line. */
class AnyTableColumnsTest {
  @TempDir Path directory;

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  /** Returns a table with a header and these lines, over and over, {@code times} times. */
  private String table(String header, int times, String... lines) throws IOException {
    return file("t.csv", header + "\n" + (String.join("\n", lines) + "\n").repeat(times));
  }

  // ---------------------------------------------------------------- numbers

  @Test
  void thousandsAreReadWhereTheColumnIsClear() throws IOException {
    assertNumbers(described(table("income,age,label", 10, "\"1,200.50\",20,a", "999,30,b", "\"2,400\",40,a")), "income",
        999, 1200.5, 2400);
    assertNumbers(described(table("umsatz;alter;kauf", 10, "1.200,50;20;ja", "999,00;30;nein", "2.400,00;40;ja")),
        "umsatz", 999, 1200.5, 2400);
    assertNumbers(described(table("income\tlabel", 10, "1,250,000\ta", "999\tb", "2,400\ta")), "income", 999, 2400,
        1250000);
    assertNumbers(described(table("prix;label", 10, "1 250,50;a", "999,00;b", "12\u202F400,00;a")), "prix", 999, 1250.5,
        12400);
  }

  @Test
  void anAmbiguousCommaStopsTheRunAndTheAdviceWorks() throws IOException {
    String f = table("income\tage\tlabel", 10, "1,250\t20\ta", "9,995\t30\tb", "2,400\t40\ta");
    String line = refusal("train", f);
    assertContains(":2: column 'income': ", line);
    assertContains("--decimal .", line);
    trained(f, "--decimal", ".");
    assertNumbers(described(f, "--decimal", "."), "income", 1250, 2400, 9995);
    assertNumbers(described(f, "--decimal", ","), "income", 1.25, 2.4, 9.995);
    trained(f, "--drop", "income");
  }

  @Test
  void moneyPercentExponentsAndSignsAreNumbers() throws IOException {
    String dollars = table("price,label", 10, "\"$1,200.50\",a", "\"-$3.00\",b", "$7,a");
    assertNumbers(described(dollars), "price", -3, 7, 1200.5);
    String euros = table("preis;label", 10, "1.200,50 €;a", "3,00 €;b", "7,25 €;a");
    assertNumbers(described(euros), "preis", 3, 7.25, 1200.5);
    assertNumbers(described(table("v,label", 10, "1e5,a", "+3,b", "\u22124,a")), "v", -4, 3, 100000);
    String percent = described(table("rate,label", 10, "45%,a", "5%,b", "10%,a"));
    assertContains("\"type\":\"number\"", column(percent, "rate"));
    assertContains("percent", percent);
  }

  @Test
  void fewWordsAmongNumbersCountAsMissingAndAreShown() throws IOException {
    StringBuilder s = new StringBuilder("x,label\n");
    for (int i = 0; i < 100; i++) s.append(i < 4 ? "broken" : "" + i).append(i % 2 == 0 ? ",a\n" : ",b\n");
    String f = file("t.csv", s.toString());
    assertNumbers(described(f), "x", 4, 51.5, 99);
    assertContains("column 'x': 4 of 100 cells are not numbers and count as missing, such as 'broken' (line 2)",
        trained(f));
  }

  @Test
  void aColumnOfMostlyNumbersIsNeverSilentlyOneOfCategories() throws IOException {
    String f = table("doors,label", 10, "2,a", "3,b", "4,a", "5more,b"), out = trained(f);
    assertContains("column 'doors': 30 of 40 cells are numbers", out);
    assertContains("--type doors=number", out);
    assertNumbers(described(f, "--type", "doors=number"), "doors", 2, 3, 4);
    assertFalse(trained(f, "--type", "doors=category").contains("of 40 cells"));
  }

  // ---------------------------------------------------------------- missing values

  @Test
  void missingValuesAreCountedWhateverTheyAreCalled() throws IOException {
    for (String marker : new String[] {"", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?", "-", ".", "\\N"}) {
      String f = table("height,colour,label", 10, "1,red,a", "3," + (marker.isEmpty() ? "" : "blue") + ",b",
          marker + ",blue,a");
      String json = described(f);
      assertNumbers(json, "height", 1, 2, 3);
      assertContains("\"missing\":10", column(json, "height"));
      assertContains("\"inputs\":2,\"meaning\":\"2 inputs: the number, and 1 where it is missing\"",
          column(json, "height"));
      if (marker.isEmpty()) assertContains("\"missing\":10", column(json, "colour"));
      assertEquals(0, run("train", f, "--quiet", "--epochs", "1").status(), marker);
    }
  }

  @Test
  void otherMarkersAreGivenWithMissing() throws IOException {
    String f = table("height,label", 10, "1,a", "3,b", "-999,a");
    assertNumbers(described(f), "height", -999, 1, 3);
    assertContains("column 'height': -999 in 10 rows is far from the other values, 1 to 3. If it means a "
        + "missing value, "
        + "pass --missing -999.", described(f));
    assertNumbers(described(f, "--missing", "-999,unknown"), "height", 1, 2, 3);
  }

  @Test
  void missingRefuseNamesTheFirstMissingCell() throws IOException {
    String f = table("height,label", 10, "1,a", "3,b", "NA,a");
    assertContains(f + ":4: column 'height': expected a number, found", refusal("train", f, "--missing", "refuse"));
    trained(table("height,label", 10, "1,a", "3,b"), "--missing", "refuse");
  }

  @Test
  void rowsWithoutATargetAreLeftOutAndCounted() throws IOException {
    assertContains("10 of 40 rows left out", trained(table("x,label", 10, "1,a", "2,b", "3,", "4,b")));
    assertContains("10 of 40 rows left out", trained(table("x,price", 10, "1,1.5", "2,2.5", "3,NA", "4,4.5")));
  }

  // ---------------------------------------------------------------- columns that cannot be used

  @Test
  void oneNoticeNamesAllColumnsThatCannotBeUsedAndHowToKeepOne() throws IOException {
    StringBuilder s = new StringBuilder("uid,\"Full Name\",born,x,label\n");
    for (int i = 0; i < 40; i++) {
      s.append("u").append(1000 + i).append(",\"Doe, J. ").append(i).append("\",").append(1 + i % 28)
          .append("/3/19").append(50 + i).append(',').append(i % 7).append(i % 2 == 0 ? ",a\n" : ",b\n");
    }
    String f = file("t.csv", s.toString()), out = trained(f);
    assertEquals(1, out.lines().filter(l -> l.contains("left out")).count(), out);
    assertTrue(out.lines().anyMatch(
        l -> l.contains("'uid'") && l.contains("'Full Name'") && l.contains("'born'")), out);
    assertContains("--type uid=category", out);
    assertContains("\"use\":\"input\"", column(described(f, "--type", "uid=category"), "uid"));
    assertContains("\"use\":\"left out\"", column(described(f), "uid"));
  }

  @Test
  void isoDatesBecomeDaysUnlessDropped() throws IOException {
    StringBuilder s = new StringBuilder("day,x,label\n");
    for (int i = 0; i < 40; i++) {
      s.append(String.format("2026-%02d-%02d,%d,%s%n", 1 + i % 12, 1 + i % 28, i % 7, i % 2 == 0 ? "a" : "b"));
    }
    String f = file("t.csv", s.toString()), json = described(f);
    assertContains("\"type\":\"date\"", column(json, "day"));
    assertContains("\"min\":\"2026-01-01\"", column(json, "day"));
    assertContains("days since 1970-01-01", trained(f));
    assertFalse(trained(f, "--drop", "day").contains("days since"));
  }

  @Test
  void aConstantColumnIsLeftOutOfTheInputs() throws IOException {
    String f = table("gain,x,label", 10, "0,1,a", "0,2,b", "0,3,a"), model = directory.resolve("m.npz").toString();
    assertContains("'gain' (always 0)", trained(f, "--out", model));
    String expected = done("predict", model, f);
    assertEquals(expected, done("predict", model, table("gain,x,label", 10, "7,1,a", "99999,2,b", "-1,3,a")));
  }

  @Test
  void longIdentifiersStayDistinctClasses() throws IOException {
    String f = table("x,label", 10, "1,9007199254740992", "2,9007199254740993");
    assertContains("\"classes\":{\"9007199254740992\":10,\"9007199254740993\":10}", described(f));
  }

  // ---------------------------------------------------------------- describe

  @Test
  void describeShowsATableOfColumnsAndWhatBecomesOfThem() throws IOException {
    StringBuilder s = new StringBuilder("id,age,colour,gain,copy,label\n");
    for (int i = 0; i < 60; i++) {
      s.append("p").append(i).append(',').append(i % 5 == 4 ? "" : "" + i).append(i % 3 == 0 ? ",red" : ",blue")
          .append(i % 2 == 0 ? ",7,no,a\n" : ",7,yes,b\n");
    }
    String f = file("t.csv", s.append("p60,1,red,7,no,rare\n").toString()), out = done("describe", f);
    assertContains("61 rows, 6 columns", out);
    assertTrue(out.lines().anyMatch(
        l -> l.matches("age +number +12 +48 .*6 inputs: the number, 4 pieces, and 1 where it is missing")), out);
    assertTrue(out.lines().anyMatch(
        l -> l.matches("colour +category +0 +2 +blue 40, red 21 +2 inputs: 2 categories")), out);
    assertTrue(out.lines().anyMatch(l -> l.matches("id +category +0 +61 .*left out.*")), out);
    assertTrue(out.lines().anyMatch(l -> l.matches("gain +number +0 +1 .*left out.*")), out);
    assertContains("'rare' (1)", out);
    assertContains("target    'label'", out);
    assertFalse(described(f).contains("\"warnings\":[]"));
  }
}
