// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code describe}: every column, what training does with it, and what looks wrong. */
class DescribeCommandTest {
  @TempDir Path directory;

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  private String people() throws IOException {
    StringBuilder s = new StringBuilder("id,age,sex,born,same,copy,y\n");
    for (int i = 0; i < 40; i++) {
      String y = i < 2 ? "rare" : i % 3 == 0 ? "no" : "yes";
      s.append(i + 1).append(',').append(i % 4 == 3 ? "" : i * 1.5).append(i % 2 == 0 ? ",m," : ",f,")
          .append("2020-01-").append(10 + i % 20).append(",7,").append(y).append(',').append(i == 39 ? "" : y)
          .append('\n');
    }
    return file("people.csv", s.toString());
  }

  @Test
  void everyColumnIsDescribedInAnAlignedTable() throws IOException {
    String out = done("describe", people());
    assertTrue(out.startsWith(directory.resolve("people.csv") + ": 40 rows, 7 columns\n\n"
        + "column  type      missing  distinct  min … median … max, or top values     in training\n"), out);
    List<String> rows = out.lines().map(l -> l.strip().replaceAll("  +", "|")).toList();
    for (String row : List.of("id|number|0|40|1 … 20.5 … 40|left out: a row number",
        "age|number|10|30|0 … 28.5 … 57|6 inputs: the number, 4 pieces, and 1 where it is missing",
        "sex|category|0|2|f 20, m 20|2 inputs: 2 categories", "same|number|0|1|7 … 7 … 7|left out: always 7",
        "y|category|1|3|yes 25, no 12, rare 2|target", "target|'y': 3 classes; the last column, choose another with "
        + "--target")) {
      assertTrue(rows.contains(row), row + " is missing from\n" + out);
    }
    assertTrue(rows.stream().anyMatch(r -> r.equals("born|date|0|20|2020-01-10 … 2020-01-19 … 2020-01-29|5 inputs: "
        + "the date in days, and 4 pieces")), out);
    for (String line : List.of("  1 of 40 rows left out, without a value in the target 'y'", "'same' (always 7)",
        "column 'copy' determines the target 'y' exactly.", "date 'born': used as days",
        "classes with few rows: 'rare' (2)",
        "          yes           25  64.1 %")) {
      assertTrue(out.contains(line), line + " is missing from\n" + out);
    }
  }

  private String rows(String name, String header, IntFunction<String> row) throws IOException {
    return file(name, header + IntStream.range(0, 40).mapToObj(row).collect(Collectors.joining("\n", "\n", "\n")));
  }

  @Test
  void theAssumedTargetIsNamedWithAnotherThatMayBeMeant() throws IOException {
    String first = rows("first.csv", "my kind,a,b", i -> (i % 2 == 0 ? "p," : "q,") + i % 7 + "," + i * 0.37);
    String named = rows("named.csv", "a,Class,b", i -> i % 7 + "," + i % 2 + "," + i * 0.37);
    String bare = rows("bare.csv", "1,0.5,0.25", i -> i % 2 + "," + i % 7 * 0.5 + "," + i * 0.37);
    String whole = rows("whole.csv", "rooms,area,price", i -> i % 2 + "," + i % 7 * 0.5 + "," + i * 0.37);
    String label = rows("label.csv", "class,a,label", i -> i % 2 + "," + i % 7 * 0.5 + "," + i * 0.37);
    String other = ": the last column, choose another with --target";
    for (String[] c : new String[][] {
        {first, "target 'b': the last column. If it is 'my kind', pass --target 'my kind'."},
        {named, "target 'b': the last column. If it is 'Class', pass --target Class."},
        {bare, "target 'column3': the last column. If it is 'column1', pass --target column1."},
        {whole, "target 'price'" + other}, {label, "target 'label'" + other}}) {
      String described = done("describe", c[0]);
      assertTrue(described.contains("; " + c[1].substring(c[1].indexOf("the last"))), described);
      String trained = done("train", c[0], "--epochs", "1", "--layers", "none");
      assertEquals(!c[1].endsWith(other), trained.contains("note      " + c[1] + "\n"), trained);
      if (c[1].endsWith(other)) continue;
      String option = c[1].replaceFirst(".*--target '?([^.']*).*", "$1");
      String chosen = done("train", c[0], "--epochs", "1", "--layers", "none", "--target", option);
      assertTrue(chosen.contains("target '" + option + "'") && !chosen.contains("the last column"), chosen);
    }
  }

  @Test
  void jsonHasEverythingInOneLine() throws IOException {
    String out = done("describe", people(), "--target", "y", "--drop", "copy", "--json");
    assertEquals(1, out.lines().count());
    Map<?, ?> json = (Map<?, ?>) Json.parse(out.strip());
    assertEquals(40.0, json.get("rows"));
    assertEquals(List.of("y"), json.get("targets"));
    assertEquals("classify", json.get("task"));
    assertEquals(Map.of("yes", 25.0, "no", 12.0, "rare", 2.0), json.get("classes"));
    assertEquals(1.0, json.get("rows_without_target"));
    List<?> columns = (List<?>) json.get("columns");
    Map<?, ?> age = (Map<?, ?>) columns.get(1), born = (Map<?, ?>) columns.get(3);
    assertEquals(List.of("age", "number", 10.0, 30.0, 0.0, 28.5, 57.0, "input", 6.0), List.of(age.get("name"),
        age.get("type"), age.get("missing"), age.get("distinct"), age.get("min"), age.get("median"), age.get("max"),
        age.get("use"), age.get("inputs")));
    assertEquals("2020-01-10", born.get("min"));
    assertEquals("dropped", ((Map<?, ?>) columns.get(5)).get("use"));
  }

  @Test
  void aWideTableShowsItsFirstAndLastColumns() throws IOException {
    StringBuilder s = new StringBuilder();
    for (int c = 0; c < 5000; c++) s.append('x').append(c).append(',');
    s.append("y\n");
    for (int i = 0; i < 12; i++) s.append((i % 5 + ",").repeat(5000)).append(i % 2 == 0 ? "a\n" : "b\n");
    String data = file("wide.csv", s.toString());
    String out = done("describe", data);
    assertTrue(out.lines().count() < 80 && out.contains("\n… 4,941 more columns (--all lists them)\n"), out);
    assertTrue(out.contains("\nx0 ") && out.contains("\nx4999 ") && !out.contains("\nx2500 "));
    assertTrue(done("describe", data, "--all").contains("\nx2500 "));
  }

  @Test
  void whatTrainingWouldRefuseIsAWarning() throws IOException {
    String data = file("one.csv", "x,y\n1,a\n2,a\n3,a\n");
    String out = done("describe", data), json = done("describe", data, "--json");
    assertTrue(out.contains("  training would refuse this: " + data + ": target 'y': every row is 'a', but "), out);
    assertNull(((Map<?, ?>) ((List<?>) ((Map<?, ?>) Json.parse(json.strip())).get("columns")).get(0)).get("use"));
  }

  @Test
  void onlyTablesAreDescribed() throws IOException {
    refused("describe explains tables, but spirals is a built-in data set; ./chainrule train spirals names its inputs "
        + "and classes", "describe", "spirals");
    refused("describe requires a table: ./chainrule describe DATA [options]", "describe");
    refused("nope.csv: no such file", "describe", "nope.csv");
    String idx = Files.write(directory.resolve("i.idx"), new byte[] {0, 0, 8, 3, 0, 0, 0, 0}).toString();
    refused(idx + ": describe explains tables, but this is a file of IDX images or labels", "describe", idx);
  }
}
