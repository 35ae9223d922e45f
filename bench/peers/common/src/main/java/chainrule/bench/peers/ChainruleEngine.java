package chainrule.bench.peers;

import chainrule.kernels.Kernels;
import chainrule.nn.Backpropagation;
import chainrule.nn.Network;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Optimizer;
import java.util.Arrays;

/** Ours. */
public final class ChainruleEngine implements Engine {
  private Kernels kernels;

  @Override public String name() {
    return "Chainrule, " + kernels.name();
  }

  @Override public Steps prepare(Work work, int threads) {
    kernels = Kernels.best().withThreads(threads);
    Network.Builder builder = Network.input(work.inputs());
    for (int l = 0; l < work.layers() - 1; l++) builder.dense(work.out(l), new Relu());
    Network network = builder.dense(work.classes(), new Softmax()).kernels(kernels).build(1);
    double[] theta = network.parameters(), first = work.parameters();
    System.arraycopy(first, 0, theta, 0, first.length);
    double[] x = work.x(), y = work.oneHot(), row = Arrays.copyOf(x, work.inputs());
    int n = work.batch();
    double rate = work.task().rate;
    Optimizer optimizer = work.task() == Work.Task.ADAM
        ? new Adam(rate, Work.BETA1, Work.BETA2, Work.EPSILON) : new GradientDescent(rate == 0 ? 1 : rate);
    Backpropagation pass = new Backpropagation(network, new CategoricalCrossEntropy(), n);
    double[][] state = new double[optimizer.slots()][theta.length];
    return new Steps() {
      private long t;

      @Override public double step() {
        double loss = pass.lossAndGradients(n, x, 0, y, 0);
        optimizer.update(++t, rate, theta.length, theta, pass.gradients(), state);
        return loss;
      }

      @Override public void predict(double[] probabilities) {
        System.arraycopy(network.predict(row), 0, probabilities, 0, probabilities.length);
      }
    };
  }
}
