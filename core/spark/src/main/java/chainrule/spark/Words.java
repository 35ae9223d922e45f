// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.text.Excerpt;
import java.util.List;

/** Names and values in messages. */
final class Words {
  private static final int MOST_LISTED = 12;

  private Words() {}

  /** Returns a string, shortened for a message. */
  static String shown(String text) {
    return Excerpt.of(text);
  }

  /** Lists the first names: {@code 'a', 'b'}. */
  static String listed(List<String> names) {
    List<String> first = names.stream().limit(MOST_LISTED).map(n -> "'" + shown(n) + "'").toList();
    return String.join(", ", first) + (names.size() > MOST_LISTED ? ", … (" + names.size() + ")" : "");
  }

  /** Returns a column's name in SQL. */
  static String sql(String column) {
    return column.matches("[A-Za-z_][A-Za-z0-9_]*") ? column : "`" + column.replace("`", "``") + "`";
  }

  /** Returns a string as a literal of Java, Scala and Python. */
  static String literal(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
