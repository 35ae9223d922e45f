package chainrule.report;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes HTML that is well-formed XML too: what was opened is closed in order, and every text is escaped, so that no data
 * can become markup. Characters that XML has not are shown as U+FFFD.
 */
final class Html {
  private final StringBuilder s = new StringBuilder(1 << 16);
  private final Deque<String> open = new ArrayDeque<>();
  private int ids;

  /** Begins an element; attributes are names and values in turn. A null value leaves its attribute out. */
  Html open(String tag, String... attributes) {
    begin(tag, attributes);
    s.append('>');
    open.push(tag);
    return this;
  }

  /** Ends the element that was begun last. */
  Html close() {
    s.append("</").append(open.pop()).append('>');
    return this;
  }

  /** The same, and a new line in the file. */
  Html closeLine() {
    close();
    s.append('\n');
    return this;
  }

  /** An element without content. */
  Html empty(String tag, String... attributes) {
    begin(tag, attributes);
    s.append("/>");
    return this;
  }

  /** An element that holds a text. */
  Html element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close();
  }

  Html text(String text) {
    s.append(escape(text));
    return this;
  }

  /** Markup of our own, as it is. */
  Html raw(String markup) {
    s.append(markup);
    return this;
  }

  /** A name that no other element of the page has. */
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

  /** The text, safe between tags and in quotes. */
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
        default -> e.appendCodePoint(isText(c) ? c : 0xFFFD);
      }
    }
    return e.toString();
  }

  private static boolean isText(int c) {
    if (c < 0x20) return c == '\n' || c == '\t';
    boolean surrogate = c >= 0xD800 && c <= 0xDFFF, control = c >= 0x7F && c < 0xA0;
    boolean turnsText = c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069; // would reorder what stands around it
    return !surrogate && !control && !turnsText && c != 0xFFFE && c != 0xFFFF;
  }

  /** @throws IllegalStateException if an element is still open */
  @Override public String toString() {
    if (!open.isEmpty()) throw new IllegalStateException("not closed: " + open);
    return s.toString();
  }
}
