// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import java.util.Arrays;
import smile.base.mlp.ActivationFunction;
import smile.base.mlp.Cost;
import smile.base.mlp.HiddenLayer;
import smile.base.mlp.HiddenLayerBuilder;
import smile.base.mlp.LayerBuilder;
import smile.base.mlp.OutputFunction;
import smile.base.mlp.OutputLayer;
import smile.base.mlp.OutputLayerBuilder;
import smile.classification.MLP;
import smile.math.TimeFunction;
import smile.math.matrix.Matrix;

/**
 * Smile's multilayer perceptron, which processes a mini-batch row by row. It has no way to set weights, so subclasses
 * of its layers initialize them.
 */
public final class SmileEngine implements Engine {
  @Override public String name() {
    String version = MLP.class.getPackage().getImplementationVersion();
    return "Smile" + (version == null ? "" : " " + version) + ", always one thread";
  }

  @Override public PreparedWorkload prepare(Workload work, int threads) {
    if (work.task() == Workload.Task.ADAM) throw new UnsupportedOperationException("Smile does not support Adam");
    double[] theta = work.parameters();
    LayerBuilder[] layers = new LayerBuilder[work.layers() + 1];
    layers[0] = smile.base.mlp.Layer.input(work.inputs());
    for (int l = 0; l < work.layers(); l++) layers[l + 1] = layer(work, l, theta);
    MLP network = new MLP(layers);
    if (work.task() == Workload.Task.SGD) network.setLearningRate(TimeFunction.constant(work.task().rate));
    double[] x = work.x();
    double[][] rows = new double[work.batch()][];
    for (int i = 0; i < rows.length; i++) rows[i] = Arrays.copyOfRange(x, i * work.inputs(), (i + 1) * work.inputs());
    int[] labels = work.labels();
    double[] p = new double[work.classes()];
    return new PreparedWorkload() {
      @Override public double step() {
        network.update(rows, labels);
        return 0;
      }

      @Override public double lossAndStep() {
        double loss = 0;
        for (int i = 0; i < rows.length; i++) {
          network.predict(rows[i], p);
          loss -= Math.log(p[labels[i]]) / rows.length;
        }
        step();
        return loss;
      }

      @Override public void predict(double[] probabilities) {
        network.predict(rows[0], probabilities);
      }
    };
  }

  private static LayerBuilder layer(Workload work, int l, double[] theta) {
    int out = work.out(l);
    if (l < work.layers() - 1) {
      return new HiddenLayerBuilder(out, 0, ActivationFunction.rectifier()) {
        private static final long serialVersionUID = 1;

        @Override public HiddenLayer build(int in) {
          return new HiddenLayer(out, in, 0, ActivationFunction.rectifier()) {
            private static final long serialVersionUID = 1;

            {
              initialize(weight, bias, work, l, theta);
            }
          };
        }
      };
    }
    return new OutputLayerBuilder(out, OutputFunction.SOFTMAX, Cost.LIKELIHOOD) {
      private static final long serialVersionUID = 1;

      @Override public OutputLayer build(int in) {
        return new OutputLayer(out, in, OutputFunction.SOFTMAX, Cost.LIKELIHOOD) {
          private static final long serialVersionUID = 1;

          {
            initialize(weight, bias, work, l, theta);
          }
        };
      }
    };
  }

  /** Copies the initial parameters of layer l. Smile's weights are [out × in]. */
  private static void initialize(Matrix weight, double[] bias, Workload work, int l, double[] theta) {
    for (int i = 0; i < work.in(l); i++) {
      for (int j = 0; j < work.out(l); j++) weight.set(j, i, theta[work.weights(l) + i * work.out(l) + j]);
    }
    System.arraycopy(theta, work.bias(l), bias, 0, bias.length);
  }
}
