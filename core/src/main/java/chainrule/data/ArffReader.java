// SPDX-License-Identifier: MIT
package chainrule.data;

import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads ARFF, the attribute-relation file format of Weka: {@code @relation}, an {@code @attribute} line per column with
 * its name and type, and {@code @data} with a row per line.
 *
 * <p>Types are numeric, real, integer, {@code {a,b}} (nominal), string, and date with an optional format. Values are
 * separated by commas or, in a line without commas, by tabs or blanks. {@code ?} is a missing value. Values in quotes
 * may contain separators; a backslash escapes a quote. A sparse row {@code {1 X, 3 Y}} gives the values of some
 * attributes, counted from 0; the others are 0 or the first nominal value. Keywords are case-insensitive; {@code %}
 * starts a comment.
 */
final class ArffReader {
  private static final Pattern WEIGHT = Pattern.compile("\\{\\s*[+-]?[\\d.]+(?:[eE][+-]?\\d+)?\\s*}");
  private static final long LISTENER_NANOS = 300_000_000;

  private final String file;
  private final TableOptions options;
  private final MissingMarkers markers;
  private final Set<String> missing; // in every column, besides ?
  private final List<ArffAttribute> attributes = new ArrayList<>();
  private final Map<String, Integer> places = new HashMap<>();
  private int[] lines = new int[64]; // [rows]
  private int rows;
  private int line;
  private boolean weighted;

  private ArffReader(String file, TableOptions options) {
    this.file = file;
    this.options = options;
    this.markers = new MissingMarkers(options.missing());
    this.missing = Set.copyOf(options.missing());
  }

  /** Returns whether the first line that is neither empty nor a comment is an ARFF declaration. */
  static boolean looksLikeArff(byte[] sample, int length) {
    boolean mark = length >= 3 && (sample[0] & 0xFF) == 0xEF && (sample[1] & 0xFF) == 0xBB
        && (sample[2] & 0xFF) == 0xBF;
    int at = mark ? 3 : 0;
    while (at < length) {
      while (at < length && sample[at] >= 0 && sample[at] <= ' ') at++;
      if (at < length && sample[at] != '%') break;
      while (at < length && sample[at] != '\n' && sample[at] != '\r') at++;
    }
    String start = new String(sample, at, Math.min(length - at, 11), StandardCharsets.ISO_8859_1);
    return start.toLowerCase(Locale.ROOT).matches("(?s)@(?:relation|attribute)(?:[\\s'\"].*)?");
  }

  /**
   * Reads a table. The options for types, missing values and exact columns apply.
   *
   * @param in the file in UTF-8, with or without a byte-order mark
   * @throws DataException naming line and column of what is not ARFF
   * @throws IOException if the stream cannot be read
   */
  static Table read(String file, InputStream in, TableOptions options) throws IOException {
    ArffReader reader = new ArffReader(file, options);
    Counter counter = new Counter(in);
    try {
      reader.read(new BufferedReader(new InputStreamReader(counter, StandardCharsets.UTF_8.newDecoder()), 1 << 16),
          counter);
    } catch (CharacterCodingException e) {
      throw new DataException(file + ": not valid UTF-8. Save the file as UTF-8.");
    }
    return reader.table();
  }

  /** Counts the bytes read. */
  private static final class Counter extends FilterInputStream {
    long bytes;

    Counter(InputStream in) {
      super(in);
    }

    @Override public int read(byte[] b, int from, int n) throws IOException {
      int count = super.read(b, from, n);
      bytes += Math.max(0, count);
      return count;
    }
  }

  private Table table() {
    if (rows == 0) throw new DataException(file + ": no rows after @data. Expected one line per example.");
    List<Column> columns = attributes.stream().map(ArffAttribute::column).toList();
    List<String> notices = weighted ? List.of("instance weights ({…} at the end of a line) are ignored") : List.of();
    return new Table(file, columns, Arrays.copyOf(lines, rows), '.', notices);
  }

  private DataException error(String what) {
    return new DataException(file + ":" + line + ": " + what);
  }

  private DataException error(ArffAttribute a, String what) {
    return error("column '" + Table.shown(a.name) + "': " + what);
  }

