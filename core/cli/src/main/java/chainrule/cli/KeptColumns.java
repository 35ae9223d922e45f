// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import chainrule.data.Table;
import chainrule.data.TableOptions;
import chainrule.data.TextColumn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The columns that {@code predict --keep} copies, exactly as they are written. An input of the model must be read a
 * second time for this, because the model needs its numbers.
 */
final class KeptColumns {
  private final String list; // null if no columns are kept
  private final TableInput input;
  private final String data;
  private final TableOptions options; // of the model
  private final Set<String> readExactly = new LinkedHashSet<>();

  private KeptColumns(String list, TableInput input, String data, TableOptions options) {
    this.list = list;
    this.input = input;
    this.data = data;
    this.options = options;
  }

  static KeptColumns of(Arguments a, TableInput input, String data, Encoding encoding) {
    KeptColumns kept = new KeptColumns(a.value(Option.KEEP).orElse(null), input, data, encoding.tableOptions());
    if (kept.list == null) return kept;
    if (TableInput.isStandardInput(data)) input.keepStandardInput();
    Set<String> inputs = new HashSet<>();
    for (InputColumn in : encoding.inputColumns()) inputs.add(in.name());
    for (String name : ColumnNames.possible(kept.list)) if (!inputs.contains(name)) kept.readExactly.add(name);
    return kept;
  }

  /** Returns the options with which the model's table is read. */
  TableOptions options() {
    return list == null ? options : options.exact(readExactly);
  }

  /** Returns the kept columns of the table, in the order in which they are listed. */
  List<TextColumn> columns(Table table) {
    if (list == null) return List.of();
    List<String> names = new ArrayList<>();
    for (String name : ColumnNames.split(list, n -> table.indexOf(n) >= 0)) {
      names.add(table.names().get(table.columnIndex(name)));
    }
    Table exact = readExactly.containsAll(names) ? table
        : input.read(data, options.exact(new LinkedHashSet<>(names)));
    return names.stream().map(name -> (TextColumn) exact.column(exact.columnIndex(name))).toList();
  }
}
