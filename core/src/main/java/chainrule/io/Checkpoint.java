// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.DataException;
import chainrule.kernels.Kernels;
import chainrule.train.Evaluation;
import chainrule.train.History;
import chainrule.train.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
 * It is written completely or not at all, and contains no date: identical runs give identical files.
 *
 * @param model with the current weights
 * @param settings of the run, as given to {@link #write}, to compare with those of a resumed run
 * @param snapshot for {@link chainrule.train.Trainer#resume}
 */
public record Checkpoint(Model model, Map<String, String> settings, Snapshot snapshot) {
  private static final String JSON = "checkpoint.json";
  private static final int VERSION = 1;

  /**
   * Writes a checkpoint, completely or not at all ({@link SafeFile}). The settings are the caller's.
   *
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
    String modelJson = Json.text(ModelFormat.describe(model)), json = Json.text(describe(settings, s));
    int n = s.parameters().length;
    return out -> {
      try (Npz.Writer npz = new Npz.Writer(out)) {
        ModelFormat.write(npz, model.network(), modelJson);
        npz.text(JSON, json);
        for (int i = 0; i < s.optimizerState().length; i++) npz.doubles("optimizer" + i, s.optimizerState()[i], 0, n);
        if (s.stepsOfEpoch() > 0) npz.doubles("epoch", s.epochParameters(), 0, n);
        if (s.bestParameters() != null) npz.doubles("best", s.bestParameters(), 0, n);
      }
    };
  }

  private static Map<String, Object> describe(Map<String, String> settings, Snapshot s) {
    Map<String, Object> m = new LinkedHashMap<>();
    m.put("version", VERSION);
    m.put("settings", settings);
    List<Object> epochs = new ArrayList<>();
    for (History.Epoch e : s.epochs()) {
      Map<String, Object> o = new LinkedHashMap<>();
      o.put("train_loss", number(e.trainLoss()));
      o.put("rate", e.rate());
      if (e.validation() != null) o.put("validation", describe(e.validation()));
      if (e.test() != null) o.put("test", describe(e.test()));
      epochs.add(o);
    }
    m.put("epochs", epochs);
    m.put("steps_of_epoch", s.stepsOfEpoch());
    m.put("loss_of_epoch", number(s.lossOfEpoch()));
    m.put("steps", s.steps());
    m.put("best_epoch", s.bestEpoch());
    m.put("slots", s.optimizerState().length);
    return m;
  }

  private static Map<String, Object> describe(Evaluation e) {
    Map<String, Object> m = new LinkedHashMap<>();
    m.put("loss", number(e.loss()));
    m.put("accuracy", number(e.accuracy()));
    m.put("rmse", number(e.rmse()));
    m.put("mae", number(e.mae()));
    m.put("r2", number(e.r2()));
    return m;
  }

  /** Returns a number, or a string for NaN and ∞, which JSON does not allow. */
  private static Object number(double v) {
    return Math.abs(v) < Double.POSITIVE_INFINITY ? (Object) v : Double.toString(v);
  }

  /**
   * Reads the checkpoint in a file.
   *
   * @throws DataException naming the file and what is wrong with it
   */
  public static Checkpoint read(Path file) {
    return read(file, Kernels.best());
  }

  /** Reads the checkpoint in a file, with a model that computes with these kernels. */
  public static Checkpoint read(Path file, Kernels kernels) {
    try (Npz.Reader npz = Npz.Reader.open(file)) {
      return read(npz, kernels);
    }
  }

  /**
   * Reads a checkpoint from a stream to its end, as {@link Model#read(InputStream)} reads a model.
   *
   * @throws DataException saying what is wrong with it
   */
  public static Checkpoint read(InputStream in) {
    try (Npz.Reader npz = Npz.Reader.open(in)) {
      return read(npz, Kernels.best());
    }
  }

  private static Checkpoint read(Npz.Reader npz, Kernels kernels) {
    if (!npz.has(JSON)) throw new DataException(npz.source() + ": not a checkpoint: it has no '" + JSON + "'");
    Model model = ModelFormat.read(npz, kernels);
    JsonObject json = JsonObject.parse(npz.source(), JSON, npz.text(JSON, ModelFormat.MOST_JSON));
    if (json.whole("version") != VERSION) {
      throw new DataException(
          npz.source() + ": expected checkpoint version " + VERSION + ", found " + json.whole("version")
          + ". Use the version of Chainrule that wrote it, or a newer one.");
    }
    return new Checkpoint(model, json.object("settings").strings(), snapshot(npz, json, model.network().parameters()));
  }

  private static Snapshot snapshot(Npz.Reader npz, JsonObject json, double[] theta) {
    int slots = json.whole("slots");
    if ((double) slots * theta.length > npz.size() / Double.BYTES || slots > 0 && !npz.has("optimizer" + (slots - 1))) {
      throw json.error("slots", "the number of optimizer arrays"); // before allocating them
    }
    double[][] state = new double[slots][theta.length];
    for (int i = 0; i < slots; i++) npz.doubles("optimizer" + i, state[i], 0, theta.length);
    int stepsOfEpoch = json.whole("steps_of_epoch");
    double[] epoch = stepsOfEpoch == 0 ? theta : new double[theta.length];
    if (stepsOfEpoch > 0) npz.doubles("epoch", epoch, 0, theta.length);
    double[] best = npz.has("best") ? new double[theta.length] : null;
    if (best != null) npz.doubles("best", best, 0, theta.length);
    List<History.Epoch> epochs = new ArrayList<>();
    for (JsonObject e : json.objects("epochs")) {
      epochs.add(new History.Epoch(epochs.size() + 1, e.anyNumber("train_loss"), evaluation(e, "validation"),
          evaluation(e, "test"), e.number("rate"), 0));
    }
    return new Snapshot(epochs, stepsOfEpoch, json.anyNumber("loss_of_epoch"), json.longWhole("steps"), theta,
        epoch, state, json.whole("best_epoch"), best);
  }

  private static Evaluation evaluation(JsonObject epoch, String name) {
    if (!epoch.has(name)) return null;
    JsonObject e = epoch.object(name);
    return new Evaluation(e.anyNumber("loss"), e.anyNumber("accuracy"), e.anyNumber("rmse"), e.anyNumber("mae"),
        e.anyNumber("r2"));
  }
}
