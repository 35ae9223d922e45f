// SPDX-License-Identifier: MIT
package chainrule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.io.Version;
import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line as a user sees it: what it prints, and its exit status. */
class MainTest {
  @TempDir Path directory;

  private record Result(int status, String out, String err) {}

  private static Result run(boolean terminal, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();
    int status = Main.run(List.of(args), new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8), terminal);
    return new Result(status, lines(out), lines(err));
  }

  /** Windows has other line ends. */
  private static String lines(ByteArrayOutputStream printed) {
    return printed.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
  }

  private static Result run(String... args) {
    return run(false, args);
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  private static void refused(String message, String... args) {
    Result r = run(args);
    assertEquals("chainrule: " + message + "\n", r.err.replace("\r\n", "\n"));
    assertEquals(2, r.status);
    assertEquals("", r.out);
  }

  private String table() throws IOException {
    StringBuilder s = new StringBuilder("x,colour,label\n");
    for (int i = 0; i < 60; i++) {
      s.append(i % 30 - 15).append(',').append(i % 3 == 0 ? "red" : "blue").append(',')
          .append(i % 30 < 15 ? "low" : "high")
          .append('\n');
    }
    return file("t.csv", s.toString());
  }

  @Test
  void trainsOnBuiltInDataAndReportsTheRun() {
    Result r = run("train", "moons", "--epochs", "60", "--threads", "1", "--json");
    assertEquals(0, r.status, r.err);
    assertTrue(r.out.contains("data      moons (synthetic): 800 rows to train, 200 to test; 2 inputs, 2 classes"),
        r.out);
    assertTrue(r.out.contains("network   2 → 64 relu → 32 relu → 1 sigmoid, 2,305 parameters"), r.out);
    assertTrue(r.out.contains("epoch 60/60  loss+L2 "), r.out);
    assertTrue(r.out.contains("try next"), r.out);
    String last = r.out.lines().reduce((a, b) -> b).orElseThrow();
    assertTrue(Pattern.matches("\\{\"task\":\"classify\",\"train_loss\":[0-9.E-]+,"
        + "\"train_loss_terms\":\\[\"data\",\"l2\"],\"train_data_loss\":[0-9.E-]+,\"test_loss\":[0-9.E-]+,"
        + "\"train_accuracy\":[0-9.]+,\"test_accuracy\":[0-9.]+,\"test_macro_f1\":[0-9.]+,"
        + "\"test_.*\"epochs\":60,\"kept_epoch\":60,"
        + "\"seconds\":[0-9.E-]+,\"kernels\":\"[a-z0-9-]+\",\"threads\":1,"
        + "\"seed\":1,\"notices\":\\[],\"warnings\":\\[]}", last), last);
    assertTrue(Double.parseDouble(last.replaceAll(".*\"test_accuracy\":([0-9.]+).*", "$1")) >= 0.97, last);
  }

  @Test
  void trainsOnATableForClassificationAndRegression() throws IOException {
    Result c = run("train", table(), "--epochs", "60", "--quiet", "--json");
    assertEquals(0, c.status, c.err);
    assertTrue(c.out.startsWith("test accuracy "), c.out);
    Result r = run("train", table(), "--target", "x", "--drop", "colour", "--epochs", "2", "--quiet", "--json");
    assertEquals(0, r.status, r.err);
    assertTrue(r.out.contains("\"test_rmse\":") && r.out.contains("\"test_r2\":"), r.out);
    Result own = run("train", table(), "--test", table(), "--epochs", "1");
    assertTrue(own.out.contains("60 rows to train, 60 to test"), own.out);
  }

  @Test
  void optionsApplyToTheNetworkAndItsTraining() throws IOException {
    Result r = run("train", table(), "--layers", "5:tanh,4:sigmoid", "--loss", "cce", "--optimizer",
        "adam:beta1=0.8,epsilon=1e-6", "--rate", "0.01", "--epochs", "3", "--batch=7", "--seed", "-4", "--threads", "2",
        "--test-fraction", "0.5");
    assertEquals(0, r.status, r.err);
    assertTrue(r.out.contains("7 → 5 tanh → 4 sigmoid → 2 softmax"), r.out);
    assertTrue(r.out.contains("cce, adam at rate 0.01 (cosine), batches of 7, 3 epochs, seed -4"), r.out);
    assertTrue(r.out.contains("30 rows to train, 30 to test"), r.out);
    assertTrue(run("train", "xor", "--layers", "none", "--epochs", "1").out.contains("2 → 1 sigmoid"));
    assertTrue(run("train", "xor", "--test-fraction", "0", "--epochs", "1").out.contains("no rows were held out"));
  }

  @Test
  void theSameSeedPrintsTheSameNumbers() {
    String[] args = {"train", "spirals", "--epochs", "3", "--quiet"};
    assertEquals(run(args).out, run(args).out);
  }

  @Test
  void onATerminalProgressIsOneRewrittenLine() {
    Result r = run(true, "train", "xor", "--epochs", "5", "--patience", "3");
    assertTrue(r.out.contains("\r\u001b[K\u001b[?7lepoch 5/5"), r.out);
    assertEquals(1, Stream.of(r.out.split("\n")).filter(l -> l.contains("epoch 5/5")).count());
    for (String l : r.out.split("[\r\n]")) {
      assertTrue(!l.contains("epoch ") || l.replaceAll("\u001b\\[\\??[0-9]*[a-zA-Z]", "").length() < 80, l);
    }
    assertTrue(!run(false, "train", "xor", "--epochs", "5").out.contains("\r"));
  }

  @Test
  void badInputIsReportedInOneLineWithStatus2() throws IOException {
    String t = table();
    refused("no-such.csv: no such file or built-in data set (spirals, moons, circles, xor, digits)",
        "train", "no-such.csv");
    refused("spiral: no such file or built-in data set (spirals, moons, circles, xor, digits); did you mean spirals?",
        "train", "spiral");
    refused(directory + ": is a directory; name a file in it", "train", directory.toString());
    String ragged = file("ragged.csv", "a,b\n1,2\n3\n");
    refused(ragged + ":3: expected 2 fields as in the first line, found 1. Check for a missing or extra separator ','.",
        "train", ragged);
    refused(t + ": no column 'nope'; the columns are x, colour, label", "train", t, "--target", "nope");
    refused("--batch: expected an integer ≥ 1, found '0'", "train", "--batch", "0");
    refused("--epochs: expected an integer ≥ 1, found 'ten'", "train", "--epochs", "ten");
    refused("--rate: expected a number > 0, found '-1'", "train", "--rate", "-1");
    refused("--test-fraction: expected a number ≥ 0 and < 1, found '1'", "train", "--test-fraction", "1");
    refused("unknown option --epoch; did you mean --epochs? ('./chainrule help train' lists all options)", "train",
        "--epoch", "3");
    refused("unknown option -v ('./chainrule help train' lists all options)", "train", "-v");
    refused("--seed requires a value: --seed N", "train", "--seed");
    refused("--seed is given twice; give it once", "train", "--seed", "1", "--seed", "2");
    refused("--json takes no value, found 'x'", "train", "--json=x");
    refused("train takes one data set; unexpected argument 'moons'", "train", "xor", "moons");
    refused("--task: expected classify, regress or multilabel, found 'x'", "train", t, "--task", "x");
    refused("--layers: no activation 'rulu'; expected one of linear, relu, leaky-relu, sigmoid, tanh, softmax, step, "
        + "elu, gelu, silu, softplus; did you mean relu?",
        "train", "--layers", "8:rulu");
    refused("--layers: expected units:activation such as 64:relu, or dropout:0.2, found 'x:relu'", "train", "--layers",
        "x:relu");
    refused("--layers: layer 1 (dense): expected ≥ 1 units, found 0", "train", "--layers", "0:relu");
    refused("--loss: unknown loss 'mes'; expected one of mse, sse, half-mse, half-sse, mae, huber, cce, cce-offset, "
        + "bce (mae, "
        + "huber, cce, cce-offset and bce also take the suffix -sum); did you mean mse?", "train", "--loss", "mes");
    refused("--loss bce is for classes, but the target is numeric; use mse", "train", t, "--target", "x", "--loss",
        "bce");
    refused("--loss bce requires two classes, but the target has 3; use cce", "train", "--loss", "bce");
    refused("--optimizer: no optimizer 'adm'; expected one of sgd, momentum, nesterov, adagrad, adadelta, "
        + "adadelta-zeiler, rmsprop, adam, "
        + "adamw; did you mean adam?", "train", "--optimizer", "adm");
    refused("--optimizer: adam: no parameter 'beta3'; it has beta1, beta2, epsilon", "train", "--optimizer",
        "adam:beta3=1");
    refused("--drop: 'label' is the target; keep it, or choose another with --target", "train", t, "--drop", "label");
    refused("unknown command 'trian'; did you mean train? ('./chainrule help' lists all commands)", "trian");
  }

  @Test
  void imagesRequireLabels() throws IOException {
    byte[] images = new byte[16 + 40 * 4], labels = new byte[8 + 40];
    System.arraycopy(new byte[] {0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 2}, 0, images, 0, 16);
    System.arraycopy(new byte[] {0, 0, 8, 1, 0, 0, 0, 40}, 0, labels, 0, 8);
    for (int i = 0; i < 40; i++) {
      labels[8 + i] = (byte) (i % 4);
      images[16 + 4 * i + i % 4] = -1;
    }
    String i = Files.write(directory.resolve("i.idx"), images).toString();
    String l = Files.write(directory.resolve("l.idx"), labels).toString();
    refused(i + ": IDX images require labels; add --labels FILE", "train", i);
    refused("--labels: nope: no such file", "train", i, "--labels", "nope");
    Result r = run("train", i, "--labels", l, "--quiet", "--rate", "0.01");
    assertEquals("test accuracy 1.0000 (8 of 8 correct)", r.out.substring(0, r.out.indexOf(',')), r.err);
  }

  @Test
  void divergenceIsReportedInOneLine() throws IOException {
    String t = file("d.csv", "x,y\n1,1.5\n2,-3.25\n3,1e9\n4,7\n5,8\n6,9\n");
    Result r = run("train", t, "--optimizer", "sgd", "--rate", "1e200", "--task", "regress");
    assertEquals(2, r.status);
    assertTrue(r.err.matches(
        "chainrule: the loss became (NaN|infinite) in epoch \\d+, step \\d+, first in layer \\d .*\\R"), r.err);
  }

  @Test
  void helpExplainsEveryCommandAndAllOfItsOptions() {
    for (Command c : Command.values()) {
      assertTrue(run("help").out.contains("./chainrule " + c.word()), c.word());
      String help = run("help", c.word()).out;
      assertEquals(help, run(c.word(), "--help").out);
      assertTrue(help.startsWith("./chainrule " + c.usage + "\n")
          && help.contains("\nExamples\n  ./chainrule " + c.word()), help);
      for (Option o : Option.values()) {
        assertEquals(c.options.contains(o), help.contains("  " + o.flag + " "), c + " " + o.flag);
      }
      for (String line : help.split("\n")) assertTrue(line.length() <= 120, line);
    }
    assertEquals(run("help").out, run().out);
    refused("unknown command 'exprot'; did you mean export? ('./chainrule help' lists all commands)", "help", "exprot");
    refused("help takes one command; unexpected argument 'info'", "help", "train", "info");
  }

  @Test
  void checkVerifiesTheNetworkThatTrainWouldBuild() {
    Result r = run("check", "moons", "--layers", "4:gelu,dropout:0.5,3:tanh", "--l1", "0.01", "--l2", "0.1", "--json");
    assertEquals(0, r.status, r.err);
    assertTrue(r.out.contains("2 → 4 gelu → dropout 0.5 → 3 tanh → 1 sigmoid"), r.out);
    assertTrue(r.out.contains("gradients right: 31 parameters and 32 inputs checked"), r.out);
    assertTrue(r.out.contains("\"passed\":\"yes\""), r.out);
    refused("the layer 4 step of 2 → 4 step → 1 sigmoid cannot be trained: the derivative of step is 0 wherever it "
        + "exists; "
        + "use sigmoid, or only predict", "check", "moons", "--layers", "4:step");
  }

  @Test
  void theVersionIsPrintedByItsOptionInfoHelpAndTheReport() throws IOException {
    assertEquals("chainrule " + Version.CURRENT + ", Java " + System.getProperty("java.version") + "\n",
        run("--version").out.replace("\r\n", "\n"));
    assertTrue(run("info").out.startsWith("chainrule   " + Version.CURRENT), run("info").out);
    assertTrue(run("help").out.startsWith("Chainrule " + Version.CURRENT + ": "), run("help").out);
    Path report = directory.resolve("r.htm");
    run("train", "xor", "--epochs", "1", "--report", report.toString());
    assertTrue(Files.readString(report).contains("<p>Written by Chainrule " + Version.CURRENT + " on Java "));
  }

  @Test
  void outputFilesOfAnotherFormatAreRefusedBeforeAnyWork() throws IOException {
    refused("--out m.h5: models are written as .npz; use --out m.npz, then ./chainrule export m.npz m.onnx for other "
        + "programs", "train", "--out", "m.h5");
    String name = Files.createDirectory(directory.resolve("a.b")).resolve("model").toString();
    refused("--out " + name + ": models are written as .npz; use --out " + name + ".npz, then ./chainrule export "
        + name + ".npz " + name + ".onnx for other programs", "train", "--out", name);
    String npz = TrainingSettings.quoted("my net.npz"), onnx = TrainingSettings.quoted("my net.onnx");
    refused("--out my net.onnx: models are written as .npz; use --out " + npz + ", then ./chainrule export " + npz
        + " " + onnx + " for other programs", "train", "--out", "my net.onnx");
    refused("--report r.pdf: reports are written as HTML; use --report r.html, and print it to PDF in a browser",
        "train", "--report", "r.pdf");
    refused("--report report: reports are written as HTML; use --report report.html", "train", "--report", "report");
    refused("--checkpoint run.h5: checkpoints are written as .npz; use --checkpoint run.npz", "train", "--checkpoint",
        "run.h5");
    String data = table(); // an input is protected first, whatever its suffix
    refused("--out: " + data + " is an input of this command and would be overwritten; choose another file", "train",
        data, "--out", data);
    Path model = directory.resolve("M.NPZ"), report = directory.resolve("R.HTML"), run = directory.resolve("run.state");
    Result r = run("train", "xor", "--epochs", "1", "--out", model.toString(), "--report", report.toString(),
        "--checkpoint", run.toString());
    assertEquals(0, r.status, r.err);
    for (Path file : new Path[] {model, report, run}) assertTrue(Files.isRegularFile(file), file.toString());
  }

  @Test
  void infoNamesTheKernelsAndTheReason() {
    String info = run("info").out;
    // a JVM without usable lanes
    if (Kernels.best() == ScalarKernels.INSTANCE) assertTrue(info.contains("kernels     scalar: "), info);
    else assertTrue(info.contains("kernels     vector-") && info.contains("lanes of"), info);
  }
}
