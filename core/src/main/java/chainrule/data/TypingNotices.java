// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects what was assumed about columns and writes one line per kind of assumption, with its columns. */
final class TypingNotices {
  /** The kinds of assumptions, in the order of their lines. */
  enum Kind { COMMA, COMMA_ASSUMED, COMMA_THOUSANDS, POINT_THOUSANDS, POINT_ASSUMED, OWN_MARK, BLANK_THOUSANDS,
    PERCENT, CURRENCY, PARENTHESES, DATE, WORDS, NOT_DATES, MOSTLY_NUMBERS, IDENTIFIERS, STRINGS }

  /** How many columns a line names. */
  private static final int MOST_NAMED = 12;

  private record Notice(String column, long count, String one, String several) {}

  private final Map<Kind, List<Notice>> notices = new EnumMap<>(Kind.class);

  /** Adds an assumption about a column, in words that fit any number of columns. */
  void add(Kind kind, String column, String text) {
    add(kind, column, 0, text, text);
  }

  /**
   * Adds an assumption about a column.
   *
   * @param count how many cells it is about
   * @param one what to say after the column's name if the line is about this column only
   * @param several what to say after the names of several columns of which this is the first; # is the sum of counts
   */
  void add(Kind kind, String column, long count, String one, String several) {
    notices.computeIfAbsent(kind, k -> new ArrayList<>()).add(new Notice(column, count, one, several));
  }

  /** Returns the lines. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (List<Notice> same : notices.values()) {
      Notice first = same.get(0);
      if (same.size() == 1) {
        lines.add("column '" + Table.shown(first.column) + "': " + first.one);
        continue;
      }
      List<String> names = same.stream().limit(MOST_NAMED).map(n -> "'" + Table.shown(n.column) + "'").toList();
      int more = same.size() - names.size();
      long sum = same.stream().mapToLong(Notice::count).sum();
      lines.add("columns " + String.join(", ", names) + (more > 0 ? " and " + more + " more" : "") + ": "
          + first.several.replaceFirst("#", Long.toString(sum)));
    }
    return lines;
  }
}
