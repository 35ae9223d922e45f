// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.nn.SoftmaxCrossEntropyWithLogits;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat64;

/**
 * TensorFlow in graph mode. Gradients are part of the graph, and updates are the fused operations ApplyGradientDescent
 * and ApplyAdam.
 * <ul>
 * <li>Softmax with cross-entropy returns loss and δ in one operation. Its gradient mixes precisions in this binding, so
 *     automatic differentiation starts at the logits, with that δ.
 * <li>ApplyAdam adds ε to √v before the bias correction of v. With ε·√(1 − β₂ᵗ) instead of ε it computes the published
 *     Adam.
 * <li>Operations run on the caller's thread, without a pool for independent operations. A small step then takes a
 *     quarter of the time.
 * </ul>
 */
public final class TensorFlowEngine implements Engine {
  @Override public String name() {
    return "TensorFlow " + TensorFlow.version() + ", graph mode";
  }

  @Override public PreparedWorkload prepare(Workload work, int threads) {
    Ops tf = Ops.create(new Graph());
    boolean training = work.task() != Workload.Task.PREDICT;
    int n = training ? work.batch() : 1;
    double[] theta = work.parameters();
    List<Variable<TFloat64>> parameters = new ArrayList<>();
    List<Op> first = new ArrayList<>();
    Operand<TFloat64> a = constant(tf, Arrays.copyOf(work.x(), n * work.inputs()), n, work.inputs()), z = a;
    for (int l = 0; l < work.layers(); l++) {
      int in = work.in(l), out = work.out(l), w = work.weights(l), b = work.bias(l);
      Variable<TFloat64> weights = variable(tf, first, constant(tf, Arrays.copyOfRange(theta, w, b), in, out), in, out);
      Variable<TFloat64> bias = variable(tf, first, constant(tf, Arrays.copyOfRange(theta, b, b + out), out), out);
      z = tf.nn.biasAdd(tf.linalg.matMul(a, weights), bias);
      a = tf.nn.relu(z);
      parameters.add(weights);
      parameters.add(bias);
    }
    if (!training) return steps(session((Graph) tf.scope().env(), threads, first), List.of(), tf.nn.softmax(z));

    Operand<TFloat64> y = constant(tf, work.oneHot(), n, work.classes());
    SoftmaxCrossEntropyWithLogits<TFloat64> entropy = tf.nn.softmaxCrossEntropyWithLogits(z, y);
    Operand<TFloat64> rows = tf.constant((double) n);
    Operand<TFloat64> loss = tf.math.div(tf.sum(entropy.loss(), tf.constant(0)), rows);
    Gradients g = tf.gradients(List.of(z), parameters, Gradients.dx(List.of(tf.math.div(entropy.backprop(), rows))));
    List<Op> all = new ArrayList<>(List.of(tf.identity(loss)));
    for (int p = 0; p < parameters.size(); p++) all.add(tf.identity(g.<TFloat64>dy(p)));
    // Variables are read without copies, so all gradients must be computed before any variable is updated.
    Ops after = tf.withControlDependencies(all);
    List<Op> updates = work.task() == Workload.Task.SGD
        ? descend(after, work, parameters, g) : adam(tf, after, work, parameters, g, first);
    return steps(session((Graph) tf.scope().env(), threads, first), updates, loss);
  }

  private static List<Op> descend(Ops tf, Workload work, List<Variable<TFloat64>> parameters, Gradients g) {
    List<Op> updates = new ArrayList<>();
    Operand<TFloat64> rate = tf.constant(work.task().rate);
    for (int p = 0; p < parameters.size(); p++) {
      updates.add(tf.train.applyGradientDescent(parameters.get(p), rate, g.<TFloat64>dy(p)));
    }
    return updates;
  }

  private static List<Op> adam(Ops tf, Ops after, Workload work, List<Variable<TFloat64>> parameters, Gradients g,
      List<Op> first) {
    Operand<TFloat64> one = tf.constant(1.0), beta1 = tf.constant(Workload.BETA1), beta2 = tf.constant(Workload.BETA2);
    Variable<TFloat64> b1 = variable(tf, first, one), b2 = variable(tf, first, one);
    Operand<TFloat64> power1 = after.assign(b1, tf.math.mul(b1, beta1)); // β₁ᵗ
    Operand<TFloat64> power2 = after.assign(b2, tf.math.mul(b2, beta2));
    Operand<TFloat64> epsilon = tf.math.mul(tf.constant(Workload.EPSILON), tf.math.sqrt(tf.math.sub(one, power2)));
    List<Op> updates = new ArrayList<>();
    for (int p = 0; p < parameters.size(); p++) {
      Variable<TFloat64> theta = parameters.get(p);
      Shape shape = theta.shape();
      Operand<TFloat64> zeros = tf.zeros(tf.constant(shape.asArray()), TFloat64.class);
      Variable<TFloat64> m = variable(tf, first, zeros, shape.asArray());
      Variable<TFloat64> v = variable(tf, first, zeros, shape.asArray());
      updates.add(after.train.applyAdam(theta, m, v, power1, power2, tf.constant(work.task().rate), beta1, beta2,
          epsilon, g.<TFloat64>dy(p)));
    }
    return updates;
  }

  private static Session session(Graph graph, int threads, List<Op> first) {
    Session session = new Session(graph, ConfigProto.newBuilder()
        .setIntraOpParallelismThreads(threads).setInterOpParallelismThreads(-1).build());
    Session.Runner runner = session.runner();
    first.forEach(runner::addTarget);
    runner.run().close();
    return session;
  }

  private static PreparedWorkload steps(Session session, List<Op> updates, Operand<TFloat64> result) {
    Output<TFloat64> wanted = result.asOutput();
    return new PreparedWorkload() {
      @Override public double step() {
        Session.Runner runner = session.runner().fetch(wanted);
        for (Op update : updates) runner.addTarget(update);
        try (var values = runner.run()) {
          return ((TFloat64) values.get(0)).getDouble();
        }
      }

      @Override public void predict(double[] probabilities) {
        try (var values = session.runner().fetch(wanted).run()) {
          ((TFloat64) values.get(0)).asRawTensor().data().asDoubles().read(probabilities);
        }
      }
    };
  }

  private static Operand<TFloat64> constant(Ops tf, double[] values, long... shape) {
    return tf.constant(Shape.of(shape), DataBuffers.of(values));
  }

  private static Variable<TFloat64> variable(Ops tf, List<Op> first, Operand<TFloat64> value, long... shape) {
    Variable<TFloat64> variable = tf.variable(Shape.of(shape), TFloat64.class);
    first.add(tf.assign(variable, value));
    return variable;
  }
}
