// SPDX-License-Identifier: MIT
/** Tests of every formula against independent witnesses. Open to JUnit and jqwik, which find tests by reflection. */
open module chainrule.spec {
  requires chainrule.cli;
  requires chainrule.core;
  requires java.compiler;
  requires jdk.management;
  requires net.jqwik.api;
  requires org.junit.jupiter.api;
  requires org.junit.jupiter.params;
  requires org.junit.platform.engine;
  requires org.junit.platform.launcher;

  provides org.junit.platform.launcher.TestExecutionListener with chainrule.spec.ledger.LedgerListener;
}
