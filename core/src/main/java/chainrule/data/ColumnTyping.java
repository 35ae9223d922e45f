// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Decides the types of the columns of a table from their cells.
 *
 * <p>A column is one of numbers, or of dates, if at least 95 % of the cells that are not missing are. The others then
 * count as missing. Otherwise it is one of strings. Whole numbers that a double cannot hold are identifiers: strings.
 * The options override this.
 *
 * @param columns the columns
 * @param decimal the decimal mark, '.' or ','; 0 if the columns differ or leave it open
 * @param notices what was assumed, one line per kind
 */
record ColumnTyping(List<Column> columns, char decimal, List<String> notices) {
  private static final int MOST_EXAMPLES = 3;
  /** The share of numbers, one in this many cells, from which a column of strings is worth a line. */
  private static final int CELLS_PER_NUMBER = 5;

  /**
   * Decides the types.
   *
   * @param file the name of the file, for messages
   * @param raw the columns as they were parsed; their arrays become those of the result
   * @param lines for each row the line of the file on which it starts
   * @param separator the separator of the file
   * @throws DataException for a column that can be read in several ways, or one that does not have the type it has in
   *     the training data, or an option for a column that does not exist
   */
  static ColumnTyping resolve(String file, List<String> names, List<RawColumn> raw, int[] lines, char separator,
      TableOptions options) {
    return new Resolver(file, names, raw, lines, separator, options).resolve();
  }

  private static final class Resolver {
    private final String file;
    private final List<String> names;
    private final List<RawColumn> raw;
    private final int[] lines;
    private final char separator;
    private final TableOptions options;
    private final MissingMarkers markers;
    private final TypingNotices notices = new TypingNotices();
    private final ColumnType[] forced; // [columns], null where no option sets the type

    Resolver(String file, List<String> names, List<RawColumn> raw, int[] lines, char separator, TableOptions options) {
      this.file = file;
      this.names = names;
      this.raw = raw;
      this.lines = lines;
      this.separator = separator;
      this.options = options;
      this.markers = new MissingMarkers(options.missing());
      this.forced = new ColumnType[names.size()];
    }

    ColumnTyping resolve() {
      options.types().forEach((name, type) -> forced[Table.columnIndex(file, names, name)] = type);
      Column[] columns = new Column[names.size()];
      List<NumberCells> numeric = new ArrayList<>();
      for (int c = 0; c < columns.length; c++) {
        if (options.exact().contains(names.get(c))) {
          columns[c] = exact(c);
          continue;
        }
        ColumnType wanted = forced[c] != null ? forced[c] : options.usualTypes().get(names.get(c));
        if (wanted == ColumnType.CATEGORY) {
          columns[c] = text(c);
          continue;
        }
        if (options.ignores(c, names)) {
          columns[c] = unused(c);
          continue;
        }
        if (wanted != ColumnType.NUMBER) columns[c] = dates(c, raw.get(c), wanted);
        if (columns[c] != null) continue;
        NumberCells cells = new NumberCells(names.get(c), c, raw.get(c), markers);
        if (wanted == null && !staysNumeric(cells)) columns[c] = text(c);
        else numeric.add(cells);
      }
      char[] marks = NumberStyle.decide(file, lines, separator, options, notices, numeric);
      char decimal = NumberStyle.common(marks, numeric, options);
      for (int i = 0; i < marks.length; i++) {
        checkSigns(numeric.get(i), marks[i]);
        columns[numeric.get(i).index] = numbers(numeric.get(i), marks[i]);
      }
      return new ColumnTyping(Arrays.asList(columns), decimal, notices.lines());
    }

    /** Returns a column that will not be used: one of numbers if they need no decision, otherwise one of strings. */
    private Column unused(int c) {
      NumberCells cells = new NumberCells(names.get(c), c, raw.get(c), markers);
      return cells.isNumeric() && cells.commaOnly() == null ? cells.column('.') : text(c);
    }

