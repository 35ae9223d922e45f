// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A small table for tests of the ways in which tables are written, and what the command line says about tables. */
final class AnyTable {
  static final int ROWS = 40;

  private AnyTable() {}

  /** Returns the cells of {@value #ROWS} rows: x and y, whose signs tell the label, dog or cat, in turn. */
  static List<String[]> rows() {
    List<String[]> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      double side = i % 2 == 0 ? -1 : 1;
      rows.add(new String[] {String.format(Locale.ROOT, "%.4f", side * (1.0012 + 0.037 * (i % 13))),
          String.format(Locale.ROOT, "%.4f", -side * (2.5023 + 0.041 * (i % 11))), i % 2 == 0 ? "dog" : "cat"});
    }
    return rows;
  }

  /** Returns the table with a header x, y, label and this separator. */
  static String text(String separator) {
    return text(separator, new String[] {"x", "y", "label"});
  }

  /** Returns the table with this header; null for none. */
  static String text(String separator, String[] header) {
    StringBuilder s = new StringBuilder(header == null ? "" : String.join(separator, header) + "\n");
    for (String[] row : rows()) s.append(String.join(separator, row)).append('\n');
    return s.toString();
  }

  /** Runs a command that must be refused; returns its one line. */
  static String refusal(String... args) {
    CommandLine.Result r = run(args);
    assertEquals(2, r.status(), r.out() + r.err());
    assertEquals("", r.out());
    assertTrue(r.err().startsWith("chainrule: ") && r.err().lines().count() == 1, r.err());
    return r.err();
  }

  /** Returns the output of a short training run that must succeed. */
  static String trained(String... args) {
    String[] all = new String[args.length + 5];
    all[0] = "train";
    System.arraycopy(args, 0, all, 1, args.length);
    System.arraycopy(new String[] {"--epochs", "1", "--threads", "1"}, 0, all, args.length + 1, 4);
    return done(all);
  }

  /** Fails if a string does not contain another. */
  static void assertContains(String part, String whole) {
    assertTrue(whole.contains(part), "'" + part + "' is missing in: " + whole);
  }

  /** Returns what {@code describe --json} says about a column. */
  static String column(String json, String name) {
    Pattern column = Pattern.compile("\\{\"name\":\"" + Pattern.quote(name) + "\",.*?\"meaning\":\"[^\"]*\"\\}");
    Matcher m = column.matcher(json);
    assertTrue(m.find(), "no column " + name + " in " + json);
    return m.group();
  }

  /** Returns what {@code describe --json} says about all columns, from {@code "columns":} to the targets. */
  static String columns(String json) {
    return json.substring(json.indexOf("\"columns\":"), json.indexOf(",\"notices\":"));
  }

  /** Runs {@code describe --json}, which must succeed without a word on standard error. */
  static String described(String... args) {
    String[] all = new String[args.length + 2];
    all[0] = "describe";
    System.arraycopy(args, 0, all, 1, args.length);
    all[all.length - 1] = "--json";
    CommandLine.Result r = CommandLine.run(all);
    assertEquals("", r.err());
    assertEquals(0, r.status(), r.err());
    return r.json();
  }

  /** Asserts that a column holds numbers with this minimum, median and maximum. */
  static void assertNumbers(String json, String column, double min, double median, double max) {
    String found = column(json, column);
    assertTrue(found.contains("\"type\":\"number\""), found);
    for (String[] expected : new String[][] {{"min", "" + min}, {"median", "" + median}, {"max", "" + max}}) {
      Matcher m = Pattern.compile("\"" + expected[0] + "\":([^,}]*)").matcher(found);
      assertTrue(m.find(), found);
      assertEquals(Double.parseDouble(expected[1]), Double.parseDouble(m.group(1)), expected[0] + " of " + found);
    }
  }
}