  private void read(BufferedReader in, Counter counter) throws IOException {
    boolean data = false;
    long reported = System.nanoTime();
    for (String s = in.readLine(); s != null; s = in.readLine()) {
      if (line++ == 0 && s.startsWith("\uFEFF")) s = s.substring(1);
      s = s.strip();
      if (s.isEmpty() || s.charAt(0) == '%') continue;
      if (!data) {
        data = declaration(s);
        continue;
      }
      if (rows == lines.length) lines = Arrays.copyOf(lines, (int) Math.min(Integer.MAX_VALUE - 8, 2L * rows));
      lines[rows] = line;
      if (s.charAt(0) == '{') sparseRow(s);
      else denseRow(s);
      rows++;
      if ((rows & 0xFFF) == 0 && System.nanoTime() - reported > LISTENER_NANOS) {
        reported = System.nanoTime();
        options.listener().onBytes(counter.bytes, -1, rows);
      }
    }
    if (!data) {
      throw new DataException(file + ": no @data line. Expected @relation, @attribute lines, @data, then rows.");
    }
  }

  // ---------------------------------------------------------------- declarations

  /** Reads a line before the data; returns true for @data. */
  private boolean declaration(String s) {
    int end = 0;
    while (end < s.length() && !Character.isWhitespace(s.charAt(end)) && "'\"".indexOf(s.charAt(end)) < 0) end++;
    String keyword = s.substring(0, end).toLowerCase(Locale.ROOT);
    switch (keyword) {
      case "@relation", "@inputs", "@input", "@outputs", "@output" -> { }
      case "@attribute" -> attribute(s.substring(end).strip());
      case "@data" -> {
        if (attributes.isEmpty()) throw error("@data without @attribute lines before it");
        List<String> names = attributes.stream().map(a -> a.name).toList();
        for (String name : options.types().keySet()) Table.columnIndex(file, names, name); // an unknown one is refused
        return true;
      }
      default -> throw error("expected @attribute or @data, found '" + Table.shown(s) + "'");
    }
    return false;
  }

  private void attribute(String s) {
    if (s.isEmpty()) throw error("@attribute: expected a name and a type");
    ArffTokens tokens = new ArffTokens(s);
    String raw = tokens.name();
    if (raw == null) throw error("@attribute: the quote around the name is never closed");
    String name = ArffAttribute.normal(raw);
    int number = attributes.size() + 1;
    if (name.isEmpty()) name = "column" + number;
    Integer before = places.put(name, number);
    if (before != null) {
      throw error("columns " + before + " and " + number + " are both named '" + Table.shown(name) + "'. Rename one.");
    }
    String type = tokens.rest();
    List<String> declared = List.of();
    ArffAttribute.Kind kind;
    DateTimeFormatter format = null;
    if (type.startsWith("{")) {
      kind = ArffAttribute.Kind.NOMINAL;
      declared = nominal(name, type);
    } else {
      Matcher word = Pattern.compile("[^\\s{\\[]*").matcher(type);
      word.lookingAt();
      kind = switch (word.group().toLowerCase(Locale.ROOT)) {
        case "numeric", "real", "integer" -> ArffAttribute.Kind.NUMBER;
        case "string" -> ArffAttribute.Kind.STRING;
        case "date" -> ArffAttribute.Kind.DATE;
        case "relational" -> throw error("column '" + Table.shown(name) + "': relational attributes (tables in cells) "
            + "are not supported. Write one row per example and one column per value.");
        default -> throw error("column '" + Table.shown(name) + "': expected a type (numeric, real, integer, string, "
            + "date or {a,b}), found '" + Table.shown(type) + "'");
      };
      if (kind == ArffAttribute.Kind.DATE) format = dateFormat(name, type.substring(word.end()).strip());
    }
    ColumnType wanted = wanted(name, number, kind, declared);
    if (wanted == ColumnType.CATEGORY && (kind == ArffAttribute.Kind.NUMBER || kind == ArffAttribute.Kind.DATE)) {
      kind = ArffAttribute.Kind.STRING;
    }
    if (wanted == ColumnType.DATE && kind != ArffAttribute.Kind.DATE) {
      kind = ArffAttribute.Kind.DATE;
      declared = List.of();
      format = null;
    }
    attributes.add(new ArffAttribute(name, kind, declared, format, wanted));
  }

  /** Returns the type that the options give the column, null for the declared one. */
  private ColumnType wanted(String name, int number, ArffAttribute.Kind kind, List<String> declared) {
    if (options.exact().contains(name)) return ColumnType.CATEGORY;
    ColumnType type = options.types().get(name);
    if (type == null) type = options.types().get(Integer.toString(number));
    if (type != null) return type;
    ColumnType usual = options.usualTypes().get(name);
    if (usual == ColumnType.CATEGORY && kind == ArffAttribute.Kind.NUMBER) return usual;
    boolean numbers = kind == ArffAttribute.Kind.NOMINAL && ArffAttribute.areNumbers(declared);
    return usual == ColumnType.NUMBER && numbers ? usual : null;
  }

