// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.CommandLine.done;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.io.Checkpoint;
import chainrule.io.Model;
import chainrule.kernels.Kernels;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command line in a separate process, stopped by a signal during training. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no signals to send to another process")
class InterruptionTest {
  private static final String EPOCHS = "40";

  @TempDir Path directory;

  /** The exit status and the output of a stopped process. */
  private record Ended(int status, String output) {}

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private String[] args(String checkpoint, String model, String... more) {
    List<String> args = new ArrayList<>(List.of("train", "moons", "--layers", "12:tanh,dropout:0.1", "--epochs", EPOCHS,
        "--batch", "8", "--schedule", "cosine:warmup=3", "--clip", "1", "--patience", "1000", "--threads", "1"));
    args.addAll(List.of("--checkpoint", path(checkpoint), "--out", path(model)));
    args.addAll(List.of(more));
    return args.toArray(new String[0]);
  }

  /**
   * Starts the command line with the default action for SIGINT, as in a terminal. A background process of a shell
   * without job control ignores the signal, and so would the JVM.
   */
  private static Process start(String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (resetsSignals()) command.addAll(List.of("env", "--default-signal=INT"));
    command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-modules",
        "jdk.incubator.vector", "-Xmx256m", "-XX:+UseSerialGC", "-cp",
        String.join(System.getProperty("path.separator"), place(Kernels.class), place(Model.class), place(Main.class)),
        Main.class.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** Whether env supports --default-signal, as GNU's has since 2019. */
  private static boolean resetsSignals() throws InterruptedException {
    try {
      return new ProcessBuilder("env", "--default-signal=INT", "true").redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Sends the signal after a tenth of the epochs or the first candidate of a search, then reads the rest. */
  private static Ended stopped(Process p, String signal) throws IOException, InterruptedException {
    StringBuilder output = new StringBuilder();
    try (BufferedReader in = new BufferedReader(new InputStreamReader(p.getInputStream(), StandardCharsets.UTF_8))) {
      boolean sent = false;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        output.append(line).append('\n');
        boolean begun = line.startsWith("epoch ") || line.startsWith("rung ") || line.contains(" networks ended");
        if (sent || !begun) continue;
        new ProcessBuilder("kill", "-" + signal, Long.toString(p.pid())).inheritIO().start().waitFor();
        sent = true;
      }
      assertTrue(p.waitFor(60, TimeUnit.SECONDS), "still running after " + output);
    } finally {
      p.destroyForcibly();
    }
    return new Ended(p.exitValue(), output.toString());
  }

  /** The directory or jar that a class was loaded from, whether in a module or not. */
  private static String place(Class<?> c) {
    String url = c.getResource(c.getSimpleName() + ".class").toString();
    boolean jar = url.startsWith("jar:"); // jar:file:/….jar!/chainrule/cli/Main.class
    int end = jar ? url.indexOf("!/") : url.lastIndexOf("/" + c.getName().replace('.', '/') + ".class");
    return Path.of(URI.create(url.substring(jar ? 4 : 0, end))).toString();
  }

  @Test
  void ctrlCWritesTheFilesAndResumingGivesTheBytesOfAnUninterruptedRun() throws Exception {
    Ended first = stopped(start(args("c.npz", "m.npz")), "INT");
    assertInterrupted(first, 130);

    Ended second = stopped(start(args("c.npz", "m.npz", "--resume")), "TERM"); // the signal of a system shutdown
    assertInterrupted(second, 143);
    assertTrue(second.output.contains("\nresuming from " + path("c.npz") + " after epoch "), second.output);

    String rest = done(args("c.npz", "m.npz", "--resume"));
    assertTrue(rest.contains("epoch " + EPOCHS + "/" + EPOCHS), rest);
    done(args("whole.npz", "whole-m.npz"));
    assertArrayEquals(Files.readAllBytes(directory.resolve("whole.npz")),
        Files.readAllBytes(directory.resolve("c.npz")));
    assertArrayEquals(Files.readAllBytes(directory.resolve("whole-m.npz")),
        Files.readAllBytes(directory.resolve("m.npz")));
  }

  @Test
  void ctrlCEndsASearchWithItsRankingAndResumingGivesThatOfAnUninterruptedOne() throws Exception {
    String[] tune =
        {"tune", "moons", "--trials", "5", "--epochs", "60", "--threads", "1", "--checkpoint", path("t.json")};
    Ended first = stopped(start(tune), "INT");
    assertEquals(130, first.status, first.output);
    assertTrue(first.output.contains("\ninterrupted; this is the ranking so far\nto continue:\n  ./chainrule "
        + String.join(" ", tune) + " --resume\n"), first.output);
    assertTrue(first.output.contains("\n  ./chainrule train moons "), first.output);
    assertTrue(!first.output.contains("xception"), first.output);
    String rest = done("tune", "moons", "--trials", "5", "--epochs", "60", "--checkpoint", path("t.json"), "--resume");
    String whole = done("tune", "moons", "--trials", "5", "--epochs", "60", "--checkpoint", path("w.json"));
    assertEquals(whole.substring(whole.indexOf("\nrank ")), rest.substring(rest.indexOf("\nrank ")));
    assertArrayEquals(Files.readAllBytes(directory.resolve("w.json")), Files.readAllBytes(directory.resolve("t.json")));
  }

  @Test
  void ctrlCAveragesTheNetworksSoFarAndResumingGivesTheBytesOfAnUninterruptedRun() throws Exception {
    String[] train = {"train", "moons", "--ensemble", "3", "--layers", "12:tanh,dropout:0.1", "--epochs", "60",
        "--threads", "1", "--checkpoint", path("e.npz"), "--out", path("e-m.npz")};
    Ended first = stopped(start(train), "INT");
    assertEquals(130, first.status, first.output);
    assertTrue(first.output.matches("(?s).*\ninterrupted after \\d+ epochs of 3 networks; to continue:\n.* --resume\n"
        + "averaged [12] networks? of 3.*; kept epochs .*\n"
        + "epochs of networks 1 to 3: \\d+.*; without a complete epoch: .*3\nout-of-fold accuracy .*"), first.output);
    List<String> resume = new ArrayList<>(List.of(train));
    resume.add("--resume");
    assertTrue(done(resume.toArray(new String[0])).contains("3/3 networks ended"));
    train[11] = path("whole.npz");
    train[13] = path("whole-m.npz");
    done(train);
    assertArrayEquals(Files.readAllBytes(directory.resolve("whole.npz")),
        Files.readAllBytes(directory.resolve("e.npz")));
    assertArrayEquals(Files.readAllBytes(directory.resolve("whole-m.npz")),
        Files.readAllBytes(directory.resolve("e-m.npz")));
  }

  /** The name of the checkpoint needs quotes in a shell. */
  @Test
  void theCommandToResumeIsPrintedOnlyIfThereIsACheckpoint() throws Exception {
    String[] train = {"train", "moons", "--epochs", "4000", "--threads", "1"};
    Ended without = stopped(start(train), "INT");
    assertEquals(130, without.status, without.output);
    assertTrue(without.output.matches("(?s).*\ninterrupted after epoch \\d+\ntest accuracy .*"), without.output);
    assertTrue(!without.output.contains("resume"), without.output);

    List<String> args = new ArrayList<>(List.of(train));
    args.addAll(List.of("--checkpoint", path("my run.npz")));
    Ended with = stopped(start(args.toArray(new String[0])), "INT");
    assertTrue(with.output.contains("; to continue:\n  ./chainrule train moons --epochs 4000 --threads 1 --checkpoint '"
        + path("my run.npz") + "' --resume\n"), with.output);
  }

  /** Checks the status and the output, and that both files are complete and of the same epoch. */
  private void assertInterrupted(Ended e, int status) throws IOException {
    assertEquals(status, e.status, e.output);
    Checkpoint c = Checkpoint.read(directory.resolve("c.npz"));
    int done = c.snapshot().epochs().size();
    assertTrue(done >= 4 && done < Integer.parseInt(EPOCHS), done + " epochs\n" + e.output);
    assertTrue(e.output.contains("\ninterrupted after epoch " + done + "; to continue:\n  ./chainrule "
        + String.join(" ", args("c.npz", "m.npz", "--resume")) + "\n"), e.output);
    assertTrue(e.output.contains("\nwrote     " + path("m.npz") + ", " + path("c.npz") + "\n"), e.output);
    assertTrue(!e.output.contains("xception"), e.output);
    Model model = Model.read(directory.resolve("m.npz"));
    assertArrayEquals(c.snapshot().bestParameters(), model.network().parameters(),
        "the model must have the weights of the best epoch so far");
    assertTrue(model.training().get("epochs").startsWith(done + " of " + EPOCHS), model.training().toString());
    try (var files = Files.list(directory)) {
      assertEquals(2, files.count(), "no partly written file must remain");
    }
  }
}
