// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.data.Dataset;
import chainrule.data.Generators;
import chainrule.kernels.Kernels;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Activations;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.Optimizers;
import chainrule.train.History;
import chainrule.train.Trainer;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Small training runs on fixed data, and hashes of the bits of their final parameters and losses: one of runs without
 * blocks and one of runs with {@link Trainer#blocks}. They are the same on every machine; {@link GoldenTrainingSpec}
 * checks them. To print it with any JVM and any options, after
 * {@code mvn test}:
 * <pre>
 * java --add-modules jdk.incubator.vector \
 *   -cp kernels/target/classes:core/target/classes:spec-tests/target/test-classes chainrule.spec.GoldenTraining
 * </pre>
 */
final class GoldenTraining {
  private GoldenTraining() {}

  // Listed here, so that a new activation or optimizer does not change the hash.
  private static final String[] ACTIVATIONS = {
    "relu", "sigmoid", "tanh", "linear", "softmax", "leaky-relu", "elu", "gelu", "silu", "softplus"
  };
  private static final String[] OPTIMIZERS = {
    "sgd", "momentum", "nesterov", "adagrad", "adadelta", "adadelta-zeiler", "rmsprop", "adam", "adamw"
  };

  /** Prints a line for each number of threads, by default 1, 2, 3 and 8: {@code vector-512 1 5f… 81…}. */
  public static void main(String[] args) {
    List<String> threads = args.length == 0 ? List.of("1", "2", "3", "8") : List.of(args);
    for (String t : threads) {
      Kernels kernels = Kernels.best().withThreads(Integer.parseInt(t));
      System.out.println(kernels.name() + " " + kernels.threads() + " " + hash(kernels) + " "
          + hashInBlocks(kernels));
    }
  }

  static String hash(Kernels kernels) {
    MessageDigest digest = sha256();
    images(digest, kernels);
    for (String optimizer : OPTIMIZERS) everyActivation(digest, kernels, optimizer);
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Batches of 3, 5 and 2 blocks of different sizes, with weights of rows, dropout, a penalty and clipping. */
  static String hashInBlocks(Kernels kernels) {
    MessageDigest digest = sha256();
    Dataset digits = Generators.DIGITS.generate(300, 1);
    double[] weights = new double[300];
    for (int i = 0; i < weights.length; i++) weights[i] = i % 7 / 4.0;
    digits = digits.withWeights(weights);
    int[] blocks = {49, 31, 96};
    String[] optimizers = {"sgd", "adam", "momentum"};
    for (int i = 0; i < blocks.length; i++) {
      Network net = Network.input(digits.inputs()).dense(83, new Relu()).dropout(0.2).dense(67, new Tanh())
          .dense(10, new Softmax()).kernels(kernels).build(1);
      Trainer trainer = Trainer.of(net).loss(new CategoricalCrossEntropy()).optimizer(Optimizers.parse(optimizers[i]))
          .batch(127).blocks(blocks[i]);
      if (i > 0) trainer.regularization(Regularization.l1l2(1e-5, 1e-4).withBiases());
      if (i > 1) trainer.clip(0.5);
      add(digest, net, trainer.fit(digits, digits, 3));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Large enough for blocks, panels and several threads, with odd sizes; the last batch has 9 rows. */
  private static void images(MessageDigest digest, Kernels kernels) {
    Dataset digits = Generators.DIGITS.generate(300, 1);
    Network net = Network.input(digits.inputs()).dense(83, new Relu()).dropout(0.2).dense(67, new Tanh())
        .dense(10, new Softmax()).kernels(kernels).build(1);
    Trainer trainer = Trainer.of(net).loss(new CategoricalCrossEntropy()).optimizer(new Adam(0.003)).batch(97)
        .regularization(Regularization.l1l2(1e-5, 1e-4).withBiases());
    add(digest, net, trainer.fit(digits, digits, 3));
  }

  /** A stack of every activation that can be trained, trained with this optimizer. */
  private static void everyActivation(MessageDigest digest, Kernels kernels, String optimizer) {
    Dataset moons = Generators.MOONS.generate(90, 2);
    Network.Builder builder = Network.input(2);
    int width = 25;
    for (String name : ACTIVATIONS) builder.dense(width--, Activations.parse(name));
    Network net = builder.dropout(0.1).dense(1, new Sigmoid()).kernels(kernels).build(3);
    Trainer trainer = Trainer.of(net).loss(new BinaryCrossEntropy()).optimizer(Optimizers.parse(optimizer)).batch(40);
    add(digest, net, trainer.fit(moons, 2));
  }

  private static void add(MessageDigest digest, Network net, History history) {
    double[] theta = net.parameters();
    ByteBuffer bytes = ByteBuffer.allocate(8 * (theta.length + 1));
    for (double v : theta) bytes.putLong(Double.doubleToLongBits(v));
    bytes.putLong(Double.doubleToLongBits(history.last().trainLoss()));
    digest.update(bytes.array());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