  private List<String> nominal(String name, String type) {
    ArffTokens tokens = new ArffTokens(type.substring(1));
    List<String> values = new ArrayList<>();
    String problem = tokens.list('}', false, values);
    if (problem != null) throw error("column '" + Table.shown(name) + "': " + problem);
    List<String> declared = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String value : values) {
      String v = ArffAttribute.normal(value);
      if (v.isEmpty()) continue;
      if (!seen.add(v)) {
        throw error("column '" + Table.shown(name) + "': the value '" + Table.shown(v) + "' is declared twice");
      }
      declared.add(v);
    }
    if (declared.isEmpty()) throw error("column '" + Table.shown(name) + "': expected values between { and }");
    return declared;
  }

  /** Returns the format of a date, null if none is written: ISO dates. */
  private DateTimeFormatter dateFormat(String name, String written) {
    if (written.isEmpty() || written.charAt(0) == '{' || written.charAt(0) == '%') return null;
    String pattern = new ArffTokens(written).name();
    if (pattern == null) {
      throw error("column '" + Table.shown(name) + "': the quote around the date format is never closed");
    }
    try {
      return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    } catch (IllegalArgumentException e) {
      throw error("column '" + Table.shown(name) + "': expected a date format such as \"yyyy-MM-dd\", found '"
          + Table.shown(pattern) + "'");
    }
  }

  // ---------------------------------------------------------------- rows

  private void denseRow(String s) {
    List<String> tokens = new ArrayList<>();
    ArffTokens parser = new ArffTokens(s);
    String problem = parser.row(attributes.size(), tokens);
    if (problem != null) throw error(problem);
    int n = tokens.size(), expected = attributes.size();
    if (n == expected + 1 && WEIGHT.matcher(tokens.get(n - 1)).matches()) {
      weighted = true;
      n--;
    }
    if (n == expected + 1 && tokens.get(expected).isEmpty() && !parser.isQuoted(expected)) n--; // a comma at the end
    if (n != expected) {
      throw error("expected " + (expected == 1 ? "1 value" : expected + " values")
          + ", one for each @attribute line, found " + n + ". Check for a missing or extra comma, or put values that "
          + "contain separators in quotes.");
    }
    for (int c = 0; c < expected; c++) add(c, tokens.get(c), parser.isQuoted(c));
  }

  private void add(int c, String token, boolean quoted) {
    ArffAttribute a = attributes.get(c);
    boolean none = !quoted && (token.isEmpty() || token.equals("?")) || missing.contains(token)
        || a.kind == ArffAttribute.Kind.NUMBER && (markers.amongNumbers(token)
            || markers.hasNumbers() && markers.isMarker(DecimalNumbers.parse(token, false)));
    String problem = a.add(none ? null : token);
    if (problem != null) throw error(a, problem);
  }

  private void sparseRow(String s) {
    ArffTokens parser = new ArffTokens(s.substring(1));
    List<String> tokens = new ArrayList<>();
    String problem = parser.list('}', true, tokens);
    if (problem != null) throw error(problem);
    String rest = parser.rest();
    if (rest.startsWith(",")) rest = rest.substring(1).strip();
    if (WEIGHT.matcher(rest).matches()) weighted = true;
    else if (!rest.isEmpty() && rest.charAt(0) != '%') {
      throw error("expected the end of the line after '}', found '" + Table.shown(rest) + "'");
    }
    int next = 0;
    for (int i = 0; i < tokens.size(); i++) {
      String token = tokens.get(i);
      if (token.isEmpty() && tokens.size() == 1) break;
      ArffTokens entry = new ArffTokens(token);
      int index = entry.index();
      if (index < next || index >= attributes.size()) {
        throw error("expected increasing attribute numbers from 0 to " + (attributes.size() - 1)
            + " with a value each, as in {1 X, 3 Y}, found '" + Table.shown(token) + "'");
      }
      while (next < index) addDefault(next++);
      String value = entry.value();
      if (value == null) throw error("a quote is never closed");
      add(next++, value, entry.isQuoted(0));
    }
    while (next < attributes.size()) addDefault(next++);
  }

  private void addDefault(int c) {
    String problem = attributes.get(c).addDefault();
    if (problem != null) throw error(attributes.get(c), problem);
  }
}