    /** Returns whether a column of no wanted type is one of numbers, and says so if that is a surprise. */
    private boolean staysNumeric(NumberCells cells) {
      if (cells.numbers() == 0) return cells.words() == 0; // only missing cells
      if (!cells.isNumeric()) {
        long all = cells.numbers() + cells.words();
        if (cells.numbers() * CELLS_PER_NUMBER < all) return false;
        String others = "the others are not, such as " + examples(cells.firstWords(MOST_EXAMPLES))
            + ": read as categories; ";
        notices.add(TypingNotices.Kind.MOSTLY_NUMBERS, cells.name, cells.numbers(),
            cells.numbers() + " of " + all + " cells are numbers, " + others
                + OptionAdvice.typeOption(cells.name, cells.index, ColumnType.NUMBER) + " makes the others missing",
            "# cells are numbers, " + others + "--type NAME=number makes the others missing");
        return false;
      }
      if (!cells.areIdentifiers()) return true;
      String text = "whole numbers with more digits than a double holds, read as categories; ";
      notices.add(TypingNotices.Kind.IDENTIFIERS, cells.name, 0,
          text + OptionAdvice.typeOption(cells.name, cells.index, ColumnType.NUMBER) + " rounds them",
          text + "--type NAME=number rounds them");
      return false;
    }

    private NumberColumn numbers(NumberCells cells, char mark) {
      long words = cells.words(), all = cells.numbers() + words;
      if (words > 0) {
        List<NumberCells.Cell> first = cells.firstWords(MOST_EXAMPLES);
        if (!cells.isNumeric() && forced[cells.index] == null) {
          throw error(cells.name, first.get(0).row(), "expected a number, found '"
              + Table.shown(first.get(0).text()) + "'. Fix the value, or count it as missing: "
              + OptionAdvice.typeOption(cells.name, cells.index, ColumnType.NUMBER) + ".");
        }
        String rest = "not numbers and count as missing, such as " + examples(first);
        notices.add(TypingNotices.Kind.WORDS, cells.name, words,
            words + " of " + all + (words == 1 ? " cells is " : " cells are ") + rest.replaceFirst(
                "numbers and count", words == 1 ? "a number and counts" : "numbers and count"),
            "# cells are " + rest);
      }
      NumberCells.Cell large = cells.tooLarge(mark);
      if (large != null) {
        throw error(cells.name, cells.row(large), "'" + Table.shown(large.text()) + "' is too large for a double");
      }
      return cells.column(mark);
    }

    /** Refuses a column in which some numbers have a percent sign, or in which there are two currencies. */
    private void checkSigns(NumberCells cells, char mark) {
      Map<String, NumberCells.Signed> signed = new LinkedHashMap<>(cells.signed());
      NumberCells.Signed percent = signed.remove("%"), negative = signed.remove("("), grouped = signed.remove(" ");
      String advice = " or pass " + OptionAdvice.typeOption(cells.name, cells.index, ColumnType.CATEGORY)
          + " to read strings.";
      if (percent != null) {
        NumberCells.Cell other = cells.withoutPercent();
        if (other != null) {
          throw error(cells.name, percent.row(), "'" + Table.shown(percent.text()) + "' has a percent sign, but '"
              + Table.shown(other.text()) + "' (line " + lines[other.row()] + ") has none. Write all values in the "
              + "same unit," + advice);
        }
        notices.add(TypingNotices.Kind.PERCENT, cells.name,
            "in percent, " + Table.shown(percent.text()) + " read as " + value(percent, mark));
      }
      List<NumberCells.Signed> currencies = new ArrayList<>(signed.values());
      if (currencies.size() > 1) {
        NumberCells.Signed one = currencies.get(0), two = currencies.get(1);
        throw error(cells.name, one.row(), "'" + Table.shown(one.text()) + "' and '" + Table.shown(two.text())
            + "' (line " + lines[two.row()] + ") are in different currencies. Convert them to one," + advice);
      }
      if (!currencies.isEmpty()) {
        notices.add(TypingNotices.Kind.CURRENCY, cells.name, "amounts, the currency is left out: "
            + Table.shown(currencies.get(0).text()) + " read as " + value(currencies.get(0), mark));
      }
      if (negative != null) {
        notices.add(TypingNotices.Kind.PARENTHESES, cells.name,
            Table.shown(negative.text()) + " read as " + value(negative, mark));
      }
      if (grouped != null) {
        notices.add(TypingNotices.Kind.BLANK_THOUSANDS, cells.name,
            Table.shown(grouped.text()) + " read as " + value(grouped, mark));
      }
    }

    private static String value(NumberCells.Signed signed, char mark) {
      return NumberColumn.text(mark == ',' ? signed.number().comma() : signed.number().usual());
    }

    private String examples(List<NumberCells.Cell> cells) {
      List<String> shown = new ArrayList<>();
      for (NumberCells.Cell cell : cells) {
        shown.add("'" + Table.shown(cell.text()) + "' (line " + lines[cell.row()] + ")");
      }
      return String.join(", ", shown);
    }

