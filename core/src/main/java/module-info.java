// SPDX-License-Identifier: MIT
/**
 * Dense networks on flat {@code double[]} buffers: layers, activations, losses, backpropagation, optimizers, training,
 * data and files. Depends on {@code chainrule.kernels} alone.
 */
module chainrule.core {
  requires transitive chainrule.kernels;

  exports chainrule.random;
  exports chainrule.nn;
  exports chainrule.nn.activation;
  exports chainrule.nn.loss;
  exports chainrule.nn.optimizer;
  exports chainrule.check;
  exports chainrule.train;
  exports chainrule.data;
  exports chainrule.io;
}
