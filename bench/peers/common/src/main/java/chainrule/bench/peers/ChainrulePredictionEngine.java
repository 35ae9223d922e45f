// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import chainrule.kernels.Kernels;
import chainrule.nn.Network;
import chainrule.nn.Predictor;
import java.util.LinkedHashMap;
import java.util.Map;

/** Chainrule, by a {@code Predictor} for each caller, and by {@code Network.predict}, which allocates. */
public final class ChainrulePredictionEngine implements PredictionEngine {
  @Override public String name() {
    return "Chainrule, " + Kernels.best().name();
  }

  @Override public Map<String, CallerFactory> prepare(Workload work, int threads) {
    Network network = ChainruleEngine.network(work, Kernels.best().withThreads(threads));
    Map<String, CallerFactory> ways = new LinkedHashMap<>();
    ways.put("Predictor", () -> new PredictorCaller(network, work));
    ways.put("Network.predict", () -> new NetworkCaller(network, work));
    return ways;
  }

  private static final class PredictorCaller implements PredictionCaller {
    private final int rows;
    private final double[] x, y;
    private final Predictor predictor;

    PredictorCaller(Network network, Workload work) {
      rows = work.batch();
      x = work.x();
      y = new double[rows * work.classes()];
      predictor = network.predictor(rows);
    }

    @Override public void call() {
      predictor.predict(rows, x, 0, y, 0);
    }

    @Override public double[] probabilities() {
      return y;
    }
  }

  private static final class NetworkCaller implements PredictionCaller {
    private final Network network;
    private final double[] x;
    private double[] y;

    NetworkCaller(Network network, Workload work) {
      this.network = network;
      x = work.x();
    }

    @Override public void call() {
      y = network.predict(x);
    }

    @Override public double[] probabilities() {
      return y;
    }
  }
}
