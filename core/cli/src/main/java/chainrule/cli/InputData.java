// SPDX-License-Identifier: MIT
package chainrule.cli;


import chainrule.data.Dataset;
import chainrule.data.Encoding.Task;
import chainrule.data.Encoding;
import chainrule.data.Generators;
import chainrule.data.Idx;
import chainrule.data.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The data of a training run, read and split as the arguments say.
 *
 * @param description the name and size of the data, for the terminal
 * @param encoding how columns or pixels became numbers
 * @param validation the rows for early stopping; null without {@code --patience}
 */
record InputData(String description, Encoding encoding, Dataset train, Dataset validation, Dataset test) {

  static InputData of(String data, Arguments a, long seed) {
    double fraction = a.number(Option.TEST_FRACTION, 0.2, 0, true, 1);
    if (a.has(Option.VALIDATION_FRACTION) && !a.has(Option.PATIENCE)) {
      throw new UsageException("--validation-fraction requires --patience N");
    }
    if (a.has(Option.TEST) && a.has(Option.TEST_FRACTION)) {
      throw new UsageException("--test and --test-fraction cannot be combined; give one");
    }
    Optional<Generators> generator = Generators.named(data);
    if (generator.isPresent()) return generated(generator.get(), a, fraction, seed);
    Path file = InputFiles.path(data);
    if (!Files.exists(file)) throw new UsageException(missing(data));
    InputFiles.requireReadable(file);
    return a.has(Option.LABELS) || InputFiles.looksLikeIdx(file) ? images(file, a, fraction, seed)
        : table(file, a, fraction, seed);
  }

  /** The error message for data that is neither a file nor built in. */
  static String missing(String data) {
    List<String> builtIn = Arrays.stream(Generators.values()).map(Generators::label).toList();
    return data + ": no such file or built-in data set (" + String.join(", ", builtIn) + ")"
        + SpellingHint.of(data, builtIn);
  }

  /** The row numbers for training, for validation (null without --patience), and for testing. */
  private record Parts(int[] train, int[] validation, int[] test) {
    static Parts of(int n, double testFraction, Arguments a, long seed) {
      int[][] parts = Dataset.splitRows(n, testFraction, seed);
      if (!a.has(Option.PATIENCE)) return new Parts(parts[0], null, parts[1]);
      double fraction = a.number(Option.VALIDATION_FRACTION, 0.1, 0, false, 1);
      int[][] again = Dataset.splitRows(parts[0], fraction, seed, 1);
      if (again[1].length == 0) {
        throw new UsageException(
            "no rows are left for validation; raise --validation-fraction or lower --test-fraction");
      }
      return new Parts(again[0], again[1], parts[1]);
    }
  }

  private static InputData split(
      String name, Encoding encoding, Dataset all, Dataset separateTest, double fraction, Arguments a, long seed) {
    Parts parts = Parts.of(all.rows(), separateTest == null ? fraction : 0, a, seed);
    boolean whole = parts.train.length == all.rows();
    return of(name, encoding, whole ? all : all.select(parts.train),
        parts.validation == null ? null : all.select(parts.validation),
        separateTest == null ? all.select(parts.test) : separateTest);
  }

  private static InputData of(String name, Encoding encoding, Dataset train, Dataset validation, Dataset test) {
    String targets = train.isClassification() ? train.labels().size() + " classes" : "a numeric target";
    String part = validation == null ? "" : String.format(Locale.ROOT, ", %,d to validate", validation.rows());
    return new InputData(String.format(Locale.ROOT, "%s: %,d rows to train%s, %,d to test; %d inputs, %s",
        name, train.rows(), part, test.rows(), train.inputs(), targets), encoding, train, validation, test);
  }

  private static InputData generated(Generators g, Arguments a, double fraction, long seed) {
    a.refuse("built-in data", Option.LABELS, Option.TARGET, Option.DROP, Option.TEST, Option.TEST_LABELS);
    if (a.value(Option.TASK).isPresent()) requireClassify(a, "built-in data");
    Dataset all = g.generate(seed);
    return split(g.label() + " (synthetic)", g.encoding(), all, null, fraction, a, seed);
  }

