// SPDX-License-Identifier: MIT
package chainrule.data;

/** Numbers as people write them: 1,200.50, $5, 45%, 1.200,50, −3. */
final class WrittenNumber {
  private WrittenNumber() {}

  /** Returns whether a cell can be read as a number in some style, whatever the decimal mark is. */
  static boolean isPossible(String cell) {
    return DecimalNumbers.isNumber(cell, true);
  }
}
