package chainrule.cli;

import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.nn.Network;

/** Numbers of training are finite or it says where not; so it is with what a trained network makes of other rows. */
final class NonFiniteResults {
  private NonFiniteResults() {}

  private static final String HELP = "numbers in it are too far from those of training, or the weights are too large";

  /** @throws DataException naming the first row whose output [rows × outputs] is not finite */
  static void refuse(String data, double[] yhat, int outputs) {
    for (int i = 0; i < yhat.length; i++) {
      if (Double.isFinite(yhat[i])) continue;
      throw new DataException(data + ": row " + (i / outputs + 1) + ": the network's output is " + shown(yhat[i]) + "; " + HELP);
    }
  }

  /** For a loss that is not finite although the outputs may be. */
  static String ofLoss(String what, double loss, Network network, Dataset rows) {
    double[] yhat = network.predict(rows.x());
    int bad = 0, outputs = rows.outputs();
    for (int i = 0; i < rows.rows(); i++) {
      int j = 0;
      while (j < outputs && Double.isFinite(yhat[i * outputs + j])) j++;
      if (j < outputs) bad++;
    }
    return "the " + what + " loss is " + shown(loss) + (bad > 0
        ? ": the network's output overflows for " + bad + " of " + rows.rows() + " rows"
        : ": the outputs are finite, but so far from the targets that the loss overflows")
        + "; a lower learning rate, or leaving out rows far from the others, usually helps";
  }

  private static String shown(double v) {
    return Double.isNaN(v) ? "NaN" : "infinite";
  }
}
