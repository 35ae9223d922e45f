// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import chainrule.bench.Samples;
import chainrule.data.Dataset;
import chainrule.data.Generators;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Prints how long whole processes take to train, from the start of the command to its end: {@code ./chainrule train},
 * and PyTorch in Python ({@code bench/peers/pytorch/cold.py}), eager and as one TorchScript call per step. They read
 * the same files, on all cores, and run in turns. The files are in the cache of the operating system.
 *
 * <ul>
 * <li>spirals: a table of 1,500 rows, in-64-32-classes, batches of 32, Adam, 100 epochs
 * <li>digits: as many images as MNIST has, 784-128-10, batches of 64, SGD with rate 0.1, 3 epochs, after which the
 *     accuracy is 0.99
 * </ul>
 *
 * <p>Argument: [turns, default 5].
 */
public final class ProcessTable {
  private static final int TIMEOUT_SECONDS = 120;

  private ProcessTable() {}

  public static void main(String[] args) throws IOException, URISyntaxException, InterruptedException {
    int turns = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    Path code = Path.of(ProcessTable.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path peers = code.getParent().getParent().getParent(); // bench/peers, from common/target/steps.jar or …/classes
    String launcher = peers.resolve("../../chainrule").normalize().toString();
    Path script = peers.resolve("pytorch/cold.py"), data = Files.createTempDirectory("processes");
    try {
      Map<String, List<String>> ours = new LinkedHashMap<>(), theirs = new LinkedHashMap<>();
      String table = table(data.resolve("spirals.csv"), Generators.SPIRALS.generate(1)).toString();
      ours.put("spirals", List.of(launcher, "train", table, "--bins", "0", "--quiet", "--epochs", "100"));
      theirs.put("spirals", List.of("table", table, "100"));
      List<String> digits = digits(data);
      ours.put("digits", List.of(launcher, "train", digits.get(0), "--labels", digits.get(1), "--test", digits.get(2),
          "--test-labels", digits.get(3), "--layers", "128:relu", "--optimizer", "sgd", "--rate", "0.1", "--schedule",
          "constant", "--l2", "0", "--batch", "64", "--epochs", "3", "--quiet"));
      theirs.put("digits", List.of("digits", digits.get(0), digits.get(1), digits.get(2), digits.get(3), "3"));
      for (String task : ours.keySet()) {
        Map<String, List<String>> commands = new LinkedHashMap<>();
        commands.put("chainrule", ours.get(task));
        for (String mode : List.of("eager", "script")) {
          String cores = Integer.toString(Runtime.getRuntime().availableProcessors());
          List<String> command = new ArrayList<>(List.of("python3", script.toString(), mode, cores));
          command.addAll(theirs.get(task));
          commands.put("pytorch-" + mode, command);
        }
        print(task, commands, turns);
      }
    } finally {
      try (var files = Files.list(data)) {
        for (Path file : files.toList()) Files.delete(file);
      }
      Files.delete(data);
    }
  }

  /** Runs the commands in turns. The first turn is not timed: it compiles the launcher and reads the files. */
  private static void print(String task, Map<String, List<String>> commands, int turns)
      throws IOException, InterruptedException {
    Map<String, double[]> seconds = new LinkedHashMap<>();
    for (String engine : List.copyOf(commands.keySet())) {
      Path log = Files.createTempFile("process", ".log");
      if (Double.isNaN(seconds(commands.get(engine), log))) {
        List<String> lines = Files.readAllLines(log);
        String reason = lines.isEmpty() ? "no message" : lines.get(lines.size() - 1);
        System.out.println("- " + engine + " is skipped: " + reason);
        commands.remove(engine);
      } else {
        seconds.put(engine, new double[turns]);
        List<String> result = Files.readAllLines(log).stream().filter(line -> line.contains("accuracy")).toList();
        if (!result.isEmpty()) System.out.println("- " + task + ", " + engine + ": " + result.get(result.size() - 1));
      }
      Files.delete(log);
    }
    for (int t = 0; t < turns; t++) {
      for (String engine : commands.keySet()) {
        Path log = Files.createTempFile("process", ".log");
        seconds.get(engine)[t] = seconds(commands.get(engine), log);
        Files.delete(log);
      }
    }
    seconds.forEach((engine, s) -> {
      Samples.record(task + " " + engine, s);
      double[] sorted = s.clone();
      Arrays.sort(sorted);
      System.out.printf(Locale.ROOT, "%s, %s: %.2f s (%.2f to %.2f)%n", task, engine, sorted[turns / 2], sorted[0],
          sorted[turns - 1]);
    });
  }

  /** Runs a command and returns the seconds that passed; NaN if it failed. */
  private static double seconds(List<String> command, Path log) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home")); // for the launcher
    long begin = System.nanoTime();
    Process process = builder.start();
    boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    double seconds = (System.nanoTime() - begin) / 1e9;
    if (!ended) process.destroyForcibly();
    return ended && process.exitValue() == 0 ? seconds : Double.NaN;
  }

  /** Writes rows as a table, whose last column is the name of the class. */
  private static Path table(Path file, Dataset data) throws IOException {
    StringBuilder text = new StringBuilder("x,y,class\n");
    int[] classes = TrainingTask.classes(data);
    for (int i = 0; i < data.rows(); i++) {
      text.append(data.x()[2 * i]).append(',').append(data.x()[2 * i + 1]).append(",c").append(classes[i]).append('\n');
    }
    return Files.writeString(file, text);
  }

  /** Writes images and labels to train and to test, in MNIST's format. */
  private static List<String> digits(Path directory) throws IOException {
    List<String> files = new ArrayList<>();
    for (int test = 0; test <= 1; test++) {
      Dataset data = Generators.DIGITS.generate(test == 0 ? 60_000 : 10_000, 1 + test);
      Path images = directory.resolve("images" + test + ".idx"), labels = directory.resolve("labels" + test + ".idx");
      byte[] pixels = new byte[data.x().length], classes = new byte[data.rows()];
      for (int i = 0; i < pixels.length; i++) pixels[i] = (byte) Math.round(255 * data.x()[i]);
      int[] known = TrainingTask.classes(data);
      for (int i = 0; i < classes.length; i++) classes[i] = (byte) known[i];
      write(images, pixels, 0x803, data.rows(), 28, 28);
      write(labels, classes, 0x801, data.rows());
      files.add(images.toString());
      files.add(labels.toString());
    }
    return files;
  }

  private static void write(Path file, byte[] bytes, int... header) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
        DataOutputStream numbers = new DataOutputStream(out)) {
      for (int number : header) numbers.writeInt(number);
      numbers.write(bytes);
    }
  }
}
