// SPDX-License-Identifier: MIT
/** JMH benchmarks. Open, because JMH makes and fills the benchmark objects by reflection. */
open module chainrule.bench {
  requires chainrule.core;
  requires java.management;
  requires jdk.incubator.vector;
  requires jdk.management;
  requires jmh.core;
}
