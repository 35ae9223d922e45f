// SPDX-License-Identifier: MIT
package chainrule.style;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Checks the form of every source file and guide of the checkout, in all modules: the license identifier at the top, at
 * most 120 columns, and links that lead somewhere. Sources are Java files, Python files, pom.xml files, and every file
 * that starts with {@code #!}.
 */
class SourceStyleTest {
  private static final Path CHECKOUT = Path.of("").toAbsolutePath().getParent();
  /** Outside of these only files at the top level are checked, such as the launcher. */
  private static final List<String> DIRECTORIES = List.of(".ci", "kernels", "core", "spec-tests", "bench");
  private static final String LICENSE = "SPDX-License-Identifier: MIT";
  private static final int COLUMNS = 120;

  @Test
  void everySourceStartsWithTheLicenseIdentifier() throws IOException {
    List<String> faults = new ArrayList<>();
    for (Path file : sources()) {
      String fault = licenseFault(file.getFileName().toString(), Files.readAllLines(file));
      if (!fault.isEmpty()) faults.add(CHECKOUT.relativize(file) + ":" + fault);
    }
    assertEquals("", String.join("\n", faults));
  }

  /** Rows of tables in guides may be longer, and so may pages that the tests generate. */
  @Test
  void noLineOfASourceOrGuideHasMoreThan120Columns() throws IOException {
    List<String> faults = new ArrayList<>();
    List<Path> files = new ArrayList<>(sources());
    files.addAll(guides());
    for (Path file : files) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        int columns = line.codePointCount(0, line.length());
        boolean tableRow = file.toString().endsWith(".md") && line.startsWith("|");
        if (columns > COLUMNS && !tableRow && !file.endsWith("LEDGER.md") && !file.endsWith("SHEETS.md")) {
          faults.add(CHECKOUT.relativize(file) + ":" + (i + 1) + ": " + columns + " columns");
        }
      }
    }
    assertEquals("", String.join("\n", faults));
  }

  @Test
  void everyLinkInAGuideLeadsToAFileOrHeading() throws IOException {
    List<String> faults = new ArrayList<>();
    int links = 0;
    for (Path guide : guides()) {
      for (String link : links(Files.readString(guide))) {
        links++;
        String fault = linkFault(guide, link);
        if (!fault.isEmpty()) faults.add(CHECKOUT.relativize(guide) + ": " + link + ": " + fault);
      }
    }
    assertEquals("", String.join("\n", faults));
    assertTrue(links >= 40, "only " + links + " links found");
  }

  /** Guards against a walk that misses files: each part of the checkout must be among the sources. */
  @Test
  void theSourcesOfEveryPartOfTheCheckoutAreFound() throws IOException {
    Set<String> names = new HashSet<>();
    for (Path file : sources()) names.add(CHECKOUT.relativize(file).toString().replace('\\', '/'));
    for (String expected : List.of("chainrule", "pom.xml", ".ci/run", "bench/peers/numpy/steps.py",
        "kernels/src/main/java/module-info.java", "kernels/src/test/java/chainrule/kernels/MicroKernelTemplate.java",
        "core/src/main/java/module-info.java", "core/src/test/java/chainrule/style/SourceStyleTest.java",
        "core/cli/src/main/java/module-info.java", "core/cli/src/test/java/chainrule/cli/MainTest.java",
        "spec-tests/src/test/java/module-info.java", "spec-tests/onnx/pom.xml", "bench/peers/common/pom.xml")) {
      assertTrue(names.contains(expected), expected + " is not among " + names.size() + " sources");
    }
    assertTrue(names.size() >= 400, names.size() + " sources");
  }

  @Test
  void missingOrMisplacedLicenseIdentifiersAreReported() {
    String java = "// " + LICENSE, script = "# " + LICENSE, xml = "<!-- " + LICENSE + " -->";
    assertEquals("", licenseFault("A.java", List.of(java, "package a;")));
    assertEquals("1: expected '" + java + "', found 'package a;'", licenseFault("A.java", List.of("package a;", java)));
    assertEquals("", licenseFault("run", List.of("#!/bin/sh", script)));
    assertEquals("2: expected '" + script + "', found 'ls'", licenseFault("run", List.of("#!/bin/sh", "ls")));
    assertEquals("", licenseFault("steps.py", List.of(script, "import numpy")));
    assertEquals("", licenseFault("pom.xml", List.of("<?xml version=\"1.0\"?>", xml, "<project>")));
    assertEquals("2: expected '" + xml + "', found '<project>'",
        licenseFault("pom.xml", List.of("<?xml version=\"1.0\"?>", "<project>")));
    assertEquals("1: expected '" + java + "', found ''", licenseFault("A.java", List.of()));
  }

  @Test
  void linksAreReadWithoutCodeAndCheckedWithTheirAnchors() throws IOException {
    assertEquals(List.of("a.md", "b.md#c-d", "#e"),
        links("[a](a.md) `[x](no)` ![b](b.md#c-d)\n```\n[y](no)\n```\n[e](#e) [w](https://example.org/)"));
    Path readme = CHECKOUT.resolve("README.md");
    assertEquals("", linkFault(readme, "core/README.md#vendoring"));
    assertEquals("", linkFault(readme, "#two-commands"));
    assertEquals("", linkFault(readme, "core"));
    assertEquals("no such file", linkFault(readme, "core/NO.md"));
    assertEquals("no such heading", linkFault(readme, "core/README.md#no"));
    assertEquals("", linkFault(readme, "chainrule#L2"));
    assertEquals("no such line", linkFault(readme, "chainrule#L100000"));
    assertEquals(Set.of("why-to-trust-it", "l1-and-l2-what-code-does"),
        anchors("# Why to trust it\ntext\n```\n# no\n```\n## L1 and L2: what `code` does\n"));
  }

  /** Returns the line number and what is wrong with the license identifier of a file, or an empty string. */
  private static String licenseFault(String name, List<String> lines) {
    String expected = name.endsWith(".java") ? "// " + LICENSE : name.endsWith(".xml") ? "<!-- " + LICENSE + " -->"
        : "# " + LICENSE;
    boolean second = !lines.isEmpty() && (lines.get(0).startsWith("#!") || lines.get(0).startsWith("<?xml"));
    int index = second ? 1 : 0;
    String found = index < lines.size() ? lines.get(index) : "";
    return found.equals(expected) ? "" : index + 1 + ": expected '" + expected + "', found '" + found + "'";
  }

  /** The targets of the links and images of a guide that are not web addresses. */
  private static List<String> links(String guide) {
    List<String> found = new ArrayList<>();
    Matcher link = Pattern.compile("\\]\\(([^)\\s]+)\\)").matcher(withoutBlocks(guide).replaceAll("`[^`\n]*`", ""));
    while (link.find()) {
      if (!link.group(1).matches("[a-z]+:.*")) found.add(link.group(1));
    }
    return found;
  }

  private static String linkFault(Path guide, String link) throws IOException {
    int hash = link.indexOf('#');
    String path = hash < 0 ? link : link.substring(0, hash);
    Path target = path.isEmpty() ? guide : guide.resolveSibling(path);
    if (!Files.exists(target)) return "no such file";
    String anchor = link.substring(hash + 1);
    if (hash >= 0 && anchor.matches("L\\d+") && !path.endsWith(".md")) {
      int line = Integer.parseInt(anchor.substring(1));
      return line > 0 && line <= Files.readAllLines(target).size() ? "" : "no such line";
    }
    if (hash < 0 || anchors(Files.readString(target)).contains(anchor)) return "";
    return "no such heading";
  }

  /** The anchors that GitHub gives the headings of a guide. */
  private static Set<String> anchors(String guide) {
    Set<String> found = new TreeSet<>();
    Matcher heading = Pattern.compile("(?m)^#+ (.*)$").matcher(withoutBlocks(guide));
    while (heading.find()) {
      found.add(heading.group(1).strip().toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "")
          .replace(' ', '-'));
    }
    return found;
  }

  private static String withoutBlocks(String guide) {
    return guide.replaceAll("(?ms)^```.*?^```$", "");
  }

  private static List<Path> guides() throws IOException {
    return files().stream().filter(f -> f.toString().endsWith(".md")).toList();
  }

  private static List<Path> sources() throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path file : files()) {
      String name = file.getFileName().toString();
      if (name.endsWith(".java") || name.endsWith(".py") || name.equals("pom.xml") || isScript(file)) found.add(file);
    }
    return found;
  }

  private static boolean isScript(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return in.read() == '#' && in.read() == '!';
    }
  }

  /** All files of the checkout but build output. */
  private static List<Path> files() throws IOException {
    List<Path> found = new ArrayList<>();
    try (var top = Files.list(CHECKOUT)) {
      found.addAll(top.filter(Files::isRegularFile).toList());
    }
    for (String directory : DIRECTORIES) {
      Files.walkFileTree(CHECKOUT.resolve(directory), new SimpleFileVisitor<>() {
        @Override public FileVisitResult preVisitDirectory(Path d, BasicFileAttributes attributes) {
          boolean output = d.getFileName().toString().equals("target");
          return output ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
          found.add(file);
          return FileVisitResult.CONTINUE;
        }
      });
    }
    return found.stream().sorted().toList();
  }
}
