// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.Encoding.Task;
import chainrule.data.EncodingBuilder;
import chainrule.data.Generators;
import chainrule.data.Idx;
import chainrule.data.Table;
import chainrule.data.TableOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Data that has been read, but not yet divided into rows to train on and rows to test on. It can be divided many times,
 * by several threads at once, as for cross-validation.
 */
abstract class UnsplitData {
  final Arguments a;

  UnsplitData(Arguments a) {
    this.a = a;
  }

  /** Returns the rows that have a target. */
  abstract TargetRows rows();

  /** Returns the table; null for built-in data and images. */
  Table table() {
    return null;
  }

  /** Returns the name of the data, with the target of a table. */
  abstract String name();

  /** Divides the rows. An encoding is learned on the training rows only. */
  abstract InputData divide(RowParts parts);

  /** Returns the data of a table that has been read, without {@code --test}. */
  static UnsplitData of(String data, Table table, Arguments a) {
    return new OfTable(data, table, null, a);
  }

  /**
   * Reads or generates the data that an operand names.
   *
   * @param input reads tables
   */
  static UnsplitData read(String data, Arguments a, long seed, TableInput input) {
    return read(data, Optional.empty(), a, seed, input);
  }

  /** Reads or generates data like {@link #read(String, Arguments, long, TableInput)}, encoded as a model says. */
  static UnsplitData read(String data, Optional<StartingModel> from, Arguments a, long seed, TableInput input) {
    if (input.isCluster()) return table(data, from, a, input);
    Optional<Generators> generator = Generators.named(data);
    if (generator.isPresent()) return generated(generator.get(), from, a, seed);
    if (!TableInput.isStandardInput(data)) {
      Path file = InputFiles.path(data);
      if (!Files.exists(file)) throw new UsageException(InputData.missing(data));
      InputFiles.requireReadable(file);
      if (a.has(Option.LABELS) || InputFiles.looksLikeIdx(file)) return images(file, from, a);
    }
    return table(data, from, a, input);
  }

  private static UnsplitData table(String data, Optional<StartingModel> from, Arguments a, TableInput input) {
    requireTableOptions(data, a, input);
    return from.isPresent() ? new ContinuedTable(data, from.get(), a, input)
        : new OfTable(data, input.read(data, TableOptions.DEFAULTS), input, a);
  }

  private static UnsplitData generated(Generators g, Optional<StartingModel> from, Arguments a, long seed) {
    a.refuse("built-in data", Option.LABELS, Option.TEST, Option.TEST_LABELS);
    a.refuse("built-in data", InputData.FOR_TABLES);
    requireClassify(a, "built-in data");
    from.ifPresent(f -> ModelData.requireSame(f.model(), g));
    return new OfExamples(g.label() + " (synthetic)", g.encoding(), from, g.generate(seed), null, a);
  }

  private static UnsplitData images(Path file, Optional<StartingModel> from, Arguments a) {
    a.refuse("IDX images", InputData.FOR_TABLES);
    requireClassify(a, "IDX images");
    Path labels = InputFiles.existing(Option.LABELS, a.value(Option.LABELS).orElseThrow(() -> new UsageException(
        file + ": IDX images require labels; add --labels FILE")));
    Idx.Images images = Idx.readImages(file);
    Dataset all = from.isPresent() ? InputData.images(file, labels, from.get().model().encoding())
        : Idx.read(images, file, labels);
    Encoding encoding = from.isPresent() ? from.get().model().encoding()
        : Encoding.pixels(images.height(), images.width(), all.labels());
    if (!a.has(Option.TEST)) {
      if (a.has(Option.TEST_LABELS)) throw new UsageException("--test-labels requires --test FILE");
      return new OfExamples(file.toString(), encoding, from, all, null, a);
    }
    Path testFile = InputFiles.existing(Option.TEST, a.value(Option.TEST).get());
    Path testLabels = InputFiles.existing(
        Option.TEST_LABELS, a.value(Option.TEST_LABELS).orElseThrow(() -> new UsageException(
        "--test: IDX images require labels; add --test-labels FILE")));
    return new OfExamples(file.toString(), encoding, from, all,
        InputData.images(testFile, testLabels, encoding), a);
  }

  /** Checks the options that do not depend on the contents of a table. */
  private static void requireTableOptions(String data, Arguments a, TableInput input) {
    a.refuse("a table", Option.LABELS, Option.TEST_LABELS);
    if (!a.has(Option.TEST) || input.isCluster()) return;
    String test = a.value(Option.TEST).get();
    if (!TableInput.isStandardInput(test)) InputFiles.existing(Option.TEST, test);
    else if (TableInput.isStandardInput(data)) {
      throw new UsageException("--test: standard input is already the data");
    }
  }

