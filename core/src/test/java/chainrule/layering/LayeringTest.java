// SPDX-License-Identifier: MIT
package chainrule.layering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The packages are layers: each uses only packages below it, so there are no cycles, and the library does not use the
 * report or the command line. Reads the sources of core and core/cli (imports and qualified names) and the constant
 * pools of the compiled classes of core, which also name the types that a source uses without an import.
 */
class LayeringTest {
  /** From the lowest layer to the highest. */
  private static final List<String> LAYERS = List.of("chainrule.kernels", "chainrule.random", "chainrule.text",
      "chainrule.nn.activation", "chainrule.nn.loss", "chainrule.nn.optimizer", "chainrule.nn", "chainrule.check",
      "chainrule.data", "chainrule.metrics", "chainrule.train", "chainrule.io", "chainrule.format", "chainrule.explain",
      "chainrule.report", "chainrule.cli");

  private static final List<Path> SOURCES = List.of(Path.of("src/main/java"), Path.of("cli/src/main/java"));
  private static final Path CLASSES = Path.of("target/classes");

  private static final Pattern COMMENT_OR_LITERAL = Pattern.compile(
      "\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"|'(?:\\\\.|[^'\\\\])+'|/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);
  private static final Pattern SOURCE_NAME = Pattern.compile("\\b(chainrule(?:\\.[a-z]\\w*)+)\\.[A-Z*]");
  private static final Pattern CLASS_NAME = Pattern.compile("\\b(chainrule(?:/[a-z]\\w*)+)/[A-Z]");

  /** A file of the package {@code user} names the package {@code used}. */
  private record Use(String user, String used, String file) {}

  @Test
  void noPackageUsesAPackageAboveIt() throws IOException {
    List<Use> uses = new ArrayList<>(inSources());
    uses.addAll(inClasses());
    assertEquals(List.of(), violations(uses));
  }

  @Test
  void everyPackageHasALayer() throws IOException {
    Set<String> packages = new TreeSet<>();
    for (Path root : SOURCES) {
      for (Path file : files(root, ".java")) packages.add(packageOf(root, file));
    }
    packages.remove(""); // module-info
    packages.add("chainrule.kernels");
    assertEquals(new TreeSet<>(LAYERS), packages);
  }

  @Test
  void sourcesAndClassesContainTheKnownDependencies() throws IOException {
    String[][] known = {{"nn.activation", "kernels"}, {"nn.loss", "nn.activation"}, {"nn.optimizer", "text"},
        {"nn", "nn.activation"}, {"nn", "nn.loss"}, {"nn", "nn.optimizer"}, {"nn", "random"}, {"check", "nn"},
        {"train", "nn"}, {"train", "data"}, {"io", "data"}, {"io", "nn"}, {"io", "train"}};
    for (List<Use> uses : List.of(inSources(), inClasses())) {
      Set<String> found = new HashSet<>();
      for (Use use : uses) found.add(use.user + " uses " + use.used);
      for (String[] k : known) {
        String use = "chainrule." + k[0] + " uses chainrule." + k[1];
        assertTrue(found.contains(use), use);
      }
    }
  }

  @Test
  void aUseOfAHigherOrUnknownPackageIsReported() {
    assertEquals(List.of("Csv.java: chainrule.data uses chainrule.io", "Main.java: chainrule.cli uses chainrule.other",
        "Model.java: chainrule.io uses chainrule.cli"),
        violations(List.of(new Use("chainrule.data", "chainrule.io", "Csv.java"),
            new Use("chainrule.io", "chainrule.cli", "Model.java"),
            new Use("chainrule.cli", "chainrule.other", "Main.java"),
            new Use("chainrule.io", "chainrule.nn", "Model.java"),
            new Use("chainrule.nn", "chainrule.nn", "Network.java"))));
  }

  @Test
  void commentsAndLiteralsAreIgnored() {
    assertEquals(Set.of("chainrule.nn", "chainrule.nn.loss", "chainrule.data"), sourceNames("""
        import chainrule.nn.Network;
        import static chainrule.nn.loss.Losses.*;
        /** {@link chainrule.io.Model} */ // chainrule.train.Trainer
        class A { String s = "\\"chainrule.io.Npz"; char c = '"'; chainrule.data.Table t; /* chainrule.io.Json */ }
        """));
  }

  private static List<String> violations(List<Use> uses) {
    Set<String> wrong = new TreeSet<>();
    for (Use use : uses) {
      int layer = LAYERS.indexOf(use.used);
      if (!use.used.equals(use.user) && (layer < 0 || layer > LAYERS.indexOf(use.user))) {
        wrong.add(use.file + ": " + use.user + " uses " + use.used);
      }
    }
    return List.copyOf(wrong);
  }

  private static List<Use> inSources() throws IOException {
    List<Use> uses = new ArrayList<>();
    for (Path root : SOURCES) {
      for (Path file : files(root, ".java")) {
        String user = packageOf(root, file);
        if (user.isEmpty()) continue;
        for (String used : sourceNames(Files.readString(file))) {
          uses.add(new Use(user, used, file.getFileName().toString()));
        }
      }
    }
    return uses;
  }

  private static Set<String> sourceNames(String source) {
    return names(SOURCE_NAME, COMMENT_OR_LITERAL.matcher(source).replaceAll(" "));
  }

  private static List<Use> inClasses() throws IOException {
    List<Use> uses = new ArrayList<>();
    for (Path file : files(CLASSES, ".class")) {
      String user = packageOf(CLASSES, file);
      if (user.isEmpty()) continue;
      for (String text : strings(Files.readAllBytes(file))) {
        for (String used : names(CLASS_NAME, text)) uses.add(new Use(user, used, file.getFileName().toString()));
      }
    }
    return uses;
  }

  private static Set<String> names(Pattern pattern, String text) {
    Set<String> names = new TreeSet<>();
    for (Matcher m = pattern.matcher(text); m.find(); ) names.add(m.group(1).replace('/', '.'));
    return names;
  }

  private static List<Path> files(Path root, String suffix) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(f -> f.getFileName().toString().endsWith(suffix)).sorted().toList();
    }
  }

  private static String packageOf(Path root, Path file) {
    Path directory = root.relativize(file).getParent();
    return directory == null ? "" : directory.toString().replace(directory.getFileSystem().getSeparator(), ".");
  }

  /** The strings in a class file's constant pool (JVMS 4.4): names of classes, types of fields and methods. */
  private static List<String> strings(byte[] classFile) throws IOException {
    List<String> strings = new ArrayList<>();
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
    assertEquals(0xCAFEBABE, in.readInt());
    in.skipNBytes(4);
    for (int i = 1, count = in.readUnsignedShort(); i < count; i++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1 -> strings.add(in.readUTF());
        case 7, 8, 16, 19, 20 -> in.skipNBytes(2);
        case 15 -> in.skipNBytes(3);
        case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
        case 5, 6 -> {
          in.skipNBytes(8);
          i++; // long and double take two entries
        }
        default -> throw new AssertionError("tag " + tag + " in a constant pool");
      }
    }
    return strings;
  }
}
