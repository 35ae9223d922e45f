// SPDX-License-Identifier: MIT
package chainrule.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Splits lists of columns, such as {@code id,name}. Names may contain commas. */
final class ColumnNames {
  /** Lists of more parts are split at each comma. */
  private static final int MOST_JOINED = 40;

  private ColumnNames() {}

  /** Splits a list. Where names contain commas, the longest known name wins; the rest is split at each comma. */
  static List<String> split(String list, Predicate<String> known) {
    String[] parts = list.split(",");
    List<String> names = new ArrayList<>();
    for (int from = 0, to; from < parts.length; from = to) {
      to = parts.length;
      while (to > from + 1 && !known.test(joined(parts, from, to))) to--;
      names.add(joined(parts, from, to));
    }
    return names;
  }

  /** Returns every name that a part of the list may be, for use before the names in a file are known. */
  static Set<String> possible(String list) {
    String[] parts = list.split(",");
    Set<String> names = new LinkedHashSet<>();
    for (int from = 0; from < parts.length; from++) {
      int most = parts.length > MOST_JOINED ? from + 1 : parts.length;
      for (int to = from + 1; to <= most; to++) names.add(joined(parts, from, to));
    }
    return names;
  }

  private static String joined(String[] parts, int from, int to) {
    return String.join(",", Arrays.asList(parts).subList(from, to)).strip();
  }
}
