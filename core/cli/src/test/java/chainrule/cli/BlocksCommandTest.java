// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.json;
import static chainrule.cli.CommandLine.refused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.io.Model;
import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import chainrule.nn.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --blocks N}: gradients in blocks of rows. */
class BlocksCommandTest {
  /** 800 training rows: 5 steps, of which the last has 2 blocks, one of them short. */
  private static final String[] TRAIN = {"train", "moons", "--layers", "16:tanh,dropout:0.2", "--batch", "180",
      "--epochs", "3", "--quiet"};

  @TempDir Path directory;

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(directory.resolve(name));
  }

  private static String[] join(String[] some, String... more) {
    List<String> all = new ArrayList<>(Arrays.asList(some));
    Collections.addAll(all, more);
    return all.toArray(new String[0]);
  }

  private Model trained(String... options) {
    String file = path("m" + options.length + ".npz");
    done(join(join(TRAIN, "--out", file), options));
    return Model.read(Path.of(file));
  }

  private static List<double[]> weights(Model model) {
    return model.networks().stream().map(Network::parameters).toList();
  }

  private static void assertSameWeights(Model expected, Model found) {
    assertEquals(expected.networks().size(), found.networks().size());
    for (int i = 0; i < expected.networks().size(); i++) {
      assertArrayEquals(weights(expected).get(i), weights(found).get(i));
    }
  }

  @Test
  void batchesOfOneBlockHaveTheBitsOfBatchesWithoutBlocks() {
    Model without = trained(), one = trained("--blocks", "180"), larger = trained("--blocks", "2147483647");
    assertSameWeights(without, one);
    assertSameWeights(without, larger);
    assertEquals("180", one.training().get("blocks"));
    assertFalse(without.training().containsKey("blocks"));
    assertFalse(Arrays.equals(weights(without).get(0), weights(trained("--blocks", "50")).get(0)));
  }

  @Test
  void threadsAndKernelsDoNotChangeTheBits() throws IOException {
    String[] blocks = join(TRAIN, "--blocks", "50");
    done(join(blocks, "--threads", "1", "--out", path("1.npz")));
    done(join(blocks, "--threads", "2", "--out", path("2.npz")));
    done(join(blocks, "--threads", "3", "--out", path("3.npz")));
    assertArrayEquals(bytes("1.npz"), bytes("2.npz"));
    assertArrayEquals(bytes("1.npz"), bytes("3.npz"));
    assertArrayEquals(Model.read(Path.of(path("1.npz"))).network().parameters(), trainedOn(ScalarKernels.INSTANCE));
  }

  private static double[] trainedOn(Kernels kernels) {
    List<String> args = List.of(join(TRAIN, "--blocks", "50"));
    TrainingRequest request =
        TrainingRequest.of(Command.TRAIN, args.subList(1, args.size()), 1, Terminal.plain(System.err));
    TrainingPlan plan = TrainingPlan.of(request.arguments(), request.data(), kernels, 1);
    plan.trainer(1).fit(plan.train(), plan.epochs());
    return plan.network().parameters();
  }

  @Test
  void theHeaderNamesTheBlocks() {
    String[] loud = Arrays.stream(TRAIN).filter(s -> !s.equals("--quiet")).toArray(String[]::new);
    String without = done(loud), with = done(join(loud, "--blocks", "50"));
    assertTrue(without.contains(", batches of 180, 3 epochs, seed 1\n"), without);
    assertTrue(with.contains(", batches of 180 in blocks of 50, 3 epochs, seed 1\n"), with);
  }

  @Test
  void aResumedRunNeedsTheSameBlocks() throws IOException {
    String c = path("c.npz");
    String[] steady = join(TRAIN, "--schedule", "constant", "--checkpoint", c, "--resume");
    done(join(steady, "--blocks", "50"));
    refused(c + ": the checkpoint was written with blocks 50, but this run has (none); use the same options or another "
        + "--checkpoint", steady);
    refused(c + ": the checkpoint was written with blocks 50, but this run has 60; use the same options or another "
        + "--checkpoint", join(steady, "--blocks", "60"));
    steady[Arrays.asList(steady).indexOf("--epochs") + 1] = "5";
    done(join(steady, "--blocks", "50"));
    done("train", "moons", "--layers", "16:tanh,dropout:0.2", "--batch", "180", "--epochs", "5", "--quiet",
        "--schedule", "constant", "--blocks", "50", "--checkpoint", path("whole.npz"));
    assertArrayEquals(bytes("whole.npz"), bytes("c.npz"));
    String plain = path("plain.npz");
    done(join(TRAIN, "--checkpoint", plain));
    refused(plain + ": the checkpoint was written with blocks (none), but this run has 50; use the same options or "
        + "another --checkpoint", join(TRAIN, "--checkpoint", plain, "--resume", "--blocks", "50"));
  }

  @Test
  void eachNetworkOfAnEnsembleTrainsInBlocks() {
    Model without = trained("--ensemble", "2"), one = trained("--ensemble", "2", "--blocks", "180"),
        several = trained("--ensemble", "2", "--blocks", "50", "--threads", "2");
    assertSameWeights(without, one);
    for (int i = 0; i < 2; i++) assertFalse(Arrays.equals(weights(without).get(i), weights(several).get(i)));
  }

  @Test
  void crossValidationTrainsInBlocks() {
    String[] cv = {"cv", "moons", "--layers", "16:tanh", "--batch", "180", "--epochs", "3", "--folds", "2", "--json"};
    Map<String, Object> without = json(done(cv)), one = json(done(join(cv, "--blocks", "180"))),
        several = json(done(join(cv, "--blocks", "50")));
    assertEquals(without.get("per_fold"), one.get("per_fold"));
    assertNotEquals(without.get("per_fold"), several.get("per_fold"));
  }

  @Test
  void aSearchTrainsInBlocksAndItsCommandKeepsThem() {
    String[] tune = {"tune", "moons", "--layers", "16:tanh", "--batch", "180", "--epochs", "3", "--folds", "2",
        "--trials", "2", "--blocks", "50", "--json"};
    String command = (String) json(done(tune)).get("command");
    assertTrue(command.contains(" --batch 180 --blocks 50"), command);
  }

  @Test
  void valuesAndCommandsThatDoNotFitAreRefused() {
    refused("--blocks: expected an integer ≥ 1, found '0'", join(TRAIN, "--blocks", "0"));
    refused("--blocks: expected an integer ≥ 1, found 'all'", join(TRAIN, "--blocks", "all"));
    for (String command : List.of("check", "explain")) {
      refused("--blocks does not apply to " + command + "; remove it ('./chainrule help " + command
          + "' lists its options)", command, "moons", "--blocks", "50");
    }
  }
}
