/**
 * Matrix products, element-wise operations, elementary functions and reductions on {@code double[]},
 * each defined to the last bit: {@link chainrule.kernels.Kernels} is the definition.
 */
module chainrule.kernels {
  requires jdk.incubator.vector;

  exports chainrule.kernels;
}
