// SPDX-License-Identifier: MIT
/**
 * Files: models, checkpoints, ONNX, and networks of other programs. Data files are read in {@code chainrule.data}; the
 * HTML report is in the module {@code chainrule.cli}.
 *
 * <p>Read in this order:
 * <ol>
 *   <li>{@link chainrule.io.Model}: a trained network with its encoding, its predictions, and the definition of its
 *       file format; {@link chainrule.io.Predictions} decodes the outputs.
 *   <li>{@link chainrule.io.Checkpoint}: the state of a training run, as a model file with more entries; {@link
 *       chainrule.io.EnsembleCheckpoint}: that of several networks; {@code SnapshotFormat}: that of one of them.
 *   <li>{@link chainrule.io.TuningFile}: the results of a search so far.
 *   <li>{@code ModelFormat}, {@code Npz}, {@link chainrule.io.Json} and {@code JsonObject}: how these files are written
 *       and read.
 *   <li>{@link chainrule.io.SafeFile}: files that are written completely or not at all.
 *   <li>{@link chainrule.io.Onnx}: the export, with {@code OnnxInputs} (preprocessing), {@code OnnxActivations}, {@code
 *       OnnxGraph} and {@code Protobuf} (the format).
 *   <li>{@link chainrule.io.Float32Error}: the error of an export in single precision.
 *   <li>{@link chainrule.io.PredictorSource}: the export as C or Java, with {@code SourceFunctions} (the arithmetic)
 *       and {@code SourceLanguage} ({@code CSource}, {@code JavaSource}).
 *   <li>{@link chainrule.io.ModelImport}: networks of other programs. {@code NpzLayers} finds them in arrays, by their
 *       names ({@code ArrayRole}) and shapes ({@code NpyHeader}); {@code OnnxLayers} in a graph, where {@code
 *       OnnxOperators} says what each node stands for ({@code OnnxValue}). {@code OnnxFile}, {@code OnnxTensor} and
 *       {@code ProtobufReader} read the format. Both give a {@code ForeignNetwork}.
 *   <li>{@link chainrule.io.Version}: the version, which all of these files name.
 * </ol>
 */
package chainrule.io;
