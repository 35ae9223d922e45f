// SPDX-License-Identifier: MIT
package chainrule.io;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes files completely or not at all: to a temporary file in the same directory, which is flushed to the disk and
 * then renamed. If the process is killed at any moment, either the old file or the new one is there.
 */
public final class SafeFile {
  /** Longer than any write takes, in case another machine that shares the disk has a process of the same number. */
  private static final Duration LEFT_FOR = Duration.ofHours(1);

  private static final Pattern LEFT = Pattern.compile("chainrule-(\\d{1,18})-\\d+\\.part");

  private static final AtomicLong COUNT = new AtomicLong();
  private static final int MOST_LINKS = 40;

  private static final boolean WINDOWS = File.separatorChar == '\\';
  /** How long to wait for a program that has the replaced file open. Only Windows refuses to replace such a file. */
  private static final long LOCKED_MILLIS = WINDOWS ? 3000 : 0;

  private SafeFile() {}

  /** An attempt to rename a file. */
  interface Renaming {
    void run() throws IOException;
  }

  /** The content of a file. */
  public interface Content {
    /**
     * Writes the content.
     *
     * @param out the stream, which the caller closes
     * @throws IOException if the stream cannot be written
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file with the permissions of the file that it replaces. For a symbolic link, its target is written and the
   * link stays. Devices and pipes are written to directly. Interrupting the thread does not end the write; the thread
   * stays interrupted.
   *
   * @param file the file, which is replaced if it exists
   * @param content what it will contain
   * @throws IOException naming the file, if it cannot be written; the previous file is then unchanged
   */
  public static void write(Path file, Content content) throws IOException {
    try {
      writeWhole(file, content);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) { // the error of a full disk does not name the file
      FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
      named.initCause(e);
      throw named;
    }
  }

  private static void writeWhole(Path file, Content content) throws IOException {
    Path target = target(file);
    if (isSpecial(target)) {
      try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.WRITE)) {
        content.writeTo(out);
      }
      return;
    }
    Path part = createBeside(target);
    try {
      if (Files.exists(target)) copyPermissions(target, part);
      // not a FileChannel: an interrupt of the thread would close it
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
        content.writeTo(out);
      }
      force(part, StandardOpenOption.WRITE);
      replace(target, () -> Files.move(part, target, StandardCopyOption.ATOMIC_MOVE), LOCKED_MILLIS);
    } catch (IOException | RuntimeException | Error e) {
      delete(part, e);
      throw e;
    }
    flushDirectory(target.getParent());
  }

  /**
   * Renames the temporary file to its target. On Windows a program that has the target open prevents this, often only
   * for a moment: virus scanners, indexers and backups read new files. So a refusal is repeated.
   *
   * @throws IOException naming the target, if it cannot be replaced within {@code most} milliseconds
   */
  static void replace(Path target, Renaming renaming, long most) throws IOException {
    boolean interrupted = false;
    try {
      for (long waited = 0, wait = 10; true; waited += wait, wait *= 2) {
        try {
          renaming.run();
          return;
        } catch (FileSystemException e) {
          if (waited + wait <= most) {
            interrupted |= Thread.interrupted();
            LockSupport.parkNanos(wait * 1_000_000);
            continue;
          }
          FileSystemException named = e instanceof AccessDeniedException ? new AccessDeniedException(target.toString())
              : new FileSystemException(target.toString(), null, e.getReason());
          named.initCause(e);
          throw named;
        }
      }
    } finally {
      if (interrupted) Thread.currentThread().interrupt();
    }
  }

  /** Deletes what processes that were killed while they wrote have left in a directory. */
  private static void sweep(Path directory) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Matcher m = LEFT.matcher(file.getFileName().toString());
        if (!m.matches() || ProcessHandle.of(Long.parseLong(m.group(1))).isPresent()) continue;
        FileTime old = FileTime.from(Instant.now().minus(LEFT_FOR));
        if (Files.getLastModifiedTime(file).compareTo(old) < 0) Files.deleteIfExists(file);
      }
    } catch (IOException | DirectoryIteratorException e) {
      return; // nothing is lost where they stay
    }
  }

  /**
   * {@return whether this is something other than a regular file, such as a device, a pipe or {@code NUL}, which are
   * written to directly, or a directory}
   *
   * @param target the file; one that does not exist counts as regular
   */
  public static boolean isSpecial(Path target) {
    return WINDOWS && isWindowsDevice(target) || Files.exists(target) && !Files.isRegularFile(target);
  }

  /** Returns whether this is {@code NUL} or {@code CON}, in any directory, which Windows may report as files. */
  static boolean isWindowsDevice(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.equalsIgnoreCase("NUL") || name.equalsIgnoreCase("CON");
  }

  /**
   * Returns the target of symbolic links, which need not exist. The name of a device is kept: /dev/stdout may be a
   * link to a pipe, which has no name.
   */
  private static Path target(Path file) throws IOException {
    Path target = file.toAbsolutePath();
    if (isSpecial(target)) return target;
    for (int links = 0; Files.isSymbolicLink(target); links++) {
      if (links == MOST_LINKS) throw new FileSystemException(file.toString(), null, "too many symbolic links");
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    return target;
  }

  /** Creates an empty file that no other process or thread writes to; files left by killed processes are skipped. */
  private static Path createBeside(Path target) throws IOException {
    while (true) {
      String name = "chainrule-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet() + ".part";
      try {
        return Files.createFile(target.resolveSibling(name));
      } catch (FileAlreadyExistsException e) {
        continue;
      } catch (NoSuchFileException e) {
        throw new FileSystemException(target.toString(), null, "no such directory: " + target.getParent());
      }
    }
  }

  private static void copyPermissions(Path from, Path to) throws IOException {
    if (!to.getFileSystem().supportedFileAttributeViews().contains("posix")) return;
    Set<PosixFilePermission> wanted = Files.getPosixFilePermissions(from);
    if (!wanted.equals(Files.getPosixFilePermissions(to))) Files.setPosixFilePermissions(to, wanted);
  }

  private static void delete(Path part, Throwable reason) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /** Makes the new name survive a power cut, where the system allows opening a directory. */
  private static void flushDirectory(Path directory) {
    try {
      force(directory, StandardOpenOption.READ);
    } catch (IOException e) {
      return; // the file itself is on the disk
    }
  }

  /** Flushes a file or directory to the disk, even in an interrupted thread, which stays interrupted. */
  private static void force(Path path, OpenOption mode) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        interrupted |= Thread.interrupted();
        try (FileChannel channel = FileChannel.open(path, mode)) {
          channel.force(true);
          return;
        } catch (ClosedByInterruptException e) {
          continue; // interrupted meanwhile: flush again
        }
      }
    } finally {
      if (interrupted) Thread.currentThread().interrupt();
    }
  }

  /**
   * Checks, before hours of work, that the file can be written. Deletes the temporary files that killed processes
   * left in its directory.
   *
   * @param file the file, which is not changed
   * @throws IOException saying why the file cannot be written
   */
  public static void requireWritable(Path file) throws IOException {
    Path target = target(file), directory = target.getParent();
    if (Files.isDirectory(target)) throw new FileSystemException(file.toString(), null, "is a directory");
    if (directory == null || !Files.isDirectory(directory)) {
      throw new FileSystemException(file.toString(), null, "no such directory: " + directory);
    }
    if (isSpecial(target)) return;
    Files.delete(createBeside(target));
    sweep(directory);
  }
}
