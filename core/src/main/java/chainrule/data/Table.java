// SPDX-License-Identifier: MIT
package chainrule.data;

import chainrule.text.Excerpt;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A table with typed columns of equal length: what a CSV or ARFF file contains.
 * <pre>{@code
 * Table table = Table.read(Path.of("iris.csv"));
 * Column species = table.column(table.columnIndex("species"));
 * }</pre>
 * Tables are serializable, so that the machines of a cluster can exchange them.
 */
public final class Table implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int MOST_LISTED = 12;

  /** The name of the file, for messages. */
  private final String file;
  /** The columns, all of the same length. */
  private final List<Column> columns;
  /** The names of the columns. */
  private final List<String> names;
  /** The index of each column, by name. */
  private final Map<String, Integer> places = new HashMap<>();
  /** The number of rows. */
  private final int rows;
  /** For each row the line of the file on which it starts. */
  private final int[] lines; // [rows]
  /** The decimal mark of the file, '.' or ','; 0 if the file leaves it open. */
  private final char decimal;
  /** What reading had to assume or leave out, one short line each. */
  private final List<String> notices;

  /**
   * @param file the name of the file, for messages
   * @param lines for each row the line of the file on which it starts
   * @param decimal the decimal mark of the file, '.' or ','; 0 if the file leaves it open
   * @param notices what reading had to assume or leave out, one short line each
   */
  Table(String file, List<? extends Column> columns, int[] lines, char decimal, List<String> notices) {
    this.file = file;
    this.columns = List.copyOf(columns);
    this.names = this.columns.stream().map(Column::name).toList();
    this.rows = lines.length;
    this.lines = lines;
    this.decimal = decimal;
    this.notices = List.copyOf(notices);
    Set<String> seen = new HashSet<>();
    for (int c = 0; c < names.size(); c++) {
      if (this.columns.get(c).rows() != rows) throw new IllegalArgumentException("columns of different lengths");
      if (!seen.add(names.get(c))) throw new IllegalArgumentException("two columns named " + names.get(c));
      places.put(names.get(c), c);
    }
  }

  /**
   * Reads a file: CSV and other delimited text, also compressed with gzip, or ARFF.
   *
   * @param file the file
   * @return the table
   * @throws DataException naming file, line and column of what is not a table
   * @throws java.io.UncheckedIOException if the file cannot be read
   */
  public static Table read(Path file) {
    return read(file, TableOptions.DEFAULTS);
  }

  /**
   * Reads a file with options, like {@link #read(Path)}.
   *
   * @param file the file
   * @param options how to read it
   * @return the table
   */
  public static Table read(Path file, TableOptions options) {
    return TableReader.read(file, options);
  }

  /**
   * Reads a stream, such as standard input, to its end, like {@link #read(Path)}. The stream is not closed.
   *
   * @param in the stream
   * @param name the name of the data, for messages
   * @param options how to read it
   * @return the table
   */
  public static Table read(InputStream in, String name, TableOptions options) {
    return TableReader.read(TableSource.of(name, in), options);
  }

  /**
   * Parses text like {@link #read(Path)}.
   *
   * @param file the name of the data, for messages
   * @param text the content of a file
   * @return the table
   */
  public static Table parse(String file, String text) {
    return parse(file, text, TableOptions.DEFAULTS);
  }

  /**
   * Parses text with options, like {@link #read(Path)}.
   *
   * @param file the name of the data, for messages
   * @param text the content of a file
   * @param options how to read it
   * @return the table
   */
  public static Table parse(String file, String text, TableOptions options) {
    return TableReader.read(TableSource.of(file, text), options);
  }

  /**
   * {@return a table of these columns, for data that comes from elsewhere}
   *
   * @param name the name of the data, for messages
   * @param columns ≥ 1 columns of the same length, with different names
   * @throws IllegalArgumentException for no columns, columns of different lengths or of the same name
   */
  public static Table of(String name, List<? extends Column> columns) {
    if (columns.isEmpty()) throw new IllegalArgumentException("expected ≥ 1 column");
    int[] lines = IntStream.rangeClosed(1, columns.get(0).rows()).toArray();
    return new Table(name, columns, lines, (char) 0, List.of());
  }

  /**
   * {@return a table of columns from elsewhere, whose types are decided as those of a file are} A column of strings of
   * which at least 95 % are numbers is one of numbers, and so on. {@link #notices} says what was assumed. An ambiguous
   * string such as {@code 1,250} is read as in a file with commas between its fields: as 1250. The line of a row is its
   * number, from 1.
   *
   * @param name the name of the data, for messages
   * @param columns ≥ 1 columns of the same length, with different names
   * @param options may set types, strings for missing values and the decimal mark
   * @throws DataException for a column that can be read in several ways, or that does not have the type it must have
   * @throws IllegalArgumentException for no columns, columns of different lengths or of the same name
   */
  public static Table typed(String name, List<UntypedColumn> columns, TableOptions options) {
    return UntypedColumn.typed(name, columns, options);
  }

  /** {@return the name of the file, for messages} */
  public String file() {
    return file;
  }

  /** {@return the number of rows} */
  public int rows() {
    return rows;
  }

  /** {@return the columns} */
  public List<Column> columns() {
    return columns;
  }

  /**
   * {@return the column with this index}
   *
   * @param index the index of the column, from 0
   */
  public Column column(int index) {
    return columns.get(index);
  }

  /** {@return the names of the columns} */
  public List<String> names() {
    return names;
  }

  /**
   * {@return the line of the file on which a row starts}
   *
   * @param row the row, from 0
   */
  public int line(int row) {
    return lines[row];
  }

  /** {@return the decimal mark of the file, '.' or ','; 0 if the file leaves it open} */
  public char decimal() {
    return decimal;
  }

  /** {@return what reading had to assume or leave out, one short line each} */
  public List<String> notices() {
    return notices;
  }

  /**
   * Row numbers, from 0, for training and for testing.
   *
   * @param train the rows to train on
   * @param test the rows held out
   */
  public record Split(int[] train, int[] test) {}

  /**
   * Holds out a random part of the rows, like {@link Dataset#splitRows(int, double, long)}.
   *
   * @param testFraction the fraction of the rows to hold out, 0 ≤ fraction &lt; 1
   * @param seed the seed of the random choice
   * @return the numbers of the rows to train on and of those held out
   * @throws IllegalArgumentException for a fraction outside [0, 1)
   */
  public Split split(double testFraction, long seed) {
    int[][] parts = Dataset.splitRows(rows, testFraction, seed);
    return new Split(parts[0], parts[1]);
  }

  /**
   * {@return a table of the chosen rows, in this order}
   *
   * @param chosen row numbers, from 0
   */
  public Table select(int[] chosen) {
    int[] chosenLines = new int[chosen.length];
    for (int i = 0; i < chosen.length; i++) chosenLines[i] = lines[chosen[i]];
    return new Table(file, columns.stream().map(c -> c.select(chosen)).toList(), chosenLines, decimal, notices);
  }

  int[] allRows() {
    return IntStream.range(0, rows).toArray();
  }

  /**
   * {@return the index of the column of this name, from 0, or −1 if there is none}
   *
   * @param name the name of the column
   */
  public int indexOf(String name) {
    return places.getOrDefault(name, -1);
  }

  /**
   * {@return the index of a column, from 0}
   *
   * @param name the name of the column or, if there is no such name, its number from 1
   * @throws DataException naming the columns there are, if none of them is meant
   */
  public int columnIndex(String name) {
    int i = indexOf(name);
    return i >= 0 ? i : columnIndex(file, names, name);
  }

  /** Returns the index of a column like {@link #columnIndex(String)}, for a table that is being read. */
  static int columnIndex(String file, List<String> names, String name) {
    int i = names.indexOf(name);
    if (i >= 0) return i;
    try {
      int number = Integer.parseInt(name);
      if (number >= 1 && number <= names.size()) return number - 1;
    } catch (NumberFormatException e) {
      // not a number: an unknown name like any other
    }
    throw new DataException(file + ": no column '" + shown(name) + "'; the columns are " + listed(names));
  }

  /** Returns the error for a missing column that a model needs. */
  DataException missing(String column, String role) {
    return new DataException(file + ": no column '" + shown(column) + "', which is " + role
        + " of the model; the columns are " + listed(names)
        + (isNumbered() ? ". The file has no header: add a first line with the names of its columns." : ""));
  }

  /** Returns whether the columns are named column1, column2, …, as those of a file without a header are. */
  private boolean isNumbered() {
    for (int c = 0; c < names.size(); c++) if (!names.get(c).equals("column" + (c + 1))) return false;
    return true;
  }

  private static String listed(List<String> names) {
    return shown(names) + (names.size() > MOST_LISTED ? " (" + names.size() + " columns)" : "");
  }

  /** Returns the first of several strings, for a message. */
  static String shown(List<String> texts) {
    List<String> first = texts.stream().limit(MOST_LISTED).map(Table::shown).toList();
    return String.join(", ", first) + (texts.size() > MOST_LISTED ? ", …" : "");
  }

  /** Returns a string, shortened for a message. */
  static String shown(String text) {
    return Excerpt.of(text);
  }

  /** Returns an error at a cell. */
  DataException error(int row, int column, String what) {
    Objects.checkIndex(row, rows);
    return new DataException(file + ":" + lines[row] + ": column '" + shown(names.get(column)) + "': " + what);
  }
}
