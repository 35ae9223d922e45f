// SPDX-License-Identifier: MIT
/**
 * The command line: parses arguments, reads data, runs a command, and prints the results. {@link chainrule.cli.Main} is
 * the entry point; {@link chainrule.cli.TrainingCluster} lets it train on several machines.
 *
 * <p>Computation, data formats and model files are in {@code chainrule.core}; the HTML page that {@code --report}
 * writes is in {@link chainrule.report}.
 *
 * <p>Reading order:
 * <ol>
 *   <li>{@code Main}, {@code Command}, {@code Option}, {@code Arguments}: from the command line to a command;
 *   <li>{@code TrainCommand}, with {@code TrainingRequest}, {@code UnsplitData}, {@code RowParts} and
 *       {@code InputData} ({@code TableInput}, {@code ReadingOptions}, {@code TableColumns}, {@code TargetRows},
 *       {@code Weighting}), {@code TrainingPlan} and {@code TrainingSettings} before training, {@code Progress} (with
 *       {@code Pace}), {@code CheckpointFile} and {@code Interruption} during it, and {@code TrainingSummary} after it;
 *   <li>{@code CvCommand}, with {@code FoldOutcome} (one fold) and {@code FoldTable}; {@code TuneCommand}, with
 *       {@code Tuning} and {@code Trials} (candidates as arguments), {@code TuningCheckpoint}, {@code RungLines} and
 *       {@code TuningTable};
 *   <li>{@code TrainingCluster}, {@code ClusterSession} and {@code ClusterOptions}, with what a worker computes:
 *       {@code FoldFunction}, {@code TrialFunction} and {@code MemberFunction};
 *   <li>{@code Terminal}, {@code TerminalWidth} and {@code LiveLine}: what a terminal can show, and the line that is
 *       rewritten;
 *   <li>{@code EvaluateCommand}, {@code PredictCommand}, {@code ExportCommand}, {@code InfoCommand}, with
 *       {@code ModelData} and {@code ModelSummary}; {@code DescribeCommand}; {@code CheckCommand};
 *       {@code HelpCommand};
 *   <li>the rest formats metrics, checks files, and explains errors.
 * </ol>
 *
 * @serial exclude
 */
package chainrule.cli;
