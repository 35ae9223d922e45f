// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.json;
import static chainrule.cli.CommandLine.refused;
import static chainrule.cli.CommandLine.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.InputColumn;
import chainrule.io.Model;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the commands read tables: options, standard input, missing values, kept columns and weights. */
class TableCommandsTest {
  private static final int ROWS = 60;

  @TempDir Path directory;

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  /** Writes a header and a line for each row. */
  private String table(String name, String header, IntFunction<String> line) throws IOException {
    StringBuilder s = new StringBuilder(header.isEmpty() ? "" : header + "\n");
    for (int i = 0; i < ROWS; i++) s.append(line.apply(i)).append('\n');
    return file(name, s.toString());
  }

  private static int x(int i) {
    return i * 7 % 31 - 15;
  }

  private static String label(int i) {
    return x(i) < 0 ? "low" : "high";
  }

  private String plain() throws IOException {
    return table("plain.csv", "x,colour,label", i -> x(i) + "," + (i % 3 == 0 ? "red" : "blue") + "," + label(i));
  }

  private String trained(String data, String... options) {
    String model = path("m.npz");
    String[] args = {"train", data, "--epochs", "2", "--threads", "1", "--layers", "4", "--out", model, "--json"};
    String[] all = new String[args.length + options.length];
    System.arraycopy(args, 0, all, 0, args.length);
    System.arraycopy(options, 0, all, args.length, options.length);
    return done(all);
  }

  private Model model() {
    return Model.read(Path.of(path("m.npz")));
  }

