// SPDX-License-Identifier: MIT
package chainrule.report;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes HTML that is also well-formed XML. Elements are closed in order and all strings are escaped, so data cannot
 * become markup. Characters that XML does not allow become U+FFFD.
 */
final class Html {
  private final StringBuilder s = new StringBuilder(1 << 16);
  private final Deque<String> open = new ArrayDeque<>();
  private int ids;

  /** Opens an element. Attributes are names and values in turn; an attribute whose value is null is omitted. */
  Html open(String tag, String... attributes) {
    begin(tag, attributes);
    s.append('>');
    open.push(tag);
    return this;
  }

  /** Closes the innermost open element. */
  Html close() {
    s.append("</").append(open.pop()).append('>');
    return this;
  }

  /** Closes the innermost open element and starts a new line in the file. */
  Html closeLine() {
    close();
    s.append('\n');
    return this;
  }

  /** Writes an empty element. */
  Html empty(String tag, String... attributes) {
    begin(tag, attributes);
    s.append("/>");
    return this;
  }

  /** Writes an element with text content. */
  Html element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close();
  }

  Html text(String text) {
    s.append(escape(text));
    return this;
  }

  /** Writes markup without escaping it. */
  Html raw(String markup) {
    s.append(markup);
    return this;
  }

  /** Returns an id that is unique in the page. */
  String id() {
    return "e" + ++ids;
  }

  private void begin(String tag, String... attributes) {
    s.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      if (attributes[i + 1] == null) continue;
      s.append(' ').append(attributes[i]).append("=\"").append(escape(attributes[i + 1])).append('"');
    }
  }

  /** Escapes a string for element content and quoted attribute values. */
  static String escape(String text) {
    StringBuilder e = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '<' -> e.append("&lt;");
        case '>' -> e.append("&gt;");
        case '&' -> e.append("&amp;");
        case '"' -> e.append("&quot;");
        case '\'' -> e.append("&#39;");
        default -> e.appendCodePoint(isAllowed(c) ? c : 0xFFFD);
      }
    }
    return e.toString();
  }

  private static boolean isAllowed(int c) {
    if (c < 0x20) return c == '\n' || c == '\t';
    boolean surrogate = c >= 0xD800 && c <= 0xDFFF, control = c >= 0x7F && c < 0xA0;
    // would reorder the surrounding text
    boolean isBidiControl = c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069;
    return !surrogate && !control && !isBidiControl && c != 0xFFFE && c != 0xFFFF;
  }

  /** @throws IllegalStateException if an element is still open */
  @Override public String toString() {
    if (!open.isEmpty()) throw new IllegalStateException("unclosed elements: " + open);
    return s.toString();
  }
}