  private static InputData images(Path file, Arguments a, double fraction, long seed) {
    a.refuse("IDX images", Option.TARGET, Option.DROP);
    if (a.value(Option.TASK).isPresent()) requireClassify(a, "IDX images");
    Path labels = InputFiles.existing(Option.LABELS, a.value(Option.LABELS).orElseThrow(() -> new UsageException(
        file + ": IDX images require labels; add --labels FILE")));
    Idx.Images images = Idx.readImages(file);
    Dataset all = Idx.read(images, file, labels);
    Encoding encoding = Encoding.pixels(images.height(), images.width(), all.labels());
    if (!a.has(Option.TEST)) {
      if (a.has(Option.TEST_LABELS)) throw new UsageException("--test-labels requires --test FILE");
      return split(file.toString(), encoding, all, null, fraction, a, seed);
    }
    Path testFile = InputFiles.existing(Option.TEST, a.value(Option.TEST).get());
    Path testLabels = InputFiles.existing(
        Option.TEST_LABELS, a.value(Option.TEST_LABELS).orElseThrow(() -> new UsageException(
        "--test: IDX images require labels; add --test-labels FILE")));
    return split(file.toString(), encoding, all, images(testFile, testLabels, encoding), fraction, a, seed);
  }

  /** Reads images of the size and classes that the model was trained on. */
  static Dataset images(Path file, Path labels, Encoding encoding) {
    Idx.Images images = Idx.readImages(file);
    requireSize(file, images, encoding);
    try {
      return Idx.read(images, file, labels).withLabels(encoding.target().labels());
    } catch (IllegalArgumentException e) {
      throw new UsageException(labels + ": " + e.getMessage() + ", the classes of the training data");
    }
  }

  static void requireSize(Path file, Idx.Images images, Encoding encoding) {
    Encoding.ImageSize p = encoding.imageSize().orElse(null);
    if (p == null) throw new UsageException(file + ": is a file of images, but the model was not trained on images");
    if (p.height() != images.height() || p.width() != images.width()) {
      throw new UsageException(file + ": expected images of " + p.height() + " × " + p.width()
          + " pixels as in training, found " + images.height() + " × " + images.width());
    }
  }

  private static void requireClassify(Arguments a, String kind) {
    if (task(a).orElseThrow() != Task.CLASSIFY) {
      throw new UsageException("--task regress does not apply to " + kind + ", whose targets are classes; remove it");
    }
  }

  private static Optional<Task> task(Arguments a) {
    return a.value(Option.TASK).map(t -> switch (t) {
      case "classify" -> Task.CLASSIFY;
      case "regress" -> Task.REGRESS;
      default -> throw new UsageException("--task: expected classify or regress, found '" + t + "'");
    });
  }

  private static InputData table(Path file, Arguments a, double fraction, long seed) {
    a.refuse("a CSV file", Option.TEST_LABELS);
    Table table = Table.read(file);
    int target = a.value(Option.TARGET).map(table::columnIndex).orElse(table.columns().size() - 1);
    Set<Integer> drop = a.value(Option.DROP).map(list -> columns(table, list)).orElse(Set.of());
    if (drop.contains(target)) {
      throw new UsageException(
          "--drop: '" + table.names().get(target) + "' is the target; keep it, or choose another with --target");
    }
    Task task = task(a).orElseGet(() -> Encoding.guessTask(table, target));

    String name = file + ", target '" + table.names().get(target) + "'";
    Table testTable = a.has(Option.TEST) ? Table.read(InputFiles.existing(Option.TEST, a.value(Option.TEST).get()))
        : null;
    Parts parts = Parts.of(table.rows(), testTable == null ? fraction : 0, a, seed);
    Encoding e = Encoding.of(table).target(target).drop(drop).task(task).fit(parts.train);
    Dataset test = testTable == null ? e.encode(table, parts.test)
        : e.encode(testTable, IntStream.range(0, testTable.rows()).toArray());
    return of(name, e, e.encode(table, parts.train),
        parts.validation == null ? null : e.encode(table, parts.validation), test);
  }

  /** Parses a list of columns. Names may contain commas: the longest match wins. */
  private static Set<Integer> columns(Table table, String list) {
    String[] parts = list.split(",");
    Set<Integer> columns = new HashSet<>();
    for (int from = 0, to; from < parts.length; from = to) {
      to = parts.length;
      while (to > from + 1 && !table.names().contains(joined(parts, from, to))) to--;
      columns.add(table.columnIndex(joined(parts, from, to)));
    }
    return columns;
  }

  private static String joined(String[] parts, int from, int to) {
    return String.join(",", Arrays.asList(parts).subList(from, to)).strip();
  }
}