    /** Returns a column of dates; null if its cells are not dates, and no option or model requires dates. */
    private NumberColumn dates(int c, RawColumn cells, ColumnType wanted) {
      if (cells.codes == null && wanted == null) return null;
      RawColumn column = wanted == null ? cells : cells.asTexts();
      int n = column.texts.size();
      double[] days = new double[n];
      boolean[] missing = new boolean[n];
      boolean any = false;
      for (int k = 0; k < n; k++) {
        days[k] = IsoDate.parse(UnicodeText.strip(column.texts.get(k)));
        any |= !Double.isNaN(days[k]);
      }
      if (!any && wanted == null) return null;
      for (int k = 0; k < n; k++) {
        missing[k] = Double.isNaN(days[k]) && markers.amongNumbers(UnicodeText.clean(column.texts.get(k)));
      }
      long dates = 0, others = 0;
      List<NumberCells.Cell> first = new ArrayList<>();
      boolean[] seen = new boolean[n];
      for (int r = 0; r < column.rows(); r++) {
        int code = column.isNumber(r) ? -1 : column.codes[r];
        if (code >= 0 && !Double.isNaN(days[code])) {
          dates++;
        } else if (code < 0 || !missing[code]) {
          others++;
          if (code >= 0 && !seen[code] && first.size() < MOST_EXAMPLES) {
            seen[code] = true;
            first.add(new NumberCells.Cell(r, column.texts.get(code)));
          }
        }
      }
      boolean mostly = dates >= NumberCells.NUMBERS_PER_WORD * others;
      if (!mostly && wanted == null) return null;
      if (!mostly && forced[c] == null) {
        throw error(names.get(c), first.get(0).row(), "expected a date such as 2026-11-29, found '"
            + Table.shown(first.get(0).text()) + "'. Fix the value, or count it as missing: "
            + OptionAdvice.typeOption(names.get(c), c, ColumnType.DATE) + ".");
      }
      if (column.numbers != null) return dates(c, column.asTexts(), null); // again, with the numbers as written
      String text = "dates, read as days since 1970-01-01; ";
      if (wanted == null) {
        notices.add(TypingNotices.Kind.DATE, names.get(c), 0,
            text + OptionAdvice.option(names.get(c), c) + " leaves it out", text + "--drop leaves them out");
      }
      if (others > 0) {
        String rest = " not dates and count as missing, such as " + examples(first);
        notices.add(TypingNotices.Kind.NOT_DATES, names.get(c), others,
            others + " of " + (dates + others) + " cells are" + rest, "# cells are" + rest);
      }
      double[] values = new double[column.rows()];
      Map<Integer, String> words = new TreeMap<>();
      for (int r = 0; r < values.length; r++) {
        int code = column.codes[r];
        values[r] = days[code];
        if (Double.isNaN(days[code]) && !missing[code]) words.put(r, UnicodeText.clean(column.texts.get(code)));
      }
      return new NumberColumn(names.get(c), ColumnType.DATE, values, words);
    }

    /** Returns a column of strings as they are written, without missing values. */
    private TextColumn exact(int c) {
      RawColumn column = raw.get(c).asTexts();
      return new TextColumn(names.get(c), column.codes, List.copyOf(column.texts));
    }

    /** Returns a column of strings in NFC, without blanks around them. */
    private TextColumn text(int c) {
      RawColumn column = raw.get(c).asTexts();
      int n = column.texts.size();
      String[] texts = new String[n];
      boolean clean = true;
      for (int k = 0; k < n; k++) {
        texts[k] = UnicodeText.clean(column.texts.get(k));
        clean &= texts[k].equals(column.texts.get(k));
      }
      Map<String, Integer> places = clean ? null : new HashMap<>(2 * n); // different strings may have become equal
      int[] newCodes = new int[n];
      List<String> values = new ArrayList<>(n);
      for (int k = 0; k < n; k++) {
        Integer place = markers.inText(texts[k]) ? Integer.valueOf(-1)
            : clean ? null : places.putIfAbsent(texts[k], values.size());
        newCodes[k] = place != null ? place : values.size();
        if (place == null) values.add(texts[k]);
      }
      int[] codes = column.codes;
      if (values.size() < n) {
        codes = new int[codes.length];
        for (int r = 0; r < codes.length; r++) codes[r] = newCodes[column.codes[r]];
      }
      return new TextColumn(names.get(c), codes, List.copyOf(values));
    }

    private DataException error(String name, int row, String what) {
      return new DataException(file + ":" + lines[row] + ": column '" + Table.shown(name) + "': " + what);
    }
  }
}
