// SPDX-License-Identifier: MIT
package chainrule.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses a page strictly as XML: matching tags, quoted and unique attributes, escaped &lt; and &amp;, unique ids. */
final class WellFormed {
  private static final Pattern TAG =
      Pattern.compile("<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\\s+[a-zA-Z-]+=\"[^\"<]*\")*)\\s*(/?)>");
  private static final Pattern ATTRIBUTE = Pattern.compile("([a-zA-Z-]+)=\"([^\"]*)\"");
  private static final Pattern UNESCAPED = Pattern.compile("&(?!(lt|gt|amp|quot|#39);)");

  private WellFormed() {}

  static void check(String page) {
    String start = "<!DOCTYPE html>\n";
    assertTrue(page.startsWith(start));
    Deque<String> open = new ArrayDeque<>();
    Set<String> ids = new HashSet<>();
    Matcher m = TAG.matcher(page);
    int at = start.length();
    for (; m.find(at); at = m.end()) {
      checkText(page.substring(at, m.start()));
      if (!m.group(1).isEmpty()) {
        assertEquals(open.pop(), m.group(2), () -> "mismatched end tag at " + m.start());
        continue;
      }
      checkAttributes(m.group(3), ids);
      if (m.group(4).isEmpty()) open.push(m.group(2));
    }
    checkText(page.substring(at));
    assertTrue(open.isEmpty(), () -> "unclosed: " + open);
  }

  private static void checkText(String text) {
    assertFalse(text.contains("<"), () -> "not a tag: " + text);
    assertFalse(UNESCAPED.matcher(text).find(), () -> "unescaped &: " + text);
    text.codePoints().forEach(
        c -> assertTrue(c == '\n' || c == '\t' || c >= 0x20 && c < 0xD800 || c > 0xDFFF, "character " + c));
  }

  private static void checkAttributes(String attributes, Set<String> ids) {
    Set<String> names = new HashSet<>();
    Matcher m = ATTRIBUTE.matcher(attributes);
    while (m.find()) {
      assertTrue(names.add(m.group(1)), () -> "duplicate attribute: " + attributes);
      checkText(m.group(2));
      if (m.group(1).equals("id")) assertTrue(ids.add(m.group(2)), () -> "duplicate id: " + attributes);
      if (m.group(1).equals("src")) {
        assertTrue(m.group(2).startsWith("data:image/png;base64,"), () -> "external resource: " + attributes);
      }
      assertFalse(m.group(1).equals("href") || m.group(1).startsWith("on"), () -> attributes);
      assertFalse(m.group(1).equals("d") && m.group(2).matches("(?s).*(NaN|Infinity|∞|,|E).*"),
          () -> "path: " + attributes);
    }
  }
}
