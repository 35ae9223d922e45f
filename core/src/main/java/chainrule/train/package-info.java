// SPDX-License-Identifier: MIT
/**
 * Training and evaluation: {@code Trainer} is the API, {@code TrainingRun} its loop over epochs and batches, and
 * {@code TrainingStep} of {@code nn} one step. Read {@code Trainer}, {@code TrainingRun}, then the results
 * ({@code History}, {@code Evaluation}, {@code ConfusionMatrix}, {@code MultilabelMetrics}) and the learning-rate
 * schedules ({@code Schedule} and its implementations). {@code TrainingDiagnostics} measures each epoch for a report.
 * {@code GradientSource} and {@code BlockWorker} divide a batch among machines, which know the order of the rows from
 * {@code EpochOrder}. {@code Snapshot} is the state of a run; {@code io} writes it to a file. Metrics of probabilities,
 * thresholds and intervals are in {@code metrics}.
 *
 * <p>Several trainings: {@code EnsembleTrainer} with its loop {@code EnsembleRun} and its result {@code Ensemble};
 * {@code CrossValidation} with {@code FoldTask}, {@code FoldResult}, {@code FoldMetrics} and {@code MetricSpread};
 * {@code SuccessiveHalving}, which searches among the {@code Candidate}s of a {@code SearchSpace}, with
 * {@code TrialTask} and {@code TrialResult}. They run on {@code ParallelRuns}.
 *
 * <p>Tasks and results are serializable, so that they can be sent to other machines.
 *
 * @serial exclude
 */
package chainrule.train;
