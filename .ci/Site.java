// SPDX-License-Identifier: MIT

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the sources and guides of the checkout as HTML pages, and the ledger with links to them:
 * {@code java Site SITE <files}, in the checkout. Standard input has the files, one a line. A text file becomes the
 * page {@code source/FILE.html} with an anchor for each line, a directory becomes {@code source/DIRECTORY/index.html}.
 */
public final class Site {
  private static final Set<String> BINARY = Set.of("png", "svg", "gz", "npz");

  private final Path site;
  private final TreeSet<String> files = new TreeSet<>(), directories = new TreeSet<>(Set.of(""));

  private Site(Path site, List<String> list) {
    this.site = site;
    for (String file : list) {
      if (!Files.isRegularFile(Path.of(file))) continue; // deleted, but not in the index yet
      files.add(file);
      for (int i = file.indexOf('/'); i >= 0; i = file.indexOf('/', i + 1)) directories.add(file.substring(0, i));
    }
  }

  public static void main(String[] args) throws IOException {
    String list = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    Site s = new Site(Path.of(args[0]), list.lines().toList());
    for (String file : s.files) s.file(file);
    for (String directory : s.directories) s.directory(directory);
    s.ledger();
    System.out.println(s.files.size() + " files as pages");
  }

  private static boolean isText(String file) {
    return !BINARY.contains(file.replaceFirst(".*\\.", ""));
  }

  private void file(String file) throws IOException {
    Path page = page(file);
    Files.createDirectories(page.getParent());
    if (!isText(file)) {
      Files.copy(Path.of(file), page);
      return;
    }
    String text = Files.readString(Path.of(file));
    String body;
    if (file.endsWith(".md")) {
      String converted = Markdown.html(text, link -> href(file, link));
      body = converted.startsWith("<h1") ? converted : "<h1>" + Markdown.escape(file) + "</h1>\n" + converted;
    } else {
      StringBuilder lines = new StringBuilder("<h1 class=path>" + Markdown.escape(file) + "</h1>\n<pre tabindex=0>");
      int line = 0;
      for (String s : text.lines().toList()) {
        lines.append("<span id=L").append(++line).append('>').append(Markdown.escape(s)).append("</span>\n");
      }
      body = lines + "</pre>\n";
    }
    write(page, file, body);
  }

  private void directory(String directory) throws IOException {
    StringBuilder s = new StringBuilder(
        "<h1 class=path>" + (directory.isEmpty() ? "Sources" : Markdown.escape(directory)) + "</h1>\n<ul>\n");
    String start = directory.isEmpty() ? "" : directory + "/";
    for (TreeSet<String> all : List.of(directories, files)) {
      for (String name : all) {
        if (name.length() <= start.length() || !name.startsWith(start) || name.indexOf('/', start.length()) >= 0) {
          continue;
        }
        Path target = all == files ? page(name) : page(name).resolve("index.html");
        s.append("<li><a href=\"").append(relative(index(directory), target)).append("\">")
            .append(Markdown.escape(name.substring(start.length()))).append(all == files ? "" : "/")
            .append("</a></li>\n");
      }
    }
    write(index(directory), directory, s.append("</ul>\n").toString());
  }

  private void ledger() throws IOException {
    String html = Files.readString(Path.of("spec-tests/target/ledger.html"));
    // its links start with ../../, the checkout seen from spec-tests/target
    html = Pattern.compile("href=\"\\.\\./\\.\\./([^\"]+)\"").matcher(html).replaceAll(m ->
        Matcher.quoteReplacement("href=\"" + href(site.resolve("ledger.html"), m.group(1)) + "\""));
    Files.writeString(site.resolve("ledger.html"), html);
  }

  /** Returns the page of a file, or the directory of a directory. */
  private Path page(String name) {
    Path path = site.resolve("source").resolve(name);
    return files.contains(name) && isText(name) ? path.resolveSibling(path.getFileName() + ".html") : path;
  }

  private Path index(String directory) {
    return site.resolve("source").resolve(directory).resolve("index.html");
  }

  /** Returns the link on a file's page for a link in the file. */
  private String href(String file, String link) {
    if (link.matches("[a-z]+:.*") || link.startsWith("#")) return link;
    Path parent = Path.of(file).getParent();
    Path target = (parent == null ? Path.of("") : parent).resolve(link.replaceFirst("#.*", "")).normalize();
    return href(page(file), target.toString().replace('\\', '/') + link.replaceFirst("[^#]*", ""));
  }

  /** Returns the link from a page to a file or directory of the checkout: {@code core/A.java#L7}. */
  private String href(Path from, String link) {
    String name = link.replaceFirst("#.*", ""), fragment = link.substring(name.length());
    return relative(from, directories.contains(name) ? index(name) : page(name)) + fragment;
  }

  private static String relative(Path from, Path to) {
    return from.getParent().relativize(to).toString().replace('\\', '/');
  }

  private void write(Path page, String name, String body) throws IOException {
    Files.createDirectories(page.getParent());
    StringBuilder way = new StringBuilder("<a href=\"" + relative(page, site.resolve("index.html"))
        + "\">Chainrule</a> / <a href=\"" + relative(page, index("")) + "\">source</a>");
    for (int i = name.indexOf('/'); i >= 0; i = name.indexOf('/', i + 1)) {
      String directory = name.substring(0, i);
      way.append(" / <a href=\"").append(relative(page, index(directory))).append("\">")
          .append(Markdown.escape(directory.replaceFirst(".*/", ""))).append("</a>");
    }
    Files.writeString(page, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
        + "<meta name=\"color-scheme\" content=\"light dark\"><title>" + (name.isEmpty() ? "Sources"
        : Markdown.escape(name)) + " · Chainrule</title><link rel=\"stylesheet\" href=\""
        + relative(page, site.resolve("style.css")) + "\"></head><body>\n<nav>" + way + "</nav>\n<main>\n" + body
        + "</main></body></html>\n");
  }
}
