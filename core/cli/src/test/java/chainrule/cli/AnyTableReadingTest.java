// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.AnyTable.assertContains;
import static chainrule.cli.AnyTable.assertNumbers;
import static chainrule.cli.AnyTable.column;
import static chainrule.cli.AnyTable.columns;
import static chainrule.cli.AnyTable.described;
import static chainrule.cli.AnyTable.refusal;
import static chainrule.cli.AnyTable.trained;
import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.run;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways in which the same table is written, and files that are not tables, on the command line. */
class AnyTableReadingTest {
  @TempDir Path directory;

  private String file(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes).toString();
  }

  private String file(String name, String text) throws IOException {
    return file(name, text.getBytes(UTF_8));
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void theSameTableIsReadFromEveryCommonWayToWriteIt() throws IOException {
    String plain = AnyTable.text(",");
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("semicolon.csv", AnyTable.text(";").getBytes(UTF_8));
    files.put("tab.tsv", AnyTable.text("\t").getBytes(UTF_8));
    files.put("pipe.txt", AnyTable.text("|").getBytes(UTF_8));
    files.put("spaces.data", AnyTable.text("   ").getBytes(UTF_8));
    files.put("blanks.csv", AnyTable.text(", ").getBytes(UTF_8));
    files.put("excel.csv", ("\uFEFFsep=;\r\n" + AnyTable.text(";").replace("\n", "\r\n")).getBytes(UTF_8));
    files.put("comments.csv", ("# measured in 2017, by hand\n#\n" + plain).getBytes(UTF_8));
    files.put("old-mac.csv", plain.replace("\n", "\r").getBytes(UTF_8));
    files.put("quoted.csv", plain.replace(",", "\", \"").replaceAll("(?m)^|$(?=\n)", "\"").getBytes(UTF_8));
    files.put("trailing-columns.csv", plain.replace("\n", ",,\n").getBytes(UTF_8));
    files.put("trailing-rows.csv", plain.replace("cat\n", "cat,\n").getBytes(UTF_8));
    files.put("trailing-lines.csv", (plain + ",,\n,,\n\n").getBytes(UTF_8));
    files.put("no-break-space.csv", plain.replace(",", "\u00A0,").getBytes(UTF_8));
    files.put("minus.csv", plain.replace('-', '\u2212').getBytes(UTF_8));
    files.put("utf-16-little.csv", ("\uFEFF" + plain).getBytes(UTF_16LE));
    files.put("utf-16-big.csv", ("\uFEFF" + plain).getBytes(UTF_16BE));
    files.put("packed.csv.gz", gzip(plain));
    String comma = AnyTable.text(";").replace('.', ',');
    files.put("decimal-comma.csv", comma.getBytes(UTF_8));
    files.put("utf-16-decimal-comma.csv", ("\uFEFF" + comma).getBytes(UTF_16LE));
    String expected = columns(described(file("plain.csv", plain)));
    assertTrue(expected.contains("\"name\":\"label\""), expected);
    for (Map.Entry<String, byte[]> e : files.entrySet()) {
      assertEquals(expected, columns(described(file(e.getKey(), e.getValue()))), e.getKey());
      assertEquals(0, run("train", file(e.getKey(), e.getValue()), "--quiet", "--epochs", "1").status(), e.getKey());
    }
  }

  @Test
  void aDashReadsStandardInput() throws IOException {
    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream(AnyTable.text(",").getBytes(UTF_8)));
      assertTrue(trained("-").contains("standard input"));
      System.setIn(new ByteArrayInputStream(gzip(AnyTable.text(","))));
      assertEquals(columns(described(file("plain.csv", AnyTable.text(",")))), columns(described("-")));
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void textThatIsNotUnicodeIsRefusedWithItsLine() throws IOException {
    String f = file("latin.csv", AnyTable.text(",").replace("dog", "Hündin").getBytes(ISO_8859_1));
    assertTrue(refusal("train", f).contains(f + ":2: not valid UTF-8"), refusal("train", f));
    String wide = file("wide.csv", ("\uFEFF" + AnyTable.text(",")).getBytes(Charset.forName("UTF-32LE")));
    assertTrue(refusal("train", wide).contains(wide + ": is UTF-32. Save the file as UTF-8."), refusal("train", wide));
  }

  @Test
  void aQuotedFieldMayFollowBlanks() throws IOException {
    String f = file("t.csv", "name, city, y\n" + "n0, \"Paris, FR\", 1\nn1, \"Rome, IT\", 2\n".repeat(10));
    assertTrue(column(described(f), "city").contains("{\"value\":\"Paris, FR\",\"rows\":10}"), described(f));
  }

  @Test
  void labelsThatDifferInTheirUnicodeFormOnlyAreOneClass() throws IOException {
    String f = file("t.csv", "x,label\n" + "1,bar\n2,caf\u00E9\n3,cafe\u0301\n".repeat(10));
    assertTrue(described(f).contains("\"classes\":{\"caf\u00E9\":20,\"bar\":10}"), described(f));
  }

  @Test
  void arffFilesHaveNamesAndTypes() throws IOException {
    String f = file("pets.arff", """
        % a comment
        @RELATION pets
        @attribute 'body mass' numeric
        @attribute grade {1,2,3}
        @attribute class {'big cat',dog}
        @data
        """ + "1.5,1,'big cat'\n?,3,dog\n4,2,dog\n".repeat(10));
    String json = described(f);
    assertNumbers(json, "body mass", 1.5, 2.75, 4);
    assertTrue(column(json, "body mass").contains("\"missing\":10"), json);
    assertTrue(column(json, "grade").contains("\"type\":\"category\""), json);
    assertTrue(json.contains("\"classes\":{\"dog\":20,\"big cat\":10}"), json);
    trained(f);
    String wrong = file("wrong.arff", Files.readString(Path.of(f)) + "1,1,bird\n");
    assertTrue(refusal("train", wrong).contains(":37: ") && refusal("train", wrong).contains("bird"),
        refusal("train", wrong));
  }

  @Test
  void otherFormatsAreNamed() throws IOException {
    String json = "{\"x\":1,\"label\":\"dog\"}\n".repeat(9);
    String[][] others = {{"pets.libsvm", "-1 1:-0.256 2:0.511\n+1 1:2.7 2:-2.3\n".repeat(9), "libsvm"},
        {"pets.jsonl", json, "JSON lines"}, {"pets.json", "[" + json.strip().replace("\n", ",\n") + "]", "JSON"},
        {"xor.fann", "4 2 1\n-1 -1\n-1\n-1 1\n1\n1 -1\n1\n1 1\n-1\n", "FANN"},
        {"page.csv", "<!DOCTYPE html>\n<html><p>Sign in, please</p></html>\n", "HTML"},
        {"book.csv", "%PDF-1.4\n", "PDF"}};
    for (String[] other : others) {
      String f = file(other[0], other[1]), line = refusal("train", f);
      assertTrue(line.startsWith("chainrule: " + f + ": ") && line.contains(other[2]), line);
    }
  }

  @Test
  void aTitleAboveTheTableIsNamedAndMayBecomeAComment() throws IOException {
    String table = "Created on 02-18-2020,https://example.org\n" + AnyTable.text(",");
    String line = refusal("train", file("t.csv", table));
    assertContains("t.csv:1: ", line);
    assertContains("looks like a title", line);
    assertContains("put # in front", line);
    trained(file("t.csv", "#" + table));
  }

  @Test
  void numericColumnNamesAreAHeaderAboveOtherValues() throws IOException {
    for (String names : new String[] {"0,1,2", "1,2,3", "2019,2020,2021"}) {
      String f = file("t.csv", AnyTable.text(",", names.split(",")));
      String json = described(f);
      assertTrue(json.contains("\"rows\":" + AnyTable.ROWS + ","), json);
      for (String name : names.split(",")) column(json, name);
      String numbers = file("n.csv", AnyTable.text(",", names.split(",")).replace("dog", "0").replace("cat", "1"));
      assertTrue(described(numbers).contains("\"rows\":" + AnyTable.ROWS + ","), described(numbers));
    }
  }

  @Test
  void aFileWithoutNamesKeepsItsFirstRowAndSaysSo() throws IOException {
    String numbers = file("iris.data", AnyTable.text(",", null));
    assertTrue(described(numbers).contains("\"rows\":" + AnyTable.ROWS + ","), described(numbers));
    String car = "vhigh,low,2,small,unacc\nmed,med,4,big,acc\nhigh,vhigh,more,small,acc\nlow,low,2,med,unacc\n";
    String f = file("car.data", car.repeat(10));
    String json = described(f);
    assertTrue(json.contains("\"rows\":40,"), json);
    assertTrue(trained(f).contains("--header yes"), trained(f));
  }

  @Test
  void headerYesAndNoOverrideTheDecision() throws IOException {
    String f = file("t.csv", AnyTable.text(","));
    assertTrue(described(f, "--header", "no").contains("\"rows\":" + (AnyTable.ROWS + 1) + ","));
    String none = file("u.csv", AnyTable.text(",", null));
    assertTrue(described(none, "--header", "yes").contains("\"rows\":" + (AnyTable.ROWS - 1) + ","));
  }

  @Test
  void separatorAndDecimalMarkCanBeSet() throws IOException {
    String f = file("t.csv", AnyTable.text("^"));
    assertEquals(columns(described(file("plain.csv", AnyTable.text(",")))), columns(described(f, "--separator", "^")));
    String tsv = file("t.tsv", "income\tlabel\n" + "1,250\ta\n2,400\tb\n".repeat(10));
    assertNumbers(described(tsv, "--decimal", "."), "income", 1250, 1825, 2400);
    assertNumbers(described(tsv, "--decimal", ","), "income", 1.25, 1.825, 2.4);
  }

  @Test
  void anIndexColumnIsLeftOutWithANotice() throws IOException {
    for (String name : new String[] {"", "Unnamed: 0"}) {
      StringBuilder s = new StringBuilder(name + ",x,y,label\n");
      int i = 0;
      for (String[] row : AnyTable.rows()) s.append(i++).append(',').append(String.join(",", row)).append('\n');
      String f = file("t.csv", s.toString()), model = directory.resolve("m.npz").toString();
      String out = trained(f, "--out", model);
      assertTrue(out.contains("left out"), out);
      String moved = s.toString().replaceAll("(?m)^(?=\\d)", "9");
      assertEquals(run("predict", model, f), run("predict", model, file("t.csv", moved)));
      assertFalse(done("info", model).contains("Unnamed"), name);
    }
  }
}