  private static CommandLine.Result withInput(String text, String... args) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    try {
      return run(args);
    } finally {
      System.setIn(before);
    }
  }

  // ---------------------------------------------------------------- reading options

  @Test
  void optionsOverrideWhatTheTextLeavesOpen() throws IOException {
    String data = table("odd.txt", "", i -> "1," + (10 + i) + ";" + (i % 7 == 0 ? "-999" : i % 5) + ";" + i % 2);
    trained(data, "--header", "no", "--separator", "semicolon", "--decimal", ",", "--missing", "-999,unknown", "--type",
        "3=category,column2=number");
    List<InputColumn> inputs = model().encoding().inputColumns();
    assertEquals(List.of("column1", "column2"), inputs.stream().map(InputColumn::name).toList());
    assertTrue(inputs.get(0).mean() > 1.1 && inputs.get(0).mean() < 1.69, "1,10 is " + inputs.get(0).mean());
    assertTrue(inputs.get(1).indicator() && inputs.get(1).mean() >= 0, "-999 is missing");
    assertEquals(List.of("0", "1"), model().encoding().target().labels());
  }

  @Test
  void eachSeparatorHasAWord() throws IOException {
    Map<String, String> words = Map.of("comma", ",", "semicolon", ";", "tab", "\t", "\\t", "\t", "pipe", "|", "space",
        "  ", "^", "^");
    for (Map.Entry<String, String> word : words.entrySet()) {
      String s = word.getValue();
      String data = table("s.txt", "x" + s + "z" + s + "y", i -> x(i) + s + i % 5 + s + label(i));
      trained(data, "--separator", word.getKey());
      assertEquals(2, model().encoding().inputColumns().size(), word.getKey());
    }
  }

  @Test
  void wrongReadingOptionsAreRefused() throws IOException {
    String t = plain();
    refused("--header: expected yes or no, found 'maybe'", "train", t, "--header", "maybe");
    refused("--separator: expected comma, semicolon, tab, pipe, space or one ASCII character that is not a letter, a "
        + "digit or a quote, found 'x'", "describe", t, "--separator", "x");
    refused("--decimal: expected '.' or ',', found ';'", "train", t, "--decimal", ";");
    refused("--type: expected number, category or date, found 'numer'; did you mean number?", "check", t, "--type",
        "x=numer");
    refused("--type: expected COLUMN=TYPE, such as age=number,zip=category, found 'x'", "train", t, "--type", "x");
    refused("--type: column 'x' is given twice; give it once", "train", t, "--type", "x=number,x=date");
    refused("--missing: expected refuse, or strings such as -999,unknown, found ','", "train", t, "--missing", ",");
    refused("--missing: 'refuse' cannot be combined with strings that mean a missing value", "train", t, "--missing",
        "NA,refuse");
    refused("--separator does not apply to built-in data; remove it", "train", "xor", "--separator", "comma");
    refused("--weight does not apply to built-in data; remove it", "train", "xor", "--weight", "x1");
    trained(t);
    refused("--missing refuse applies to training; a model fills in missing inputs. Remove it", "predict",
        path("m.npz"), t, "--missing", "refuse");
    refused("--keep does not apply to built-in data; remove it", "predict", path("m.npz"), "xor", "--keep", "x");
  }

  // ---------------------------------------------------------------- standard input

  @Test
  void standardInputIsReadWhereADashNamesTheData() throws IOException {
    String text = Files.readString(Path.of(plain())), model = path("s.npz");
    CommandLine.Result trained = withInput(text, "train", "-", "--epochs", "2", "--layers", "4", "--out", model,
        "--report", path("r.html"));
    assertEquals(0, trained.status(), trained.err());
    assertTrue(trained.out().startsWith("data      standard input, target 'label': 48 rows to train"), trained.out());
    trained(path("plain.csv"));
    assertArrayEquals(model().network().parameters(), Model.read(Path.of(model)).network().parameters());
    assertEquals(done("predict", model, path("plain.csv"), "--keep", "x,colour"),
        withInput(text, "predict", model, "-", "--keep", "x,colour").out());
    assertTrue(withInput(text, "evaluate", model, "-").out().contains("data      standard input: 60 rows\n"));
    assertTrue(withInput(text, "describe", "-").out().startsWith("standard input: 60 rows, 3 columns\n"));
    assertEquals(0, withInput(text, "train", path("plain.csv"), "--test", "-", "--epochs", "1").status());
    assertEquals("chainrule: --test: standard input is already the data\n",
        withInput(text, "train", "-", "--test", "-").err());
    assertEquals(2, withInput(text, "predict", "-", path("plain.csv")).status());
  }

  @Test
  void tablesOfMoreThanAHundredColumnsHaveNoPiecesUnlessTheyAreRequested() throws IOException {
    StringBuilder names = new StringBuilder();
    for (int c = 0; c < 100; c++) names.append('c').append(c).append(',');
    String data = table("wide.csv", names + "y", i -> {
      StringBuilder row = new StringBuilder();
      for (int c = 0; c < 100; c++) row.append((i * 7 + c) % 13).append(',');
      return row + label(i);
    });
    trained(data);
    assertEquals(100, model().encoding().inputs());
    trained(data, "--bins", "2");
    assertEquals(300, model().encoding().inputs());
    trained(data, "--drop", "c7", "--bins", "0");
    assertEquals(99, model().encoding().inputs());
  }

  // ---------------------------------------------------------------- missing values

  private String gaps() throws IOException {
    return table("gaps.csv", "x,colour,y", i -> (i % 4 == 1 ? "NA" : "" + x(i)) + "," + (i % 5 == 2 ? "" : "c" + i % 3)
        + "," + (i % 10 == 3 ? "" : label(i)));
  }

  @Test
  void missingValuesTrainAndAreNoted() throws IOException {
    String out = trained(gaps(), "--test-fraction", "0");
    assertTrue(out.contains("\nnote      6 of 60 rows left out, without a value in the target 'y'\n"
        + "note      missing values in 'x' (12), 'colour' (12): marked by inputs of their own, numbers filled with the "
        + "median\n"), out);
    assertTrue(out.contains(": 54 rows to train, 0 to test; 10 inputs, 2 classes\n"), out);
    assertEquals(2, ((List<?>) json(out).get("notices")).size());
    CommandLine.Result quiet = run("train", path("gaps.csv"), "--epochs", "1", "--quiet");
    assertEquals(2, quiet.err().lines().filter(l -> l.startsWith("note: ")).count(), quiet.err());
    assertEquals("", run("train", path("gaps.csv"), "--epochs", "1", "--quiet", "--json").err());
    String info = done("info", path("m.npz"));
    assertTrue(info.contains("; missing: ") && info.contains("3 categories: c0, c1, c2; and an input for missing"),
        info);
  }

  @Test
  void refuseMakesAMissingValueAnError() throws IOException {
    String t = gaps();
    refused(t + ":3: column 'x': expected a number, found a missing value. Fill it in, delete the line, or pass --drop "
        + "x.", "train", t, "--missing", "refuse");
    String whole = plain(), test = file("test.csv", "x,colour,label\n1,red,low\n,blue,high\n");
    refused(test + ": column 'x': 1 missing value. Fill them in, or remove --missing refuse.", "train", whole,
        "--test", test, "--missing", "refuse");
    done("train", whole, "--missing", "refuse", "--epochs", "1");
  }

  @Test
  void predictAndEvaluateFillInMissingInputsAndCountWhatIsNew() throws IOException {
    trained(plain());
    String model = path("m.npz");
    String odd = file("odd.csv", "x,colour,label\nNA,red,low\n2,RED,high\n3,,high\n4,violet,\n5,RED,low\n");
    CommandLine.Result p = run("predict", model, odd);
    assertEquals(0, p.status(), p.err());
    assertEquals("warning: column colour: 3 rows with unseen values 'RED', 'violet'\n", p.err());
    assertEquals(6, p.out().lines().count());
    Map<?, ?> written = json(run("predict", model, odd, "--out", path("p.csv"), "--json").out());
    assertEquals(Map.of("x", 1.0, "colour", 1.0), written.get("missing"));
    assertEquals(Map.of("colour", Map.of("rows", 3.0, "different", 2.0, "examples", List.of("RED", "violet"))),
        written.get("unseen"));
    CommandLine.Result e = run("evaluate", model, odd, "--json");
    assertTrue(e.out().contains("odd.csv: 4 rows\nnote      1 row without a target is left out\n"), e.out());
    assertEquals(1.0, json(e.out()).get("rows_without_target"));
    assertEquals(Map.of("x", 1.0, "colour", 1.0), json(e.out()).get("missing"));
    assertEquals("warning: column colour: 2 rows with unseen value 'RED'\n", e.err());
    refused("--json requires --out FILE, because the predictions go to standard output", "predict", model, odd,
        "--json");
    refused(file("none.csv", "x,colour,label\n1,red,\n2,red,NA\n") + ": no row has a value of the target", "evaluate",
        model, path("none.csv"));
  }

  @Test
  void aWordInAColumnOfNumbersCountsAsMissingIfItsTypeIsGiven() throws IOException {
    trained(plain());
    String odd = file("odd.csv", "x,colour\n1,red\nabc,blue\n");
    refused(odd + ":3: column 'x': expected a number, found 'abc'. Fix the value, or count it as missing: --type "
        + "x=number.", "predict", path("m.npz"), odd);
    CommandLine.Result r = run("predict", path("m.npz"), odd, "--type", "x=number");
    assertEquals(0, r.status(), r.err());
    assertTrue(r.err().startsWith("note: column 'x': 1 of 2 cells is not a number"), r.err());
  }

  // ---------------------------------------------------------------- kept columns

  @Test
  void keptColumnsAreCopiedAsTheyAreWritten() throws IOException {
    trained(plain());
    String data = file("ids.csv", "id,\"name, first\",x,colour\n007,\"Doe, J\",1.50,red\n8,NA,-2,\nx9,\"a \"\"b\"\"\","
        + "NA,red\n");
    List<String> lines = run("predict", path("m.npz"), data, "--keep", "x,name, first,1").out().lines().toList();
    assertEquals("x,\"name, first\",id,class,p(high),p(low)", lines.get(0));
    assertTrue(lines.get(1).startsWith("1.50,\"Doe, J\",007,"), lines.get(1));
    assertTrue(lines.get(2).startsWith("-2,NA,8,"), lines.get(2));
    assertTrue(lines.get(3).startsWith("NA,\"a \"\"b\"\"\",x9,"), lines.get(3));
    String without = run("predict", path("m.npz"), data).out();
    for (int i = 0; i < 4; i++) assertTrue(lines.get(i).endsWith(without.lines().toList().get(i)), lines.get(i));
    refused(data + ": no column 'nope'; the columns are id, name, first, x, colour", "predict", path("m.npz"), data,
        "--keep", "id,nope");
  }

  // ---------------------------------------------------------------- weights and splits

  @Test
  void aColumnOfWeightsIsNoInputAndDecidesWhatIsLearned() throws IOException {
    // the same x with both labels: the weights decide which class is likelier
    for (String heavy : new String[] {"a", "b"}) {
      String data = table("w.csv", "x,w,y", i -> i / 2 % 5 + "," + (i % 2 == 0 == heavy.equals("a") ? 9 : 1) + ","
          + (i % 2 == 0 ? "a" : "b"));
      done("train", data, "--weight", "w", "--epochs", "200", "--rate", "0.01", "--test-fraction", "0", "--out",
          path("m.npz"));
      assertEquals(List.of("x"), model().encoding().inputColumns().stream().map(InputColumn::name).toList());
      assertEquals("column w", model().training().get("weights"));
      List<String> classes = done("predict", path("m.npz"), data).lines().skip(1).map(l -> l.split(",")[0]).toList();
      assertTrue(classes.stream().allMatch(heavy::equals), heavy + classes);
    }
    String bad = file("bad.csv", "x,w,y\n1,2,a\n2,-1,b\n3,1,a\n4,1,b\n");
    refused(bad + ":3: column 'w': expected a weight ≥ 0, found '-1'. Fix the value, or delete the line.", "train", bad,
        "--weight", "w", "--test-fraction", "0");
    refused("--weight: 'y' is the target; choose another column, or another target with --target", "train", bad,
        "--weight", "y");
    refused("--weight: column 'y' of " + bad + " does not contain numbers", "train", bad, "--weight", "y", "--target",
        "x");
  }

  @Test
  void classWeightsAreBalancedOrGiven() throws IOException {
    String data = table("rare.csv", "x,y", i -> x(i) + "," + (i % 6 == 0 ? "rare" : "usual"));
    trained(data, "--class-weight", "balanced");
    assertEquals("rare=3.0,usual=0.6", model().training().get("class weights"));
    byte[] balanced = Files.readAllBytes(Path.of(path("m.npz")));
    trained(data, "--class-weight", "usual=0.6,rare=3");
    assertArrayEquals(balanced, Files.readAllBytes(Path.of(path("m.npz"))));
    trained(data);
    assertFalse(model().training().containsKey("class weights"));
    refused("--class-weight: no class 'rar'; the classes are rare, usual; did you mean rare?", "train", data,
        "--class-weight", "rar=2");
    refused("--class-weight: expected a weight ≥ 0, found '-2'", "train", data, "--class-weight", "rare=-2");
    refused("--class-weight: class 'rare' is given twice; give it once", "train", data, "--class-weight",
        "rare=1,rare=2");
    refused("--class-weight: expected balanced, or LABEL=WEIGHT such as yes=5,no=1, found 'balance'", "train", data,
        "--class-weight", "balance");
    refused("--class-weight requires classes, but the target is numeric; remove it, or pass --weight COLUMN", "train",
        data, "--target", "x", "--class-weight", "balanced");
  }

  @Test
  void eachPartOfASplitHasItsShareOfEachClass() throws IOException {
    String data = table("rare.csv", "x,y", i -> x(i) + "," + (i % 6 == 0 ? "rare" : i == 1 ? "single" : "usual"));
    for (int seed = 1; seed <= 5; seed++) {
      InputData parts = CommandLine.data(data, seed, "--patience", "2", "--validation-fraction", "0.25");
      int[][] counts = {counts(parts.train()), counts(parts.validation()), counts(parts.test())};
      assertArrayEquals(new int[][] {{6, 1, 29}, {2, 0, 10}, {2, 0, 10}}, counts);
      assertTrue(parts.notices().contains("class 'single' has only 1 row, which is used for training and not for "
          + "testing"), parts.notices().toString());
    }
  }

  private static int[] counts(chainrule.data.Dataset rows) {
    int[] counts = new int[rows.labels().size()];
    for (int c : rows.classes()) counts[c]++;
    return counts;
  }

  @Test
  void moreThanTenNotesEndWithTheCommandThatShowsAll() throws IOException {
    StringBuilder names = new StringBuilder("y");
    for (int c = 0; c < 14; c++) names.append(",k").append(c);
    String data = table("copies.csv", names.toString(), i -> label(i) + ("," + (x(i) < 0 ? 1 : 0)).repeat(14));
    List<String> lines = trained(data, "--target", "y").lines().filter(l -> l.startsWith("note ")).toList();
    assertEquals(10, lines.size());
    assertEquals("note      5 more notes; ./chainrule describe " + data + " --target y explains every column",
        lines.get(9));
    assertEquals(14, done("describe", data, "--target", "y").lines().filter(l -> l.contains(" exactly.")).count());
  }
}
