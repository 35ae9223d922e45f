// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import java.util.Arrays;
import org.ojalgo.OjAlgoUtils;
import org.ojalgo.ann.ArtificialNeuralNetwork;
import org.ojalgo.ann.ArtificialNeuralNetwork.Activator;
import org.ojalgo.ann.NetworkBuilder;
import org.ojalgo.ann.NetworkInvoker;
import org.ojalgo.ann.NetworkTrainer;
import org.ojalgo.data.DataBatch;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.structure.Access1D;

/** ojAlgo's neural network. It sums gradients over the batch, so its learning rate is η/n. */
public final class OjAlgoEngine implements Engine {
  @Override public String name() {
    return "ojAlgo " + OjAlgoUtils.getVersion();
  }

  @Override public PreparedWorkload prepare(Workload work, int threads) {
    if (work.task() == Workload.Task.ADAM) throw new UnsupportedOperationException("ojAlgo does not support Adam");
    OjAlgoUtils.limitThreadsTo(threads);
    NetworkBuilder builder = ArtificialNeuralNetwork.builder(work.inputs());
    for (int l = 0; l < work.layers() - 1; l++) builder.layer(work.out(l), Activator.RELU);
    ArtificialNeuralNetwork network = builder.layer(work.classes(), Activator.SOFTMAX).get();
    int n = work.task() == Workload.Task.PREDICT ? 1 : work.batch();
    NetworkTrainer trainer = network.newTrainer(n).rate(work.task().rate / n)
        .error(ArtificialNeuralNetwork.Error.CROSS_ENTROPY);
    double[] theta = work.parameters();
    for (int l = 0; l < work.layers(); l++) {
      for (int j = 0; j < work.out(l); j++) {
        for (int i = 0; i < work.in(l); i++) trainer.weight(l, i, j, theta[work.weights(l) + i * work.out(l) + j]);
        trainer.bias(l, j, theta[work.bias(l) + j]);
      }
    }
    DataBatch x = trainer.newInputBatch(), y = trainer.newOutputBatch();
    for (int i = 0; i < n; i++) {
      x.addRow(row(work.x(), i, work.inputs()));
      y.addRow(row(work.oneHot(), i, work.classes()));
    }
    NetworkInvoker invoker = network.newInvoker(n);
    int[] labels = work.labels();
    return new PreparedWorkload() {
      @Override public double step() {
        trainer.train(x, y);
        return 0;
      }

      @Override public double lossAndStep() {
        MatrixStore<Double> p = invoker.invoke(x);
        double loss = 0;
        for (int i = 0; i < n; i++) loss -= Math.log(p.doubleValue(i, labels[i])) / n;
        step();
        return loss;
      }

      @Override public void predict(double[] probabilities) {
        MatrixStore<Double> p = invoker.invoke(x);
        for (int j = 0; j < probabilities.length; j++) probabilities[j] = p.doubleValue(0, j);
      }
    };
  }

  private static Access1D<Double> row(double[] values, int i, int columns) {
    return Access1D.wrap(Arrays.copyOfRange(values, i * columns, (i + 1) * columns));
  }
}
