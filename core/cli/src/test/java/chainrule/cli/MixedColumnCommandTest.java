// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.refused;
import static chainrule.cli.CommandLine.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns that mix numbers and words, on the command line: what is refused, and that the printed remedies work. */
class MixedColumnCommandTest {
  private static final String OR_CATEGORIES =
      ", or prefix the numbers with a letter if they are categories ('n2' for '2').";

  @TempDir Path directory;

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  @Test
  void nonFiniteWordsAmongNumbersAreRefusedByTrainAndCheck() throws IOException {
    String t = file("t.csv", "a,b,y\nnan,1,1\ninf,2,2\n1,3,3\n2,4,4\n");
    String message = t + ": column 'a': contains 2 numbers (such as '1' in line 4) and 2 cells that are not numbers "
        + "(such "
        + "as 'nan' in line 2). NaN and infinity do not count as numbers. Fix the values, pass --drop a"
        + OR_CATEGORIES;
    refused(message, "train", t, "--task", "regress");
    refused(message, "check", t, "--task", "regress");
    done("train", t, "--task", "regress", "--drop", "a", "--epochs", "1", "--threads", "1");
  }

  @Test
  void categoriesTrainOnceEachNumberHasALetter() throws IOException {
    String doors = "2,a\n3,b\n4,a\n5more,b\n".repeat(10);
    String t = file("t.csv", "doors,y\n" + doors);
    assertEquals(2, run("train", t).status());
    String words = file("w.csv", "doors,y\n" + doors.replaceAll("(?m)^(?=[0-9],)", "n"));
    done("train", words, "--epochs", "1", "--threads", "1");
  }

  @Test
  void theOptionToDropColumnsWorksAsItIsPrinted() throws IOException {
    StringBuilder s = new StringBuilder("id,\"Full Name\",\"a,b\",x,y\n");
    for (int i = 0; i < 30; i++) {
      s.append('p').append(i).append(",q").append(i).append(",r").append(i);
      s.append(',').append(i).append(i % 2 == 0 ? ",2\n" : ",3\n");
    }
    String t = file("t.csv", s.toString());
    String[][] steps = {{null, "--drop id"}, {"id", "--drop \"id,Full Name\""},
        {"id,Full Name", "--drop \"id,Full Name,3\""}};
    for (String[] step : steps) {
      var r = step[0] == null ? run("train", t) : run("train", t, "--drop", step[0]);
      assertEquals(2, r.status());
      assertTrue(r.err().endsWith(" Pass " + step[1] + ".\n"), r.err());
    }
    done("train", t, "--drop", "id,Full Name,3", "--epochs", "1", "--threads", "1");
  }

  @Test
  void aMixedTargetAsksForClasses() throws IOException {
    String t = file("t.csv", "x,y\n" + "1,1\n2,x\n3,1\n".repeat(10));
    String message = t + ": target 'y': contains 20 numbers (such as '1' in line 2) and 10 cells that are not numbers "
        + "(such "
        + "as 'x' in line 3). Fix the values, delete their lines, or pass --task classify to predict classes.";
    refused(message, "train", t);
    refused(message, "train", t, "--task", "regress");
    assertTrue(done("train", t, "--task", "classify", "--epochs", "1", "--threads", "1").contains("2 classes"));
  }

  @Test
  void predictAndEvaluateNameTheCellAndNoOptionTheyLack() throws IOException {
    String t = file("t.csv", "x,y\n1,2\n2,3\n3,5\n4,7\n5,11\n"), model = directory.resolve("m.npz").toString();
    done("train", t, "--task", "regress", "--epochs", "1", "--threads", "1", "--out", model);
    String word = file("word.csv", "x,y\n1,2\nabc,3\n"), nan = file("nan.csv", "x,y\nNaN,2\n1,3\n");
    String empty = file("empty.csv", "x,y\n1,2\n2,3\n,4\n"), target = file("target.csv", "x,y\n1,2\n2,three\n");
    for (String command : new String[] {"predict", "evaluate"}) {
      refused(word + ":3: column 'x': expected a number, found 'abc'. Fix the value, or delete the line.", command,
          model, word);
      refused(nan + ":2: column 'x': expected a finite number, found 'NaN'. Fix the value, or delete the line.",
          command, model, nan);
      refused(empty + ":4: column 'x': expected a number, found an empty cell. Fill it in, or delete the line.",
          command, model, empty);
    }
    done("predict", model, target);
    assertEquals("chainrule: " + target
        + ":3: column 'y': expected a number, found 'three'. Fix the value, or delete the line.\n",
        run("evaluate", model, target).err());
  }
}
