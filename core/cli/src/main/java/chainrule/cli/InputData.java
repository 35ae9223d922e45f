package chainrule.cli;

import chainrule.data.Csv;
import chainrule.data.Dataset;
import chainrule.data.Encoding.Task;
import chainrule.data.Encoding;
import chainrule.data.Generators;
import chainrule.data.Idx;
import chainrule.data.Table;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The examples that a command works on, read and divided as its arguments say.
 *
 * @param description for people: what they are and how many
 * @param encoding how they became numbers
 * @param validation for stopping early; null unless asked for
 */
record InputData(String description, Encoding encoding, Dataset train, Dataset validation, Dataset test) {

  static InputData of(String data, Arguments a, long seed) {
    double fraction = a.number(Option.TEST_FRACTION, 0.2, 0, true, 1);
    if (a.has(Option.VALIDATION_FRACTION) && !a.has(Option.PATIENCE)) {
      throw new UsageException("--validation-fraction is for stopping early; add --patience N");
    }
    if (a.has(Option.TEST) && a.has(Option.TEST_FRACTION)) {
      throw new UsageException("--test and --test-fraction exclude each other; give one");
    }
    Optional<Generators> generator = Generators.named(data);
    if (generator.isPresent()) return generated(generator.get(), a, fraction, seed);
    Path file = path(data);
    if (!Files.exists(file)) {
      throw new UsageException(data + ": no such file, and no built-in data of that name (there are "
          + names() + ")" + SpellingHint.hint(data, Set.of("spirals", "moons", "circles", "xor", "digits")));
    }
    requireReadable(file);
    return a.has(Option.LABELS) || looksLikeIdx(file) ? images(file, a, fraction, seed) : table(file, a, fraction, seed);
  }

  private static String names() {
    StringBuilder s = new StringBuilder();
    for (Generators g : Generators.values()) s.append(s.length() == 0 ? "" : ", ").append(g.label());
    return s.toString();
  }

