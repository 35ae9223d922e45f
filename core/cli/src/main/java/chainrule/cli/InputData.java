// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.Encoding.Task;
import chainrule.data.EncodingBuilder;
import chainrule.data.Generators;
import chainrule.data.Idx;
import chainrule.data.InputCounts;
import chainrule.data.Table;
import chainrule.data.TableOptions;
import chainrule.format.Formatting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The data of a training run, read and split as the arguments say.
 *
 * @param description the name and size of the data, for the terminal
 * @param encoding how columns or pixels became numbers
 * @param validation the rows for early stopping; null without {@code --patience}
 * @param weights how the rows are weighted, by the names of the settings; empty without weights
 * @param notices what was assumed about the data or left out, one short line each
 */
record InputData(String description, Encoding encoding, Dataset train, Dataset validation, Dataset test,
    Map<String, String> weights, List<String> notices) {
  /** The options that make sense only for tables. */
  static final Option[] FOR_TABLES = {Option.TARGET, Option.DROP, Option.WEIGHT, Option.TYPE, Option.HEADER,
      Option.SEPARATOR, Option.DECIMAL, Option.MISSING};

  /** @param terminal where the progress of reading is shown */
  static InputData of(String data, Arguments a, long seed, Terminal terminal) {
    double fraction = a.number(Option.TEST_FRACTION, 0.2, 0, true, 1);
    EnsembleOptions.requireNoValidationRows(a);
    if (a.has(Option.VALIDATION_FRACTION) && !a.has(Option.PATIENCE)) {
      throw new UsageException("--validation-fraction requires --patience N");
    }
    if (a.has(Option.TEST) && a.has(Option.TEST_FRACTION)) {
      throw new UsageException("--test and --test-fraction cannot be combined; give one");
    }
    Optional<Generators> generator = Generators.named(data);
    if (generator.isPresent()) return generated(generator.get(), a, fraction, seed);
    if (!TableInput.isStandardInput(data)) {
      Path file = InputFiles.path(data);
      if (!Files.exists(file)) throw new UsageException(missing(data));
      InputFiles.requireReadable(file);
      if (a.has(Option.LABELS) || InputFiles.looksLikeIdx(file)) return images(file, a, fraction, seed);
    }
    return table(data, new TableInput(a, terminal), a, fraction, seed);
  }

  /** The error message for data that is neither a file nor built in. */
  static String missing(String data) {
    List<String> builtIn = Arrays.stream(Generators.values()).map(Generators::label).toList();
    return data + ": no such file or built-in data set (" + String.join(", ", builtIn) + ")"
        + SpellingHint.of(data, builtIn);
  }

  /** The row numbers for training, for validation (null without --patience), and for testing. */
  private record Parts(int[] train, int[] validation, int[] test, List<String> notices) {
    static Parts of(TargetRows rows, double testFraction, Arguments a, long seed) {
      int[][] parts = rows.split(rows.rows(), testFraction, seed, 0);
      List<String> notices = new ArrayList<>();
      if (testFraction > 0) notices.addAll(rows.single(rows.rows(), "testing"));
      if (!a.has(Option.PATIENCE) || a.has(Option.ENSEMBLE)) return new Parts(parts[0], null, parts[1], notices);
      double fraction = a.number(Option.VALIDATION_FRACTION, 0.1, 0, false, 1);
      int[][] again = rows.split(parts[0], fraction, seed, 1);
      if (again[1].length == 0) {
        throw new UsageException(
            "no rows are left for validation; raise --validation-fraction or lower --test-fraction");
      }
      notices.addAll(rows.single(parts[0], "validation"));
      return new Parts(again[0], again[1], parts[1], notices);
    }
  }

  private static InputData split(
      String name, Encoding encoding, Dataset all, Dataset separateTest, double fraction, Arguments a, long seed) {
    int[] rows = IntStream.range(0, all.rows()).toArray();
    Parts parts = Parts.of(new TargetRows(rows, all.classes(), all.labels()), separateTest == null ? fraction : 0, a,
        seed);
    boolean whole = parts.train.length == all.rows();
    return of(name, encoding, whole ? all : all.select(parts.train),
        parts.validation == null ? null : all.select(parts.validation),
        separateTest == null ? all.select(parts.test) : separateTest, a, new LinkedHashMap<>(), parts.notices);
  }

  /** Weights the classes, and describes the data. */
  private static InputData of(String name, Encoding encoding, Dataset unweighted, Dataset validation, Dataset test,
      Arguments a, Map<String, String> weights, List<String> notices) {
    Dataset train = unweighted, judged = validation;
    if (a.has(Option.CLASS_WEIGHT)) {
      double[] perClass = Weighting.ofClasses(a.value(Option.CLASS_WEIGHT).get(), train);
      train = Weighting.withClassWeights(train, perClass);
      judged = Weighting.withClassWeights(judged, perClass);
      weights.put("class weights", Weighting.described(perClass, train.labels()));
    }
    String targets = train.isClassification() ? train.labels().size() + " classes"
        : train.isMultilabel() ? train.outputs() + " labels"
        : train.outputs() > 1 ? train.outputs() + " numeric targets" : "a numeric target";
    String part = judged == null ? "" : String.format(Locale.ROOT, ", %,d to validate", judged.rows());
    String description = String.format(Locale.ROOT, "%s: %,d rows to train%s, %,d to test; %s, %s", name, train.rows(),
        part, test.rows(), Formatting.count(train.inputs(), "input", "inputs"), targets);
    return new InputData(description, encoding, train, judged, test,
        Collections.unmodifiableMap(weights), List.copyOf(notices));
  }

  private static InputData generated(Generators g, Arguments a, double fraction, long seed) {
    a.refuse("built-in data", Option.LABELS, Option.TEST, Option.TEST_LABELS);
    a.refuse("built-in data", FOR_TABLES);
    requireClassify(a, "built-in data");
    Dataset all = g.generate(seed);
    return split(g.label() + " (synthetic)", g.encoding(), all, null, fraction, a, seed);
  }

  private static InputData images(Path file, Arguments a, double fraction, long seed) {
    a.refuse("IDX images", FOR_TABLES);
    requireClassify(a, "IDX images");
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
    Task task = TableColumns.task(a).orElse(Task.CLASSIFY);
    if (task != Task.CLASSIFY) {
      throw new UsageException("--task " + a.value(Option.TASK).get() + " does not apply to " + kind
          + ", whose targets are classes; remove it");
    }
  }

  private static void requireOtherInput(String data, String test) {
    if (!TableInput.isStandardInput(test)) InputFiles.existing(Option.TEST, test);
    else if (TableInput.isStandardInput(data)) throw new UsageException("--test: standard input is already the data");
  }

  /** Reads the test rows in a file of their own. */
  private static Dataset separateTest(TableInput input, Arguments a, Encoding e, List<String> notices) {
    Table table = input.read(a.value(Option.TEST).get(), e.tableOptions());
    List<String> found = new ArrayList<>(table.notices());
    int[] rows = e.rowsWithTarget(table);
    found.addAll(TargetRows.missing(table.rows() - rows.length));
    for (InputCounts c : e.counts(table, rows)) {
      if (c.unseen() > 0) found.add(c.unseenLine());
      if (c.missing() == 0 || !ReadingOptions.refusesMissing(a)) continue;
      throw new DataException(table.file() + ": column '" + Formatting.line(c.column(), 60) + "': "
          + Formatting.count(c.missing(), "missing value", "missing values")
          + ". Fill them in, or remove --missing refuse.");
    }
    for (String notice : found) notices.add(table.file() + ": " + notice);
    return e.encode(table, rows);
  }

  private static InputData table(String data, TableInput input, Arguments a, double fraction, long seed) {
    a.refuse("a table", Option.LABELS, Option.TEST_LABELS);
    boolean separate = a.has(Option.TEST);
    if (separate) requireOtherInput(data, a.value(Option.TEST).get());
    Table table = input.read(data, TableOptions.DEFAULTS);
    List<String> notices = new ArrayList<>(table.notices());
    TableColumns columns = TableColumns.of(table, a);
    TargetRows rows = TargetRows.of(table, columns.targets(), columns.task());
    Parts parts = Parts.of(rows, separate ? 0 : fraction, a, seed);
    EncodingBuilder builder = columns.builder(a);
    Encoding e = builder.fit(parts.train);
    notices.addAll(builder.notices());
    NewValues.missing(e.counts(table, parts.train)).ifPresent(notices::add);
    notices.addAll(builder.warnings());
    Dataset train = e.encode(table, parts.train);
    Dataset test = separate ? separateTest(input, a, e, notices) : e.encode(table, parts.test);
    Dataset validation = parts.validation == null ? null : e.encode(table, parts.validation);
    notices.addAll(parts.notices);
    Map<String, String> weights = new LinkedHashMap<>();
    if (columns.weight() >= 0) {
      train = train.withWeights(Weighting.column(table, columns.weight(), parts.train));
      if (validation != null) {
        validation = validation.withWeights(Weighting.column(table, columns.weight(), parts.validation));
      }
      weights.put("weights", "column " + table.names().get(columns.weight()));
    }
    String name = TableInput.label(data) + ", target" + (columns.targets().size() > 1 ? "s " : " ")
        + columns.targetNames();
    return of(name, e, train, validation, test, a, weights, notices);
  }
}
