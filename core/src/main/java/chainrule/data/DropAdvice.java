// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Writes options that leave out one more column, or keep one, ready to paste into a shell. */
final class DropAdvice {
  private static final int MOST_NAMES = 12, LONGEST_NAME = 40;

  private DropAdvice() {}

  /** Returns the option with the columns that are dropped already, since it may be given only once. */
  static String option(Table table, Set<Integer> dropped, int column) {
    Set<Integer> all = new TreeSet<>(dropped);
    all.add(column);
    if (all.size() > MOST_NAMES) return "--drop (add " + joined(table, Set.of(column)) + " to its columns)";
    return "--drop " + joined(table, all);
  }

  /** Returns the {@code --type} option that uses a column which would be left out. */
  static String keep(Table table, int column) {
    String word = word(table.names().get(column), column + 1);
    if (word.indexOf('=') >= 0) word = Integer.toString(column + 1);
    String value = word + "=" + (table.column(column) instanceof NumberColumn c ? c.type() : ColumnType.CATEGORY).word();
    return "--type " + (value.codePoints().allMatch(c -> c == '=' || isPlain(c)) ? value : '"' + value + '"');
  }

  private static String joined(Table table, Set<Integer> columns) {
    List<String> words = new ArrayList<>();
    for (int c : columns) words.add(word(table.names().get(c), c + 1));
    String list = String.join(",", words);
    return list.codePoints().allMatch(c -> c == ',' || isPlain(c)) ? list : '"' + list + '"';
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
