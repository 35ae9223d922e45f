// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the {@link Proves} annotations of all specs from their classes, without running them. */
final class Annotations {
  /** The directory of the specs, relative to the checkout. */
  static final String SPECS = "spec-tests/src/test/java/chainrule/spec/";

  private static final Pattern TEST = Pattern.compile("^  (?:public )?void (\\w+)\\(.*");

  /** An annotation, and the test that has it: {@code LossSpec#test}. */
  record Use(Proves proves, String test) {}

  private Annotations() {}

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("..").resolve(SPECS))) {
      return files.filter(f -> f.toString().endsWith("Spec.java")).sorted().toList();
    }
  }

  private static String simpleName(Path file) {
    return file.getFileName().toString().replace(".java", "");
  }

  /** Returns all annotations. */
  static List<Use> load() throws IOException {
    List<Use> uses = new ArrayList<>();
    for (Path file : files()) {
      try {
        Class<?> spec = Class.forName("chainrule.spec." + simpleName(file), false, Annotations.class.getClassLoader());
        for (Method m : spec.getDeclaredMethods()) {
          for (Proves p : m.getAnnotationsByType(Proves.class)) {
            uses.add(new Use(p, spec.getSimpleName() + "#" + m.getName()));
          }
        }
      } catch (ClassNotFoundException e) {
        throw new IOException(file + " has no class file", e);
      }
    }
    return uses;
  }

  /** Returns the line of each test, from 1. */
  static Map<String, Integer> lines() throws IOException {
    Map<String, Integer> lines = new HashMap<>();
    for (Path file : files()) {
      List<String> text = Files.readAllLines(file);
      for (int i = 0; i < text.size(); i++) {
        Matcher m = TEST.matcher(text.get(i));
        if (m.matches()) lines.put(simpleName(file) + "#" + m.group(1), i + 1);
      }
    }
    return lines;
  }
}
