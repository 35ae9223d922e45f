// SPDX-License-Identifier: MIT
/**
 * Dense networks on flat {@code double[]} arrays: layers, activations, losses, backpropagation, optimizers, training,
 * data and files. The module depends on {@code chainrule.kernels} alone. Each package uses only packages below it:
 * <pre>
 *   io          models, checkpoints, ONNX
 *   train       mini-batches, schedules, early stopping, evaluation
 *   metrics     scores of predictions, thresholds, conformal prediction, importance
 *   data        tables, images, encodings        check   gradients against finite differences
 *   nn          networks, forward and backward pass
 *   nn.optimizer     nn.loss
 *   nn.activation
 *   text, random
 *   chainrule.kernels    matrix products and elementary functions, to the last bit
 * </pre>
 */
module chainrule.core {
  requires transitive chainrule.kernels;

  exports chainrule.random;
  exports chainrule.nn;
  exports chainrule.nn.activation;
  exports chainrule.nn.loss;
  exports chainrule.nn.optimizer;
  exports chainrule.check;
  exports chainrule.metrics;
  exports chainrule.train;
  exports chainrule.data;
  exports chainrule.io;
}
