// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Links a test method to the formulas of the catalogue that it tests, and to the code that implements them. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(Proves.All.class)
public @interface Proves {
  /** The ids of the formulas. */
  String[] value();

  /** The code that implements them, such as {@code Sigmoid#value}; see {@link LibraryCode}. Separated by commas. */
  String by();

  /** The container annotation that {@link Repeatable} requires. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  @interface All {
    Proves[] value();
  }
}
