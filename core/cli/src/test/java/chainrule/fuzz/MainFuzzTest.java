// SPDX-License-Identifier: MIT
package chainrule.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.cli.Main;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command line with damaged arguments and files: status 0 and only notes and warnings on standard error, or status
 * 2 and, after these, one line that says why.
 * Slow arguments are bounded: 1 or 2 epochs, 1 or 2 threads, small layers.
 */
class MainFuzzTest {
  @TempDir Path directory;

  private static final Pattern ONE_LINE = Pattern.compile("[^\\p{Cc}\\p{Zl}\\p{Zp}]*");
  private static final Pattern NOTICE = Pattern.compile("(note|warning): [^\\p{Cc}\\p{Zl}\\p{Zp}]+");
  private static final Pattern LAYERS = Pattern.compile("\\d{2,9}(?=[:,]|$)");
  private static final String[] COMMANDS = {"train", "evaluate", "predict", "check", "describe", "export", "info",
      "help", "import"};
  private static final String[] OPTIONS = {"--labels", "--target", "--drop", "--task", "--test", "--test-labels",
      "--test-fraction", "--layers", "--loss",
      "--optimizer", "--rate", "--l1", "--l2", "--epochs", "--batch", "--blocks", "--seed", "--threads", "--schedule",
      "--clip",
      "--patience",
      "--validation-fraction", "--type", "--header", "--separator", "--decimal", "--missing", "--keep", "--weight",
      "--class-weight", "--all", "--quiet", "--json", "--resume", "--help", "-h", "--", "-"};
  private static final String[] VALUES = {"0", "1", "2", "-1", "0.5", "1e999", "NaN", "Infinity", "1e-320",
      "2147483648", "9223372036854775808", "", " ",
      "none", "class", "x", "3", "colour", "classify", "regress", "mse", "huber-sum", "cce",
          "multilabel", "yes", "no", "comma", ";", "tab", ".", "refuse", "-999,NA", "x=number",
          "colour=category,y=date", "x=word", "balanced", "a=2,b=0", "c=1", "x,y", "colour,colour", "1,2,3",
          "bce", "cce-offset", "sgd",
          "adam:beta1=0.8", "adadelta",
      "momentum:gamma=1", "rmsprop:rho=NaN", "nesterov", "step:every=1,by=0.5", "step:by=1e300", "cosine:floor=2",
          "cosine:warmup=3", "4:tanh,dropout:0.5",
      "3:elu:0.5", "2:step", "2:softmax", "4:gelu,4:silu", "2000000000:relu", "8:relu,,", "\0", "\n", "\u001b[2J",
          "é\uD83D\uDE00", "\uD800", "'", "%s%n", "xor", "moons", "spirlas"};

  record Input(List<String> args, byte[] csv, byte[] npz, byte[] images, byte[] labels) {}

  private final List<byte[]> models = new ArrayList<>();
  private String csv, npz, images, labels;

  @BeforeEach
  void samples() throws IOException {
    csv = directory.resolve("f.csv").toString();
    npz = directory.resolve("f.npz").toString();
    images = directory.resolve("i.idx").toString();
    labels = directory.resolve("l.idx").toString();
    write(new Input(List.of(), TABLE, new byte[0], PICTURES.images(), PICTURES.labels()));
    String state = directory.resolve("c.npz").toString();
    String[][] trainings = {{csv, "--layers", "4:tanh,dropout:0.5"}, {csv, "--target", "x", "--layers", "3:gelu"},
        {csv, "--loss", "cce", "--layers", "none"},
        {images, "--labels", labels, "--layers", "4:relu"}, {"xor", "--layers", "2:elu:0.5", "--batch", "200"},
        {csv, "--checkpoint", state, "--layers", "3:tanh", "--epochs", "1"}};
    for (String[] t : trainings) {
      List<String> args = new ArrayList<>(List.of("train"));
      args.addAll(List.of(t));
      if (!args.contains("--epochs")) args.addAll(List.of("--epochs", "2"));
      args.addAll(List.of("--threads", "1", "--out", npz));
      assertEquals("", result(args));
      models.add(Files.readAllBytes(Path.of(npz)));
    }
    models.add(Files.readAllBytes(Path.of(state)));
  }

