// SPDX-License-Identifier: MIT
/**
 * Benchmarks of Chainrule on its own: JMH benchmarks of the kernels and of training, and programs that print the tables
 * of {@code bench/RESULTS.md}. {@code bench/README.md} has the commands. Comparisons with other libraries are in {@code
 * bench/peers}.
 *
 * <p><b>Reading order.</b>
 * <ol>
 * <li>{@link chainrule.bench.Timing}, which times candidates alternately and returns medians.
 * <li>{@code PeakLoops} and {@code MemoryLoops}, the limits of the machine, and {@code MathLoops}, plain loops.
 * <li>{@code StepCase}, a training step to measure, with {@code StepProducts}, {@code StepMemory} and {@code
 *     HandWritten}.
 * <li>The programs that print tables: {@code StepTable}, {@code SmallTable}, {@code ScalingTable}, {@code
 *     ThreadsTable}, {@code ElementaryTable}, {@code BandwidthTable}, {@code LongRun}, {@code ColdStart}.
 * <li>The JMH benchmarks, whose names end with {@code Benchmark}.
 * </ol>
 *
 * <p>Everything is checked against the scalar kernels, or another witness, before it is timed.
 */
package chainrule.bench;
