// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Writes {@code --drop} and {@code --type} options for columns, ready to paste into a shell. */
final class OptionAdvice {
  private static final int MOST_NAMES = 12, LONGEST_NAME = 40;

  private OptionAdvice() {}

  /** Returns the option with the columns that are dropped already, since it may be given only once. */
  static String option(Table table, Set<Integer> dropped, int column) {
    Set<Integer> all = new TreeSet<>(dropped);
    all.add(column);
    if (all.size() > MOST_NAMES) return "--drop (add " + joined(table, Set.of(column)) + " to its columns)";
    return "--drop " + joined(table, all);
  }

  /** Returns the option that leaves out one column, in a table that is being read. */
  static String option(String name, int column) {
    return "--drop " + quoted(word(name, column + 1));
  }

  /** Returns the {@code --type} option that uses a column which would be left out. */
  static String keep(Table table, int column) {
    ColumnType type = table.column(column) instanceof NumberColumn c ? c.type() : ColumnType.CATEGORY;
    return typeOption(table.names().get(column), column, type);
  }

  /** Returns the option that sets the type of a column. */
  static String typeOption(String name, int column, ColumnType type) {
    String word = word(name, column + 1);
    return "--type " + quoted((word.indexOf('=') < 0 ? word : Integer.toString(column + 1)) + "=" + type.word());
  }

  private static String joined(Table table, Set<Integer> columns) {
    List<String> words = new ArrayList<>();
    for (int c : columns) words.add(word(table.names().get(c), c + 1));
    return quoted(String.join(",", words));
  }

  /** Returns a string as one word of a shell. */
  private static String quoted(String list) {
    return list.codePoints().allMatch(c -> c == ',' || c == '=' || isPlain(c)) ? list : '"' + list + '"';
  }

  /** Returns the name, or the column's number for a name that {@code --drop} or a shell would split or expand. */
  private static String word(String name, int number) {
    boolean safe = !name.isEmpty() && name.length() <= LONGEST_NAME && name.equals(name.strip())
        && !name.startsWith("-")
        && name.codePoints().allMatch(c -> isPlain(c) || " ()[]{}<>|&;:'#*?=+/@~^".indexOf(c) >= 0);
    return safe ? name : Integer.toString(number);
  }

  private static boolean isPlain(int c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
  }
}
