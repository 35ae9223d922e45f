// SPDX-License-Identifier: MIT
package chainrule.data;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;

/**
 * A number as people write it: {@code 1,200.50}, {@code 1.200,50}, {@code 1 250}, {@code 1'250}, {@code $5},
 * {@code 5 EUR}, {@code 45%}, {@code 1e5}, {@code +3}, {@code −3} with U+2212, {@code (1,200)} for −1200.
 *
 * <p>Thousands are separated by blanks, apostrophes, or that one of '.' and ',' which is not the decimal mark, in full
 * groups, of three digits or as in India: {@code 12,34,567}. So most strings are numbers with one decimal mark only:
 * {@code 0,5} with a comma, {@code 1,250,000} with a point. {@code 1,250} and {@code 1.250} are numbers with both, but
 * different ones.
 *
 * @param point the value if '.' is the decimal mark; NaN if it is not a number then, ±∞ if a double cannot hold it
 * @param comma the value if ',' is the decimal mark; NaN if it is not a number then, ±∞ if a double cannot hold it
 * @param percent whether the number is followed by %; the value of 45% is 45
 * @param currency the code of the currency, such as EUR for €; null if there is none
 * @param parentheses whether parentheses make it negative
 * @param grouped whether blanks or apostrophes separate thousands
 * @param whole whether it is only digits, with or without a sign
 * @param exact whether a double holds the value of a whole number exactly
 */
