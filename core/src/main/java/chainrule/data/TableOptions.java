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

  /** Sets whether the first line that is not a comment contains the names of the columns. */
  public TableOptions header(boolean present) {
    TableOptions o = copy();
    o.header = present;
    return o;
  }

  /** Sets the separator: comma, semicolon, tab, |, or another ASCII character; a space stands for runs of blanks. */
  public TableOptions separator(char c) {
    if (c == '"' || c == '\n' || c == '\r' || c == 0 || c > 0x7E || Character.isLetterOrDigit(c)) {
      throw new IllegalArgumentException("separator: expected an ASCII character such as ',', found '" + c + "'");
    }
    TableOptions o = copy();
    o.separator = c;
    return o;
  }

  /** Sets the decimal mark, '.' or ','; the other one then separates thousands. */
  public TableOptions decimal(char c) {
    TableOptions o = copy();
    o.decimal = requireMark(c);
    return o;
  }

  /** Sets the decimal mark to assume where the file leaves it open: the one of the training data. */
  public TableOptions usualDecimal(char c) {
    TableOptions o = copy();
    o.usualDecimal = c == 0 ? 0 : requireMark(c);
    return o;
  }

  private static char requireMark(char c) {
    if (c == '.' || c == ',') return c;
    throw new IllegalArgumentException("decimal mark: expected '.' or ',', found '" + c + "'");
  }

  /** Sets strings, such as {@code -999} or {@code unknown}, that mean a missing value in addition to the usual ones. */
  public TableOptions missing(List<String> markers) {
    TableOptions o = copy();
    o.missing = List.copyOf(markers);
    return o;
  }

  /** Sets the type of a column, by name or by number from 1. Cells that do not fit it then count as missing. */
  public TableOptions type(String column, ColumnType type) {
    TableOptions o = copy();
    o.types = new LinkedHashMap<>(types);
    o.types.put(column, Objects.requireNonNull(type, "type"));
    return o;
  }

  /**
   * Sets the types that columns of these names have in the training data. Unlike with {@link #type}, a column of
   * numbers of which more than 5 % are not numbers is refused.
   */
  public TableOptions usualTypes(Map<String, ColumnType> byName) {
    TableOptions o = copy();
    o.usualTypes = Map.copyOf(byName);
    return o;
  }

  /** Sets columns whose cells are kept exactly as they are written, as strings: 007 stays 007. */
  public TableOptions exact(Set<String> columns) {
    TableOptions o = copy();
    o.exact = new LinkedHashSet<>(columns);
    return o;
  }

  /** Sets the names of the columns that a model needs, by which a header is recognized. */
  public TableOptions expect(List<String> names) {
    TableOptions o = copy();
    o.expected = List.copyOf(names);
    return o;
  }

  /** Sets columns, by name or by number from 1, that will not be used: they cause no notes and no errors. */
  public TableOptions ignore(Set<String> columns) {
    TableOptions o = copy();
    o.ignored = new LinkedHashSet<>(columns);
    return o;
  }

  /**
   * Says that the strings of {@link Table#typed} are the cells of a file as they are written. Then numbers are expected
   * among them, and cause no notes.
   */
  public TableOptions writtenCells() {
    TableOptions o = copy();
    o.writtenCells = true;
    return o;
  }

  /** Sets the number of threads that parse; all processors unless called. The table does not depend on it. */
  public TableOptions threads(int n) {
    if (n < 1) throw new IllegalArgumentException("threads: expected ≥ 1, found " + n);
    TableOptions o = copy();
    o.threads = n;
    return o;
  }

  /** Sets the receiver of the progress. */
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
