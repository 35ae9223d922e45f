// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.json;
import static chainrule.cli.CommandLine.refused;
import static chainrule.cli.CommandLine.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.io.Model;
import chainrule.io.TuningFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tune}: searches for better settings. */
class TuneCommandTest {
  @TempDir Path directory;

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private String data() throws IOException {
    StringBuilder s = new StringBuilder("a,b,kind\n");
    for (int i = 0; i < 60; i++) {
      int a = i * 37 % 101, b = i * 53 % 89;
      s.append(a).append(',').append(b).append(',').append(a > b ? "more" : "less").append('\n');
    }
    return Files.writeString(directory.resolve("d.csv"), s).toString();
  }

  private static String[] args(String data, String... more) {
    List<String> args = new ArrayList<>(List.of("tune", data, "--trials", "5", "--epochs", "4"));
    args.addAll(List.of(more));
    return args.toArray(new String[0]);
  }

  @Test
  void anyNumberOfThreadsGivesTheSameSearch() throws IOException {
    String data = data();
    String expected = done(args(data, "--json", "--threads", "1"));
    assertTrue(expected.contains("1 default"), expected);
    for (String threads : List.of("2", "8")) {
      String out = done(args(data, "--json", "--threads", threads));
      assertEquals(expected.replace(" --threads 1", ""), out.replace(" --threads " + threads, ""));
    }
  }

  @Test
  void theWinningCommandTrainsTheModelThatOutWrites() throws IOException {
    String data = data();
    Map<String, Object> json = json(done(args(data, "--seed", "3", "--l1", "1e-5", "--out", path("m.npz"), "--json")));
    String command = (String) json.get("command");
    assertTrue(command.startsWith("./chainrule train ") && command.contains(" --l1 1e-5 ")
        && command.contains(" --epochs 4") && command.contains(" --seed 3"), command);
    assertFalse(command.contains("--trials") || command.contains("--out") || command.contains("--json"), command);
    List<String> train = new ArrayList<>(List.of(command.split(" ")).subList(1, command.split(" ").length));
    train.addAll(List.of("--test-fraction", "0", "--out", path("n.npz")));
    done(train.toArray(new String[0]));
    assertArrayEquals(Files.readAllBytes(directory.resolve("n.npz")), Files.readAllBytes(directory.resolve("m.npz")));
  }

  @Test
  void anEnsembleIsTrainedWithTheWinningSettingsOfSingleNetworks() throws IOException {
    String data = data();
    Map<String, Object> single = json(done(args(data, "--json")));
    Map<String, Object> json = json(done(args(data, "--ensemble", "3", "--threshold", "f1", "--out", path("m.npz"),
        "--json")));
    assertEquals(single.get("ranking"), json.get("ranking"));
    String command = (String) json.get("command");
    assertTrue(command.contains(" --ensemble 3") && command.contains(" --threshold f1"), command);
    List<String> train = new ArrayList<>(List.of(command.split(" ")).subList(1, command.split(" ").length));
    train.addAll(List.of("--test-fraction", "0", "--out", path("n.npz")));
    done(train.toArray(new String[0]));
    assertArrayEquals(Files.readAllBytes(directory.resolve("n.npz")), Files.readAllBytes(directory.resolve("m.npz")));
    Model model = Model.read(directory.resolve("m.npz"));
    assertEquals(3, model.networks().size());
    assertFalse(Double.isNaN(model.calibration().threshold()));
  }

  @Test
  void anEnsembleHasItsOwnNumberOfEpochsUnlessItIsGiven() throws IOException {
    String command = (String) json(done("tune", data(), "--trials", "1", "--ensemble", "2", "--json")).get("command");
    assertTrue(command.endsWith("d.csv --ensemble 2"), command);
  }

  @Test
  void aSearchContinuedFromAnyPartOfItsResultsEndsAsAnUninterruptedOne() throws IOException {
    String data = data();
    String whole = done(args(data, "--json", "--checkpoint", path("whole.json")));
    TuningFile all = TuningFile.read(directory.resolve("whole.json"));
    for (int kept : new int[] {0, 1, 4, all.results().size()}) {
      Path part = directory.resolve("part" + kept + ".json");
      new TuningFile(all.settings(), all.results().subList(0, kept)).write(part);
      String resumed = done(args(data, "--json", "--checkpoint", part.toString(), "--resume"));
      assertEquals(json(whole).get("ranking"), json(resumed).get("ranking"));
      assertArrayEquals(Files.readAllBytes(directory.resolve("whole.json")), Files.readAllBytes(part));
    }
  }

  @Test
  void moreTrialsContinueASearchAndEndAsOneThatHadThemFromTheStart() throws IOException {
    String data = data(), file = path("c.json");
    done(args(data, "--checkpoint", file));
    String more = done("tune", data, "--trials", "8", "--epochs", "4", "--checkpoint", file, "--resume", "--json");
    String once = done("tune", data, "--trials", "8", "--epochs", "4", "--json");
    assertEquals(json(once).get("ranking"), json(more).get("ranking"));
    assertTrue(more.contains("resuming  with "), more);
  }

