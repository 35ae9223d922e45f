// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.DataException;
import chainrule.kernels.Kernels;
import chainrule.train.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The state of a training run in a file. A run resumed from it ends in the same bits as an uninterrupted one.
 * <pre>{@code
 * trainer.checkpoint(s -> Checkpoint.write(file, model, settings, s)).fit(train, test, 100);
 *
 * Checkpoint c = Checkpoint.read(file);
 * Trainer.of(net)….resume(c.snapshot()).fit(train, test, 100);       // same network, settings, data
 * }</pre>
 * <b>The file</b> is a model file, which {@link Model} reads with the current weights, and has these entries in
 * addition:
 * <pre>
 *   checkpoint.json    [bytes]         {"version":1,"settings":{…},"epochs":[{…}],"steps_of_epoch":0,"loss_of_epoch":0,
 *                                       "steps":1520,"best_epoch":0,"slots":2}; NaN and ∞ as strings
 *   epoch              [parameters]    the weights after the last complete epoch, if steps follow it
 *   optimizer0, …      [parameters]    the optimizer's state, in the layout of the parameters
 *   best               [parameters]    the weights of best_epoch, with early stopping
 * </pre>
 * {@link EnsembleCheckpoint} is the state of an ensemble. The file is written completely or not at all, and contains no
 * date: identical runs give identical files.
 *
 * @param model with the current weights
 * @param settings of the run, as given to {@link #write}, to compare with those of a resumed run
 * @param snapshot for {@link chainrule.train.Trainer#resume}
 */
public record Checkpoint(Model model, Map<String, String> settings, Snapshot snapshot) {
  static final String JSON = "checkpoint.json";
  static final int VERSION = 1;

  /**
   * Writes a checkpoint, completely or not at all ({@link SafeFile}).
   *
   * @param file the file, which is replaced if it exists
   * @param model a model of one network; the weights in the file are those of the state
   * @param settings of the run, to compare with those of a resumed run; the caller chooses them
   * @param s the state
   * @throws IllegalArgumentException if the model is an ensemble
   * @throws UncheckedIOException if the file cannot be written; a previous file is then unchanged
   */
  public static void write(Path file, Model model, Map<String, String> settings, Snapshot s) {
    try {
      SafeFile.write(file, content(model, settings, s));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes a checkpoint to a stream, and leaves the stream open.
   *
   * @param out the stream
   * @param model a model of one network; the weights in the file are those of the state
   * @param settings of the run, to compare with those of a resumed run; the caller chooses them
   * @param s the state
   * @throws IllegalArgumentException if the model is an ensemble
   * @throws UncheckedIOException if the stream cannot be written
   */
  public static void write(OutputStream out, Model model, Map<String, String> settings, Snapshot s) {
    try {
      content(model, settings, s).writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SafeFile.Content content(Model model, Map<String, String> settings, Snapshot s) {
    requireMembers(model, 1);
    String modelJson = Json.text(ModelFormat.describe(model)), json = Json.text(describe(settings, s));
    return out -> {
      try (Npz.Writer npz = new Npz.Writer(out)) {
        ModelFormat.write(npz, model, modelJson, List.of(s.parameters()));
        npz.text(JSON, json);
        SnapshotFormat.write(npz, "", s);
      }
    };
  }

  static void requireMembers(Model model, int members) {
    if (model.networks().size() == members) return;
    throw new IllegalArgumentException("expected a model of " + members + (members == 1 ? " network" : " networks")
        + ", found one of " + model.networks().size());
  }

  private static Map<String, Object> describe(Map<String, String> settings, Snapshot s) {
    Map<String, Object> m = new LinkedHashMap<>();
    m.put("version", VERSION);
    m.put("settings", settings);
    SnapshotFormat.describe(m, s);
    return m;
  }

  /**
   * Reads the checkpoint in a file.
   *
   * @param file the file
   * @return the checkpoint, with a model that computes with the {@linkplain Kernels#best best kernels}
   * @throws DataException naming the file and what is wrong with it
   */
  public static Checkpoint read(Path file) {
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
  public static Checkpoint read(Path file, Kernels kernels) {
    try (Npz.Reader npz = Npz.Reader.open(file)) {
      return read(npz, kernels);
    }
  }

  /**
   * Reads a checkpoint from a stream to its end, as {@link Model#read(InputStream)} reads a model.
   *
   * @param in the stream, which stays open
   * @return the checkpoint, with a model that computes with the {@linkplain Kernels#best best kernels}
   * @throws DataException saying what is wrong with it
   */
  public static Checkpoint read(InputStream in) {
    try (Npz.Reader npz = Npz.Reader.open(in)) {
      return read(npz, Kernels.best());
    }
  }

  private static Checkpoint read(Npz.Reader npz, Kernels kernels) {
    JsonObject json = json(npz);
    if (json.whole("version") == EnsembleCheckpoint.VERSION) {
      throw new DataException(npz.source() + ": expected the checkpoint of one network, found one of an ensemble of "
          + json.objects("members").size() + ". Resume it as an ensemble.");
    }
    Model model = ModelFormat.read(npz, kernels);
    if (model.isEnsemble()) {
      throw new DataException(
          npz.source() + ": the state of one network, but a model of " + model.networks().size());
    }
    return new Checkpoint(model, json.object("settings").strings(),
        SnapshotFormat.read(npz, "", json, model.network().parameters(), 1));
  }

  /** Returns the description of a checkpoint of a known version. */
  static JsonObject json(Npz.Reader npz) {
    if (!npz.has(JSON)) throw new DataException(npz.source() + ": not a checkpoint: it has no '" + JSON + "'");
    JsonObject json = JsonObject.parse(npz.source(), JSON, npz.text(JSON, ModelFormat.MOST_JSON));
    int version = json.whole("version");
    if (version == VERSION || version == EnsembleCheckpoint.VERSION) return json;
    throw new DataException(
        npz.source() + ": expected checkpoint version " + VERSION + " or " + EnsembleCheckpoint.VERSION + ", found "
        + version + ". Use the version of Chainrule that wrote it, or a newer one.");
  }
}
