// SPDX-License-Identifier: MIT
package chainrule.data;


/**
 * What an encoding does with a column of the training table.
 *
 * @param column the name of the column
 * @param role what the encoding uses it for
 * @param inputs how many of the network's inputs it becomes; 0 unless it is an input
 * @param words a short description: {@code 2 inputs: the number, and 1 where it is missing}
 */
public record ColumnUse(String column, Role role, int inputs, String words) {

  /** The part that a column plays. */
  public enum Role {
    /** An input. */
    INPUT,
    /** The target, or one of several. */
    TARGET,
    /** A column that was dropped on request. */
    DROPPED,
    /** A column that was left out because it cannot be used. */
    LEFT_OUT
  }

  static ColumnUse input(InputColumn in) {
    int k = in.categories().size();
    String what = in.type() == ColumnType.DATE ? "the date in days" : "the number";
    String inputs = in.width() + (in.width() == 1 ? " input: " : " inputs: ");
    String pieces = in.pieces().count() == 0 ? "" : (in.indicator() ? ", " : ", and ") + in.pieces().count()
        + " pieces";
    String words = in.isNumber() ? what + pieces + (in.indicator() ? ", and 1 where it is missing" : "")
        : k + (k == 1 ? " category" : " categories") + (in.missingCategory() ? ", and missing" : "");
    return new ColumnUse(in.name(), Role.INPUT, in.width(), inputs + words);
  }

  static ColumnUse target(String column) {
    return new ColumnUse(column, Role.TARGET, 0, "target");
  }

  static ColumnUse dropped(String column) {
    return new ColumnUse(column, Role.DROPPED, 0, "dropped");
  }

  static ColumnUse leftOut(String column, LeftOut reason) {
    return new ColumnUse(column, Role.LEFT_OUT, 0, "left out: " + reason.words());
  }
}
