// SPDX-License-Identifier: MIT
package chainrule.nn;

/**
 * The prediction of an ensemble, the mean of its members' outputs:
 * <pre>ŷ = (1/M) Σ_m ŷ_m         added in the order of the members, then divided once</pre>
 * for numbers and for probabilities, which stay distributions. Its squared error and its log loss are at most the mean
 * of the members' (Jensen). NaN if an output of a member is NaN. The sums are in a fixed order, so the bits do not
 * depend on who computed the members. Source: Krogh, Vedelsby 1995; Lakshminarayanan and others 2017.
 */
public final class EnsembleMean {
  private EnsembleMean() {}

  /**
   * Computes the mean of the members' outputs. Allocates nothing.
   * Formula: beyond-ensemble-mean. Spec: EnsembleSpec#theOutputIsTheMeanOfTheMembersOutputs.
   *
   * @param members the outputs of each member [M][≥ n], M ≥ 1
   * @param n the number of outputs of a member
   * @param mean receives the mean [≥ n]; may be one of the members
   * @throws IllegalArgumentException for no members
   * @throws IndexOutOfBoundsException if an array is shorter than n
   */
  public static void of(double[][] members, int n, double[] mean) {
    if (members.length == 0) throw new IllegalArgumentException("an ensemble has at least one member");
    for (int i = 0; i < n; i++) {
      double sum = members[0][i];
      for (int m = 1; m < members.length; m++) sum += members[m][i];
      mean[i] = sum / members.length;
    }
  }
}
