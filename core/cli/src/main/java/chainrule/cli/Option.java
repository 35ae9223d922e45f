package chainrule.cli;

/** The options: name, what follows it, and what {@code help} says. Which command takes which: {@link Command}. */
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
  RATE("--rate", "R", "learning rate (by optimizer, listed below)"),
  L1("--l1", "λ", "add λ Σ|w| over the weights to the loss (0)"),
  L2("--l2", "λ", "add λ Σw² over the weights to the loss (0)"),
  EPOCHS("--epochs", "N", "passes over the training rows (by their number: 20 to 200)"),
  BATCH("--batch", "N", "rows in a step (32)"),
  SEED("--seed", "N", "decides the split, the first weights and the order of rows (1)"),
  THREADS("--threads", "N", "threads to compute with (all cores)"),
  SCHEDULE("--schedule", "NAME[:p=v,…]", "how the rate changes, such as cosine:warmup=5 (constant)"),
  CLIP("--clip", "NORM", "clip each gradient to this norm (not)"),
  PATIENCE("--patience", "N", "stop after N epochs without a lower validation loss, keep the best (never)"),
  VALIDATION_FRACTION("--validation-fraction", "F", "the share of training rows for --patience (0.1)"),
  OUT("--out", "FILE", "write the model there, an .npz file (not)"),
  CHECKPOINT("--checkpoint", "FILE", "write the state of training there after each epoch and at Ctrl-C (not)"),
  RESUME("--resume", "", "go on from --checkpoint, to the same bits as without a stop"),
  REPORT("--report", "FILE.html", "write a page there with curves, mistakes and settings (not)"),
  QUIET("--quiet", "", "print the result only"),
  JSON("--json", "", "end with one line of JSON");

  final String flag;
  final String value;
  final String help;
  Option(String flag, String value, String help) {
    this.flag = flag;
    this.value = value;
    this.help = help;
  }

  boolean takesValue() {
    return !value.isEmpty();
  }

  /** What {@code help} says of it, where commands differ. */
  String help(Command command) {
    return this == OUT && command == Command.PREDICT ? "write the CSV there (standard output)"
        : this == THREADS && command == Command.CHECK ? "threads to compute with (1)" : help;
  }
}
