// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.AnyTable.assertContains;
import static chainrule.cli.AnyTable.refusal;
import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New data for a model, several targets, weights and splits, on the command line. */
class AnyTableModelsTest {
  @TempDir Path directory;
  private String model;

  @BeforeEach
  void name() {
    model = directory.resolve("m.npz").toString();
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  /** Trains briefly on the file; returns the output. */
  private String trained(String file, String... args) {
    String[] all = new String[args.length + 8];
    all[0] = "train";
    all[1] = file;
    System.arraycopy(args, 0, all, 2, args.length);
    System.arraycopy(
        new String[] {"--epochs", "1", "--threads", "1", "--out", model}, 0, all, args.length + 2, 6);
    return done(all);
  }

  private List<String> predicted(String file, String... args) {
    String[] all = new String[args.length + 3];
    all[0] = "predict";
    all[1] = model;
    all[2] = file;
    System.arraycopy(args, 0, all, 3, args.length);
    CommandLine.Result r = run(all);
    assertEquals(0, r.status(), r.err());
    return r.out().lines().toList();
  }

  // ---------------------------------------------------------------- new data

  @Test
  void unseenCategoriesAreCountedAndNamed() throws IOException {
    trained(file("t.csv", "colour,x,label\n" + "Red,1,a\nBlue,2,b\n".repeat(20)));
    String f = file("new.csv", "colour,x,label\nRed,1,a\nred,1,a\nRED.,1,b\nBlue,1,b\nred,1,a\n");
    String line = "warning: column colour: 3 rows with unseen values 'red', 'RED.'\n";
    for (String command : new String[] {"predict", "evaluate"}) assertEquals(line, run(command, model, f).err());
    assertContains("\"unseen\":{\"colour\":{\"rows\":3,\"different\":2,\"examples\":[\"red\",\"RED.\"]}}",
        run("evaluate", model, f, "--json").json());
  }

  @Test
  void noRowIsRefusedBecauseAnInputIsMissing() throws IOException {
    trained(file("t.csv", AnyTable.text(",")));
    String f = file("new.csv", "x,y\n0.5,-1\n,2\n,\nNA,1\n3,?\n");
    assertEquals(6, predicted(f).size());
    String labeled = file("labeled.csv", "x,y,label\n,1,cat\n1,,dog\n");
    assertEquals(0, run("evaluate", model, labeled).status());
  }

  @Test
  void newDataMayBeWrittenInAnotherWay() throws IOException {
    trained(file("t.csv", AnyTable.text(",")));
    List<String> expected = predicted(file("t.csv", AnyTable.text(",")));
    assertEquals(expected, predicted(file("u.csv", AnyTable.text(";").replace('.', ','))));
    assertEquals(expected, predicted(file("v.csv", "sep=|\n" + AnyTable.text("|"))));
    StringBuilder s = new StringBuilder("label,extra,y,x\n");
    for (String[] row : AnyTable.rows()) {
      s.append(row[2]).append(",?,").append(row[1]).append(',').append(row[0]).append('\n');
    }
    assertEquals(expected, predicted(file("w.csv", s.toString())));
  }

  @Test
  void oneNewRowIsReadWithTheDecimalMarkOfTraining() throws IOException {
    trained(file("t.tsv", "income\tlabel\n" + "1,250\ta\n2,400\tb\n999\ta\n".repeat(10)), "--decimal", ".");
    List<String> rows = predicted(file("new.tsv", "income\tlabel\n1,250\ta\n1250\ta\n"));
    assertEquals(rows.get(1), rows.get(2));
    assertEquals(rows.get(1), predicted(file("one.tsv", "income\tlabel\n1,250\ta\n")).get(1));
  }

  @Test
  void theModelKnowsWhichValuesMeanAMissingOne() throws IOException {
    trained(file("t.csv", "x,colour,label\n" + "1,red,a\n2,blue,b\n-999,unknown,a\n3,red,b\n".repeat(10)),
        "--missing", "-999,unknown");
    List<String> rows = predicted(file("new.csv", "x,colour\n-999,unknown\n,\n1,red\n"));
    assertEquals(rows.get(1), rows.get(2));
  }

  @Test
  void aModelOfAFileWithoutNamesPredictsAFileWithoutNames() throws IOException {
    String car = "vhigh,low,2,small,unacc\nmed,med,4,big,acc\nhigh,vhigh,more,small,acc\nlow,low,2,med,unacc\n";
    trained(file("car.data", car.repeat(10)));
    assertEquals(5, predicted(file("new.data", car)).size());
  }

  @Test
  void aMissingColumnIsNamed() throws IOException {
    trained(file("t.csv", AnyTable.text(",")));
    assertContains("'y'", refusal("predict", model, file("new.csv", "x,z\n1,2\n2,3\n")));
  }

  @Test
  void keepCopiesColumnsAsTheyAreWritten() throws IOException {
    trained(file("t.csv", AnyTable.text(",")));
    String f = file("new.csv", "id,\"full, name\",x,y\n007,\"O, P\",1.50,-2\n9007199254740993,Q,3,4\n");
    List<String> rows = predicted(f, "--keep", "id,full, name,x");
    assertTrue(rows.get(0).startsWith("id,\"full, name\",x,"), rows.get(0));
    assertTrue(rows.get(1).startsWith("007,\"O, P\",1.50,"), rows.get(1));
    assertTrue(rows.get(2).startsWith("9007199254740993,Q,3,"), rows.get(2));
    assertContains("'idd'", refusal("predict", model, f, "--keep", "idd"));
  }

  // ---------------------------------------------------------------- classes

  @Test
  void numericLabelsAreOneClassHoweverTheyAreWritten() throws IOException {
    trained(file("t.csv", "x,label\n" + "1,0\n2,1\n3,0.0\n4,1.0\n".repeat(10)));
    assertEquals("class,p(0),p(1)", predicted(file("new.csv", "x\n1\n2\n")).get(0));
  }

  @Test
  void numbersInLabelsAreOrderedByTheirValue() throws IOException {
    trained(file("t.csv", "x,label\n" + "1,class 10\n2,class 2\n3,class 1\n".repeat(10)));
    assertEquals("class,p(class 1),p(class 2),p(class 10)", predicted(file("new.csv", "x\n1\n2\n")).get(0));
  }

  @Test
  void aClassThatCannotBeOnBothSidesIsNamed() throws IOException {
    String out = trained(file("t.csv", AnyTable.text(",") + "0.100,0.100,bird\n"));
    assertContains("'bird'", out);
    assertContains("41 rows", done("describe", directory.resolve("t.csv").toString()));
  }

  // ---------------------------------------------------------------- several targets

  @Test
  void severalNumbersArePredictedTogether() throws IOException {
    String f = file("t.csv", "a,b,lat,lon\n" + "1,2,49.5,8.25\n3,1,50.5,7.5\n2,2,48,9\n".repeat(10));
    trained(f, "--target", "lat,lon");
    assertEquals("lat,lon", predicted(f).get(0));
    String json = run("evaluate", model, f, "--json").json();
    assertContains("\"task\":\"regress\"", json);
    assertContains("\"lat\"", json);
    assertContains("'lon'", refusal("train", f, "--target", "lat,lon", "--drop", "lon"));
  }

  @Test
  void severalLabelsArePredictedTogether() throws IOException {
    String f = file("t.csv", "x,y,a,b\n" + "1,2,yes,0\n3,1,no,1\n2,2,yes,1\n0,2,no,0\n".repeat(10));
    trained(f, "--target", "a,b", "--task", "multilabel");
    List<String> rows = predicted(f);
    assertEquals("a,b,p(a),p(b)", rows.get(0));
    assertTrue(rows.get(1).matches("(yes|no),[01],0\\..*"), rows.get(1));
    assertContains("\"task\":\"multilabel\"", run("evaluate", model, f, "--json").json());
    assertContains("--task multilabel", refusal("train", f, "--target", "a,b"));
  }

  // ---------------------------------------------------------------- weights

  @Test
  void classesAndRowsHaveWeights() throws IOException {
    String f = file("t.csv", "x,w,label\n" + "1,1,ok\n2,2,ok\n3,1,ok\n4,0.5,fraud\n".repeat(10));
    trained(f, "--class-weight", "balanced");
    trained(f, "--class-weight", "fraud=3,ok=1");
    trained(f, "--weight", "w");
    assertFalse(done("info", model).matches("(?s).*inputs[^\n]*\\bw\\b.*"), done("info", model));
    assertEquals(4, predicted(file("new.csv", "x\n1\n2\n3\n")).size());
    assertContains("'frod'", refusal("train", f, "--class-weight", "frod=3"));
    assertContains("'label'", refusal("train", f, "--weight", "label"));
    String negative = file("u.csv", "x,w,label\n" + "1,1,ok\n2,-2,fraud\n" + "1,1,ok\n2,2,fraud\n".repeat(10));
    assertContains(":3: column 'w': expected a weight", refusal("train", negative, "--weight", "w"));
  }
}