record WrittenNumber(double point, double comma, boolean percent, String currency, boolean parentheses, boolean grouped,
    boolean whole, boolean exact) {
  private static final int LONGEST = 400, LONGEST_CURRENCY = 4;
  /** A whole number of at most this many digits fits a double. */
  private static final int EXACT_DIGITS = 15;
  private static final Map<String, String> CURRENCIES = Map.ofEntries(
      Map.entry("$", "USD"), Map.entry("US$", "USD"), Map.entry("€", "EUR"), Map.entry("£", "GBP"),
      Map.entry("¥", "JPY"), Map.entry("\uFFE5", "JPY"), Map.entry("R$", "BRL"), Map.entry("C$", "CAD"),
      Map.entry("CA$", "CAD"), Map.entry("A$", "AUD"), Map.entry("AU$", "AUD"), Map.entry("NZ$", "NZD"),
      Map.entry("HK$", "HKD"), Map.entry("S$", "SGD"), Map.entry("MX$", "MXN"), Map.entry("₹", "INR"),
      Map.entry("₽", "RUB"), Map.entry("₩", "KRW"), Map.entry("₺", "TRY"), Map.entry("₪", "ILS"),
      Map.entry("zł", "PLN"), Map.entry("Kč", "CZK"), Map.entry("kr", "kr"), Map.entry("Fr.", "CHF"),
      Map.entry("Ft", "HUF"));
  private static final Set<String> CODES = Set.of("USD", "EUR", "GBP", "JPY", "CNY", "CHF", "CAD",
      "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN", "TRY", "RUB", "UAH", "INR", "KRW", "HKD",
      "SGD", "TWD", "THB", "IDR", "MYR", "PHP", "VND", "BRL", "MXN", "ARS", "CLP", "COP", "ZAR", "EGP", "NGN", "KES",
      "ILS", "SAR", "AED", "KWD", "QAR", "ISK", "BTC");

  /** Returns whether a cell can be read as a number in some style, whatever the decimal mark is. */
  static boolean isPossible(String cell) {
    return of(cell) != null;
  }

  /** Returns the number, or null if the cell is not one with either decimal mark. */
  static WrittenNumber of(String cell) {
    int from = 0, to = cell.length();
    while (from < to && UnicodeText.isBlank(cell.charAt(from))) from++;
    while (from < to && UnicodeText.isBlank(cell.charAt(to - 1))) to--;
    if (from == to || !mayStart(cell, from, to) || to - from > LONGEST && !areDigits(cell, from + 1, to)) return null;
    return new Parser(cell, from, to).number();
  }

  /** Returns the value with a decimal point if it is a number then, otherwise with a decimal comma. */
  double usual() {
    return Double.isNaN(point) ? comma : point;
  }

  /** Returns whether it is a number with both decimal marks, but not the same one: 1,250 or 1.250. */
  boolean isOpen() {
    return !Double.isNaN(point) && !Double.isNaN(comma) && point != comma;
  }

  /** Returns false for most strings that are not numbers, at once. */
  private static boolean mayStart(String s, int from, int to) {
    char first = s.charAt(from), last = s.charAt(to - 1);
    if (isDigit(first) || isSign(first) || first == '.' || first == ',') {
      return (isDigit(last) || !Character.isLetter(last) || isCurrencyEnd(s, to))
          && !(isDigit(first) && isDateOrTime(s, from, to));
    }
    if (first == '(' || Character.getType(first) == Character.CURRENCY_SYMBOL) return true;
    return Character.isLetter(first) && (isDigit(last) || last == ')' || last == '.');
  }

  /** Returns whether a hyphen, colon or slash follows a digit, as in 2026-11-29 but not in 1e-5. */
  private static boolean isDateOrTime(String s, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      char c = s.charAt(i);
      if ((c == '-' || c == ':' || c == '/') && isDigit(s.charAt(i - 1))) return true;
    }
    return false;
  }

  private static boolean areDigits(String s, int from, int to) {
    for (int i = from; i < to; i++) if (!isDigit(s.charAt(i))) return false;
    return true;
  }

  private static boolean isCurrencyEnd(String s, int to) {
    return to >= 3 && Character.isLetter(s.charAt(to - 2));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isSign(char c) {
    return c == '+' || isMinus(c);
  }

  private static boolean isMinus(char c) {
    return c == '-' || c == '\u2212' || c == '\u2013' || c == '\uFE63' || c == '\uFF0D';
  }

  /** Returns whether a character that is neither '.' nor ',' separates thousands. */
  private static boolean isGroupMark(char c) {
    return c == ' ' || c == '\u00A0' || c == '\u202F' || c == '\u2009' || c == '\u2007' || c == '\'' || c == '\u2019';
  }

  /** Takes the signs off a number, from the outside, and then reads its digits with both decimal marks. */
  private static final class Parser {
    private final String s;
    private int from;
    private int to;
    private char sign; // 0 if there is none
    private String currency;
    private boolean percent;
    private boolean parentheses;

    Parser(String s, int from, int to) {
      this.s = s;
      this.from = from;
      this.to = to;
    }

    WrittenNumber number() {
      boolean signs = true;
      while (signs && from < to) signs = prefix();
      signs = true;
      while (signs && from < to) signs = suffix();
      if (from >= to || percent && currency != null || parentheses && sign != 0) return null;
      boolean negative = parentheses || sign != 0 && isMinus(sign);
      boolean digits = areDigits(s, from, to), grouped = false;
      for (int i = from; i < to && !digits; i++) grouped |= isGroupMark(s.charAt(i));
      double point, comma;
      if (digits) {
        point = comma = Double.parseDouble(s.substring(from, to));
      } else {
        point = read('.', ',');
        comma = read(',', '.');
      }
      if (Double.isNaN(point) && Double.isNaN(comma)) return null;
      boolean whole = digits && currency == null && !percent && !parentheses;
      boolean exact = !digits || to - from <= EXACT_DIGITS || to - from <= LONGEST && point <= Double.MAX_VALUE
          && new BigDecimal(s.substring(from, to)).compareTo(new BigDecimal(point)) == 0;
      return new WrittenNumber(negative ? -point : point, negative ? -comma : comma, percent, currency, parentheses,
          grouped, whole, exact);
    }

    /** Takes one sign, currency, or pair of parentheses off the front; returns false if there is none. */
    private boolean prefix() {
      char c = s.charAt(from);
      if (isDigit(c)) return false;
      if (isSign(c) && sign == 0) {
        sign = c;
        from++;
        skipBlanks();
        return true;
      }
      if (c == '(' && !parentheses && s.charAt(to - 1) == ')') {
        parentheses = true;
        from++;
        to--;
        skipBlanks();
        return true;
      }
      if (currency != null) return false;
      int end = from;
      while (end < to && end - from <= LONGEST_CURRENCY && !isDigit(s.charAt(end)) && !isSign(s.charAt(end))
          && !UnicodeText.isBlank(s.charAt(end)) && s.charAt(end) != '(') {
        end++;
      }
      // "$.50": the point belongs to the number
      while (end > from + 1 && s.charAt(end - 1) == '.' && !CURRENCIES.containsKey(s.substring(from, end))) end--;
      boolean blank = end < to && UnicodeText.isBlank(s.charAt(end));
      currency = currencyOf(s.substring(from, end), blank);
      if (currency == null) return false;
      from = end;
      skipBlanks();
      return true;
    }

    /** Takes a percent sign or a currency off the end; returns false if there is none. */
    private boolean suffix() {
      char c = s.charAt(to - 1);
      if (isDigit(c)) return false;
      if (c == '%' && !percent) {
        percent = true;
        to--;
        skipBlanks();
        return true;
      }
      if (currency != null) return false;
      int start = to;
      while (start > from && to - start <= LONGEST_CURRENCY && !isDigit(s.charAt(start - 1))
          && !UnicodeText.isBlank(s.charAt(start - 1))) {
        start--;
      }
      // "5.€": the point belongs to the number
      while (start < to - 1 && (s.charAt(start) == '.' || s.charAt(start) == ',')) start++;
      boolean blank = start > from && UnicodeText.isBlank(s.charAt(start - 1));
      currency = currencyOf(s.substring(start, to), blank);
      if (currency == null) return false;
      to = start;
      skipBlanks();
      return true;
    }

    private void skipBlanks() {
      while (from < to && UnicodeText.isBlank(s.charAt(from))) from++;
      while (from < to && UnicodeText.isBlank(s.charAt(to - 1))) to--;
    }

    /** Returns the code of a currency, or null; one written in letters needs a blank next to the number. */
    private static String currencyOf(String word, boolean blank) {
      if (word.isEmpty()) return null;
      if (blank && CODES.contains(word)) return word;
      String code = CURRENCIES.get(word);
      boolean symbol = false;
      for (int i = 0; i < word.length(); i++) symbol |= Character.getType(word.charAt(i)) == Character.CURRENCY_SYMBOL;
      if (code != null) return blank || symbol ? code : null;
      return symbol && word.length() == 1 ? word : null;
    }

    /** Returns the value of the digits with this decimal mark, NaN if they are not a number then. */
    private double read(char decimal, char group) {
      int end = from;
      while (end < to && s.charAt(end) != 'e' && s.charAt(end) != 'E') end++;
      boolean exponent = end < to;
      if (exponent && !isExponent(end + 1)) return Double.NaN;
      int mark = from;
      while (mark < end && s.charAt(mark) != decimal) mark++;
      StringBuilder plain = new StringBuilder(to - from);
      if (!appendWhole(plain, mark, group, exponent)) return Double.NaN;
      boolean grouped = plain.length() < mark - from;
      if (mark < end) {
        plain.append('.');
        for (int i = mark + 1; i < end; i++) {
          if (!isDigit(s.charAt(i))) return Double.NaN;
          plain.append(s.charAt(i));
        }
        if (grouped && mark + 1 == end) return Double.NaN;
      }
      if (plain.length() == 0 || plain.length() == 1 && plain.charAt(0) == '.') return Double.NaN;
      for (int i = end; i < to; i++) plain.append(isMinus(s.charAt(i)) ? '-' : s.charAt(i));
      return Double.parseDouble(plain.toString());
    }

    private boolean isExponent(int start) {
      int i = start;
      if (i < to && isSign(s.charAt(i))) i++;
      if (i == to) return false;
      for (; i < to; i++) if (!isDigit(s.charAt(i))) return false;
      return true;
    }

    /** Appends the digits before the decimal mark; returns false if there is anything but digits and full groups. */
    private boolean appendWhole(StringBuilder plain, int end, char group, boolean exponent) {
      char mark = 0;
      int groups = 0, pairs = 0, firstGroup = 0, inGroup = 0, value = 0, largest = 0;
      for (int i = from; i < end; i++) {
        char c = s.charAt(i);
        if (isDigit(c)) {
          plain.append(c);
          inGroup++;
          value = inGroup > 3 ? 1000 : 10 * value + c - '0';
          continue;
        }
        boolean first = mark == 0;
        if (first ? c != group && !isGroupMark(c) : c != mark) return false;
        if (first ? inGroup < 1 || inGroup > 3 || s.charAt(from) == '0' : inGroup < 2 || inGroup > 3) return false;
        if (first) firstGroup = inGroup;
        else if (inGroup == 2) pairs++;
        mark = c;
        groups++;
        largest = Math.max(largest, value);
        inGroup = 0;
        value = 0;
      }
      if (mark == 0) return true;
      boolean address = mark == '.' && groups == 3 && end == to && Math.max(largest, value) <= 255; // 192.168.100.200
      boolean indian = pairs == groups - 1 && firstGroup < 3 && mark == ','; // 12,34,567
      return inGroup == 3 && (pairs == 0 || indian) && !exponent && !address;
    }
  }
}
