// SPDX-License-Identifier: MIT

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Converts the Markdown of the project's guides to HTML: headings with the anchors that GitHub gives them, paragraphs,
 * lists, tables, code, links and emphasis. Anything else remains text.
 */
final class Markdown {
  private static final Pattern LINK = Pattern.compile("\\[([^\\]]+)\\]\\(([^)\\s]+)\\)|&lt;(https?://[^&\\s]+)&gt;");
  private static final Pattern ITEM = Pattern.compile("\\s*(-|\\d+\\.) (.*)");

  private final UnaryOperator<String> links;
  private final StringBuilder html = new StringBuilder();
  private final Map<String, Integer> anchors = new HashMap<>();

  private Markdown(UnaryOperator<String> links) {
    this.links = links;
  }

  /**
   * Converts a page.
   *
   * @param links maps the target of a link to that of the HTML page
   */
  static String html(String text, UnaryOperator<String> links) {
    Markdown m = new Markdown(links);
    m.blocks(List.of(text.split("\n")));
    return m.html.toString();
  }

  private void blocks(List<String> lines) {
    List<String> block = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("```") || block.isEmpty() && line.startsWith("    ")) {
        flush(block);
        boolean fence = line.startsWith("```");
        StringBuilder code = new StringBuilder();
        if (fence) i++;
        for (; i < lines.size(); i++) {
          String s = lines.get(i);
          if (fence ? s.startsWith("```") : !s.isBlank() && !s.startsWith("    ")) break;
          code.append(fence ? s : s.replaceFirst("^ {4}", "")).append('\n');
        }
        if (!fence) i--;
        html.append("<pre tabindex=0>").append(escape(code.toString().stripTrailing())).append("</pre>\n");
      } else if (line.isBlank() || line.startsWith("#")) {
        flush(block);
        if (!line.isBlank()) heading(line);
      } else {
        block.add(line);
      }
    }
    flush(block);
  }

  private void heading(String line) {
    int level = line.indexOf(' ');
    String text = line.substring(level + 1);
    String anchor = text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
    int seen = anchors.merge(anchor, 1, Integer::sum);
    html.append("<h").append(level).append(" id=\"").append(anchor).append(seen == 1 ? "" : "-" + (seen - 1))
        .append("\">").append(inline(text)).append("</h").append(level).append(">\n");
  }

  private void flush(List<String> block) {
    if (block.isEmpty()) return;
    if (block.get(0).startsWith("|")) {
      table(block);
    } else {
      int i = 0;
      StringBuilder paragraph = new StringBuilder();
      while (i < block.size() && !ITEM.matcher(block.get(i)).matches()) paragraph.append(block.get(i++)).append('\n');
      if (paragraph.length() > 0) html.append("<p>").append(inline(paragraph.toString().strip())).append("</p>\n");
      if (i < block.size()) list(block.subList(i, block.size()));
    }
    block.clear();
  }

  private void list(List<String> lines) {
    List<String> items = new ArrayList<>();
    for (String line : lines) {
      Matcher m = ITEM.matcher(line);
      if (m.matches()) items.add(m.group(2));
      else items.set(items.size() - 1, items.get(items.size() - 1) + "\n" + line.strip());
    }
    boolean numbered = Character.isDigit(lines.get(0).strip().charAt(0));
    String number = lines.get(0).strip().replaceFirst("\\..*", "");
    html.append(numbered ? "<ol start=" + number.split("\n")[0] + ">\n" : "<ul>\n");
    for (String item : items) html.append("<li>").append(inline(item)).append("</li>\n");
    html.append(numbered ? "</ol>\n" : "</ul>\n");
  }

  private void table(List<String> lines) {
    html.append("<div class=wide tabindex=0><table>\n");
    for (int i = 0; i < lines.size(); i++) {
      if (i == 1) continue; // |---|---|
      String[] cells = lines.get(i).strip().replaceFirst("^\\|", "").replaceFirst("(?<!\\\\)\\|$", "")
          .split("(?<!\\\\)\\|", -1);
      html.append("<tr>");
      for (String cell : cells) {
        html.append(i == 0 ? "<th scope=col>" : "<td>").append(inline(cell.strip())).append(i == 0 ? "</th>" : "</td>");
      }
      html.append("</tr>\n");
    }
    html.append("</table></div>\n");
  }

  /** Converts code spans first, because nothing inside them is converted. */
  private String inline(String text) {
    List<String> kept = new ArrayList<>();
    StringBuilder s = new StringBuilder();
    Matcher code = Pattern.compile("`([^`]+)`|\\\\(\\p{Punct})").matcher(text);
    while (code.find()) {
      kept.add(code.group(1) != null ? "<code>" + escape(code.group(1).replace("\\|", "|")) + "</code>"
          : escape(code.group(2)));
      code.appendReplacement(s, Matcher.quoteReplacement("\0" + (kept.size() - 1) + "\0"));
    }
    String plain = code.appendTail(s).toString().replaceAll("&(?!\\w+;|#\\d+;)", "&amp;").replace("<", "&lt;")
        .replace(">", "&gt;").replace("&lt;br&gt;", "<br>");
    plain = LINK.matcher(plain).replaceAll(m -> Matcher.quoteReplacement(m.group(3) != null
        ? "<a href=\"" + m.group(3) + "\">" + m.group(3) + "</a>"
        : "<a href=\"" + escape(links.apply(m.group(2))) + "\">" + m.group(1) + "</a>"));
    plain = plain.replaceAll("\\*\\*([^*]+)\\*\\*", "<b>$1</b>").replaceAll("\\*([^*\\s][^*]*)\\*", "<i>$1</i>");
    return Pattern.compile("\0(\\d+)\0").matcher(plain)
        .replaceAll(m -> Matcher.quoteReplacement(kept.get(Integer.parseInt(m.group(1)))));
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
  }
}
