// SPDX-License-Identifier: MIT
/**
 * A training run as one HTML page. {@link chainrule.report.Report} is the only public class.
 *
 * <p>Metrics are computed in {@code chainrule.train}; this package only shows them. It has no template engine, chart
 * library or scripts.
 *
 * <p>Reading order:
 * <ol>
 *   <li>{@code Report}: the page from top to bottom;
 *   <li>{@code ReportHeader} and the {@code …Section} classes, one for each part of the page; {@code EvaluatedRows} has
 *       the predictions that they show;
 *   <li>{@code DecisionRegions}, {@code PredictionMap}, {@code NetworkDiagram}: the larger drawings;
 *   <li>{@code EpochChart} with {@code NetworkCurves}, {@code LayerNormCharts}: curves over the epochs;
 *   <li>{@code Plot}, {@code Axis}, {@code LineChart}, {@code Contours}, {@code Proximity}, {@code Downsampling}:
 *       charts;
 *   <li>{@code Html}, {@code StyleSheet}, {@code Palette}, {@code Png}: the file format.
 * </ol>
 */
package chainrule.report;
