// SPDX-License-Identifier: MIT

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Follows every link of the HTML pages of a directory: {@code java Links DIRECTORY}. Prints a line for each link whose
 * file or anchor does not exist or is outside the directory, and for each image, script or style sheet that a page
 * would load from elsewhere. Ends with the status 1 if there are any. Other links to the web are not followed.
 */
public final class Links {
  private static final Pattern LINK =
      Pattern.compile("<(\\w+)\\b[^<>]*?\\s(?:href|src)=(?:\"([^\"]*)\"|'([^']*)'|([^\\s>\"']+))");
  private static final Pattern ANCHOR = Pattern.compile("\\s(?:id|name)=(?:\"([^\"]*)\"|'([^']*)'|([^\\s>\"']+))");

  private final Path root;
  private final Map<Path, Set<String>> anchors = new HashMap<>();
  private int followed;
  private int dead;

  private Links(Path root) {
    this.root = root;
  }

  public static void main(String[] args) throws IOException {
    Links links = new Links(Path.of(args[0]).toRealPath());
    List<Path> pages;
    try (Stream<Path> all = Files.walk(links.root)) {
      pages = all.filter(p -> p.toString().endsWith(".html")).sorted().toList();
    }
    for (Path page : pages) links.page(page);
    System.out.println(pages.size() + " pages, " + links.followed + " links followed, " + links.dead + " dead");
    System.exit(links.dead == 0 ? 0 : 1);
  }

  private void page(Path page) throws IOException {
    String html = Files.readString(page).replaceAll("(?s)<!--.*?-->|(?<=<script)>.*?</script>|<style.*?</style>", "");
    Matcher m = LINK.matcher(html);
    while (m.find()) {
      String link = unescape(first(m, 2));
      String problem = link.matches("[a-z]+:.*")
          ? m.group(1).equals("a") || link.startsWith("data:") ? "" : "loads something from elsewhere"
          : problem(page, link);
      followed++;
      if (problem.isEmpty()) continue;
      dead++;
      System.out.println(root.relativize(page) + ": " + link + ": " + problem);
    }
  }

  /** Returns what is wrong with a link, or an empty string. */
  private String problem(Path page, String link) {
    int hash = link.indexOf('#');
    String path = (hash < 0 ? link : link.substring(0, hash)).replaceFirst("\\?.*", "");
    String fragment = hash < 0 ? "" : link.substring(hash + 1);
    Path target = path.isEmpty() ? page : page.getParent().resolve(URI.create(path).getPath()).normalize();
    if (!target.startsWith(root)) return "outside the directory";
    if (Files.isDirectory(target)) target = target.resolve("index.html");
    if (!Files.exists(target)) return "no such file";
    if (fragment.isEmpty() || !target.toString().endsWith(".html")) return "";
    if (fragment.contains("=")) return ""; // what the ledger page shows: #verdict=erratum
    // JDK 17 also lists packages whose only constants are not public
    if (page.endsWith("constant-values.html")) return "";
    Set<String> ids = anchors.computeIfAbsent(target, Links::anchors);
    return ids.contains(fragment) || ids.contains(URLDecoder.decode(fragment, StandardCharsets.UTF_8)) ? ""
        : "no such anchor";
  }

  private static Set<String> anchors(Path page) {
    Set<String> ids = new HashSet<>();
    try {
      Matcher m = ANCHOR.matcher(Files.readString(page));
      while (m.find()) ids.add(unescape(first(m, 1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ids;
  }

  /** Returns the first of three groups that matched. */
  private static String first(Matcher m, int group) {
    while (m.group(group) == null) group++;
    return m.group(group);
  }

  private static String unescape(String text) {
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
  }
}
