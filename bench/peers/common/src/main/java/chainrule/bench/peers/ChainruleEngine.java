// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import chainrule.kernels.Kernels;
import chainrule.nn.Network;
import chainrule.nn.Predictor;
import chainrule.nn.Regularization;
import chainrule.nn.TrainingStep;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Optimizer;

/** Chainrule, by its {@code TrainingStep} and {@code Predictor}. */
public final class ChainruleEngine implements Engine {
  private Kernels kernels;

  @Override public String name() {
    return "Chainrule, " + kernels.name();
  }

  @Override public PreparedWorkload prepare(Workload work, int threads) {
    kernels = Kernels.best().withThreads(threads);
    Network network = network(work, kernels);
    return work.task() == Workload.Task.PREDICT ? predictions(network, work.x()) : training(network, work);
  }

  /** Returns the network of a workload, with its initial weights. */
  static Network network(Workload work, Kernels kernels) {
    Network.Builder builder = Network.input(work.inputs());
    for (int l = 0; l < work.layers() - 1; l++) builder.dense(work.out(l), new Relu());
    Network network = builder.dense(work.classes(), new Softmax()).kernels(kernels).build(1);
    System.arraycopy(work.parameters(), 0, network.parameters(), 0, work.size());
    return network;
  }

  private static PreparedWorkload training(Network network, Workload work) {
    Optimizer optimizer = switch (work.task()) {
      case ADAM -> new Adam(work.task().rate, Workload.BETA1, Workload.BETA2, Workload.EPSILON);
      case SGD -> new GradientDescent(work.task().rate);
      case PREDICT -> throw new IllegalArgumentException("not a training workload: " + work);
    };
    int n = work.batch();
    double[] x = work.x(), y = work.oneHot();
    TrainingStep step = new TrainingStep(network, new CategoricalCrossEntropy(), Regularization.NONE, optimizer, n);
    return new PreparedWorkload() {
      @Override public double step() {
        return step.run(n, x, 0, y, 0);
      }

      @Override public void predict(double[] probabilities) {
        throw new UnsupportedOperationException("prepared for training");
      }
    };
  }

  private static PreparedWorkload predictions(Network network, double[] x) {
    Predictor predictor = network.predictor(1);
    return new PreparedWorkload() {
      @Override public double step() {
        throw new UnsupportedOperationException("prepared for prediction");
      }

      @Override public void predict(double[] probabilities) {
        predictor.predict(1, x, 0, probabilities, 0);
      }
    };
  }
}