  /** Reads the test rows in the table of {@code --test}, and adds notices about them. */
  Dataset separateTest(TableInput input, Encoding e, List<String> notices) {
    Table test = input.read(a.value(Option.TEST).get(), e.tableOptions());
    List<String> found = new ArrayList<>(test.notices());
    int[] withTarget = e.rowsWithTarget(test);
    found.addAll(TargetRows.missing(test.rows() - withTarget.length));
    found.addAll(NewValues.unseen(test, e.counts(test, withTarget), a));
    for (String notice : found) notices.add(test.file() + ": " + notice);
    return e.encode(test, withTarget);
  }

  private static void requireClassify(Arguments a, String kind) {
    Task task = TableColumns.task(a).orElse(Task.CLASSIFY);
    if (task != Task.CLASSIFY) {
      throw new UsageException("--task " + a.value(Option.TASK).get() + " does not apply to " + kind
          + ", whose targets are classes; remove it");
    }
  }

  /** Built-in data or images, whose encoding is fixed. */
  private static final class OfExamples extends UnsplitData {
    private final String name;
    private final Encoding encoding;
    private final Dataset all;
    private final Dataset separateTest; // null without --test
    private final List<String> notices;
    private final TargetRows rows;

    OfExamples(String name, Encoding encoding, Optional<StartingModel> from, Dataset all, Dataset separateTest,
        Arguments a) {
      super(a);
      this.name = name;
      this.encoding = from.isPresent() ? from.get().model().encoding() : encoding;
      this.all = from.isPresent() ? from.get().model().adapt(all.withLabels(this.encoding.target().labels())) : all;
      this.separateTest = from.isPresent() && separateTest != null ? from.get().model().adapt(separateTest)
          : separateTest;
      this.notices = from.isPresent() ? from.get().notices(a) : List.of();
      this.rows = new TargetRows(IntStream.range(0, all.rows()).toArray(), all.classes(), all.labels());
    }

    @Override TargetRows rows() {
      return rows;
    }

    @Override String name() {
      return name;
    }

    @Override InputData divide(RowParts parts) {
      boolean whole = parts.train().length == all.rows();
      List<String> found = new ArrayList<>(notices);
      found.addAll(parts.notices());
      return InputData.of(name, encoding, whole ? all : all.select(parts.train()),
          parts.validation() == null ? null : all.select(parts.validation()),
          separateTest == null ? all.select(parts.test()) : separateTest, a, new LinkedHashMap<>(), found);
    }
  }

  /** A table, whose encoding is learned. */
  private static final class OfTable extends UnsplitData {
    private final Table table;
    private final TableInput input; // for the table of --test
    private final TableColumns columns;
    private final TargetRows rows;
    private final String name;

    OfTable(String data, Table table, TableInput input, Arguments a) {
      super(a);
      this.table = table;
      this.input = input;
      this.columns = TableColumns.of(table, a);
      this.rows = TargetRows.of(table, columns.targets(), columns.task());
      this.name = TableInput.label(data) + ", target" + (columns.targets().size() > 1 ? "s " : " ")
          + columns.targetNames();
    }

    @Override Table table() {
      return table;
    }

    @Override TargetRows rows() {
      return rows;
    }

    @Override String name() {
      return name;
    }

    @Override InputData divide(RowParts parts) {
      List<String> notices = new ArrayList<>(table.notices());
      if (!a.has(Option.TARGET)) AssumedTarget.note(columns).ifPresent(notices::add);
      EncodingBuilder builder = columns.builder(a);
      Encoding e = builder.fit(parts.train());
      notices.addAll(builder.notices());
      NewValues.missing(e.counts(table, parts.train()),
          "marked by inputs of their own, numbers filled with the median").ifPresent(notices::add);
      notices.addAll(builder.warnings());
      Dataset train = e.encode(table, parts.train());
      Dataset test = a.has(Option.TEST) ? separateTest(input, e, notices) : e.encode(table, parts.test());
      Dataset validation = parts.validation() == null ? null : e.encode(table, parts.validation());
      notices.addAll(parts.notices());
      Map<String, String> settings = new LinkedHashMap<>();
      settings.put(TrainingSettings.BINS, Integer.toString(columns.bins(a)));
      if (columns.weight() >= 0) {
        train = train.withWeights(Weighting.column(table, columns.weight(), parts.train()));
        if (validation != null) {
          validation = validation.withWeights(Weighting.column(table, columns.weight(), parts.validation()));
        }
        settings.put("weights", "column " + table.names().get(columns.weight()));
      }
      return InputData.of(name, e, train, validation, test, a, settings, notices);
    }
  }
}
