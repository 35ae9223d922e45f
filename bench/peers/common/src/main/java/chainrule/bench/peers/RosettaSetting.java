// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import chainrule.nn.Regularization;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Losses;
import chainrule.nn.loss.Reduction;
import chainrule.nn.optimizer.AdaDelta;
import chainrule.nn.optimizer.AdaDeltaZeiler;
import chainrule.nn.optimizer.AdaGrad;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.AdamW;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Momentum;
import chainrule.nn.optimizer.Nesterov;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.RmsProp;
import java.util.ArrayList;
import java.util.List;

/**
 * A setting of Chainrule for which other frameworks are searched for an equal one.
 *
 * @param topic the table it belongs to
 * @param here how it is written in Chainrule
 * @param output the activation of the output layer
 * @param dropped the drop rate of the hidden layer, 0 for no dropout
 * @param clip the largest norm of the gradient, ∞ for no limit
 */
public record RosettaSetting(String topic, String here, Activation output, Loss loss, Regularization penalty,
    Optimizer optimizer, double dropped, double clip) {
  public static final String OPTIMIZERS = "Optimizers", LOSSES = "Losses and their reductions",
      PENALTIES = "Penalties and weight decay", CLIPPING = "Clipping", DROPOUT = "Dropout",
      INITIALIZATION = "Initialization", SCHEDULES = "Schedules";

  /** No default of any framework. ε is large enough for its place in the formula to matter. λ is exact in a float. */
  public static final double RATE = 0.01, GAMMA = 0.8, RHO = 0.8, BETA1 = 0.8, BETA2 = 0.99, EPSILON = 1e-3,
      DECAY = 0.02, LAMBDA = 0x1p-6, LIMIT = 0.2, DROP = 0.25;
  /** An ε without influence, where 0 is not allowed. */
  public static final double NO_EPSILON = 1e-300;

  /** Returns all settings that are trained, in the order of the tables. */
  public static List<RosettaSetting> all() {
    List<RosettaSetting> all = new ArrayList<>();
    for (Optimizer o : List.of(new GradientDescent(RATE), new Momentum(RATE, GAMMA), new Nesterov(RATE, GAMMA),
        new AdaGrad(RATE, EPSILON), new AdaDelta(1, RHO, EPSILON), new AdaDeltaZeiler(1, RHO, EPSILON),
        new RmsProp(RATE, RHO, EPSILON), new Adam(RATE, BETA1, BETA2, EPSILON),
        new AdamW(RATE, BETA1, BETA2, EPSILON, DECAY))) {
      all.add(of(OPTIMIZERS, o.name(), Regularization.NONE, o, 0, Double.POSITIVE_INFINITY));
      Optimizer limit = o instanceof AdaGrad ? new AdaGrad(RATE, NO_EPSILON)
          : o instanceof RmsProp ? new RmsProp(RATE, RHO, NO_EPSILON) : null;
      if (limit != null) {
        all.add(of(OPTIMIZERS, o.name() + ", ε → 0", Regularization.NONE, limit, 0, Double.POSITIVE_INFINITY));
      }
    }
    for (String name : Losses.names()) {
      Loss loss = Losses.named(name).orElseThrow();
      double rate = loss.reduction() == Reduction.SUM ? RATE / RosettaTraining.BATCH : RATE;
      all.add(new RosettaSetting(LOSSES, name, output(name), loss, Regularization.NONE, new GradientDescent(rate), 0,
          Double.POSITIVE_INFINITY));
    }
    penalty(all, "l2 λ, weights", Regularization.l2(LAMBDA), new GradientDescent(RATE));
    penalty(all, "l2 λ, weights and biases", Regularization.l2(LAMBDA).withBiases(), new GradientDescent(RATE));
    penalty(all, "l2 λ, weights and biases, with adam", Regularization.l2(LAMBDA).withBiases(),
        new Adam(RATE, BETA1, BETA2, EPSILON));
    penalty(all, "l1 λ, weights", Regularization.l1(LAMBDA), new GradientDescent(RATE));
    all.add(of(CLIPPING, "clip c", Regularization.NONE, new GradientDescent(RATE), 0, LIMIT));
    all.add(of(DROPOUT, "dropout p", Regularization.NONE, new GradientDescent(RATE), DROP, Double.POSITIVE_INFINITY));
    return all;
  }

  /** Returns the output that a loss needs. */
  private static Activation output(String loss) {
    if (loss.startsWith("bce")) return new Sigmoid();
    return loss.startsWith("cce") ? new Softmax() : new Linear();
  }

  private static void penalty(List<RosettaSetting> all, String here, Regularization penalty, Optimizer optimizer) {
    all.add(of(PENALTIES, here, penalty, optimizer, 0, Double.POSITIVE_INFINITY));
  }

  private static RosettaSetting of(
      String topic, String here, Regularization penalty, Optimizer optimizer, double dropped, double clip) {
    return new RosettaSetting(
        topic, here, new Softmax(), new CategoricalCrossEntropy(), penalty, optimizer, dropped, clip);
  }

  /** Returns whether the targets are numbers, not classes. */
  boolean isRegression() {
    return output instanceof Linear && !(loss.name().contains("cross-entropy"));
  }

  /** Returns whether each output is a class of its own. */
  boolean isMultilabel() {
    return loss.name().startsWith("bce") || loss.name().startsWith("sigmoid");
  }

  /** The loss without the reduction: for example {@code huber} for {@code huber-sum}. */
  public String plainLoss() {
    return loss.name().replaceAll("-(sum|mean)$", "");
  }

  /** Returns whether the loss is a sum over the rows. */
  public boolean sums() {
    return loss.reduction() == Reduction.SUM;
  }
}
