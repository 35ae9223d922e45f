// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.ColumnType;
import chainrule.data.TableOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Converts the options that say how to read a table. Whatever is not given is decided from the file. */
final class ReadingOptions {
  private static final Map<String, Character> SEPARATORS = Map.of(
      "comma", ',', "semicolon", ';', "tab", '\t', "\\t", '\t', "pipe", '|', "space", ' ');
  private static final String REFUSE = "refuse";

  /** A name may contain commas and equals signs: it ends before the first =type that a comma or the end follows. */
  private static final Pattern TYPED_COLUMN = Pattern.compile("(.+?)=([^=,]*)(?:,|$)", Pattern.DOTALL);

  private ReadingOptions() {}

  /** Adds the options to {@code options}. */
  static TableOptions of(Arguments a, TableOptions options) {
    TableOptions o = options;
    if (a.has(Option.HEADER)) o = o.header(header(a.value(Option.HEADER).get()));
    if (a.has(Option.SEPARATOR)) o = separator(o, a.value(Option.SEPARATOR).get());
    if (a.has(Option.DECIMAL)) o = decimal(o, a.value(Option.DECIMAL).get());
    if (a.has(Option.MISSING) && !refusesMissing(a)) o = o.missing(markers(a.value(Option.MISSING).get()));
    for (Map.Entry<String, ColumnType> e : types(a).entrySet()) o = o.type(e.getKey(), e.getValue());
    return o;
  }

  /** Returns the columns, by name or number, that --type names. */
  static Set<String> typed(Arguments a) {
    return types(a).keySet();
  }

  /** Returns whether a missing value is an error. */
  static boolean refusesMissing(Arguments a) {
    return a.value(Option.MISSING).filter(REFUSE::equals).isPresent();
  }

  private static boolean header(String value) {
    return switch (value) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw new UsageException("--header: expected yes or no, found '" + value + "'");
    };
  }

  private static TableOptions separator(TableOptions o, String value) {
    Character word = SEPARATORS.get(value);
    try {
      if (word != null) return o.separator(word);
      if (value.length() == 1) return o.separator(value.charAt(0));
    } catch (IllegalArgumentException e) {
      // reported below, like a string of several characters
    }
    throw new UsageException("--separator: expected comma, semicolon, tab, pipe, space or one ASCII character that is "
        + "not a letter, a digit or a quote, found '" + value + "'");
  }

  private static TableOptions decimal(TableOptions o, String value) {
    if (value.equals(".") || value.equals(",")) return o.decimal(value.charAt(0));
    throw new UsageException("--decimal: expected '.' or ',', found '" + value + "'");
  }

  private static List<String> markers(String value) {
    List<String> markers = new ArrayList<>();
    for (String marker : value.split(",")) if (!marker.isBlank()) markers.add(marker.strip());
    if (markers.contains(REFUSE)) {
      throw new UsageException("--missing: 'refuse' cannot be combined with strings that mean a missing value");
    }
    if (!markers.isEmpty()) return markers;
    throw new UsageException("--missing: expected refuse, or strings such as -999,unknown, found '" + value + "'");
  }

  private static Map<String, ColumnType> types(Arguments a) {
    if (!a.has(Option.TYPE)) return Map.of();
    String value = a.value(Option.TYPE).get();
    Map<String, ColumnType> types = new LinkedHashMap<>();
    Matcher m = TYPED_COLUMN.matcher(value);
    int end = 0;
    while (end < value.length() && m.find(end) && m.start() == end) {
      String column = m.group(1).strip();
      if (types.put(column, type(m.group(2).strip())) != null) {
        throw new UsageException("--type: column '" + column + "' is given twice; give it once");
      }
      end = m.end();
    }
    if (end == value.length() && !types.isEmpty()) return types;
    throw new UsageException("--type: expected COLUMN=TYPE, such as age=number,zip=category, found '" + value + "'");
  }

  private static ColumnType type(String word) {
    List<String> words = Arrays.stream(ColumnType.values()).map(ColumnType::word).toList();
    int i = words.indexOf(word);
    if (i >= 0) return ColumnType.values()[i];
    throw new UsageException(
        "--type: expected number, category or date, found '" + word + "'" + SpellingHint.of(word, words));
  }
}
