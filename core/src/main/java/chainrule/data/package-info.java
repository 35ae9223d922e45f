// SPDX-License-Identifier: MIT
/**
 * Data: tables, images and synthetic examples, and how they become a network's inputs and targets. Training is in
 * {@code chainrule.train}; models and their files are in {@code chainrule.io}.
 *
 * <p>Read in this order:
 * <ol>
 *   <li>{@link chainrule.data.Dataset}: the examples that training takes, as flat arrays.
 *   <li>{@link chainrule.data.Generators}: synthetic data sets, and {@code DigitImages}, which draws one of them.
 *   <li>{@link chainrule.data.Table}: a file as typed columns, {@link chainrule.data.NumberColumn} and {@link
 *       chainrule.data.TextColumn}. {@link chainrule.data.TableOptions} overrides what is decided from the file.
 *       {@link chainrule.data.UntypedColumn}s from elsewhere become a table by the same rules. {@link
 *       chainrule.data.Idx} reads images in MNIST's format.
 *   <li>{@code TableReader}: how a table is read, in three steps. {@code TableSource} gives its bytes as UTF-8
 *       ({@code Utf16Input}, gzip), and {@code ReaderMemory} refuses what will not fit.
 *       <ol>
 *         <li>Layout, from the first records: {@code LayoutDetector}, with {@code SampleRecords}, {@code
 *             SeparatorChoice} and {@code ForeignFormat}, finds a {@code TableLayout}. {@code HeaderDecision} weighs
 *             {@code HeaderEvidence} when the columns are known; {@code RowInFront} adds a first record that is data.
 *         <li>Cells, on all cores: {@code DelimitedReader} cuts chunks at the ends of records ({@code RecordCutter})
 *             that {@code ChunkParser} parses, with {@code ExactDecimal} and {@code ChunkDictionary}. {@code
 *             ColumnStore} and {@code TextDictionary} collect them as {@code RawColumn}s.
 *         <li>Types: {@code ColumnTyping}, from the {@code NumberCells} of each column. {@code WrittenNumber} is a
 *             number as people write it, {@code NumberStyle} decides the decimal mark, {@code IsoDate} and {@code
 *             MissingMarkers} read dates and missing values, and {@code TypingNotices} says what was assumed.
 *       </ol>
 *       ARFF declares its layout and types, so {@code ArffReader} has its own path, with {@code ArffTokens} and {@code
 *       ArffAttribute}.
 *   <li>{@link chainrule.data.Standardization}, {@link chainrule.data.PiecewiseLinear} and {@link
 *       chainrule.data.Encoding}: raw values to inputs and back. An encoding has {@link chainrule.data.InputColumn}s
 *       and a {@link chainrule.data.Target}; {@code EncodingChecks} refuses parts that do not fit. {@code TableEncoder}
 *       encodes tables and {@code RowEncoder} single rows, {@code InputCells} fits a column to the model's ({@code
 *       CategoryIndex}), and {@link chainrule.data.InputCounts} counts missing and unseen cells. For parts of a table
 *       that are encoded apart, {@link chainrule.data.CellEncoder} encodes each cell on its own, with {@link
 *       chainrule.data.CellCounts}; {@link chainrule.data.CellSurvey} finds what strings need to know of each other.
 *   <li>{@link chainrule.data.EncodingBuilder} learns an encoding from a table. {@code LeftOut} decides which columns
 *       cannot be used, {@code TargetWarnings} finds suspicious ones, {@code LabelOrder} sorts classes, {@code Median}
 *       fills in missing numbers, and {@code RowSplits} divides rows. {@link chainrule.data.ColumnSummary} and {@link
 *       chainrule.data.ColumnUse} describe columns.
 *   <li>{@link chainrule.data.DataException}: every refusal of data, with its place; {@code OptionAdvice} writes the
 *       options that messages advise.
 * </ol>
 */
package chainrule.data;
