// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/** Writes HTML and SVG that are also well-formed XML: elements are closed in order, and all strings are escaped. */
final class Markup {
  private final StringBuilder s = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();
  private int ids;

  /** Opens an element. Attributes are names and values in turn; numbers are written with one decimal. */
  Markup open(String tag, Object... attributes) {
    begin(tag, attributes);
    s.append('>');
    open.push(tag);
    return this;
  }

  /** Closes the innermost open element. */
  Markup close() {
    s.append("</").append(open.pop()).append(">\n");
    return this;
  }

  /** Writes an empty element. */
  Markup empty(String tag, Object... attributes) {
    begin(tag, attributes);
    s.append("/>\n");
    return this;
  }

  /** Writes an element with text content. */
  Markup element(String tag, String text, Object... attributes) {
    begin(tag, attributes);
    s.append('>').append(escape(text)).append("</").append(tag).append(">\n");
    return this;
  }

  /** Writes markup without escaping it. */
  Markup raw(String markup) {
    s.append(markup);
    return this;
  }

  /** Returns an id that is unique in the page. */
  String id() {
    return "e" + ++ids;
  }

  private void begin(String tag, Object... attributes) {
    s.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      Object value = attributes[i + 1];
      String text = value instanceof Double d ? String.format(Locale.ROOT, "%.1f", d) : value.toString();
      s.append(' ').append(attributes[i]).append("=\"").append(escape(text)).append('"');
    }
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
  }

  /** @throws IllegalStateException if an element is still open */
  @Override public String toString() {
    if (!open.isEmpty()) throw new IllegalStateException("unclosed elements: " + open);
    return s.toString();
  }
}
