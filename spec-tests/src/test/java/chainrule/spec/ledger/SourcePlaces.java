// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the formulas that comments of the main sources name: in a Javadoc comment, as
 * {@code Formula: 003-mae, 003-mae-d. Spec: LossSpec#test.}, above the declaration of the member that computes them.
 * Relies on the layout of the sources, two spaces per level and a declaration on the line after its comment.
 */
final class SourcePlaces {
  /** An id of the catalogue's form. */
  private static final String ID = "(?:\\d{3}|" + Catalogue.BEYOND + ")-[a-z0-9]+(?:[.-][a-z0-9]+)*";
  private static final Pattern WORD = Pattern.compile("(?<![\\w.-])" + ID + "(?![\\w-])");
  private static final Pattern REFERENCE =
      Pattern.compile("Formula: (" + ID + "(?:, " + ID + ")*)\\. Spec: (\\w+#\\w+)\\.");
  private static final Pattern TYPE =
      Pattern.compile("^( *)(?:(?:public|protected|private|static|final|abstract|sealed|non-sealed) )*"
          + "(?:class|record|interface|enum) (\\w+).*");

  /**
   * An id in a comment.
   *
   * @param file relative to the checkout, with slashes
   * @param line of the declaration below the comment, from 1; of the id itself if the comment is not of this form
   * @param member the declaration below the comment, such as {@code MeanAbsoluteError#derivative}; empty if the id is
   *     not in a comment of this form
   * @param spec the test that the comment names; empty if the id is not in a comment of this form
   */
  record Mention(String id, String file, int line, String member, String spec) {}

  private SourcePlaces() {}

  /** Returns all ids in comments of kernels, core and core/cli. Strings, which users see, do not count. */
  static List<Mention> load(Path checkout) throws IOException {
    List<Mention> mentions = new ArrayList<>();
    for (String module : new String[] {"kernels", "core", "core/cli"}) {
      Path sources = checkout.resolve(module).resolve(Path.of("src", "main", "java"));
      try (Stream<Path> files = Files.walk(sources)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
          mentions.addAll(in(checkout.relativize(file).toString().replace('\\', '/'), Files.readAllLines(file)));
        }
      }
    }
    return mentions;
  }

  /** Returns the ids in the comments of one source. */
  static List<Mention> in(String file, List<String> lines) {
    List<Mention> mentions = new ArrayList<>();
    ArrayDeque<String> types = new ArrayDeque<>(); // the innermost first; level 0 has no indentation
    for (int i = 0; i < lines.size(); i++) {
      Matcher type = TYPE.matcher(lines.get(i));
      if (type.matches()) {
        while (types.size() > type.group(1).length() / 2) types.pop();
        types.push(type.group(2));
      } else if (lines.get(i).strip().startsWith("/**")) {
        int end = i;
        while (!lines.get(end).contains("*/")) end++;
        mentions.addAll(comment(file, lines, i, end, types));
        i = end;
      } else {
        int start = lines.get(i).indexOf("//");
        Matcher m = WORD.matcher(start < 0 ? "" : lines.get(i).substring(start));
        while (m.find()) mentions.add(new Mention(m.group(), file, i + 1, "", ""));
      }
    }
    return mentions;
  }

  private static List<Mention> comment(String file, List<String> lines, int from, int to, ArrayDeque<String> types) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i <= to; i++) {
      text.append(' ').append(lines.get(i).replaceFirst("^\\s*(/\\*\\*|\\*/|\\*)", "").replace("*/", "").strip());
    }
    String flat = text.toString().replaceAll("\\s+", " ");
    List<Mention> mentions = new ArrayList<>();
    Matcher m = REFERENCE.matcher(flat);
    String member = to + 1 < lines.size() ? member(lines.get(to + 1), types) : "";
    while (m.find()) {
      for (String id : m.group(1).split(", ")) mentions.add(new Mention(id, file, to + 2, member, m.group(2)));
    }
    m = WORD.matcher(REFERENCE.matcher(flat).replaceAll(" "));
    while (m.find()) mentions.add(new Mention(m.group(), file, from + 1, "", ""));
    return mentions;
  }

  /** Returns the qualified name of a declaration from its first line. */
  private static String member(String line, ArrayDeque<String> types) {
    String plain = line.strip().replaceFirst("^(@\\w+ )+", "");
    List<String> outer = new ArrayList<>();
    for (String type : types) outer.add(0, type);
    outer = outer.subList(0, Math.min(outer.size(), (line.length() - line.stripLeading().length()) / 2));
    Matcher type = TYPE.matcher(plain);
    if (type.matches()) return String.join(".", outer) + (outer.isEmpty() ? "" : ".") + type.group(2);
    Matcher name = Pattern.compile("(\\w+)\\s*(?:[(={;,]|$)").matcher(plain);
    return name.find() ? String.join(".", outer) + "#" + name.group(1) : "";
  }
}
