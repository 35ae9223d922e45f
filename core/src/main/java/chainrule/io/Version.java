// SPDX-License-Identifier: MIT
package chainrule.io;

/** The version of Chainrule, which the command line prints and files name as their producer. */
public final class Version {
  /** The version, as in {@code pom.xml}. Spec: VersionTest. */
  public static final String CURRENT = "0.1.0-SNAPSHOT";

  /** The name and the version: {@code chainrule 1.2.3}. */
  public static final String PRODUCER = "chainrule " + CURRENT;

  private Version() {}
}
