// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.AdamUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A DL4J network on ND4J's native backend. DL4J's Adam adds ε to √v before the bias correction of v. With ε·√(1 − β₂ᵗ)
 * instead of ε in each step it computes the published Adam.
 */
public final class Dl4jEngine implements Engine {
  @Override public String name() {
    String version = MultiLayerNetwork.class.getPackage().getImplementationVersion();
    return "DL4J" + (version == null ? "" : " " + version) + " on " + Nd4j.getBackend().getClass().getSimpleName();
  }

  @Override public PreparedWorkload prepare(Workload work, int threads) {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    Nd4j.getEnvironment().setMaxMasterThreads(1); // its OpenBLAS has a separate pool: see EngineConfig
    boolean training = work.task() != Workload.Task.PREDICT;
    NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
        .dataType(DataType.DOUBLE).updater(updater(work)).list();
    int last = work.layers() - 1;
    for (int l = 0; l < last; l++) {
      list.layer(new DenseLayer.Builder().nIn(work.in(l)).nOut(work.out(l)).activation(Activation.RELU).build());
    }
    list.layer(new OutputLayer.Builder(LossFunction.MCXENT).nIn(work.in(last)).nOut(work.out(last))
        .activation(Activation.SOFTMAX).build());
    MultiLayerNetwork network = new MultiLayerNetwork(list.build());
    network.init();
    double[] theta = work.parameters();
    for (int l = 0; l <= last; l++) {
      int w = work.weights(l), b = work.bias(l);
      network.setParam(l + "_W", matrix(Arrays.copyOfRange(theta, w, b), work.in(l), work.out(l)));
      network.setParam(l + "_b", matrix(Arrays.copyOfRange(theta, b, b + work.out(l)), 1, work.out(l)));
    }
    int n = training ? work.batch() : 1;
    INDArray x = matrix(Arrays.copyOf(work.x(), n * work.inputs()), n, work.inputs());
    INDArray y = matrix(Arrays.copyOf(work.oneHot(), n * work.classes()), n, work.classes());
    return new PreparedWorkload() {
      private int t;

      @Override public double step() {
        if (work.task() == Workload.Task.ADAM) correct(network, ++t);
        network.fit(x, y);
        return network.score();
      }

      @Override public void predict(double[] probabilities) {
        System.arraycopy(network.output(x).toDoubleVector(), 0, probabilities, 0, probabilities.length);
      }
    };
  }

  private static IUpdater updater(Workload work) {
    double rate = work.task().rate;
    return switch (work.task()) {
      case SGD -> new Sgd(rate);
      case ADAM -> new Adam(rate, Workload.BETA1, Workload.BETA2, Workload.EPSILON);
      case PREDICT -> new NoOp();
    };
  }

  private static void correct(MultiLayerNetwork network, int t) {
    double epsilon = Workload.EPSILON * Math.sqrt(1 - Math.pow(Workload.BETA2, t));
    ((BaseMultiLayerUpdater<?>) network.getUpdater()).getUpdaterBlocks()
        .forEach(block -> ((AdamUpdater) block.getGradientUpdater()).getConfig().setEpsilon(epsilon));
  }

  private static INDArray matrix(double[] values, long rows, long columns) {
    return Nd4j.create(values, new long[] {rows, columns}, 'c');
  }
}
