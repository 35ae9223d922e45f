// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.data.Target;
import chainrule.format.Formatting;
import chainrule.io.Model;
import chainrule.metrics.TrivialBaseline;
import chainrule.nn.loss.Loss;
import chainrule.train.Ensemble;
import chainrule.train.EnsembleSnapshot;
import chainrule.train.Evaluation;
import chainrule.train.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The results of an ensemble that a single network does not have: the out-of-fold estimate and the kept epochs.
 *
 * @param rows the rows that are predicted out of fold
 * @param outOfFold each row predicted by the network that did not train on it
 * @param metrics of the same predictions; null if no network is trained
 */
record EnsembleResults(Ensemble ensemble, Dataset rows, Evaluation outOfFold, Results metrics) {

  static EnsembleResults of(Ensemble ensemble, Loss loss, Dataset train, Target target) {
    Ensemble.OutOfFold o = ensemble.outOfFold();
    Dataset rows = o.select(train);
    return new EnsembleResults(ensemble, rows, o.evaluate(loss, train), rows.rows() == 0 ? null
        : Results.of(o.yhat(), rows, target, TrivialBaseline.of(train), Double.NaN));
  }

  /** Returns the model with what is chosen on the out-of-fold predictions; the model itself if there are none. */
  Model calibrated(Model model, Arguments a) {
    if (rows.rows() == 0) return model;
    return model.withCalibration(HeldOut.calibrate(a, ensemble.outOfFold().yhat(), rows));
  }


  /** Returns the kept epochs, such as {@code 12, 40, 33}. */
  String keptEpochs() {
    return ensemble.averaged().stream().map(m -> Integer.toString(m.history().kept()))
        .collect(Collectors.joining(", "));
  }

  /** Describes how far training had come, as {@link CheckpointFile#position(EnsembleSnapshot)} does. */
  String position() {
    int epochs = ensemble.members().stream().mapToInt(m -> m.history().epochs().size()).sum();
    return Formatting.count(epochs, "epoch", "epochs") + " of " + ensemble.members().size() + " networks";
  }

  /** Returns the out-of-fold estimate in one line. */
  String estimate() {
    return "out-of-fold " + metrics.headline(outOfFold.loss());
  }

  /** Describes the networks; after an interruption, in a second line, how far each of them had come. */
  String kept() {
    List<Ensemble.Member> averaged = ensemble.averaged();
    long early = averaged.stream().filter(m -> m.history().end() == History.End.STOPPED_EARLY).count();
    int all = ensemble.members().size(), n = averaged.size();
    return "averaged " + Formatting.count(n, "network", "networks") + (n < all ? " of " + all : "")
        + (early == 0 ? "" : ", of which " + early + " stopped early") + "; kept epochs " + keptEpochs()
        + (ensemble.end() == History.End.INTERRUPTED ? System.lineSeparator() + progress() : "");
  }

  /** Returns the epochs of each network, and which networks are not in the model. */
  private String progress() {
    List<String> done = new ArrayList<>(), worse = new ArrayList<>(), without = new ArrayList<>();
    List<Ensemble.Member> averaged = ensemble.averaged();
    for (int m = 0; m < ensemble.members().size(); m++) {
      Ensemble.Member member = ensemble.members().get(m);
      boolean ended = member.history().end() != History.End.INTERRUPTED;
      done.add(member.history().epochs().size() + (ended ? " (ended)" : ""));
      if (!averaged.contains(member)) (member.isTrained() ? worse : without).add(Integer.toString(m + 1));
    }
    return "epochs of networks 1 to " + done.size() + ": " + String.join(", ", done)
        + (worse.isEmpty() ? "" : "; left out: " + String.join(", ", worse)
            + ", with a higher validation loss than the networks that have ended")
        + (without.isEmpty() ? "" : "; without a complete epoch: " + String.join(", ", without));
  }

  void put(Map<String, Object> json) {
    json.put("members", ensemble.members().size());
    json.put("member_epochs", ensemble.members().stream().map(m -> m.history().epochs().size()).toList());
    json.put("member_averaged", ensemble.members().stream().map(ensemble.averaged()::contains).toList());
    json.put("member_kept_epochs", ensemble.members().stream().map(m -> m.history().kept()).toList());
    json.put("out_of_fold_rows", ensemble.outOfFold().rows().length);
    json.put("out_of_fold_loss", outOfFold.loss());
    metrics.put(json, "out_of_fold_");
  }
}
