// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON (RFC 8259) writer, and a strict reader that checks what was written. */
final class Json {
  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /** Writes strings, numbers, booleans, null, maps and lists. JSON has no NaN and ±∞; they are written as null. */
  static String write(Object value) {
    StringBuilder s = new StringBuilder();
    write(s, value);
    return s.toString();
  }

  private static void write(StringBuilder s, Object value) {
    if (value == null || value instanceof Double d && !Double.isFinite(d)) {
      s.append("null");
    } else if (value instanceof Number || value instanceof Boolean) {
      s.append(value);
    } else if (value instanceof Map<?, ?> map) {
      char separator = '{';
      for (Map.Entry<?, ?> e : map.entrySet()) {
        write(s.append(separator), e.getKey().toString());
        write(s.append(':'), e.getValue());
        separator = ',';
      }
      s.append(separator == '{' ? "{}" : "}");
    } else if (value instanceof Iterable<?> list) {
      char separator = '[';
      for (Object o : list) {
        write(s.append(separator), o);
        separator = ',';
      }
      s.append(separator == '[' ? "[]" : "]");
    } else {
      quote(s, value.toString());
    }
  }

  private static void quote(StringBuilder s, String text) {
    s.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // UTF-8 cannot encode a lone surrogate
      boolean lone = Character.isSurrogate(c) && !(Character.isHighSurrogate(c) && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1)) || Character.isLowSurrogate(c) && i > 0
          && Character.isHighSurrogate(text.charAt(i - 1)));
      if (c == '"' || c == '\\') s.append('\\').append(c);
      else if (c == '\n') s.append("\\n");
      else if (c < 0x20 || c == 0x7f || lone) s.append(String.format("\\u%04x", (int) c));
      else s.append(c);
    }
    s.append('"');
  }

  /** Reads a value. Objects become maps that keep their order, arrays become lists, numbers become doubles. */
  static Object read(String text) {
    Json j = new Json(text);
    Object value = j.value();
    j.skip();
    if (j.at < text.length()) throw j.bad("unexpected text after the value");
    return value;
  }

  private Object value() {
    skip();
    char c = peek();
    if (c == '{') {
      Map<String, Object> map = new LinkedHashMap<>();
      at++;
      for (skip(); peek() != '}' || !map.isEmpty(); skip()) {
        skip();
        String key = string();
        skip();
        expect(':');
        if (map.put(key, value()) != null) throw bad("duplicate key " + key);
        skip();
        if (peek() == '}') break;
        expect(',');
      }
      expect('}');
      return map;
    }
    if (c == '[') {
      List<Object> list = new ArrayList<>();
      at++;
      for (skip(); peek() != ']' || !list.isEmpty(); skip()) {
        list.add(value());
        skip();
        if (peek() == ']') break;
        expect(',');
      }
      expect(']');
      return list;
    }
    if (c == '"') return string();
    for (String word : new String[] {"true", "false", "null"}) {
      if (text.startsWith(word, at)) {
        at += word.length();
        return word.equals("null") ? null : word.equals("true");
      }
    }
    var number = java.util.regex.Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][-+]?\\d+)?").matcher(text);
    if (!number.find(at) || number.start() != at) throw bad("expected a value");
    at = number.end();
    return Double.parseDouble(number.group());
  }

  private String string() {
    expect('"');
    StringBuilder s = new StringBuilder();
    while (peek() != '"') {
      char c = text.charAt(at++);
      if (c < 0x20) throw bad("control character in a string");
      if (c != '\\') {
        s.append(c);
        continue;
      }
      c = peek();
      at++;
      int k = "\"\\/bfnrt".indexOf(c);
      if (k >= 0) {
        s.append("\"\\/\b\f\n\r\t".charAt(k));
      } else if (c == 'u' && text.substring(at, Math.min(at + 4, text.length())).matches("[0-9a-fA-F]{4}")) {
        s.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
        at += 4;
      } else {
        throw bad("unknown escape");
      }
    }
    at++;
    return s.toString();
  }

  private void skip() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
  }

  private char peek() {
    if (at >= text.length()) throw bad("unexpected end");
    return text.charAt(at);
  }

  private void expect(char c) {
    if (peek() != c) throw bad("expected " + c);
    at++;
  }

  private IllegalArgumentException bad(String what) {
    return new IllegalArgumentException("not JSON: " + what + " at character " + at);
  }
}