  private static final byte[] TABLE = table();
  private static final IdxFuzzTest.Input PICTURES = IdxFuzzTest.images(new FuzzRandom(5, 5), 12);

  private static byte[] table() {
    StringBuilder s = new StringBuilder("x,colour,y,class\n");
    for (int i = 0; i < 30; i++) {
      s.append(i * 7 % 11).append(i % 3 == 0 ? ",red," : ",blue,").append(i / 8.0).append(i % 4 < 2 ? ",a\n" : ",b\n");
    }
    return s.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void write(Input in) throws IOException {
    Files.write(Path.of(csv), in.csv);
    Files.write(Path.of(npz), in.npz);
    Files.write(Path.of(images), in.images);
    Files.write(Path.of(labels), in.labels);
  }

  private String result(List<String> args) {
    System.setIn(new ByteArrayInputStream(TABLE));
    ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();
    int status = Main.run(args, new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        args.size() % 2 == 0);
    String said = err.toString(StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>(List.of(said.split(System.lineSeparator(), -1)));
    assertEquals("", lines.remove(lines.size() - 1), said);
    while (!lines.isEmpty() && NOTICE.matcher(lines.get(0)).matches()) lines.remove(0);
    if (status == 0) {
      assertEquals(List.of(), lines, "with status 0");
      return "";
    }
    assertEquals(2, status, args + "\n" + said);
    assertTrue(lines.size() == 1 && lines.get(0).startsWith("chainrule: "), said);
    String line = lines.get(0).substring("chainrule: ".length());
    assertTrue(ONE_LINE.matcher(line).matches(), line);
    assertTrue(!line.startsWith("out of memory"), "such a small case must not run out of memory: " + line);
    FuzzRunner.requireLine(line);
    return line;
  }

  // ---------------------------------------------------------------- arguments

  private List<String> arguments(FuzzRandom c) {
    List<String> args = new ArrayList<>(List.of(c.oneIn(30) ? Mutation.text(c, c.of(COMMANDS)) : c.of(COMMANDS)));
    switch (args.get(0)) {
      case "train", "check" -> {
        switch (c.below(8)) {
          case 0, 1 -> args.addAll(List.of(images, "--labels", labels));
          case 2 -> args.add(c.of("xor", "xor", "moons", directory.toString(), "", npz));
          case 3 -> args.addAll(List.of(csv, "--checkpoint", npz, "--resume", "--layers", "3:tanh"));
          default -> args.add(csv);
        }
      }
      case "evaluate", "predict" -> {
        args.add(c.oneIn(20) ? csv : npz);
        if (c.oneIn(4)) args.addAll(c.oneIn(2) && args.get(0).equals("evaluate") ? List.of(images, "--labels", labels)
            : List.of(images));
        else args.add(c.oneIn(10) ? "xor" : csv);
      }
      case "info" -> args.add(npz);
      case "import" -> args.addAll(List.of(npz, "--out", directory.resolve("imported.npz").toString()));
      case "describe" -> args.add(c.oneIn(10) ? c.of("-", "xor", images, npz) : csv);
      default -> args.add(c.of(COMMANDS));
    }
    for (int n = c.fewBelow(4); n > 0; n--) {
      args.add(c.of(OPTIONS));
      if (!c.oneIn(6)) args.add(c.of(VALUES));
    }
    for (int n = c.fewBelow(3); n > 0; n--) damage(c, args);
    return bounded(c, args);
  }

  private static void damage(FuzzRandom c, List<String> args) {
    int at = c.below(args.size());
    switch (c.below(6)) {
      case 0 -> args.remove(at);
      case 1 -> args.add(at, args.get(c.below(args.size())));
      case 2 -> args.set(at, c.of(VALUES));
      case 3 -> args.add(at, c.of(OPTIONS) + "=" + c.of(VALUES));
      case 4 -> args.set(at, Mutation.text(c, args.get(at)));
      default -> args.add(c.of(OPTIONS) + (c.oneIn(3) ? "" : Mutation.piece(c)));
    }
    if (args.isEmpty()) args.add("help");
  }

  /** Bounds arguments that would be slow, and outputs outside of the test directory. */
  private List<String> bounded(FuzzRandom c, List<String> args) {
    boolean trains = args.get(0).equals("train") || args.get(0).equals("check");
    if (trains && args.stream().noneMatch(a -> a.startsWith("--epochs"))) args.addAll(List.of("--epochs", "1"));
    if (trains && args.stream().noneMatch(a -> a.startsWith("--layers"))) args.addAll(List.of("--layers", "3:tanh"));
    if (args.stream().noneMatch(a -> a.startsWith("--threads")) && !c.oneIn(5)) args.addAll(List.of("--threads", "1"));
    for (int i = 0; i < args.size(); i++) {
      String a = args.get(i), flag = a.contains("=") ? a.substring(0, a.indexOf('=')) : i == 0 ? "" : args.get(i - 1);
      String value = a.contains("=") ? a.substring(a.indexOf('=') + 1) : a, bounded = value;
      if (flag.equals("--epochs") || flag.equals("--threads")) bounded = small(value);
      if (flag.equals("--layers")) bounded = layers(value);
      if (List.of("--out", "--checkpoint", "--report").contains(flag) && !value.equals(npz)
          && !value.equals(directory.resolve("imported.npz").toString())) bounded =
          directory.resolve("no").resolve("x").toString();
      if (bounded != value) args.set(i, a.substring(0, a.length() - value.length()) + bounded);
      if (List.of("spirals", "digits").contains(a)) args.set(i, "xor");
    }
    if (trains && (args.size() == 1 || args.get(1).startsWith("-"))) args.add(1, "xor");
    return args;
  }

  private static String small(String value) {
    try {
      return Long.parseLong(value.strip()) > 2 && value.strip().length() < 10 ? "2" : value;
    } catch (NumberFormatException e) {
      return value;
    }
  }

  private static String layers(String value) {
    Matcher m = LAYERS.matcher(value);
    return m.find() ? m.replaceAll("9") : value;
  }

  @Test
  void everyCommandLineSucceedsOrIsRefusedInOneLine() throws InterruptedException {
    FuzzRunner.run("MainFuzzTest", 1_500, 80, new FuzzRunner.Subject<Input>() {
      @Override public Input make(FuzzRandom c) throws IOException {
        byte[] table = c.oneIn(6) ? CsvFuzzTest.table(c).getBytes(StandardCharsets.UTF_8) : TABLE;
        if (c.oneIn(5)) {
          table = Mutation.text(c, new String(table, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        }
        if (c.oneIn(20)) table = Mutation.bytes(c, table);
        byte[] model = models.get(c.below(models.size()));
        Input in = new Input(arguments(c), table, c.oneIn(2) ? NpzDamage.damaged(c, model) : model,
            c.oneIn(6) ? IdxFuzzTest.withFalseSize(c, PICTURES.images()) : PICTURES.images(), c.oneIn(8)
                ? Mutation.bytes(c, PICTURES.labels()) : PICTURES.labels());
        write(in);
        return in;
      }

      /**
       * Until they are compiled, the vector kernels of training allocate for each number, so only the heap is a limit.
       */
      @Override public long limit(Input in) {
        boolean trains = List.of("train", "check").contains(in.args.get(0));
        return trains ? Long.MAX_VALUE : 100_000_000 + 1_000L * (in.csv.length + in.npz.length + in.images.length);
      }

      @Override public String use(Input in) {
        try {
          return result(in.args);
        } catch (AssertionError e) {
          throw new AssertionError(in.args + ": " + e.getMessage(), e);
        }
      }
    });
  }
}
