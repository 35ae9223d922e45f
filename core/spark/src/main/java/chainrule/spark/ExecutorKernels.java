// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.io.Serializable;

/**
 * The kernels of one executor.
 *
 * @param executor Spark's id of it; {@code driver} with a {@code local} master
 * @param host its address
 * @param pid its process id
 * @param kernels {@code scalar}, {@code vector-512}, …
 * @param threads the threads of a large matrix product
 * @param jdk its feature release, for example 17
 */
public record ExecutorKernels(String executor, String host, long pid, String kernels, int threads, int jdk)
    implements Serializable {}
