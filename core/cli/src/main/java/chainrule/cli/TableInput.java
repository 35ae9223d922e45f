// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Table;
import chainrule.data.TableOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Reads tables from files, standard input or a cluster as the arguments say, and shows the progress on a terminal. */
final class TableInput {
  /** The operand that stands for standard input. */
  static final String STANDARD_INPUT = "-";

  private final Arguments arguments;
  private final Terminal terminal;
  private final Optional<TrainingCluster> cluster;
  private byte[] standardInput; // kept only if it is read twice

  /** @param terminal where progress is shown */
  TableInput(Arguments arguments, Terminal terminal) {
    this(arguments, terminal, Optional.empty());
  }

  /** @param cluster which has the tables in place of files, if there is one */
  TableInput(Arguments arguments, Terminal terminal, Optional<TrainingCluster> cluster) {
    this.arguments = arguments;
    this.cluster = cluster;
    this.terminal = arguments.has(Option.QUIET) ? Terminal.plain(terminal.stream()) : terminal;
  }

  static boolean isStandardInput(String name) {
    return name.equals(STANDARD_INPUT);
  }

  /** Returns the name for messages. */
  static String label(String name) {
    return isStandardInput(name) ? "standard input" : name;
  }

  /** Returns whether the tables come from a cluster. */
  boolean isCluster() {
    return cluster.isPresent();
  }

  /** Reads a table. The options of the command line override {@code defaults}. */
  Table read(String name, TableOptions defaults) {
    if (isCluster()) {
      arguments.refuse("a table that a cluster reads", Option.HEADER, Option.SEPARATOR);
      return cluster.get().table(name, options(defaults));
    }
    ReadingProgress progress = new ReadingProgress(terminal, label(name));
    TableOptions options = options(defaults).listener(progress);
    try {
      if (!isStandardInput(name)) return Table.read(InputFiles.path(name), options);
      InputStream in = standardInput == null ? System.in : new ByteArrayInputStream(standardInput);
      return Table.read(in, label(name), options);
    } finally {
      progress.end();
    }
  }

  private TableOptions options(TableOptions defaults) {
    TableOptions options = ReadingOptions.of(arguments, defaults);
    return arguments.value(Option.DROP).map(names -> options.ignore(ColumnNames.possible(names))).orElse(options);
  }

  /** Allows to read standard input more than once; other inputs can be read again anyway. */
  void keepStandardInput() {
    try {
      if (standardInput == null) standardInput = System.in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
