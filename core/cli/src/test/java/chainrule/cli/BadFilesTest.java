// SPDX-License-Identifier: MIT
package chainrule.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Encoding;
import chainrule.io.Model;
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Step;
import chainrule.nn.activation.Tanh;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files and arguments that once caused an internal error, a wrong answer, or lost data. */
class BadFilesTest {
  @TempDir Path directory;

  private record Result(int status, String out, String err) {}

  private static Result run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();
    int status = Main.run(List.of(args), new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8), false);
    return new Result(status, out.toString(StandardCharsets.UTF_8),
        err.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
  }

  private static void refused(String message, String... args) {
    Result r = run(args);
    assertEquals("chainrule: " + message + "\n", r.err);
    assertEquals(2, r.status);
  }

  private String table() throws IOException {
    return Files.writeString(directory.resolve("t.csv"), "x1,x2,class\n1,2,a\n3,4,b\n5,6,a\n7,8,b\n1,1,a\n2,2,b\n")
        .toString();
  }

  private String model(Network n, Encoding e) {
    Path file = directory.resolve("m.npz");
    new Model(n, e, Map.of("loss", "cce")).write(file);
    return file.toString();
  }

  private static Encoding two() {
    return Encoding.plain(2, List.of("a", "b"));
  }

  @Test
  void networksTooLargeForAnArrayAreAUsageError() {
    refused("--layers: layer 2 (dense): 500000000 × 3 weights make more parameters than one array holds (2147483639)",
        "train", "spirals", "--layers", "500000000:relu");
  }

  @Test
  void batchesTooLargeForAnArrayAreAUsageError() {
    refused("--batch: 1200 rows of 2000000 units exceed the largest array (2147483639 numbers); use smaller batches "
        + "or layers",
        "train", "spirals", "--layers", "2000000:relu", "--batch", "2147483647");
  }

  @Test
  void everyOutputActivationCanBeEvaluated() throws IOException {
    for (Network n : new Network[] {Network.input(2).dense(1, new Tanh()).build(1),
        Network.input(2).dense(2, new Linear()).build(1),
        Network.input(2).dense(1, new Softmax()).build(1), Network.input(2).dense(2, new Sigmoid()).build(1)}) {
      Result r = run("evaluate", model(n, two()), table(), "--json");
      assertEquals(0, r.status, n + r.err);
      assertTrue(r.out.startsWith("model     ") && r.out.contains("\"accuracy\":"), r.out);
    }
    String step = model(Network.input(2).dense(1, new Step()).build(1), two());
    Result r = run("evaluate", step, table());
    assertTrue(r.err.startsWith("chainrule: " + step + ": the layer 1 step of 2 → 1 step cannot be trained"), r.err);
    assertEquals(2, r.status);
    assertEquals(0, run("predict", step, table()).status);
  }

  @Test
  void modelsWithNonFiniteWeightsCannotPredict() throws IOException {
    for (double bad : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      Network n = Network.input(2).dense(1, new Sigmoid()).build(1);
      n.parameters()[1] = bad;
      String m = model(n, two());
      refused(m + ": the model cannot predict because a weight is " + bad + "; train it again", "predict", m, table());
      refused(m + ": the model cannot predict because a weight is " + bad + "; train it again", "evaluate", m, table());
      assertEquals(0, run("info", m).status);
    }
  }

  @Test
  void inputFilesAreNotOverwritten() throws IOException {
    String t = table(), m = model(Network.input(2).dense(1, new Sigmoid()).build(1), two());
    String before = Files.readString(Path.of(t));
    for (String option : new String[] {"--out", "--checkpoint"}) {
      refused(option + ": " + t + " is an input of this command and would be overwritten; choose another file", "train",
          t, option, t);
    }
    refused("--out: " + t + " is an input of this command and would be overwritten; choose another file", "train", t,
        "--test", t, "--out", t);
    refused("--out: " + t + " is an input of this command and would be overwritten; choose another file", "predict", m,
        t, "--out", t);
    refused("--out: " + m + " is an input of this command and would be overwritten; choose another file", "predict", m,
        t, "--out", m);
    String both = directory.resolve("x").toString();
    refused("--checkpoint: " + both + " is also the file of another option; use two files", "train", t, "--out", both,
        "--checkpoint", both);
    assertEquals(before, Files.readString(Path.of(t)));
  }

  @Test
  void missingDirectoriesAreNamed() throws IOException {
    String t = table(), m = model(Network.input(2).dense(1, new Sigmoid()).build(1), two());
    Path missing = directory.resolve("no").resolve("p.csv");
    refused("cannot read or write: " + missing + ": no such directory: " + missing.getParent(), "predict", m, t,
        "--out", missing.toString());
    refused("--out: cannot read or write: " + missing + ": no such directory: " + missing.getParent(), "train", t,
        "--out", missing.toString());
  }

  /** Testing for IDX's first bytes must not consume them. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aPipeIsReadCompletely() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    byte[] bytes = Files.readAllBytes(Path.of(table()));
    String m = model(Network.input(2).dense(1, new Sigmoid()).build(1), two());
    Thread writer = new Thread(() -> {
      try (OutputStream out = Files.newOutputStream(pipe)) {
        out.write(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
    writer.setDaemon(true);
    writer.start();
    Result r = assertTimeoutPreemptively(Duration.ofSeconds(60), () -> run("predict", m, pipe.toString()));
    assertEquals(0, r.status, r.err);
    assertEquals(7, r.out.lines().count());
  }

  @Test
  void namesFromFilesCannotControlTheTerminal() throws IOException {
    String esc = "\u001b[2J\u0007\n\u009b31m\u202e", label = "\"a" + esc + "\"";
    String t = Files.writeString(directory.resolve("e.csv"), "x,\"y" + esc + "\"\n1," + label + "\n2,b\n3," + label
        + "\n4,b\n5," + label + "\n").toString();
    String m = directory.resolve("e.npz").toString();
    Result train = run("train", t, "--epochs", "1", "--threads", "1", "--out", m);
    assertEquals(0, train.status, train.err);
    Result info = run("info", m), evaluate = run("evaluate", m, t), none = run("train", t, "--target", "no" + esc);
    for (String s : new String[] {train.out, info.out, evaluate.out, none.err}) {
      assertTrue(s.chars().allMatch(c -> c == '\n' || c == '\r' || !Character.isISOControl(c) && c != 0x202e), s);
    }
    assertEquals(1, none.err.lines().count());
    String huge = "--" + "x".repeat(100_000);
    assertTrue(run("train", huge).err.length() < 1100);
    assertTrue(run("y".repeat(100_000)).err.length() < 1100);
  }

  @Test
  void theLocaleDoesNotChangeTheOutput() throws IOException {
    Locale before = Locale.getDefault();
    String t = table(), m = directory.resolve("l.npz").toString();
    String[][] commands = {{"train", t, "--epochs", "2", "--threads", "1", "--out", m, "--quiet", "--json"},
        {"info", m}, {"evaluate", m, t, "--json"},
        {"predict", m, t}, {"check", t, "--json"}, {"help", "train"}, {"train", t, "--rate", "x"},
        {"train", "no-such.csv"}};
    try {
      String[] root = new String[commands.length];
      byte[] file = null;
      for (String tag : new String[] {"", "tr", "de", "ar-EG", "hi-IN-u-nu-deva"}) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        for (int i = 0; i < commands.length; i++) {
          Result r = run(commands[i]);
          String all = (r.status + r.out + r.err).replaceAll("\"seconds\":[^,]*,", "");
          if (root[i] == null) root[i] = all;
          assertEquals(root[i], all, tag);
        }
        if (file == null) file = Files.readAllBytes(Path.of(m));
        assertArrayEquals(file, Files.readAllBytes(Path.of(m)), tag);
      }
    } finally {
      Locale.setDefault(before);
    }
  }
}
