// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.train.Evaluation;
import chainrule.train.History;
import chainrule.train.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes and reads the state of one network's training within a checkpoint. The current weights are those of the model
 * in the same file.
 */
final class SnapshotFormat {
  private SnapshotFormat() {}

  // ---------------------------------------------------------------- writing

  /** @param prefix what the names of the network's arrays begin with, see {@link ModelFormat#prefix} */
  static void write(Npz.Writer npz, String prefix, Snapshot s) throws IOException {
    int n = s.parameters().length;
    for (int i = 0; i < s.optimizerState().length; i++) {
      npz.doubles(prefix + "optimizer" + i, s.optimizerState()[i], 0, n);
    }
    if (s.stepsOfEpoch() > 0) npz.doubles(prefix + "epoch", s.epochParameters(), 0, n);
    if (s.bestParameters() != null) npz.doubles(prefix + "best", s.bestParameters(), 0, n);
  }

  /** Adds the fields of a state. */
  static void describe(Map<String, Object> m, Snapshot s) {
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

  // ---------------------------------------------------------------- reading

  /**
   * @param theta the current weights, which become those of the snapshot
   * @param members the number of networks whose state the file contains
   */
  static Snapshot read(Npz.Reader npz, String prefix, JsonObject json, double[] theta, int members) {
    int slots = json.whole("slots");
    if ((double) slots * theta.length > npz.mostNumbers() / members
        || slots > 0 && !npz.has(prefix + "optimizer" + (slots - 1))) {
      throw json.error("slots", "the number of optimizer arrays"); // before allocating them
    }
    double[][] state = new double[slots][theta.length];
    for (int i = 0; i < slots; i++) npz.doubles(prefix + "optimizer" + i, state[i], 0, theta.length);
    int stepsOfEpoch = json.whole("steps_of_epoch");
    double[] epoch = stepsOfEpoch == 0 ? theta : new double[theta.length];
    if (stepsOfEpoch > 0) npz.doubles(prefix + "epoch", epoch, 0, theta.length);
    double[] best = npz.has(prefix + "best") ? new double[theta.length] : null;
    if (best != null) npz.doubles(prefix + "best", best, 0, theta.length);
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
