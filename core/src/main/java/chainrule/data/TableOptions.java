// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How to read a table. Whatever is not set is decided from the file, and what had to be assumed is among
 * {@link Table#notices}. Instances are immutable.
 * <pre>{@code
 * Table table = Table.read(file, TableOptions.DEFAULTS.separator(';').decimal(',').type("zip", ColumnType.CATEGORY));
 * }</pre>
 */
public final class TableOptions {
  /** Everything is decided from the file. */
  public static final TableOptions DEFAULTS = new TableOptions();

  /** Receives the progress of reading a large file, at most a few times a second, on any thread. */
  public interface ReadingListener {
    /**
     * Called with the progress so far.
     *
     * @param bytes the number of bytes of the file read so far
     * @param size the size of the file in bytes; −1 if it is not known
     * @param rows the number of rows read so far
     */
    void onBytes(long bytes, long size, long rows);
  }

  private Boolean header; // null: decided from the file
  private char separator; // 0: decided from the file
  private char decimal; // 0: decided from the file
  private char usualDecimal; // 0: not known
  private List<String> missing = List.of();
  private Map<String, ColumnType> types = Map.of();
  private Map<String, ColumnType> usualTypes = Map.of();
  private Set<String> exact = Set.of();
  private List<String> expected = List.of();
  private Set<String> ignored = Set.of();
  private boolean writtenCells;
  private int threads = Runtime.getRuntime().availableProcessors();
  private ReadingListener listener = (bytes, size, rows) -> { };

  private TableOptions() {}

  private TableOptions copy() {
    TableOptions o = new TableOptions();
    o.header = header;
    o.separator = separator;
    o.decimal = decimal;
    o.usualDecimal = usualDecimal;
    o.missing = missing;
    o.types = types;
    o.usualTypes = usualTypes;
    o.exact = exact;
    o.expected = expected;
    o.ignored = ignored;
    o.writtenCells = writtenCells;
    o.threads = threads;
    o.listener = listener;
    return o;
  }

  /**
   * Sets whether the file has a header.
   *
   * @param present whether the first line that is not a comment contains the names of the columns
   * @return a copy with this setting
   */
  public TableOptions header(boolean present) {
    TableOptions o = copy();
    o.header = present;
    return o;
  }

  /**
   * Sets the separator of the fields in a line.
   *
   * @param c a comma, semicolon, tab, |, or another ASCII character; a space stands for runs of blanks
   * @return a copy with this setting
   * @throws IllegalArgumentException for a letter, a digit, a quotation mark, a line break or a character beyond ASCII
   */
  public TableOptions separator(char c) {
    if (c == '"' || c == '\n' || c == '\r' || c == 0 || c > 0x7E || Character.isLetterOrDigit(c)) {
      throw new IllegalArgumentException("separator: expected an ASCII character such as ',', found '" + c + "'");
    }
    TableOptions o = copy();
    o.separator = c;
    return o;
  }

  /**
   * Sets the decimal mark.
   *
   * @param c '.' or ','; the other one then separates thousands
   * @return a copy with this setting
   * @throws IllegalArgumentException for another character
   */
  public TableOptions decimal(char c) {
    TableOptions o = copy();
    o.decimal = requireMark(c);
    return o;
  }

  /**
   * Sets the decimal mark to assume where the file leaves it open.
   *
   * @param c the decimal mark of the training data, '.' or ','; 0 if it is not known
   * @return a copy with this setting
   * @throws IllegalArgumentException for another character
   */
  public TableOptions usualDecimal(char c) {
    TableOptions o = copy();
    o.usualDecimal = c == 0 ? 0 : requireMark(c);
    return o;
  }

  private static char requireMark(char c) {
    if (c == '.' || c == ',') return c;
    throw new IllegalArgumentException("decimal mark: expected '.' or ',', found '" + c + "'");
  }

  /**
   * Sets strings that mean a missing value in addition to the usual ones.
   *
   * @param markers the strings, such as {@code -999} or {@code unknown}
   * @return a copy with this setting
   */
  public TableOptions missing(List<String> markers) {
    TableOptions o = copy();
    o.missing = List.copyOf(markers);
    return o;
  }

  /**
   * Sets the type of a column. Cells that do not fit it then count as missing.
   *
   * @param column the name of the column, or its number from 1
   * @param type the type
   * @return a copy with this setting
   */
  public TableOptions type(String column, ColumnType type) {
    TableOptions o = copy();
    o.types = new LinkedHashMap<>(types);
    o.types.put(column, Objects.requireNonNull(type, "type"));
    return o;
  }

  /**
   * Sets the types that columns have in the training data. Unlike with {@link #type}, a column of numbers of which more
   * than 5 % are not numbers is refused.
   *
   * @param byName the types by column name
   * @return a copy with this setting
   */
  public TableOptions usualTypes(Map<String, ColumnType> byName) {
    TableOptions o = copy();
    o.usualTypes = Map.copyOf(byName);
    return o;
  }

  /**
   * Sets columns whose cells are kept exactly as they are written, as strings: 007 stays 007.
   *
   * @param columns the names of the columns
   * @return a copy with this setting
   */
  public TableOptions exact(Set<String> columns) {
    TableOptions o = copy();
    o.exact = new LinkedHashSet<>(columns);
    return o;
  }

  /**
   * Sets the names of the columns that a model needs, by which a header is recognized.
   *
   * @param names the names
   * @return a copy with this setting
   */
  public TableOptions expect(List<String> names) {
    TableOptions o = copy();
    o.expected = List.copyOf(names);
    return o;
  }

  /**
   * Sets columns that will not be used: they cause no notes and no errors.
   *
   * @param columns the columns by name, or by number from 1
   * @return a copy with this setting
   */
  public TableOptions ignore(Set<String> columns) {
    TableOptions o = copy();
    o.ignored = new LinkedHashSet<>(columns);
    return o;
  }

  /**
   * Says that the strings of {@link Table#typed} are the cells of a file as they are written. Then numbers are expected
   * among them, and cause no notes.
   *
   * @return a copy with this setting
   */
  public TableOptions writtenCells() {
    TableOptions o = copy();
    o.writtenCells = true;
    return o;
  }

  /**
   * Sets the number of threads that parse. The table does not depend on it.
   *
   * @param n the number of threads, ≥ 1; by default the number of processors
   * @return a copy with this setting
   * @throws IllegalArgumentException for n &lt; 1
   */
  public TableOptions threads(int n) {
    if (n < 1) throw new IllegalArgumentException("threads: expected ≥ 1, found " + n);
    TableOptions o = copy();
    o.threads = n;
    return o;
  }

  /**
   * Sets the receiver of the progress.
   *
   * @param value the receiver
   * @return a copy with this setting
   */
  public TableOptions listener(ReadingListener value) {
    TableOptions o = copy();
    o.listener = Objects.requireNonNull(value, "listener");
    return o;
  }

  Optional<Boolean> header() {
    return Optional.ofNullable(header);
  }

  /** 0 if not set. */
  char separator() {
    return separator;
  }

  /** 0 if not set. */
  char decimal() {
    return decimal;
  }

  /** 0 if not known. */
  char usualDecimal() {
    return usualDecimal;
  }

  List<String> missing() {
    return missing;
  }

  Map<String, ColumnType> types() {
    return types;
  }

  Map<String, ColumnType> usualTypes() {
    return usualTypes;
  }

  Set<String> exact() {
    return exact;
  }

  List<String> expected() {
    return expected;
  }

  /** Returns whether the column of this index, from 0, will not be used. */
  boolean ignores(int column, List<String> names) {
    String number = Integer.toString(column + 1);
    return ignored.contains(names.get(column)) || ignored.contains(number) && !names.contains(number);
  }

  boolean hasWrittenCells() {
    return writtenCells;
  }

  int threads() {
    return threads;
  }

  ReadingListener listener() {
    return listener;
  }
}
