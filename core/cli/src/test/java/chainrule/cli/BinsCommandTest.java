// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.json;
import static chainrule.cli.CommandLine.refused;
import static chainrule.cli.CommandLine.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.io.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --bins} in each command that takes it: its default, the settings that record it, and where it is refused. */
class BinsCommandTest {
  @TempDir Path directory;

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  /** Rows a, b, kind, where kind says which number is larger. */
  private String data() throws IOException {
    StringBuilder s = new StringBuilder("a,b,kind\n");
    for (int i = 0; i < 60; i++) {
      int a = i * 37 % 101, b = i * 53 % 89;
      s.append(a).append(',').append(b).append(',').append(a > b ? "more" : "less").append('\n');
    }
    return Files.writeString(directory.resolve("d.csv"), s).toString();
  }

  private static String[] join(List<String> some, String... more) {
    List<String> all = new ArrayList<>(some);
    all.addAll(List.of(more));
    return all.toArray(new String[0]);
  }

  private byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(directory.resolve(name));
  }

  @Test
  void eachNumberHasFourPiecesByDefaultAndTheModelRecordsThem() throws IOException {
    List<String> train = List.of("train", data(), "--epochs", "2", "--quiet");
    done(join(train, "--out", path("default.npz")));
    done(join(train, "--bins", "4", "--out", path("4.npz")));
    assertArrayEquals(bytes("default.npz"), bytes("4.npz"));
    for (String bins : List.of("0", "2", "4")) {
      done(join(train, "--bins", bins, "--out", path("m.npz")));
      Model m = Model.read(Path.of(path("m.npz")));
      assertEquals(2 + 2 * Integer.parseInt(bins), m.encoding().inputs());
      assertEquals(bins, m.training().get("bins"));
      assertTrue(done("info", path("m.npz")).contains("\n  bins         " + bins + "\n"));
    }
    refused("--bins does not apply to built-in data; remove it", "train", "moons", "--bins", "4");
    assertEquals(2, run(join(train, "--bins", "-1")).status());
  }

  @Test
  void aRunWithOtherPiecesIsNotResumed() throws IOException {
    List<String> train = List.of("train", data(), "--epochs", "4", "--quiet", "--checkpoint", path("c.npz"));
    done(join(train, "--bins", "2"));
    byte[] before = bytes("c.npz");
    for (String bins : List.of("3", "4")) {
      refused(path("c.npz") + ": the checkpoint was written with bins 2, but this run has " + bins + "; use the same "
          + "options or another --checkpoint", join(train, "--resume", "--bins", bins));
    }
    assertArrayEquals(before, bytes("c.npz"));
    done(join(train, "--resume", "--bins", "2"));
  }

  @Test
  void trainingContinuesWithThePiecesOfTheModel() throws IOException {
    String data = data(), m = path("m.npz");
    done("train", data, "--epochs", "2", "--bins", "3", "--quiet", "--out", m);
    done("train", data, "--from", m, "--epochs", "1", "--quiet", "--out", path("next.npz"));
    assertEquals(Model.read(Path.of(m)).encoding().inputColumns(),
        Model.read(Path.of(path("next.npz"))).encoding().inputColumns());
    refused("--bins does not apply to --from " + m + ": its columns become inputs as in its training; remove --bins, "
        + "or train a new model without --from", "train", data, "--from", m, "--bins", "3");
  }

  @Test
  void crossValidationTrainsWithThePieces() throws IOException {
    List<String> cv = List.of("cv", data(), "--epochs", "3", "--folds", "3", "--json");
    Map<String, Object> standard = json(done(join(cv))), four = json(done(join(cv, "--bins", "4")));
    assertEquals(standard.get("metrics"), four.get("metrics"));
    assertNotEquals(standard.get("metrics"), json(done(join(cv, "--bins", "0"))).get("metrics"));
    assertTrue(done(join(cv, "--bins", "2")).contains(", 6 inputs\n"));
  }

  @Test
  void theCommandAndTheModelOfASearchHaveThePieces() throws IOException {
    String data = data(), search = path("search.json");
    List<String> tune = List.of("tune", data, "--trials", "3", "--epochs", "3", "--checkpoint", search);
    Map<String, Object> found = json(done(join(tune, "--bins", "2", "--out", path("m.npz"), "--json")));
    String command = (String) found.get("command");
    assertTrue(command.contains(" --bins 2"), command);
    List<String> train = List.of(command.split(" ")).subList(1, command.split(" ").length);
    done(join(train, "--test-fraction", "0", "--quiet", "--out", path("n.npz")));
    assertArrayEquals(bytes("n.npz"), bytes("m.npz"));
    refused(search + ": the checkpoint was written with bins 2, but this run has 3; use the same options or another "
        + "--checkpoint", join(tune, "--resume", "--bins", "3"));
    Map<String, Object> again = json(done(join(tune, "--resume", "--bins", "2", "--json")));
    assertEquals(found.get("ranking"), again.get("ranking"));
  }
}
