// SPDX-License-Identifier: MIT
package chainrule.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.Pipe.SinkChannel;
import java.nio.channels.Pipe.SourceChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SafeFileTest {
  @TempDir Path directory;

  private static SafeFile.Content text(String s) {
    return out -> out.write(s.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void writesANewFileAndReplacesAnOldOne() throws IOException {
    Path file = directory.resolve("f");
    SafeFile.write(file, text("one"));
    assertEquals("one", Files.readString(file));
    SafeFile.write(file, text("2"));
    assertEquals("2", Files.readString(file));
    assertEquals(List.of("f"), names());
  }

  @Test
  void anInterruptedThreadStillWritesTheWholeFileAndStaysInterrupted() throws Exception {
    Path before = directory.resolve("before"), during = directory.resolve("during");
    FutureTask<List<Boolean>> task = new FutureTask<>(() -> {
      Thread self = Thread.currentThread();
      self.interrupt();
      SafeFile.write(before, text("whole"));
      boolean interruptedBefore = Thread.interrupted();
      SafeFile.write(during, out -> {
        out.write(new byte[1 << 17]); // more than any buffer
        self.interrupt();
        out.write(new byte[1 << 17]);
        out.write(1);
      });
      return List.of(interruptedBefore, Thread.interrupted());
    });
    Thread thread = new Thread(task);
    thread.start();
    assertEquals(List.of(true, true), task.get(1, TimeUnit.MINUTES));
    assertEquals("whole", Files.readString(before));
    assertEquals((1 << 18) + 1, Files.size(during));
    assertEquals(List.of("before", "during"), names());
  }

  @Test
  void aBareNameIsWrittenToTheCurrentDirectory() throws IOException {
    Path file = Path.of("target", "safe-file-test"), bare = Path.of("safe-file-test.tmp");
    Files.createDirectories(file.getParent());
    SafeFile.write(file, text("x"));
    SafeFile.write(bare, text("y"));
    assertEquals("y", Files.readString(bare));
    Files.delete(file);
    Files.delete(bare);
  }

  @Test
  void onlyOldTemporaryFilesOfDeadProcessesAreDeleted() throws IOException {
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(2)));
    String dead = "chainrule-999999999-1.part", fresh = "chainrule-999999999-2.part"; // no such process
    String ours = "chainrule-" + ProcessHandle.current().pid() + "-999999999.part", other = "chainrule-x-1.part";
    for (String name : List.of(dead, fresh, ours, other)) {
      Path file = Files.writeString(directory.resolve(name), "part");
      if (!name.equals(fresh)) Files.setLastModifiedTime(file, old);
    }
    SafeFile.requireWritable(directory.resolve("f"));
    assertEquals(Stream.of(fresh, ours, other).sorted().toList(), names().stream().sorted().toList());
    Files.setLastModifiedTime(Files.writeString(directory.resolve(dead), "part"), old);
    SafeFile.requireWritable(Files.writeString(directory.resolve("f"), "earlier run")); // the file may also exist
    assertEquals(Stream.of(fresh, ours, other, "f").sorted().toList(), names());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aTemporaryFileThatCannotBeDeletedIsReportedAsASuppressedException() throws IOException {
    Path file = directory.resolve("f");
    IllegalStateException bug = new IllegalStateException("bug");
    assertSame(bug, assertThrows(IllegalStateException.class, () -> SafeFile.write(file, out -> {
      Path part = directory.resolve(names().get(0));
      Files.delete(part);
      Files.writeString(Files.createDirectory(part).resolve("x"), "a directory that is not empty cannot be deleted");
      throw bug;
    })));
    assertEquals(1, bug.getSuppressed().length);
    assertTrue(bug.getSuppressed()[0].getMessage().startsWith(directory.resolve("chainrule-").toString()));
  }

  @Test
  void theOldFileIsIntactIfWritingThrows() throws IOException {
    Path file = directory.resolve("f");
    SafeFile.write(file, text("old"));
    for (Throwable t : new Throwable[] {new IOException("disk"), new IllegalStateException("bug"),
        new OutOfMemoryError("heap")}) {
      Throwable got = assertThrows(t.getClass(), () -> SafeFile.write(file, out -> {
        out.write(new byte[100_000]); // more than a buffer, so that part of it has reached the disk
        if (t instanceof IOException e) throw e;
        if (t instanceof RuntimeException e) throw e;
        throw (Error) t;
      }));
      if (t instanceof IOException) {
        assertEquals(file + ": disk", got.getMessage()); // the system does not name the file
        assertEquals(t, got.getCause());
      } else {
        assertEquals(t, got);
      }
      assertEquals("old", Files.readString(file));
      assertEquals(List.of("f"), names());
    }
    Path fresh = directory.resolve("g");
    assertThrows(IOException.class, () -> SafeFile.write(fresh, out -> {
      throw new IOException("disk");
    }));
    assertEquals(List.of("f"), names());
  }

  @Test
  void theOldFileIsReadableWhileTheNewOneIsWritten() throws IOException {
    Path file = directory.resolve("f");
    SafeFile.write(file, text("old"));
    SafeFile.write(file, out -> {
      out.write(new byte[200_000]);
      assertEquals("old", Files.readString(file));
      assertEquals(2, names().size());
    });
    assertEquals(200_000, Files.size(file));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void permissionsAreKept() throws IOException {
    Path file = directory.resolve("f");
    SafeFile.write(file, text("old"));
    for (String permissions : new String[] {"rw-------", "rw-rw-r--", "r--r--r--"}) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
      SafeFile.write(file, out -> {
        Path part = directory.resolve(names().stream().filter(n -> n.endsWith(".part")).findAny().orElseThrow());
        assertEquals(permissions, PosixFilePermissions.toString(Files.getPosixFilePermissions(part)),
            "set before the first byte, so that a private model is never readable by others");
        out.write('x');
      });
      assertEquals(permissions, PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void symbolicLinksAreFollowedAndKept() throws IOException {
    Path there = Files.createDirectory(directory.resolve("there")), file = there.resolve("f");
    Path link = directory.resolve("link"), second = directory.resolve("second"), loop = directory.resolve("loop");
    Files.createSymbolicLink(link, Path.of("there", "f"));
    Files.createSymbolicLink(second, link);
    SafeFile.requireWritable(second);
    SafeFile.write(second, text("through a dangling link"));
    assertEquals("through a dangling link", Files.readString(file));
    SafeFile.write(link, text("again"));
    assertEquals("again", Files.readString(file));
    assertTrue(Files.isSymbolicLink(link) && Files.isSymbolicLink(second) && !Files.isSymbolicLink(file));
    Files.createSymbolicLink(loop, loop);
    assertThrows(FileSystemException.class, () -> SafeFile.write(loop, text("x")));
    assertThrows(FileSystemException.class, () -> SafeFile.requireWritable(loop));
    assertEquals(List.of("link", "loop", "second", "there"), names());
  }

  @Test
  void errorMessagesGiveTheReason() throws IOException {
    Path missing = directory.resolve("no").resolve("f"), file = Files.writeString(directory.resolve("file"), "x");
    assertEquals(directory + ": is a directory",
        assertThrows(IOException.class, () -> SafeFile.requireWritable(directory)).getMessage());
    assertEquals(missing + ": no such directory: " + missing.getParent(),
        assertThrows(IOException.class, () -> SafeFile.requireWritable(missing)).getMessage());
    Path inFile = file.resolve("f");
    assertEquals(inFile + ": no such directory: " + file,
        assertThrows(IOException.class, () -> SafeFile.requireWritable(inFile)).getMessage());
    for (Path p : new Path[] {directory, missing, inFile}) {
      assertThrows(IOException.class, () -> SafeFile.write(p, text("x")));
    }
    SafeFile.requireWritable(file);
    SafeFile.requireWritable(directory.resolve("new"));
    assertEquals("x", Files.readString(file));
    assertEquals(List.of("file"), names());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aPipeIsWrittenDirectlyWithoutATemporaryFile() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    Path left = Files.writeString(directory.resolve("chainrule-999999999-1.part"), "part");
    Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    SafeFile.requireWritable(pipe);
    FutureTask<String> read = new FutureTask<>(() -> Files.readString(pipe)); // blocks until a writer opens the pipe
    Thread reader = new Thread(read);
    reader.setDaemon(true);
    reader.start();
    SafeFile.write(pipe, text("through"));
    assertEquals(List.of(left.getFileName().toString(), "pipe"), names());
    assertFalse(Files.isRegularFile(pipe));
    assertEquals("through", read.get(20, TimeUnit.SECONDS));
  }

  /** The case of {@code --out /dev/stdout | less}: a link to "pipe:[4711]", which is not in any directory. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aLinkToAnAnonymousPipeIsWritten() throws IOException {
    Set<Path> before = pipes();
    Pipe pipe = Pipe.open();
    try (SinkChannel sink = pipe.sink(); SourceChannel source = pipe.source()) {
      Set<Path> ends = pipes();
      ends.removeAll(before);
      Path link = Files.createSymbolicLink(directory.resolve("link"), ends.iterator().next());
      SafeFile.requireWritable(link);
      SafeFile.write(link, text("through"));
      ByteBuffer got = ByteBuffer.allocate(100);
      source.read(got);
      assertEquals("through", new String(got.array(), 0, got.position(), StandardCharsets.UTF_8));
      assertEquals(List.of("link"), names());
    }
  }

  /** Returns the anonymous pipes that this JVM has open. */
  private static Set<Path> pipes() throws IOException {
    Set<Path> pipes = new HashSet<>();
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      for (Path fd : open.toList()) {
        if (Files.exists(fd) && Files.readSymbolicLink(fd).toString().startsWith("pipe:")) pipes.add(fd);
      }
    }
    return pipes;
  }

  @Test
  void aNameOfMaximumLengthCanBeWritten() throws IOException {
    Path file = directory.resolve("n".repeat(255));
    SafeFile.write(file, text("x"));
    assertEquals("x", Files.readString(file));
  }

  @Test
  void leftoversOfAProcessWithTheSameIdDoNotInterfere() throws IOException {
    Path file = directory.resolve("f"); // process ids repeat: in a container they are the same at every start
    String[] part = new String[1];
    SafeFile.write(file, out -> part[0] = names().stream().filter(n -> n.endsWith(".part")).findAny().orElseThrow());
    int dash = part[0].lastIndexOf('-');
    long count = Long.parseLong(part[0].substring(dash + 1, part[0].length() - ".part".length()));
    for (long n = count + 1; n <= count + 5; n++) Files.writeString(directory.resolve(part[0].substring(0, dash + 1) + n
        + ".part"), "left");
    SafeFile.write(file, text("new"));
    SafeFile.requireWritable(file);
    assertEquals("new", Files.readString(file));
    assertEquals(6, names().size(), "the leftovers are kept: " + names());
  }

  @Test
  void concurrentWritersLeaveACompleteFile() throws Exception {
    Path file = directory.resolve("f");
    int threads = 4, rounds = 25;
    CountDownLatch go = new CountDownLatch(1);
    List<Throwable> failures = new ArrayList<>();
    List<Thread> all = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      byte[] content = String.valueOf((char) ('a' + t)).repeat(100_000).getBytes(StandardCharsets.US_ASCII);
      Thread thread = new Thread(() -> {
        try {
          go.await();
          for (int i = 0; i < rounds; i++) {
            SafeFile.write(file, out -> out.write(content));
            String now = Files.readString(file);
            if (now.length() != content.length || !now.equals(now.substring(0, 1).repeat(content.length))) {
              throw new IOException("mixed");
            }
          }
        } catch (Throwable e) {
          synchronized (failures) {
            failures.add(e);
          }
        }
      });
      thread.start();
      all.add(thread);
    }
    go.countDown();
    for (Thread t : all) t.join();
    assertEquals(List.of(), failures);
    assertEquals(List.of("f"), names());
  }

  /** As on Windows, where a virus scanner has the file open for a moment. */
  @Test
  void aRefusedRenamingIsRepeated() throws IOException {
    Path target = directory.resolve("f");
    int[] tries = {0};
    SafeFile.replace(target, () -> {
      if (++tries[0] < 4) throw new AccessDeniedException("part", "f", null);
    }, 1000);
    assertEquals(4, tries[0]);

    Thread.currentThread().interrupt(); // waits less, and stays interrupted
    tries[0] = 0;
    SafeFile.replace(target, () -> {
      if (++tries[0] < 3) throw new FileSystemException("part", "f", "used by another process");
    }, 1000);
    assertTrue(Thread.interrupted());
  }

  @Test
  void aRenamingThatIsAlwaysRefusedNamesTheTarget() {
    Path target = directory.resolve("f");
    int[] tries = {0};
    FileSystemException denied = assertThrows(AccessDeniedException.class, () -> SafeFile.replace(target, () -> {
      tries[0]++;
      throw new AccessDeniedException("part", "f", null);
    }, 50)); // waits 10 and 20 ms; another 40 would be more than 50
    assertEquals(target.toString(), denied.getMessage());
    assertEquals(3, tries[0]);
    FileSystemException used = assertThrows(FileSystemException.class, () -> SafeFile.replace(target, () -> {
      throw new FileSystemException("part", "f", "used by another process");
    }, 0));
    assertEquals(target + ": used by another process", used.getMessage());
  }

  @Test
  void devicesOfWindowsAreKnownByTheirNames() {
    for (String name : List.of("NUL", "nul", "dir/Nul", "CON")) {
      assertTrue(SafeFile.isWindowsDevice(Path.of(name)), name);
    }
    for (String name : List.of("NUL.npz", "null", "NUL/model", "/")) {
      assertFalse(SafeFile.isWindowsDevice(Path.of(name)), name);
    }
  }
}
