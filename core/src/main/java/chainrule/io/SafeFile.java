package chainrule.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files that are whole or not there: written beside their place, flushed to the disk, then renamed. Killed at any moment,
 * the old file or the new one stands there.
 */
public final class SafeFile {
  /** Longer than any write, should another machine on the same disk have a process of that number. */
  private static final Duration LEFT_FOR = Duration.ofHours(1);

  private static final AtomicLong COUNT = new AtomicLong();

  private SafeFile() {}

  /** What is to be written. */
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file. A device or a pipe is written to as it is.
   * @throws IOException if it cannot be written; what stood there before is as it was
   */
  public static void write(Path file, Content content) throws IOException {
    Path target = Files.isSymbolicLink(file) ? file.toRealPath() : file.toAbsolutePath();
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      try (OutputStream out = Files.newOutputStream(target)) {
        content.writeTo(out);
      }
      return;
    }
    Path part = beside(target);
    try {
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        content.writeTo(out);
        out.flush();
        channel.force(true);
      }
      boolean posix = Files.getFileStore(part).supportsFileAttributeView("posix");
      if (posix && Files.exists(target)) Files.setPosixFilePermissions(part, Files.getPosixFilePermissions(target));
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException | Error e) {
      Files.deleteIfExists(part);
      throw e;
    }
    flushFolder(target.getParent());
    sweep(target);
  }

  /** Deletes what processes that were killed while they wrote this file have left beside it. */
  private static void sweep(Path target) {
    Pattern left = Pattern.compile(Pattern.quote(target.getFileName() + ".") + "(\\d{1,18})-\\d+\\.part");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(target.getParent())) {
      for (Path file : files) {
        Matcher m = left.matcher(file.getFileName().toString());
        if (!m.matches() || ProcessHandle.of(Long.parseLong(m.group(1))).isPresent()) continue;
        FileTime old = FileTime.from(Instant.now().minus(LEFT_FOR));
        if (Files.getLastModifiedTime(file).compareTo(old) < 0) Files.deleteIfExists(file);
      }
    } catch (IOException | DirectoryIteratorException e) {
      return; // what was to be written is written
    }
  }

  /** A name that no other process or thread writes to. */
  private static Path beside(Path target) {
    return target.resolveSibling(
        target.getFileName() + "." + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet() + ".part");
  }

  /** So that the new name outlives a power cut; not every system lets a folder be opened, and then it must do. */
  private static void flushFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      return; // the file itself is on the disk
    }
  }

  /**
   * Finds out, before hours of work, whether the file could be written.
   * @throws IOException saying what is in the way
   */
  public static void requireWritable(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file)) throw new FileSystemException(file.toString(), null, "is a folder");
    if (folder == null || !Files.isDirectory(folder)) {
      throw new FileSystemException(file.toString(), null, "there is no folder " + folder);
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) return;
    Path part = beside(file.toAbsolutePath());
    Files.createFile(part);
    Files.delete(part);
  }
}
