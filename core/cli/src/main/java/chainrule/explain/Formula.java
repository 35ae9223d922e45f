// SPDX-License-Identifier: MIT
package chainrule.explain;

import java.util.Map;

/**
 * A formula of the library, with the fields of a block in {@code formulas.txt}.
 *
 * @param fields the values by key; optional fields are absent
 */
public record Formula(Map<String, String> fields) {
  /**
   * Copies the fields.
   *
   * @param fields the values by key; not null
   */
  public Formula {
    fields = Map.copyOf(fields);
  }

  /**
   * {@return a field; empty if the formula lacks it}
   *
   * @param key the name of the field in {@code formulas.txt}: {@code verdict}
   */
  public String field(String key) {
    return fields.getOrDefault(key, "");
  }

  /** {@return the key of the formula: the number of its document, or "beyond", a hyphen and a short name} */
  public String id() {
    return field("id");
  }

  /** {@return the usual name of the formula} */
  public String name() {
    return field("name");
  }

  /** {@return the member that implements it: {@code Sigmoid#value}} */
  public String home() {
    return field("home");
  }

  /** {@return where that member is declared: {@code core/…/Sigmoid.java:23}} */
  public String source() {
    return field("source");
  }

  @Override public String toString() {
    return id() + " " + name();
  }
}
