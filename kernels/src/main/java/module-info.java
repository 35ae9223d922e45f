// SPDX-License-Identifier: MIT
/**
 * Matrix products, element-wise operations, elementary functions and reductions on {@code double[]}, each defined to
 * the last bit by {@link chainrule.kernels.Kernels}.
 */
module chainrule.kernels {
  requires jdk.incubator.vector;

  exports chainrule.kernels;
}
