// SPDX-License-Identifier: MIT
/**
 * A guard against losing speed, for people to look at before a release. It measures the points of {@code
 * bench/RESULTS.md}, compares them with a stored run of the same kind of machine in {@code bench/runs}, and writes a
 * page with charts.
 *
 * <pre>
 *   SpeedReport ─▶ SpeedPoints ─▶ Measurements ─▶ TableProcess ─▶ a table in a JVM, which records Samples
 *                     │ Figure = value, quartiles, goal
 *                     ▼
 *                  SpeedRun, MachineKind ─▶ Comparison ─▶ SpeedTable (terminal, Markdown), SpeedPage (HTML)
 * </pre>
 *
 * To add a figure, let a table record samples, and add a line to {@code SpeedPoints}.
 */
package chainrule.bench.peers.speed;
