// SPDX-License-Identifier: MIT
package chainrule.kernels;

/**
 * Lets short computations run in scalar code. Until C2 has compiled a vector kernel, its vectors are objects on the
 * heap and it runs at a hundredth of its speed. Compiling all kernels of a training takes a second or two. Scalar code
 * runs at a tenth of the speed of vectors from the first milliseconds, so it finishes a short training earlier: 100
 * epochs on iris take 0.5 s as a process instead of 1.1 s. The bits are the same.
 *
 * <p>Only the kernels of {@link Selection#current} take part, and only if they were selected automatically. {@code
 * -Dchainrule.start=vectors} turns this off.
 */
public final class ScalarStart {
  /** The system property: {@code scalar} (the default), or {@code vectors} to use vectors at once. */
  public static final String PROPERTY = "chainrule.start";

  /** Multiplications of all computations of the process from which vectors are used: two seconds of scalar code. */
  static final double LONG = 0x1p32;

  private static double total;
  private static int unfinished;

  private ScalarStart() {}

  static boolean isOn() {
    return !"vectors".equals(System.getProperty(PROPERTY));
  }

  /**
   * Announces a computation. It runs in scalar code if it is short, together with all that were announced before.
   * Otherwise this process uses vectors from now on.
   *
   * @param kernels the kernels that it uses
   * @param multiplications about how many multiplications it takes
   * @return whether {@link #end} must be called after the computation
   */
  public static synchronized boolean begin(Kernels kernels, double multiplications) {
    StartingKernels process = process();
    if (process == null || kernels.withThreads(1) != process) return false;
    total += multiplications;
    if (total >= LONG) {
      process.scalar = false;
      return false;
    }
    unfinished++;
    process.scalar = true;
    return true;
  }

  /** Ends a computation for which {@link #begin} has returned true. After the last one, vectors are used. */
  public static synchronized void end() {
    if (--unfinished == 0) process().scalar = false;
  }

  /** Returns the kernels of the process if they may be scalar, else null. */
  private static StartingKernels process() {
    return Selection.current().kernels().withThreads(1) instanceof StartingKernels s ? s : null;
  }
}
