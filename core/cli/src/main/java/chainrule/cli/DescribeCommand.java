// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.ColumnSummary;
import chainrule.data.ColumnType;
import chainrule.data.ColumnUse;
import chainrule.data.DataException;
import chainrule.data.Encoding.Task;
import chainrule.data.EncodingBuilder;
import chainrule.data.Generators;
import chainrule.data.InputColumn;
import chainrule.data.Table;
import chainrule.data.TableOptions;
import chainrule.format.Formatting;
import chainrule.io.Json;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** {@code describe DATA}: the columns of a table, and what training would do with each of them. */
final class DescribeCommand {
  private static final int MOST_CLASSES = 10, MOST_DATES = 8;

  private final PrintStream out;
  private final Terminal err;

  DescribeCommand(PrintStream out, Terminal err) {
    this.out = out;
    this.err = err;
  }

  void run(List<String> args) {
    Arguments a = Arguments.parse(Command.DESCRIBE, args);
    String data = a.operands(Command.DESCRIBE, "a table").get(0);
    requireTable(data);
    Table table = new TableInput(a, err).read(data, TableOptions.DEFAULTS);
    TableColumns columns = TableColumns.of(table, a);
    List<ColumnSummary> summaries = IntStream.range(0, table.columns().size()).parallel()
        .mapToObj(c -> ColumnSummary.of(table, c)).toList();
    TargetRows rows = TargetRows.of(table, columns.targets(), columns.task());
    List<String> notices = new ArrayList<>(table.notices()), warnings = new ArrayList<>();
    List<ColumnUse> uses = null;
    EncodingBuilder builder = columns.builder(a);
    try {
      warnings.addAll(dates(builder.fit(rows.rows()).inputColumns()));
      uses = builder.uses();
      notices.addAll(builder.notices());
      warnings.addAll(builder.warnings());
    } catch (DataException e) {
      warnings.add("training would refuse this: " + e.getMessage());
    }
    List<DescribedColumn> described = new ArrayList<>();
    for (int c = 0; c < table.columns().size(); c++) {
      described.add(new DescribedColumn(summaries.get(c), uses == null ? null : uses.get(c)));
    }
    if (a.has(Option.JSON)) {
      out.println(Json.text(json(table, columns, described, rows, warnings, notices)));
      return;
    }
    out.println(Formatting.line(TableInput.label(data), 200) + ": " + Formatting.count(table.rows(), "row", "rows")
        + ", " + Formatting.count(table.columns().size(), "column", "columns"));
    out.println();
    DescribedColumn.print(out, described, a.has(Option.ALL));
    printTargets(columns, rows, a);
    printLines("notes", notices);
    printLines("warnings", warnings);
  }

  private static List<String> dates(Collection<InputColumn> inputs) {
    List<String> names = inputs.stream().filter(in -> in.type() == ColumnType.DATE)
        .map(in -> "'" + Formatting.line(in.name(), 40) + "'").sorted().toList();
    if (names.isEmpty()) return List.of();
    return List.of((names.size() == 1 ? "date " : "dates ")
        + String.join(", ", names.subList(0, Math.min(MOST_DATES, names.size())))
        + (names.size() > MOST_DATES ? " and " + (names.size() - MOST_DATES) + " more" : "")
        + ": used as days since 1970-01-01; new rows are usually later than all of training");
  }

  private static void requireTable(String data) {
    if (TableInput.isStandardInput(data)) return;
    if (Generators.named(data).isPresent()) {
      throw new UsageException("describe explains tables, but " + data + " is a built-in data set; "
          + "./chainrule train " + data + " names its inputs and classes");
    }
    Path file = InputFiles.path(data);
    if (!Files.exists(file)) throw new UsageException(data + ": no such file");
    InputFiles.requireReadable(file);
    if (InputFiles.looksLikeIdx(file)) {
      throw new UsageException(data + ": describe explains tables, but this is a file of IDX images or labels");
    }
  }

  private void printTargets(TableColumns columns, TargetRows rows, Arguments a) {
    out.println();
    String assumed = a.has(Option.TARGET) ? "" : "; the last column" + AssumedTarget.advice(columns);
    String task = columns.task() == Task.CLASSIFY ? Formatting.count(rows.labels().size(), "class", "classes")
        : columns.task() == Task.MULTILABEL ? "labels" : "numbers";
    out.println((columns.targets().size() > 1 ? "targets   " : "target    ") + columns.targetNames() + ": " + task
        + assumed);
    if (columns.task() != Task.CLASSIFY) return;
    List<ClassCount> classes = rows.counts();
    int shown = Math.min(MOST_CLASSES, classes.size());
    int width = 0;
    for (ClassCount c : classes.subList(0, shown)) width = Math.max(width, Formatting.line(c.label(), 30).length());
    for (ClassCount c : classes.subList(0, shown)) {
      String label = Formatting.line(c.label(), 30);
      out.println("          " + label + " ".repeat(width - label.length()) + "  "
          + String.format("%10s", Formatting.count(c.rows())) + "  "
          + Formatting.percent((double) c.rows() / rows.rows().length, rows.rows().length));
    }
    if (shown < classes.size()) out.println("          … " + (classes.size() - shown) + " smaller classes");
  }

  /** A class and the number of its rows. */
  record ClassCount(String label, int rows) {}

  private void printLines(String title, List<String> lines) {
    if (lines.isEmpty()) return;
    out.println();
    out.println(title);
    for (String line : lines) out.println("  " + Formatting.line(line, 1000));
  }

  private static Map<String, Object> json(Table table, TableColumns columns, List<DescribedColumn> described,
      TargetRows rows, List<String> warnings, List<String> notices) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("file", table.file());
    json.put("rows", table.rows());
    json.put("columns", described.stream().map(DescribedColumn::json).toList());
    json.put("targets", columns.targets().stream().map(table.names()::get).toList());
    json.put("task", columns.task().name().toLowerCase(Locale.ROOT));
    if (columns.task() == Task.CLASSIFY) {
      Map<String, Object> classes = new LinkedHashMap<>();
      for (ClassCount c : rows.counts()) classes.put(c.label(), c.rows());
      json.put("classes", classes);
    }
    json.put("rows_without_target", table.rows() - rows.rows().length);
    json.put("warnings", warnings);
    json.put("notices", notices);
    return json;
  }
}