  static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new UsageException("'" + name + "' is not a file name on this system: " + e.getReason());
    }
  }

  /** Row numbers to train on, to validate with (null unless asked for), and to test on. */
  private record Parts(int[] train, int[] validation, int[] test) {
    static Parts of(int n, double testFraction, Arguments a, long seed) {
      int[][] parts = Dataset.splitRows(n, testFraction, seed);
      if (!a.has(Option.PATIENCE)) return new Parts(parts[0], null, parts[1]);
      double fraction = a.number(Option.VALIDATION_FRACTION, 0.1, 0, false, 1);
      int[][] again = Dataset.splitRows(parts[0], fraction, seed, 1);
      if (again[1].length == 0) throw new UsageException("no rows are left to validate with; hold out fewer with --test-fraction");
      return new Parts(again[0], again[1], parts[1]);
    }
  }

  private static InputData divide(String what, Encoding encoding, Dataset all, Dataset ownTest, double fraction, Arguments a, long seed) {
    Parts parts = Parts.of(all.rows(), ownTest == null ? fraction : 0, a, seed);
    boolean whole = parts.train.length == all.rows();
    return source(what, encoding, whole ? all : all.select(parts.train),
        parts.validation == null ? null : all.select(parts.validation),
        ownTest == null ? all.select(parts.test) : ownTest);
  }

  private static InputData source(String what, Encoding encoding, Dataset train, Dataset validation, Dataset test) {
    String targets = train.isClassification() ? train.labels().size() + " classes" : "a number to predict";
    String part = validation == null ? "" : String.format(Locale.ROOT, ", %,d to validate", validation.rows());
    return new InputData(String.format(Locale.ROOT, "%s: %,d rows to train%s, %,d to test; %d inputs, %s",
        what, train.rows(), part, test.rows(), train.inputs(), targets), encoding, train, validation, test);
  }

  static Path existing(Option option, String name) {
    Path file = path(name);
    if (!Files.exists(file)) throw new UsageException(option.flag + ": " + name + ": no such file");
    requireReadable(file);
    return file;
  }

  static void requireReadable(Path file) {
    if (Files.isDirectory(file)) throw new UsageException(file + ": a folder; name a file in it");
    if (!Files.isReadable(file)) throw new UsageException(file + ": not readable; check its permissions");
  }

  /** What shall be written must not take the place of what is read. */
  static void refuseOverwriting(Arguments a, Option option, Iterable<String> inputs) {
    Path file = path(a.text(option).get());
    for (String input : inputs) {
      try {
        if (!Files.isRegularFile(file) || !Files.isSameFile(file, path(input))) continue;
      } catch (IOException e) {
        continue; // not there, so not the same
      }
      throw new UsageException(option.flag + ": " + file + " is read by this command, and would be overwritten; name another file");
    }
  }

  /** gzip, or the two zero bytes that every IDX file begins with. A pipe is not looked into: its bytes come once. */
  static boolean looksLikeIdx(Path file) {
    if (!Files.isRegularFile(file)) return false;
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(2);
      return head.length == 2 && (head[0] == 0 && head[1] == 0 || head[0] == 0x1f && (head[1] & 0xFF) == 0x8b);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void refuse(Arguments a, String kind, Option... options) {
    for (Option o : options) {
      if (a.has(o)) throw new UsageException(o.flag + " does not go with " + kind + "; leave it out");
    }
  }

  private static InputData generated(Generators g, Arguments a, double fraction, long seed) {
    refuse(a, "built-in data", Option.LABELS, Option.TARGET, Option.DROP, Option.TEST, Option.TEST_LABELS);
    if (a.text(Option.TASK).isPresent()) requireClassify(a, "built-in data");
    Dataset all = g.generate(seed);
    return divide(g.label() + " (synthetic)", g.encoding(), all, null, fraction, a, seed);
  }

  private static InputData images(Path file, Arguments a, double fraction, long seed) {
    refuse(a, "IDX images", Option.TARGET, Option.DROP);
    if (a.text(Option.TASK).isPresent()) requireClassify(a, "IDX images");
    Path labels = existing(Option.LABELS, a.text(Option.LABELS).orElseThrow(() -> new UsageException(
        file + ": IDX images need their labels: add --labels FILE")));
    Idx.Images images = Idx.readImages(file);
    Dataset all = Idx.read(images, file, labels);
    Encoding encoding = Encoding.pixels(images.height(), images.width(), all.labels());
    if (!a.has(Option.TEST)) {
      refuse(a, "--test-fraction", Option.TEST_LABELS);
      return divide(file.toString(), encoding, all, null, fraction, a, seed);
    }
    Path testFile = existing(Option.TEST, a.text(Option.TEST).get());
    Path testLabels = existing(Option.TEST_LABELS, a.text(Option.TEST_LABELS).orElseThrow(() -> new UsageException(
        "--test: IDX images need their labels: add --test-labels FILE")));
    return divide(file.toString(), encoding, all, images(testFile, testLabels, encoding), fraction, a, seed);
  }

  /** Images that fit what was trained: as many pixels, and no other classes. */
  static Dataset images(Path file, Path labels, Encoding encoding) {
    Idx.Images images = Idx.readImages(file);
    requireSize(file, images, encoding);
    try {
      return Idx.read(images, file, labels).withLabels(encoding.target().labels());
    } catch (IllegalArgumentException e) {
      throw new UsageException(labels + ": " + e.getMessage() + ", which were trained");
    }
  }

  static void requireSize(Path file, Idx.Images images, Encoding encoding) {
    Encoding.ImageSize p = encoding.imageSize().orElse(null);
    if (p == null) throw new UsageException(file + ": a file of images, but the model was not trained on images");
    if (p.height() != images.height() || p.width() != images.width()) {
      throw new UsageException(file + ": images of " + images.height() + " × " + images.width()
          + " pixels do not fit those that were trained: " + p.height() + " × " + p.width());
    }
  }

  private static void requireClassify(Arguments a, String kind) {
    if (task(a).orElseThrow() != Task.CLASSIFY) {
      throw new UsageException("--task regress does not go with " + kind + ", whose targets are classes");
    }
  }

  private static Optional<Task> task(Arguments a) {
    return a.text(Option.TASK).map(t -> switch (t) {
      case "classify" -> Task.CLASSIFY;
      case "regress" -> Task.REGRESS;
      default -> throw new UsageException("--task: expected classify or regress, got '" + t + "'");
    });
  }

  private static InputData table(Path file, Arguments a, double fraction, long seed) {
    refuse(a, "a CSV file", Option.TEST_LABELS);
    Table table = Csv.read(file);
    int target = a.text(Option.TARGET).map(table::columnIndex).orElse(table.columns().size() - 1);
    Set<Integer> drop = a.text(Option.DROP).map(list -> columns(table, list)).orElse(Set.of());
    if (drop.contains(target)) {
      throw new UsageException("--drop: '" + table.columns().get(target) + "' is the target; choose another with --target");
    }
    Task task = task(a).orElseGet(() -> Encoding.guessTask(table, target));

    String what = file + ", target '" + table.columns().get(target) + "'";
    Table testTable = a.has(Option.TEST) ? Csv.read(existing(Option.TEST, a.text(Option.TEST).get())) : null;
    Parts parts = Parts.of(table.rows().size(), testTable == null ? fraction : 0, a, seed);
    Encoding e = Encoding.of(table).target(target).drop(drop).task(task).fit(parts.train);
    Dataset test = testTable == null ? e.encode(table, parts.test) : e.encode(testTable, rows(testTable.rows().size()));
    return source(what, e, e.encode(table, parts.train),
        parts.validation == null ? null : e.encode(table, parts.validation), test);
  }

  /** The columns of a list. Names may contain commas: at each place, the longest match is taken. */
  private static Set<Integer> columns(Table table, String list) {
    String[] parts = list.split(",");
    Set<Integer> columns = new HashSet<>();
    for (int from = 0, to; from < parts.length; from = to) {
      to = parts.length;
      while (to > from + 1 && !table.columns().contains(joined(parts, from, to))) to--;
      columns.add(table.columnIndex(joined(parts, from, to)));
    }
    return columns;
  }

  private static String joined(String[] parts, int from, int to) {
    return String.join(",", Arrays.asList(parts).subList(from, to)).strip();
  }

  /** 0 … n−1: the first n rows. */
  static int[] rows(int n) {
    int[] rows = new int[n];
    for (int i = 0; i < n; i++) rows[i] = i;
    return rows;
  }
}
