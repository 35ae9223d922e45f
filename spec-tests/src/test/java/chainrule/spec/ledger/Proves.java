// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Links a test method to the formulas of the catalogue that it tests, and to the code that implements them. Of the
 * tests of a formula, exactly one names its {@link #home}, and is thereby its main test.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(Proves.All.class)
public @interface Proves {
  /** The ids of the formulas. */
  String[] value();

  /**
   * The one member that computes or embodies these formulas, such as {@code Sigmoid#value}, whose Javadoc names them
   * ({@link Homes}). Only the main test of a formula has it.
   */
  String home() default "";

  /** Other code that the test runs for these formulas, separated by commas; see {@link LibraryCode} for the forms. */
  String by() default "";

  /** The container annotation that {@link Repeatable} requires. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  @interface All {
    Proves[] value();
  }
}
