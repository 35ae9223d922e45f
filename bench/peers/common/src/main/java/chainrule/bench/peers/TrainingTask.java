// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import chainrule.data.Dataset;
import chainrule.data.Generators;
import chainrule.kernels.Kernels;
import chainrule.nn.Network;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.random.CounterRandom;
import chainrule.random.CounterRandom.StreamPurpose;

/**
 * What two libraries learn alike: synthetic digits in the numbers of MNIST, from the same first weights, in the same
 * order of rows.
 *
 * @param work widths from 784 to 10, rows of a batch, optimizer and rate; its own data are not used
 * @param seed of the pictures, the first weights and the order of the rows
 */
public record TrainingTask(Workload work, int threads, int epochs, long seed, Dataset train, Dataset test) {
  /** A task on this many pictures to train with, and this many others to test with. */
  static TrainingTask of(Workload work, int threads, int epochs, long seed, int rows, int testRows) {
    Dataset train = Generators.DIGITS.generate(rows, seed), test = Generators.DIGITS.generate(testRows, seed + 1);
    if (work.inputs() != train.inputs() || work.classes() != train.outputs() || work.task() == Workload.Task.PREDICT) {
      throw new IllegalArgumentException("work: expected widths from " + train.inputs() + " to " + train.outputs()
          + " and sgd or adam, got " + work);
    }
    return new TrainingTask(work, threads, epochs, seed, train, test);
  }

  /** The same for another number of epochs. */
  TrainingTask with(int epochs) {
    return new TrainingTask(work, threads, epochs, seed, train, test);
  }

  /** The network with its first weights. */
  Network network() {
    Network.Builder builder = Network.input(work.inputs());
    for (int l = 0; l < work.layers() - 1; l++) builder.dense(work.out(l), new Relu());
    return builder.dense(work.classes(), new Softmax()).kernels(Kernels.best().withThreads(threads)).build(seed);
  }

  /** The order in which {@link chainrule.train.Trainer} meets the training rows in an epoch, from 1. */
  int[] order(int epoch) {
    int[] order = new int[train.rows()];
    for (int i = 0; i < order.length; i++) order[i] = i;
    CounterRandom.shuffle(order, seed, CounterRandom.stream(StreamPurpose.SHUFFLE, epoch));
    return order;
  }

  /** The classes of rows. */
  static int[] classes(Dataset data) {
    int[] classes = new int[data.rows()];
    for (int i = 0; i < classes.length; i++) {
      while (data.y()[i * data.outputs() + classes[i]] != 1) classes[i]++;
    }
    return classes;
  }
}
