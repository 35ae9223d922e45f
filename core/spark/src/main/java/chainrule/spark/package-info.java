// SPDX-License-Identifier: MIT
/**
 * Chainrule on Apache Spark. {@code SparkJobs} runs independent tasks on executors and handles failures; read it first,
 * then its loop {@code RunningJob}, {@code TaskRunner} (what an executor runs) and {@code TaskOutcome} (what it
 * returns). {@code FailureText} shortens Spark's messages to the line that matters, {@code ExecutorWatch} notices that
 * no executor is left, and {@code SparkKernels} reports which kernels the executors use.
 *
 * <p>{@code SparkGradients} trains one network on all executors, step by step. Read it first, then
 * {@code BroadcastRows} and {@code PartitionedRows} (where the rows are), {@code ExecutorPlan} and
 * {@code GradientWorker} (what an executor computes), and {@code EpochLayout} (which partition holds a row).
 * {@code StepLimits} has the refusals.
 *
 * <p>{@code SparkTables} converts a DataFrame to a table: {@code Frame} finds its columns, {@code TableBlock} holds
 * those of a partition, {@code SortedKeys} orders the rows. {@code SparkScoring} predicts the rows of a DataFrame: read
 * it first, then {@code ScoringTask}, {@code PredictedColumns} and {@code StringInputs}. {@code Cells} reads values of
 * Spark's types for both.
 *
 * <p>{@code Main} is the command line, with {@code SparkArguments}, {@code DataFiles} (files as DataFrames),
 * {@code FilePredictions} and {@code OrderlyShutdown} (Ctrl-C). {@code SparkCluster} runs the trainings of
 * {@code chainrule.cli} as tasks: {@code SharedTable}, {@code TableTask}. {@code SparkRuns} is for Java programs.
 *
 * @serial exclude
 */
package chainrule.spark;
