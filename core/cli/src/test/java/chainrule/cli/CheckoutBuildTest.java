// SPDX-License-Identifier: MIT
package chainrule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds a small checkout with the modules' names, in a directory whose name has a space. */
class CheckoutBuildTest {
  @TempDir Path directory;
  private Path root;
  private Path home;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach void checkout() throws IOException {
    root = directory.resolve("my checkout");
    home = root.resolve(".chainrule");
    module("kernels", "chainrule.kernels", "");
    module("core", "chainrule.core", "requires chainrule.kernels;");
    module("core/cli", "chainrule.cli", "requires chainrule.core;");
    write("core/cli/src/main/resources/chainrule/cli/formulas.txt", "a → b");
  }

  private void module(String at, String name, String body) throws IOException {
    write(at + "/src/main/java/module-info.java", "module " + name + " {" + body + "}");
    String type = name.replace('.', '/') + "/A.java";
    write(at + "/src/main/java/" + type, "package " + name + "; class A { String arrow = \"→\"; }");
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
    long past = System.currentTimeMillis() - 60_000; // before the compilation, to the resolution of any file system
    for (Path p = path; !p.equals(directory); p = p.getParent()) {
      Files.setLastModifiedTime(p, FileTime.fromMillis(past));
    }
  }

  private int build() {
    return build(home);
  }

  private int build(Path classes) {
    err.reset();
    return CheckoutBuild.run(new String[] {root.toString(), classes.toString()}, new PrintStream(err, true));
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.list(home)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test void compilesOnce() throws IOException {
    assertEquals(0, build());
    assertEquals("chainrule: compiling, once" + System.lineSeparator(), err.toString());
    Path classes = home.resolve("classes");
    assertTrue(Files.exists(classes.resolve("chainrule.core/chainrule/core/A.class")));
    assertEquals("a → b", Files.readString(classes.resolve("chainrule.cli/chainrule/cli/formulas.txt")));
    assertEquals(List.of("classes"), left());
    assertEquals(0, build());
    assertEquals("", err.toString());
  }

  @Test void compilesAgainAfterAChangeOfAnyFileOrDirectory() throws IOException {
    for (String changed : List.of("kernels/src/main/java/chainrule/kernels/A.java", "core/src/main/java/chainrule/core",
        "core/cli/src/main/resources/chainrule/cli/formulas.txt")) {
      assertEquals(0, build());
      Files.setLastModifiedTime(root.resolve(changed), FileTime.fromMillis(System.currentTimeMillis() + 1000));
      assertEquals(0, build());
      assertEquals("chainrule: compiling, once" + System.lineSeparator(), err.toString(), changed);
      Files.setLastModifiedTime(root.resolve(changed), FileTime.fromMillis(System.currentTimeMillis() - 60_000));
    }
  }

  @Test void sourcesThatDoNotCompileLeaveTheOldClasses() throws IOException {
    assertEquals(0, build());
    Path source = root.resolve("core/src/main/java/chainrule/core/A.java"), classes = home.resolve("classes");
    Files.writeString(source, "package chainrule.core; class A { int i = ; }");
    Files.setLastModifiedTime(source, FileTime.fromMillis(System.currentTimeMillis() + 1000));
    assertEquals(2, build());
    assertTrue(err.toString().contains("A.java:1: error: illegal start of expression"), err.toString());
    assertTrue(err.toString().contains("chainrule: the sources do not compile with the JDK in "), err.toString());
    assertTrue(Files.exists(classes.resolve("compiled")));
    assertEquals(List.of("classes"), left());
  }

  @Test void theClassesMayBeElsewhere() throws IOException {
    Path elsewhere = directory.resolve("else where");
    assertEquals(0, build(elsewhere));
    assertTrue(Files.exists(elsewhere.resolve("classes/chainrule.core/chainrule/core/A.class")));
    assertFalse(Files.exists(home));
  }

  @Test void aDirectoryThatCannotBeWrittenIsOneLine() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    assertEquals(2, build(file));
    assertTrue(err.toString().contains("chainrule: cannot write the classes: "), err.toString());
    assertTrue(err.toString().endsWith("; make the directory writable" + System.lineSeparator()), err.toString());
  }
}
