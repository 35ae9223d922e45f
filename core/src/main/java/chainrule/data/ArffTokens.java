// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.BitSet;
import java.util.List;

/** Splits a line of an ARFF file into values, which may be in quotes with backslash escapes. */
final class ArffTokens {
  private static final String OPEN_QUOTE = "a quote is never closed";

  private final String s;
  private final BitSet quoted = new BitSet();
  private int at;

  ArffTokens(String s) {
    this.s = s;
  }

  /** Returns whether a value was in quotes. */
  boolean isQuoted(int index) {
    return quoted.get(index);
  }

  /** Returns what follows the last value, without blanks around it. */
  String rest() {
    return s.substring(at).strip();
  }

  /** Returns a name: in quotes, or up to a blank or a brace; null if its quote is not closed. */
  String name() {
    skipBlanks();
    if (at < s.length() && isQuote(s.charAt(at))) return inQuotes();
    int from = at;
    while (at < s.length() && !Character.isWhitespace(s.charAt(at)) && (s.charAt(at) != '{' || at == from)) at++;
    return s.substring(from, at);
  }

  /** Returns the number at the start, −1 if there is none that fits. */
  int index() {
    skipBlanks();
    int from = at;
    while (at < s.length() && s.charAt(at) >= '0' && s.charAt(at) <= '9') at++;
    if (at == from || at - from > 9 || at >= s.length() || !Character.isWhitespace(s.charAt(at))) return -1;
    return Integer.parseInt(s.substring(from, at));
  }

  /** Returns the rest as one value; null if its quote is not closed. */
  String value() {
    skipBlanks();
    if (at >= s.length() || !isQuote(s.charAt(at))) return rest();
    quoted.set(0);
    return inQuotes();
  }

  /**
   * Adds the values of a row: separated by commas or, in a line without commas, by tabs or blanks.
   *
   * @return null, or what is wrong
   */
  String row(int expected, List<String> values) {
    if (expected == 1 || hasUnquoted(',', (char) 0)) return split(',', (char) 0, true, values);
    if (hasUnquoted('\t', (char) 0)) {
      String problem = split('\t', (char) 0, true, values);
      if (problem == null && values.size() == expected) return null;
      values.clear();
      quoted.clear();
      at = 0;
    }
    return split(' ', (char) 0, true, values);
  }

  /**
   * Adds the values of a list that ends in a bracket, separated by commas or, without commas, by blanks. The entries of
   * a sparse row, such as {@code 3 'a b'}, keep their quotes.
   *
   * @return null, or what is wrong
   */
  String list(char end, boolean sparse, List<String> values) {
    String problem = split(sparse || hasUnquoted(',', end) ? ',' : ' ', end, !sparse, values);
    if (problem != null) return problem;
    if (at >= s.length() || s.charAt(at) != end) return "expected '" + end + "'";
    at++;
    return null;
  }

  private static boolean isQuote(char c) {
    return c == '\'' || c == '"';
  }

  private void skipBlanks() {
    while (at < s.length() && Character.isWhitespace(s.charAt(at))) at++;
  }

  /** Returns whether a character occurs outside quotes that open at the start of a value. */
  private boolean hasUnquoted(char wanted, char end) {
    boolean begin = true;
    for (int i = at; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c == wanted) return true;
      if (c == end && end != 0) return false;
      if (begin && isQuote(c)) {
        int close = i + 1;
        while (close < s.length() && s.charAt(close) != c) close += s.charAt(close) == '\\' ? 2 : 1;
        i = close;
      }
      begin = Character.isWhitespace(c);
    }
    return false;
  }

  private String split(char separator, char end, boolean unquote, List<String> values) {
    while (true) {
      skipIn(separator);
      boolean last = at >= s.length() || end != 0 && s.charAt(at) == end;
      if (last && separator == ' ') return null;
      if (!last && end == 0 && s.charAt(at) == '%') {
        if (separator != ' ') values.add("");
        return null;
      }
      if (!last && isQuote(s.charAt(at))) {
        int from = at;
        String value = inQuotes();
        if (value == null) return OPEN_QUOTE;
        quoted.set(values.size());
        values.add(value);
        skipIn(separator);
        boolean done = at >= s.length() || end != 0 && s.charAt(at) == end || end == 0 && s.charAt(at) == '%';
        if (!done && s.charAt(at) != separator && !(separator == ' ' && from < at
            && Character.isWhitespace(s.charAt(at - 1)))) {
          return "expected a separator after the closing quote, found '" + Table.shown(s.substring(at)) + "'. Put a "
              + "backslash before a quote inside quotes.";
        }
        if (done) return null;
        if (separator != ' ') at++;
        continue;
      }
      int from = at;
      boolean comment = false, blank = false;
      while (at < s.length()) {
        char c = s.charAt(at);
        if (separator == ' ' ? Character.isWhitespace(c) : c == separator) break;
        if (end != 0 && c == end) break;
        if (!unquote && blank && isQuote(c)) { // a quoted value after the number in a sparse row
          if (inQuotes() == null) return OPEN_QUOTE;
          blank = false;
          continue;
        }
        comment = end == 0 && c == '%' && blank;
        if (comment) break;
        blank = Character.isWhitespace(c);
        at++;
      }
      values.add(s.substring(from, at).strip());
      if (comment || at >= s.length() || end != 0 && s.charAt(at) == end) return null;
      if (separator != ' ') at++;
    }
  }

  private void skipIn(char separator) {
    while (at < s.length() && s.charAt(at) != separator && Character.isWhitespace(s.charAt(at))
        || separator == ' ' && at < s.length() && s.charAt(at) == ' ') {
      at++;
    }
  }

  /** Returns the string in the quotes that open here, and continues after them; null if they are not closed. */
  private String inQuotes() {
    char quote = s.charAt(at++);
    StringBuilder b = new StringBuilder();
    while (at < s.length()) {
      char c = s.charAt(at++);
      if (c == quote) return b.toString();
      if (c != '\\' || at >= s.length()) {
        b.append(c);
        continue;
      }
      char escaped = s.charAt(at++);
      switch (escaped) {
        case 'n' -> b.append('\n');
        case 't' -> b.append('\t');
        case 'r' -> b.append('\r');
        default -> b.append(escaped);
      }
    }
    return null;
  }
}
