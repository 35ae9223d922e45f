// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.Locale;

/** What the cells of a column are. */
public enum ColumnType {
  /** Numbers; a missing cell is NaN. */
  NUMBER,
  /** ISO dates such as {@code 2026-11-29} or {@code 2026-11-29T14:05}, as days since 1970-01-01. */
  DATE,
  /** Strings: categories, identifiers or free text. */
  CATEGORY;

  /** {@return the name on the command line and in files: {@code number}, {@code date} or {@code category}} */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
