// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.DataException;
import chainrule.kernels.Kernels;
import chainrule.nn.Network;
import chainrule.train.EnsembleSnapshot;
import chainrule.train.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The state of the training of an ensemble in one file. Resumed from it, training ends in the same bits as if it was
 * never stopped, however far each member had come.
 * <pre>{@code
 * EnsembleTrainer.of(folds, factory)
 *     .checkpoint(s -> EnsembleCheckpoint.write(file, model, settings, s)).fit(data, 100);
 *
 * EnsembleCheckpoint c = EnsembleCheckpoint.read(file);
 * EnsembleTrainer.of(folds, factory).resume(c.snapshot()).fit(data, 100);      // same folds, settings, data
 * }</pre>
 * <b>The file</b> is a model file, which {@link Model} reads with the current weights, and has these entries in
 * addition:
 * <pre>
 *   checkpoint.json                         {"version":2,"settings":{…},"members":[{"epochs":[…],…},…]}; each member
 *                                           has the fields of a {@link Checkpoint}
 *   memberM.epoch, .optimizer0, …, .best    [parameters]    the arrays of member M, as in a {@link Checkpoint}
 * </pre>
 *
 * @param model with the current weights of all members
 * @param settings of the run, as given to {@link #write}, to compare with those of a resumed run
 * @param snapshot for {@link chainrule.train.EnsembleTrainer#resume}
 */
public record EnsembleCheckpoint(Model model, Map<String, String> settings, EnsembleSnapshot snapshot) {
  static final int VERSION = 2;

  /**
   * Writes a checkpoint, completely or not at all ({@link SafeFile}).
   *
   * @param file the file, which is replaced if it exists
   * @param model a model of the members, in their order; its weights are not read, because members may be in training
   * @param settings of the run, to compare with those of a resumed run; the caller chooses them
   * @param s the state
   * @throws IllegalArgumentException if the model has another number of networks than the state has members, or one
   * @throws UncheckedIOException if the file cannot be written; a previous file is then unchanged
   */
  public static void write(Path file, Model model, Map<String, String> settings, EnsembleSnapshot s) {
    try {
      SafeFile.write(file, content(model, settings, s));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SafeFile.Content content(Model model, Map<String, String> settings, EnsembleSnapshot s) {
    int k = s.members().size();
    if (k < 2) throw new IllegalArgumentException("the checkpoint of one network is a Checkpoint");
    Checkpoint.requireMembers(model, k);
    String modelJson = Json.text(ModelFormat.describe(model)), json = Json.text(describe(settings, s));
    return out -> {
      try (Npz.Writer npz = new Npz.Writer(out)) {
        ModelFormat.write(npz, model, modelJson, s.members().stream().map(Snapshot::parameters).toList());
        npz.text(Checkpoint.JSON, json);
        for (int m = 0; m < k; m++) SnapshotFormat.write(npz, ModelFormat.prefix(m, k), s.members().get(m));
      }
    };
  }

  private static Map<String, Object> describe(Map<String, String> settings, EnsembleSnapshot s) {
    Map<String, Object> m = new LinkedHashMap<>();
    m.put("version", VERSION);
    m.put("settings", settings);
    List<Object> members = new ArrayList<>();
    for (Snapshot member : s.members()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      SnapshotFormat.describe(fields, member);
      members.add(fields);
    }
    m.put("members", members);
    return m;
  }

  /**
   * Reads the checkpoint in a file.
   *
   * @param file the file
   * @return the checkpoint, with a model that computes with the {@linkplain Kernels#best best kernels}
   * @throws DataException naming the file and what is wrong with it
   */
  public static EnsembleCheckpoint read(Path file) {
    return read(file, Kernels.best());
  }

  /**
   * Reads the checkpoint in a file.
   *
   * @param file the file
   * @param kernels what the model computes with
   * @return the checkpoint
   * @throws DataException naming the file and what is wrong with it
   */
  public static EnsembleCheckpoint read(Path file, Kernels kernels) {
    try (Npz.Reader npz = Npz.Reader.open(file)) {
      return read(npz, kernels);
    }
  }

  private static EnsembleCheckpoint read(Npz.Reader npz, Kernels kernels) {
    JsonObject json = Checkpoint.json(npz);
    if (json.whole("version") != VERSION) {
      throw new DataException(npz.source() + ": expected the checkpoint of an ensemble, found one of a single network. "
          + "Resume it as a single network.");
    }
    Model model = ModelFormat.read(npz, kernels);
    List<Network> networks = model.networks();
    List<JsonObject> members = json.objects("members");
    if (members.size() != networks.size()) {
      throw new DataException(npz.source() + ": the state of " + members.size() + " members, but a model of "
          + networks.size());
    }
    List<Snapshot> snapshots = new ArrayList<>();
    for (int m = 0; m < members.size(); m++) {
      snapshots.add(SnapshotFormat.read(npz, ModelFormat.prefix(m, members.size()), members.get(m),
          networks.get(m).parameters(), members.size()));
    }
    return new EnsembleCheckpoint(model, json.object("settings").strings(), new EnsembleSnapshot(snapshots));
  }
}
