// SPDX-License-Identifier: MIT
/**
 * Comparisons with other libraries. Each engine runs in a separate process, and the tables time the processes in turns.
 *
 * <pre>
 *   StepTable      ──▶ EngineProcess ──▶ EngineServer   ──▶ Engine ──▶ PreparedWorkload        training steps
 *   TimeToAccuracy ──▶ EngineProcess ──▶ TrainingServer ──▶ TrainingEngine                     whole trainings
 *      the table's JVM                     the engine's process
 * </pre>
 *
 * {@link chainrule.bench.peers.Workload} and {@link chainrule.bench.peers.TrainingTask} define what is computed. {@code
 * EngineConfig} lists the engines. {@link chainrule.bench.peers.ReferenceWorkload} computes the results that every
 * engine must agree with. {@code bench/README.md} explains how to add an engine.
 *
 * <p>{@link chainrule.bench.peers.StartTable} repeats starts of Chainrule alone, and {@link
 * chainrule.bench.peers.ProcessTable} times whole processes. {@code chainrule.bench.peers.speed} runs these tables and
 * compares them with a stored run.
 *
 * <p>The other modules of {@code bench/peers} add classes to this package, one module for each set of engines that can
 * share a class path.
 */
package chainrule.bench.peers;
