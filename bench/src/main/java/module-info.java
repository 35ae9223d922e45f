// SPDX-License-Identifier: MIT
/** JMH benchmarks, and programs that print tables. Open, because JMH creates benchmark objects by reflection. */
open module chainrule.bench {
  requires chainrule.core;
  requires java.management;
  requires jdk.incubator.vector;
  requires jdk.management;
  requires jmh.core;
}
