// SPDX-License-Identifier: MIT
/**
 * Data: tables, images and synthetic examples, and how they become a network's inputs and targets. Training is in
 * {@code chainrule.train}; models and their files are in {@code chainrule.io}.
 *
 * <p>Read in this order:
 * <ol>
 *   <li>{@link chainrule.data.Dataset}: the examples that training takes, as flat arrays.
 *   <li>{@link chainrule.data.Generators}: synthetic data sets, and {@code DigitImages}, which draws one of them.
 *   <li>{@link chainrule.data.Table}: a file as typed columns. {@code TableReader} shows how it is read: from the
 *       bytes of a {@code TableSource}, laid out as {@code LayoutDetector} finds, {@code DelimitedReader} cuts chunks
 *       of records that {@code ChunkParser} parses. {@code ColumnTyping} decides the types: {@code WrittenNumber} is
 *       a number as people write it, {@code NumberStyle} finds the decimal mark, {@code IsoDate} and {@code
 *       MissingMarkers} read dates and missing values. {@link chainrule.data.Idx} reads images in MNIST's format.
 *   <li>{@link chainrule.data.Standardization} and {@link chainrule.data.Encoding}: raw values to inputs and back.
 *       {@code TableEncoder} encodes tables, {@code InputCells} fits a column to the model's, and {@link
 *       chainrule.data.InputCounts} counts missing and unseen cells.
 *   <li>{@link chainrule.data.EncodingBuilder} learns an encoding from a table. {@code LeftOut} decides which columns
 *       cannot be used, {@code TargetWarnings} finds suspicious ones, and {@code LabelOrder} sorts classes. {@link
 *       chainrule.data.ColumnSummary} and {@link chainrule.data.ColumnUse} describe columns.
 *   <li>{@link chainrule.data.DataException}: every refusal of data, with its place; {@code ColumnCells} and {@code
 *       DropAdvice} write the longer ones.
 * </ol>
 */
package chainrule.data;