  @Test
  void theCheckpointOfAnotherSearchIsRefused() throws IOException {
    String data = data(), file = path("c.json");
    Map<?, ?> defaults = ((List<?>) json(done(args(data, "--checkpoint", file, "--json"))).get("ranking")).stream()
        .map(c -> (Map<?, ?>) c).filter(c -> c.get("candidate").equals(1.0)).findFirst().orElseThrow();
    refused(file + ": the file already exists; add --resume to continue from it, or delete it to start over",
        args(data, "--checkpoint", file));
    refused(file + ": the checkpoint was written with seed 1, but this run has 2; use the same options or another "
        + "--checkpoint", args(data, "--checkpoint", file, "--resume", "--seed", "2"));
    refused(file + ": the checkpoint was written with epochs of the search 4, but this run has 5; use the same "
        + "options or another --checkpoint", "tune", data,
        "--trials", "5", "--epochs", "5", "--checkpoint", file, "--resume");
    refused(file + ": the checkpoint was written with fixed options none, but this run has --rate; use the same "
        + "options or another --checkpoint", args(data, "--checkpoint", file, "--resume", "--rate",
        defaults.get("rate").toString()));
    Files.writeString(Path.of(data), Files.readString(Path.of(data)).replace("more", "most"));
    Files.writeString(Path.of(data), Files.readString(Path.of(data)).replaceFirst("37,53", "38,53"));
    CommandLine.Result r = run(args(data, "--checkpoint", file, "--resume"));
    assertEquals(2, r.status());
    assertTrue(r.err().contains("the checkpoint was written with other data"), r.err());
  }

  @Test
  void optionsThatAreGivenAreNotSearched() throws IOException {
    Map<String, Object> json = json(done(args(data(), "--layers", "7:tanh", "--batch", "20", "--json")));
    for (Object o : (List<?>) json.get("ranking")) {
      Map<?, ?> candidate = (Map<?, ?>) o;
      assertEquals("7:tanh", candidate.get("layers"));
      assertEquals(20.0, candidate.get("batch"));
    }
    assertTrue(((String) json.get("command")).contains(" --layers 7:tanh "), json + "");
    refused("--layers, --rate, --l2 and --batch are all given, so nothing is left to search; remove one",
        args(data(), "--layers", "7:tanh", "--rate", "0.1", "--l2", "0", "--batch", "8"));
  }

  @Test
  void numbersAreSearchedByTheirLossToo() throws IOException {
    Map<String, Object> json = json(done(args(data(), "--target", "a", "--task", "regress", "--json")));
    assertEquals("regress", json.get("task"));
    double best = Double.NEGATIVE_INFINITY;
    for (Object o : (List<?>) json.get("ranking")) {
      Map<?, ?> candidate = (Map<?, ?>) o;
      if (!candidate.get("rung").equals(2.0)) continue;
      assertTrue((double) candidate.get("loss") >= best);
      best = (double) candidate.get("loss");
    }
  }

  @Test
  void aTimeLimitEndsTheSearchWithWhatIsKnown() throws IOException {
    CommandLine.Result r = run("tune", data(), "--trials", "2000", "--epochs", "30", "--time", "2s", "--threads", "1");
    assertEquals(0, r.status(), r.err());
    assertTrue(r.out().contains("the time of --time 2s is over; this is the ranking so far\n"), r.out());
    assertTrue(r.out().contains("\n  ./chainrule train "), r.out());
  }

  @Test
  void badRequestsAreRefusedInOneLine() throws IOException {
    String data = data();
    refused("tune requires a data set: ./chainrule tune DATA [options]", "tune");
    for (String time : List.of("10", "0s", "-1m", "1d", "2.5h", "")) {
      refused("--time: expected a time such as 90s, 10m or 2h, found '" + time + "'", "tune", data, "--time", time);
    }
    refused("--ensemble: expected an integer from 2 to 100, found '1'", "tune", data, "--ensemble", "1");
    refused("--threshold f1 requires rows on which it is chosen; add --patience 20 or --ensemble 5, or give a number",
        "tune", data, "--threshold", "f1");
    refused("--trials: expected an integer from 1 to 100000, found '0'", "tune", data, "--trials", "0");
    refused("--resume requires --checkpoint FILE", "tune", data, "--resume");
    refused("--checkpoint s.npz: the results of a search are written as JSON; use --checkpoint s.json", "tune", data,
        "--checkpoint", "s.npz");
    refused("--out m.onnx: models are written as .npz; use --out m.npz, then ./chainrule export m.npz m.onnx for other "
        + "programs", "tune", data, "--out", "m.onnx");
    refused("--out: " + data + " is an input of this command and would be overwritten; choose another file", "tune",
        data, "--out", data);
    String damaged = Files.writeString(directory.resolve("x.json"), "{").toString();
    CommandLine.Result r = run("tune", data, "--checkpoint", damaged, "--resume");
    assertEquals(2, r.status());
    assertTrue(r.err().startsWith("chainrule: " + damaged + ": "), r.err());
  }
}
