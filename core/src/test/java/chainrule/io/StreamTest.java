// SPDX-License-Identifier: MIT
package chainrule.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.optimizer.Adam;
import chainrule.train.Snapshot;
import chainrule.train.Trainer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests models and checkpoints in streams and in the file system of a jar. */
class StreamTest {
  @TempDir Path directory;

  private static Model model() {
    return new Model(Network.input(2).dense(3, new Tanh()).dense(1, new Linear()).build(1), Encoding.plain(2, 1),
        Map.of());
  }

  private static byte[] bytes(Model model) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    model.write(out);
    return out.toByteArray();
  }

  @Test
  void streamsAndFilesHaveTheSameBytesAndGiveTheSameModel() throws IOException {
    Path file = directory.resolve("m.npz");
    model().write(file);
    assertArrayEquals(Files.readAllBytes(file), bytes(model()));
    Model read = Model.read(new ByteArrayInputStream(bytes(model())));
    assertArrayEquals(model().network().parameters(), read.network().parameters());
    assertEquals(model().encoding().inputColumns(), read.encoding().inputColumns());
  }

  @Test
  void streamsAreLeftOpen() {
    boolean[] closed = new boolean[2];
    model().write(new ByteArrayOutputStream() {
      @Override public void close() {
        closed[0] = true;
      }
    });
    Model.read(new ByteArrayInputStream(bytes(model())) {
      @Override public void close() {
        closed[1] = true;
      }
    });
    assertFalse(closed[0] || closed[1]);
  }

  @Test
  void aModelIsReadFromAJar() throws IOException {
    Path jar = directory.resolve("app.jar");
    try (FileSystem zip = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
      Files.write(zip.getPath("/m.npz"), bytes(model()));
      Files.write(zip.getPath("/damaged.npz"), new byte[] {1, 2, 3});
      Files.createDirectory(zip.getPath("/models"));
    }
    try (FileSystem zip = FileSystems.newFileSystem(jar)) {
      assertArrayEquals(model().network().parameters(), Model.read(zip.getPath("/m.npz")).network().parameters());
      for (String[] bad : new String[][] {{"/damaged.npz", "not an .npz file, or damaged ("},
          {"/none.npz", "no such file"},
          {"/models", "expected a file, found a directory"}}) {
        String message = assertThrows(DataException.class, () -> Model.read(zip.getPath(bad[0]))).getMessage();
        assertTrue(message.startsWith(bad[0] + ": " + bad[1]), message);
      }
    }
  }

  /**
   * The messages for a file and a stream are the same, except that a stream is called "input stream", and FILE in a
   * command.
   */
  @Test
  void damagedStreamsAreRefusedLikeDamagedFiles() throws IOException {
    byte[] whole = bytes(model());
    Path file = directory.resolve("f");
    for (int i = 0; i < whole.length; i += 7) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 4;
      for (byte[] bytes : List.of(Arrays.copyOf(whole, i), damaged)) {
        Files.write(file, bytes);
        String inFile = refusal(() -> Model.read(file)),
            inStream = refusal(() -> Model.read(new ByteArrayInputStream(bytes)));
        assertEquals(inFile.replace(Npz.importCommand(file.toString()), "./chainrule import FILE --out MODEL.npz")
            .replace(file.toString(), "input stream"), inStream);
        assertTrue(bytes == damaged || !inStream.equals("none"), "truncated to " + i + " bytes");
      }
    }
  }

  private static String refusal(Runnable read) {
    try {
      read.run();
      return "none";
    } catch (DataException e) {
      return e.getMessage();
    }
  }

  @Test
  void noTemporaryFileIsLeft() throws Exception {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    List<Path> before = copies(temporary);
    Model.read(new ByteArrayInputStream(bytes(model())));
    assertThrows(DataException.class, () -> Model.read(InputStream.nullInputStream()));
    assertThrows(DataException.class, () -> Model.read(new InputStream() {
      @Override public int read() throws IOException {
        throw new IOException("connection reset");
      }
    }));
    List<Path> left = copies(temporary);
    left.removeAll(before);
    for (int i = 0; i < 100 && !left.isEmpty(); i++) { // other processes may be using theirs
      Thread.sleep(50);
      left.removeIf(Files::notExists);
    }
    assertEquals(List.of(), left);
  }

  private static List<Path> copies(Path temporary) throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return new ArrayList<>(files.filter(f -> f.getFileName().toString().matches("chainrule\\d+\\.npz")).toList());
    }
  }

  @Test
  void readErrorsNameTheStream() {
    DataException e = assertThrows(DataException.class, () -> Model.read(new InputStream() {
      @Override public int read() throws IOException {
        throw new IOException("connection reset");
      }
    }));
    assertEquals("input stream: cannot be read (connection reset)", e.getMessage());
    assertThrows(UncheckedIOException.class, () -> model().write(new OutputStream() {
      @Override public void write(int b) throws IOException {
        throw new IOException("no space left");
      }
    }));
  }

  @Test
  void aCheckpointIsWrittenToAndReadFromAStream() throws IOException {
    Model model = model();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Path file = directory.resolve("c.npz");
    Snapshot[] last = new Snapshot[1];
    Trainer.of(model.network()).optimizer(new Adam(0.01)).checkpoint(s -> {
      out.reset();
      Checkpoint.write(out, model, Map.of("seed", "1"), s);
      Checkpoint.write(file, model, Map.of("seed", "1"), s);
      last[0] = s;
    }).loss(new MeanSquaredError()).fit(
        Dataset.regression(2, new double[] {1, 2, 3, 4}, 1, new double[] {1, 0}), null, 3);
    assertArrayEquals(Files.readAllBytes(file), out.toByteArray());
    Checkpoint read = Checkpoint.read(new ByteArrayInputStream(out.toByteArray()));
    assertEquals(Map.of("seed", "1"), read.settings());
    assertArrayEquals(last[0].optimizerState(), read.snapshot().optimizerState());
    assertEquals("input stream: not a checkpoint: it has no 'checkpoint.json'",
        assertThrows(DataException.class, () -> Checkpoint.read(new ByteArrayInputStream(bytes(model)))).getMessage());
  }
}
