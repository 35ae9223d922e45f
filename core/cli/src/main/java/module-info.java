/** The command line, and the report of a training run. Depends on {@code chainrule.core} alone. */
module chainrule.cli {
  requires transitive chainrule.core;

  exports chainrule.report;
  exports chainrule.cli;
}
