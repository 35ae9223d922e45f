// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.nn.Backpropagation;

/** Computes the loss of a sample and its gradient: the code under test, or an implementation with a planted bug. */
interface GradientSubject {

  /** Returns the training loss at the sample's current parameters and inputs. */
  double loss();

  /** Returns the training loss, and writes ∂L/∂θ and ∂L/∂x. */
  double lossAndGradients(double[] gradients, double[] dx);

  /** Returns the code under test, for this sample. */
  static GradientSubject chainrule(NetworkSample s) {
    Backpropagation b = new Backpropagation(s.net(), s.loss(), s.regularization(), s.rows());
    b.setStep(s.seed(), s.step(), s.firstRow());
    return new GradientSubject() {
      @Override public double loss() {
        return b.trainingLoss(s.rows(), s.x(), 0, s.y(), 0, s.weights(), 0);
      }

      @Override public double lossAndGradients(double[] gradients, double[] dx) {
        double loss = b.lossAndGradients(s.rows(), s.x(), 0, s.y(), 0, s.weights(), 0);
        System.arraycopy(b.gradients(), 0, gradients, 0, gradients.length);
        b.inputGradients(dx);
        return loss;
      }
    };
  }
}
