package chainrule.cli;

/** The options of {@code train}: name, what follows it, and what {@code help} says. */
enum Option {
  LABELS("--labels", "FILE", "the labels that belong to IDX images"),
  TARGET("--target", "COLUMN", "CSV: the column to predict, by name or number (the last)"),
  DROP("--drop", "COL,COL", "CSV: columns to leave out"),
  TASK("--task", "classify|regress", "what to learn (guessed from the target)"),
  TEST("--test", "FILE", "held-out examples in a file of their own"),
  TEST_LABELS("--test-labels", "FILE", "the labels of IDX images given by --test"),
  TEST_FRACTION("--test-fraction", "F", "the share of rows held out for testing (0.2)"),
  LAYERS("--layers", "64:relu,dropout:0.2", "hidden layers, units:activation or dropout:rate (64:relu,32:relu)"),
  LOSS("--loss", "NAME", "what to minimise (by task: mse to regress, bce for two classes, cce for more)"),
  OPTIMIZER("--optimizer", "NAME[:p=v,…]", "how, with its parameters, such as adam:beta1=0.8 (adam)"),
  RATE("--rate", "R", "learning rate (each optimizer's own)"),
  L1("--l1", "λ", "add λ Σ|w| over the weights to the loss (0)"),
  L2("--l2", "λ", "add λ Σw² over the weights to the loss (0)"),
  EPOCHS("--epochs", "N", "passes over the training rows (by their number: 20 to 200)"),
  BATCH("--batch", "N", "rows in a step (32)"),
  SEED("--seed", "N", "decides the split, the first weights and the order of rows (1)"),
  THREADS("--threads", "N", "threads to compute with (all cores)"),
  QUIET("--quiet", "", "print the result only"),
  JSON("--json", "", "end with one line of JSON"),

  SCHEDULE("--schedule", "NAME", "", false),
  CLIP("--clip", "NORM", "", false),
  PATIENCE("--patience", "N", "", false),
  OUT("--out", "MODEL.npz", "", false),
  CHECKPOINT("--checkpoint", "FILE", "", false),
  RESUME("--resume", "", "", false),
  REPORT("--report", "FILE.html", "", false);

  final String flag;
  final String value;
  final String help;
  /** False for what the design names and this version does not have yet: refused by name. */
  final boolean works;

  Option(String flag, String value, String help) {
    this(flag, value, help, true);
  }

  Option(String flag, String value, String help, boolean works) {
    this.flag = flag;
    this.value = value;
    this.help = help;
    this.works = works;
  }

  boolean takesValue() {
    return !value.isEmpty();
  }
}
