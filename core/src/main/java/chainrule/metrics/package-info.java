// SPDX-License-Identifier: MIT
/**
 * How good predictions are, one formula per file, on plain arrays: outputs ŷ [rows × outputs] as networks return them,
 * and true classes [rows] as {@link chainrule.data.Dataset#classes} returns them. Every metric is defined for no rows,
 * for rows of a single class, for ties and for NaN, and ignores the weights of rows. All of them take O(n log n) time.
 *
 * <p>Read {@link chainrule.metrics.ClassOutputs} (what outputs mean), then
 * <ol>
 *   <li>{@link chainrule.metrics.LogLoss}, {@link chainrule.metrics.BrierScore}: how good probabilities are;
 *       {@link chainrule.metrics.ReliabilityCurve}: whether they are calibrated;
 *   <li>{@link chainrule.metrics.RocCurve}, {@link chainrule.metrics.PrecisionRecallCurve}: how well scores rank rows,
 *       with {@link chainrule.metrics.ThresholdCounts} below both; {@link chainrule.metrics.ThresholdRule} chooses a
 *       threshold; {@link chainrule.metrics.BalancedAccuracy} weighs classes equally;
 *   <li>{@link chainrule.metrics.ProbabilityMetrics}: all of these at once;
 *   <li>{@link chainrule.metrics.TrivialBaseline}: the prediction to beat, whose metrics are computed as a network's;
 *   <li>{@link chainrule.metrics.ConformalScores}, {@link chainrule.metrics.ConformalInterval} and
 *       {@link chainrule.metrics.ConformalSet}: how far a single prediction can be trusted;
 *   <li>{@link chainrule.metrics.PermutationImportance}: which columns the predictions depend on.
 * </ol>
 * Confusion matrices and the errors of a regression are in {@code chainrule.train}.
 */
package chainrule.metrics;
