// SPDX-License-Identifier: MIT
package chainrule.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * Compiles a checkout of Chainrule for its launchers, {@code chainrule} and {@code chainrule.cmd}, if its classes are
 * missing or older than a source file. It uses nothing of Chainrule, so {@code java} can run this file as a program
 * before anything is compiled, from a directory {@code chainrule/cli}:
 * <pre>{@code java chainrule/cli/CheckoutBuild.java CHECKOUT HOME}</pre>
 *
 * <p>The classes are in {@code HOME/classes}. They are written to a new directory, which is then renamed: a process
 * that is killed leaves no incomplete classes, and if two processes compile at once, the first one wins.
 *
 * <p>Exit status: 0; or 2 with one line on standard error.
 */
public final class CheckoutBuild {
  /** The directories of the sources in a checkout, in the order of the modules' dependencies. */
  private static final List<String> SOURCES =
      List.of("kernels/src/main/java", "core/src/main/java", "core/cli/src/main/java");
  private static final List<String> MODULES = List.of("chainrule.kernels", "chainrule.core", "chainrule.cli");
  private static final String RESOURCES = "core/cli/src/main/resources";
  /** An empty file whose time is that of the start of the compilation. */
  private static final String MARKER = "compiled";

  private final Path root;
  private final Path home;
  private final Path classes;
  private final PrintStream err;

  private CheckoutBuild(Path root, Path home, PrintStream err) {
    this.root = root;
    this.home = home;
    this.classes = home.resolve("classes");
    this.err = err;
  }

  /**
   * Compiles the sources if their classes are missing or older, prints the directory of the classes, and exits.
   *
   * @param args the root of the checkout, then optionally the directory for compiled classes
   */
  public static void main(String[] args) {
    System.exit(run(args, System.err));
  }

  /** Does what {@link #main} does, and returns the exit status. */
  static int run(String[] args, PrintStream err) {
    try {
      if (Runtime.version().feature() < 17) {
        throw new Failure(System.getProperty("java.home") + " is version " + Runtime.version().feature()
            + "; Chainrule requires a JDK 17 or newer; set JAVA_HOME to one");
      }
      Path root = Path.of(args[0]).toAbsolutePath().normalize();
      CheckoutBuild build = new CheckoutBuild(root, Path.of(args[1]), err);
      if (build.isStale()) build.compile();
      return 0;
    } catch (Failure e) {
      err.println("chainrule: " + e.getMessage());
    } catch (IOException e) {
      err.println("chainrule: cannot write the classes: " + e + "; make the directory writable");
    }
    return 2;
  }

  /** What a user can repair. */
  private static final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    Failure(String message) {
      super(message);
    }
  }

  /** Returns whether the classes are missing or older than a source file or directory. */
  private boolean isStale() throws IOException {
    Path marker = classes.resolve(MARKER);
    if (!Files.exists(marker)) return true;
    FileTime compiled = Files.getLastModifiedTime(marker);
    for (String directory : SOURCES) if (isNewer(root.resolve(directory), compiled)) return true;
    return isNewer(root.resolve(RESOURCES), compiled);
  }

  private static boolean isNewer(Path directory, FileTime compiled) throws IOException {
    boolean[] newer = {false};
    Files.walkFileTree(directory, new SimpleFileVisitor<>() {
      @Override public FileVisitResult preVisitDirectory(Path d, BasicFileAttributes a) {
        return visitFile(d, a);
      }

      @Override public FileVisitResult visitFile(Path file, BasicFileAttributes a) {
        newer[0] |= a.lastModifiedTime().compareTo(compiled) > 0;
        return newer[0] ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
      }
    });
    return newer[0];
  }

  private void compile() throws IOException, Failure {
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow(() -> new Failure("found "
        + System.getProperty("java.home") + " without javac, so this is a JRE; install a JDK 17 or newer, or set "
        + "JAVA_HOME to one"));
    err.println("chainrule: compiling, once");
    FileTime begin = FileTime.fromMillis(System.currentTimeMillis()); // a source may change during the compilation
    Files.createDirectories(home);
    Path fresh = home.resolve("compiling-" + ProcessHandle.current().pid());
    delete(fresh);
    try {
      run(javac, fresh);
      copy(root.resolve(RESOURCES), fresh.resolve("chainrule.cli"));
      jars(fresh);
      Files.setLastModifiedTime(Files.createFile(fresh.resolve(MARKER)), begin);
      replace(fresh);
    } finally {
      delete(fresh);
    }
  }

  /** All modules are named: with --release, JDK 17 ignores -encoding in modules that it compiles implicitly. */
  private void run(ToolProvider javac, Path fresh) throws Failure {
    StringWriter messages = new StringWriter();
    PrintWriter printer = new PrintWriter(messages);
    // strings joined without invokedynamic save a tenth of a second per command
    String[] options = {"--release", "17", "-encoding", "UTF-8", "-nowarn", "-g", "-XDstringConcat=inline",
        "-d", fresh.toString(),
        "--module-source-path", MODULES.get(0) + "=" + root.resolve(SOURCES.get(0)),
        "--module-source-path", MODULES.get(1) + "=" + root.resolve(SOURCES.get(1)),
        "--module-source-path", MODULES.get(2) + "=" + root.resolve(SOURCES.get(2)),
        "-m", String.join(",", MODULES)};
    if (javac.run(printer, printer, options) == 0) return;
    err.print(messages);
    throw new Failure("the sources do not compile with the JDK in " + System.getProperty("java.home")
        + "; see the errors above");
  }

  /** Also stores the modules as jars, which the JVM's archive of classes requires; without them, starts are slower. */
  private void jars(Path fresh) throws IOException {
    ToolProvider jar = ToolProvider.findFirst("jar").orElse(null);
    if (jar == null) return;
    Path jars = Files.createDirectory(fresh.resolve("jars"));
    PrintWriter printer = new PrintWriter(new StringWriter());
    for (String module : MODULES) {
      jar.run(printer, printer, "--create", "--no-compress", "--file", jars.resolve(module + ".jar").toString(), "-C",
          fresh.resolve(module).toString(), ".");
    }
  }

  /** If another process was faster, its classes stay, because it is running from them. */
  private void replace(Path fresh) throws IOException {
    if (!isStale()) return;
    Path old = home.resolve(fresh.getFileName() + ".old");
    try {
      if (Files.exists(classes)) Files.move(classes, old);
      Files.move(fresh, classes);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException | NoSuchFileException e) {
      if (isStale()) throw e;
    } finally {
      delete(old);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(from, new SimpleFileVisitor<>() {
      @Override public FileVisitResult preVisitDirectory(Path d, BasicFileAttributes a) throws IOException {
        Files.createDirectories(to.resolve(from.relativize(d)));
        return FileVisitResult.CONTINUE;
      }

      @Override public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.REPLACE_EXISTING);
        return FileVisitResult.CONTINUE;
      }
    });
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) return;
    Files.walkFileTree(directory, new SimpleFileVisitor<>() {
      @Override public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
        Files.deleteIfExists(file);
        return FileVisitResult.CONTINUE;
      }

      @Override public FileVisitResult postVisitDirectory(Path d, IOException e) throws IOException {
        Files.deleteIfExists(d);
        return FileVisitResult.CONTINUE;
      }
    });
  }
}
