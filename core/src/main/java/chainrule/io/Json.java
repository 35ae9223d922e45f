// SPDX-License-Identifier: MIT
package chainrule.io;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Converts JSON (RFC 8259) to and from {@link Map} (in the order of the text), {@link List}, {@link String},
 * {@link Double}, {@link Boolean} and null. Numbers keep their bits. NaN and ∞, which JSON does not allow, are written
 * as null.
 */
public final class Json {
  /** Deeper nesting could exhaust the stack; model files need far less. */
  private static final int DEEPEST = 32;

  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  // ---------------------------------------------------------------- writing

  /**
   * {@return a value as JSON, on one line}
   *
   * @param value a {@link Map} with strings as keys, an {@link Iterable}, {@link String}, {@link Double}, {@link
   *     Integer}, {@link Long} or {@link Boolean}, or null
   * @throws IllegalArgumentException for any other object, and for nesting deeper than 32 levels
   */
  public static String text(Object value) {
    StringBuilder s = new StringBuilder();
    write(value, 0, s);
    return s.toString();
  }

  private static void write(Object value, int depth, StringBuilder s) {
    if (depth > DEEPEST) throw new IllegalArgumentException("JSON nested deeper than " + DEEPEST + " levels");
    if (value instanceof Map<?, ?> map) {
      s.append('{');
      for (Map.Entry<?, ?> e : map.entrySet()) {
        if (s.charAt(s.length() - 1) != '{') s.append(',');
        if (!(e.getKey() instanceof String name)) {
          throw new IllegalArgumentException("JSON names must be strings, found " + e.getKey());
        }
        quote(name, s);
        s.append(':');
        write(e.getValue(), depth + 1, s);
      }
      s.append('}');
    } else if (value instanceof Iterable<?> list) {
      s.append('[');
      for (Object o : list) {
        if (s.charAt(s.length() - 1) != '[') s.append(',');
        write(o, depth + 1, s);
      }
      s.append(']');
    } else if (value instanceof String string) {
      quote(string, s);
    } else if (value instanceof Double d && !(Math.abs(d) < Double.POSITIVE_INFINITY)) {
      s.append("null");
    } else if (value == null || value instanceof Boolean || value instanceof Double || value instanceof Integer
        || value instanceof Long) {
      s.append(value);
    } else {
      throw new IllegalArgumentException("cannot write an object of " + value.getClass().getName() + " as JSON");
    }
  }

  private static void quote(String string, StringBuilder s) {
    s.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c == '"' || c == '\\') s.append('\\').append(c);
      else if (c < 0x20 || Character.isSurrogate(c)) appendEscaped(c, s); // UTF-8 cannot encode a lone surrogate
      else s.append(c);
    }
    s.append('"');
  }

  private static void appendEscaped(char c, StringBuilder s) {
    s.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) s.append(Character.forDigit(c >> shift & 15, 16));
  }

  // ---------------------------------------------------------------- reading

  /**
   * Parses JSON.
   *
   * @param text one JSON value, possibly between spaces and line breaks
   * @return the value; may be null
   * @throws IllegalArgumentException if the text is not JSON; the message gives the position
   */
  public static Object parse(String text) {
    Json json = new Json(text);
    Object value = json.value(0);
    json.space();
    if (json.at < text.length()) throw json.error("the end of the text");
    return value;
  }

  private Object value(int depth) {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException("JSON nested deeper than " + DEEPEST + " levels at character " + (at + 1));
    }
    space();
    char c = peek();
    if (c == '{') return object(depth);
    if (c == '[') return array(depth);
    if (c == '"') return string();
    if (c == 't') return word("true", true);
    if (c == 'f') return word("false", false);
    if (c == 'n') return word("null", null);
    return number();
  }

  private Map<String, Object> object(int depth) {
    Map<String, Object> map = new LinkedHashMap<>();
    at++;
    space();
    if (peek() == '}') {
      at++;
      return map;
    }
    while (true) {
      space();
      if (peek() != '"') throw error("a name in quotes");
      int from = at;
      String name = string();
      if (map.containsKey(name)) {
        throw new IllegalArgumentException("duplicate name in JSON at character " + (from + 1));
      }
      space();
      take(':', "a colon");
      map.put(name, value(depth + 1));
      space();
      if (peek() == ',') {
        at++;
        continue;
      }
      take('}', "a comma or }");
      return map;
    }
  }

  private List<Object> array(int depth) {
    List<Object> list = new ArrayList<>();
    at++;
    space();
    if (peek() == ']') {
      at++;
      return list;
    }
    while (true) {
      list.add(value(depth + 1));
      space();
      if (peek() == ',') {
        at++;
        continue;
      }
      take(']', "a comma or ]");
      return list;
    }
  }

  private String string() {
    StringBuilder s = new StringBuilder();
    at++;
    while (true) {
      char c = peek();
      if (c < 0x20) throw error("the end of a string");
      at++;
      if (c == '"') return s.toString();
      s.append(c == '\\' ? escaped() : c);
    }
  }

  private char escaped() {
    char c = peek();
    int plain = "\"\\/bfnrt".indexOf(c);
    if (plain >= 0) {
      at++;
      return "\"\\/\b\f\n\r\t".charAt(plain);
    }
    if (c != 'u') throw error("an escape sequence");
    int code = 0;
    for (int i = 1; i <= 4; i++) {
      char d = at + i < text.length() ? text.charAt(at + i) : 0;
      int digit = d < 128 ? Character.digit(d, 16) : -1; // JSON allows ASCII digits only
      if (digit < 0) throw error("four hexadecimal digits");
      code = code << 4 | digit;
    }
    at += 5;
    return (char) code;
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, at)) throw error("a value");
    at += word.length();
    return value;
  }

  /** Parses [-] digits [. digits] [e [+-] digits], without leading zeros. */
  private Double number() {
    int from = at;
    if (peek() == '-') at++;
    int first = at;
    digits(from);
    if (text.charAt(first) == '0' && at > first + 1) throw notANumber(from);
    if (peek() == '.') {
      at++;
      digits(from);
    }
    if (peek() == 'e' || peek() == 'E') {
      at++;
      if (peek() == '+' || peek() == '-') at++;
      digits(from);
    }
    double value = Double.parseDouble(text.substring(from, at));
    if (Math.abs(value) < Double.POSITIVE_INFINITY) return value;
    throw notANumber(from);
  }

  private void digits(int from) {
    int begin = at;
    while (peek() >= '0' && peek() <= '9') at++;
    if (at == begin) throw notANumber(from);
  }

  private IllegalArgumentException notANumber(int from) {
    at = from;
    return error("a value");
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
  }

  /** Returns the next character, or 0, which JSON does not use, at the end. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private void take(char c, String expected) {
    if (peek() != c) throw error(expected);
    at++;
  }

  private IllegalArgumentException error(String expected) {
    return new IllegalArgumentException("not JSON: expected " + expected + " at character " + (at + 1));
  }
}
