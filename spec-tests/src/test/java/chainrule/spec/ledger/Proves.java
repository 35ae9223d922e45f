package chainrule.spec.ledger;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says which formulas of the catalogue a test method proves, and which code implements them. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(Proves.All.class)
public @interface Proves {
  /** Ids of the catalogue. */
  String[] value();

  /** The code that computes them: {@code Sigmoid#value}, in the forms of {@link LibraryCode}; several after commas. */
  String by();

  /** Makes it repeatable. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  @interface All {
    Proves[] value();
  }
}
