// SPDX-License-Identifier: MIT
package chainrule.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files that are whole or not there: written beside their place, flushed to the disk, then renamed. Killed at any
 * moment, the old file or the new one stands there.
 */
public final class SafeFile {
  /** Longer than any write, should another machine on the same disk have a process of that number. */
  private static final Duration LEFT_FOR = Duration.ofHours(1);

  private static final Pattern LEFT = Pattern.compile("chainrule-(\\d{1,18})-\\d+\\.part");

  private static final AtomicLong COUNT = new AtomicLong();
  private static final int MOST_LINKS = 40;

  private SafeFile() {}

  /** What is to be written. */
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file, with the permissions of the one that it replaces. A symbolic link stays, and what it points to is
   * written. A device or a pipe is written to as it is. Interrupting the thread does not end the write; the thread
   * stays interrupted.
   * @throws IOException if it cannot be written, naming it; what stood there before is as it was
   */
  public static void write(Path file, Content content) throws IOException {
    try {
      writeWhole(file, content);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) { // a full disk does not say which file it had no room for
      FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
      named.initCause(e);
      throw named;
    }
  }

  private static void writeWhole(Path file, Content content) throws IOException {
    Path target = target(file);
    if (isDevice(target)) {
      try (OutputStream out = Files.newOutputStream(target)) {
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
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException | Error e) {
      delete(part, e);
      throw e;
    }
    flushFolder(target.getParent());
  }

  /** Deletes what processes that were killed while they wrote have left in a folder. */
  private static void sweep(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
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

  /** Whether there is something that is written to as it is: a device, a pipe. */
  private static boolean isDevice(Path target) {
    return Files.exists(target) && !Files.isRegularFile(target);
  }

  /**
   * Where symbolic links lead to, which need not be there yet. A device stays as it is named: /dev/stdout may lead to a
   * pipe, which has no name.
   */
  private static Path target(Path file) throws IOException {
    Path target = file.toAbsolutePath();
    if (isDevice(target)) return target;
    for (int links = 0; Files.isSymbolicLink(target); links++) {
      if (links == MOST_LINKS) throw new FileSystemException(file.toString(), null, "its symbolic links lead nowhere");
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    return target;
  }

  /** An empty file that no other process or thread writes to; one that a killed process left is passed over. */
  private static Path createBeside(Path target) throws IOException {
    while (true) {
      String name = "chainrule-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet() + ".part";
      try {
        return Files.createFile(target.resolveSibling(name));
      } catch (FileAlreadyExistsException e) {
        continue;
      } catch (NoSuchFileException e) {
        throw new FileSystemException(target.toString(), null, "there is no folder " + target.getParent());
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

  /** So that the new name outlives a power cut; not every system lets a folder be opened, and then it must do. */
  private static void flushFolder(Path folder) {
    try {
      force(folder, StandardOpenOption.READ);
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
   * Finds out, before hours of work, whether the file could be written, and clears away what processes that were killed
   * while they wrote have left beside it.
   * @throws IOException saying what is in the way
   */
  public static void requireWritable(Path file) throws IOException {
    Path target = target(file), folder = target.getParent();
    if (Files.isDirectory(target)) throw new FileSystemException(file.toString(), null, "is a folder");
    if (folder == null || !Files.isDirectory(folder)) {
      throw new FileSystemException(file.toString(), null, "there is no folder " + folder);
    }
    if (isDevice(target)) return;
    Files.delete(createBeside(target));
    sweep(folder);
  }
}
