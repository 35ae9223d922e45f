// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.List;

/**
 * Where the records of a delimited file are and how their fields are separated, decided from the file's first part.
 *
 * @param separator the separator; a space stands for runs of blanks
 * @param start the byte at which the first record starts, after comments, a {@code sep=} line and empty lines
 * @param startLine the line of that byte, from 1
 * @param first the cells of the first record, which may be a header or data; without trailing empty cells if every
 *     record of the sample ends in them
 * @param commentHeader whether the first record is the last comment line before the data, without its {@code #}, and
 *     certainly a header; its separator may differ from that of the data
 * @param next the byte after the first record
 * @param nextLine the line of that byte, from 1
 * @param width the number of fields of a record; a record may have more fields if they are empty
 * @param rowNames whether records have one field more than the header, in front: row names without a name, as R writes
 * @param numeric for each of the {@code width} fields, whether it looks like numbers in the sample
 * @param notices what had to be assumed, one short line each
 */
record TableLayout(char separator, int start, int startLine, List<String> first, boolean commentHeader, int next,
    int nextLine, int width, boolean rowNames, boolean[] numeric, List<String> notices) {}
