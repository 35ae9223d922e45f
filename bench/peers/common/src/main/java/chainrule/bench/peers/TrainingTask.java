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
 * A training that libraries repeat with the same data, initial weights and order of rows. The data are synthetic
 * digits, by default as many as MNIST has.
 *
 * @param work the widths, from 784 to 10, rows of a batch, optimizer and rate; its data are not used
 * @param seed the seed of images, initial weights and order of rows
 */
public record TrainingTask(Workload work, int threads, int epochs, long seed, Dataset train, Dataset test) {
  /** Creates a task with {@code rows} training images and {@code testRows} test images. */
  static TrainingTask of(Workload work, int threads, int epochs, long seed, int rows, int testRows) {
    Dataset train = Generators.DIGITS.generate(rows, seed), test = Generators.DIGITS.generate(testRows, seed + 1);
    if (work.inputs() != train.inputs() || work.classes() != train.outputs() || work.task() == Workload.Task.PREDICT) {
      throw new IllegalArgumentException("workload: expected widths from " + train.inputs() + " to " + train.outputs()
          + " and sgd or adam, found " + work);
    }
    return new TrainingTask(work, threads, epochs, seed, train, test);
  }

  /** Returns this task with another number of epochs. */
  TrainingTask withEpochs(int epochs) {
    return new TrainingTask(work, threads, epochs, seed, train, test);
  }

  /** Builds the network with its initial weights. */
  Network network() {
    Network.Builder builder = Network.input(work.inputs());
    for (int l = 0; l < work.layers() - 1; l++) builder.dense(work.out(l), new Relu());
    return builder.dense(work.classes(), new Softmax()).kernels(Kernels.best().withThreads(threads)).build(seed);
  }

  /** Returns the order in which {@link chainrule.train.Trainer} uses the training rows in an epoch, from 1. */
  int[] order(int epoch) {
    int[] order = new int[train.rows()];
    for (int i = 0; i < order.length; i++) order[i] = i;
    CounterRandom.shuffle(order, seed, CounterRandom.stream(StreamPurpose.SHUFFLE, epoch));
    return order;
  }

  /** Returns the class of each row. */
  static int[] classes(Dataset data) {
    int[] classes = new int[data.rows()];
    for (int i = 0; i < classes.length; i++) {
      while (data.y()[i * data.outputs() + classes[i]] != 1) classes[i]++;
    }
    return classes;
  }
}
