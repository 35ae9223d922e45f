// SPDX-License-Identifier: MIT
package chainrule.cli;

/**
 * The options: flag, placeholder of the value, and description with the default. {@link Command} says who takes which.
 */
enum Option {
  LABELS("--labels", "FILE", "labels of the IDX images"),
  TARGET("--target", "COL,COL", "column to predict, or several, by name or number (the last one)"),
  DROP("--drop", "COL,COL", "columns to leave out (none)"),
  TASK("--task", "TASK", "classify, regress or multilabel (inferred from the target column)"),
  WEIGHT("--weight", "COLUMN", "column with the weight of each row, ≥ 0; not an input (none)"),
  CLASS_WEIGHT("--class-weight", "balanced|LABEL=W,…", "weights of the classes in training (1 each)"),
  KEEP("--keep", "COL,COL", "columns to copy, as they are written, before the predictions (none)"),
  TYPE("--type", "COL=number,…", "types of columns: number, category or date (inferred)"),
  HEADER("--header", "yes|no", "whether the first line has the names of the columns (inferred)"),
  SEPARATOR("--separator", "CHAR", "a character, or comma, semicolon, tab, pipe, space (inferred)"),
  DECIMAL("--decimal", ".|,", "the decimal mark (inferred)"),
  MISSING("--missing", "refuse|TEXT,…", "refuse missing values, or more strings that mean one (only the usual ones)"),
  BINS("--bins", "K", "inputs that say in which of K parts of its column a number is (4; 0 in large tables)"),
  TEST("--test", "FILE", "test data in a separate file (none)"),
  TEST_LABELS("--test-labels", "FILE", "labels of the IDX images in --test"),
  TEST_FRACTION("--test-fraction", "F", "fraction of the rows held out for testing (0.2)"),
  FROM("--from", "MODEL.npz", "start from this model: its networks, columns and targets (none)"),
  LAYERS("--layers", "64:relu,dropout:0.2", "hidden layers: units:activation or dropout:rate (64:relu,32:relu)"),
  LOSS("--loss", "NAME", "loss to minimize (mse for regression, bce for two classes, cce for more)"),
  OPTIMIZER("--optimizer", "NAME[:p=v,…]", "optimizer and its parameters, such as adam:beta1=0.8 (adam)"),
  RATE("--rate", "R", "learning rate (depends on the optimizer, see below)"),
  L1("--l1", "λ", "add λ Σ|w| over all weights to the loss (0)"),
  L2("--l2", "λ", "add λ Σw² over all weights to the loss (3 / training rows)"),
  EPOCHS("--epochs", "N", "passes over the training rows (10 to 100, depending on their number)"),
  BATCH("--batch", "N", "rows per training step (32)"),
  BLOCKS("--blocks", "N", "compute each gradient in blocks of N rows, such as 256, added in a fixed order (off)"),
  SEED("--seed", "N", "seed of the split, the initial weights and the shuffling (1)"),
  THREADS("--threads", "N", "number of threads (all cores)"),
  SCHEDULE("--schedule", "NAME[:p=v,…]", "learning rate schedule, such as constant or cosine:warmup=5 (cosine)"),
  CLIP("--clip", "NORM", "clip each gradient to this norm (off)"),
  PATIENCE("--patience", "N", "stop after N epochs without a lower validation loss, keep the best weights (off)"),
  VALIDATION_FRACTION("--validation-fraction", "F", "fraction of the training rows that --patience validates on (0.1)"),
  ENSEMBLE("--ensemble", "K", "train K networks, each validating on its own fold, and average them (off)"),
  THRESHOLD("--threshold", "T|f1|youden", "probability from which the positive one of two classes is predicted (0.5)"),
  POSITIVE("--positive", "LABEL", "the positive one of two classes, for --threshold, F1, ROC and so on (the second)"),
  IMPORTANCE("--importance", "R", "show what it costs to permute a column, over R repeats (off; R is 5)"),
  INTERVAL("--interval", "C", "add intervals, or sets of classes, that contain the truth with probability C (none)"),
  FOLDS("--folds", "K", "parts of the rows, each held out once (5)"),
  REPEATS("--repeats", "R", "divisions into folds, each with another seed (1)"),
  TRIALS("--trials", "N", "candidates to compare; the first has the default settings (30)"),
  TIME("--time", "90s|10m|2h", "stop the search after this time; its result then depends on the machine (off)"),
  ARRAYS("--arrays", "W1,b1,…", "the arrays of an .npz that are the layers, in their order (found by name and shape)"),
  MATRICES("--matrices", "out-in|in-out", "shape of the weights: out-in as in PyTorch, in-out as in Keras (inferred)"),
  NO_BIAS("--no-bias", "", "layers without a bias in the .npz have none"),
  SCALING("--scaling", "MEAN,DEVIATION", "arrays of the .npz that standardize the inputs; sqrt:VARIANCE (none)"),
  FEATURES("--features", "NAME,…", "names of the input columns (x1, x2, …)"),
  IMAGES("--images", "HxW", "the inputs are pixels of images of this size, divided by 255 (off)"),
  CLASSES("--classes", "LABEL,…", "names of the classes, in the order of the outputs (0, 1, …)"),
  OUT("--out", "FILE.npz", "write the model to this file (none)"),
  CHECKPOINT("--checkpoint", "FILE.npz", "write the training state to this file after each epoch and on Ctrl-C (none)"),
  RESUME("--resume", "", "continue from --checkpoint if the file exists, to the bits of an uninterrupted run"),
  REPORT("--report", "FILE.html", "write a page with learning curves, mistakes and settings (none)"),
  STEP("--step", "N", "step of the training to show, from 1 (1)"),
  ROW("--row", "R", "row of the batch to show term by term, from 1 (1)"),
  AT("--at", "X", "point at which to evaluate the formula of one variable (0.3)"),
  HTML("--html", "FILE.html", "write the step to this file, as a page to go through it stage by stage (none)"),
  FLOAT32("--float32", "", "write ONNX in single precision, and estimate the error (double precision)"),
  ALL("--all", "", "list every column, also of a wide table"),
  QUIET("--quiet", "", "print only the result; notes and warnings go to standard error"),
  JSON("--json", "", "print one line of JSON at the end");

  final String flag;
  private final String placeholder;
  private final String description;

  Option(String flag, String placeholder, String description) {
    this.flag = flag;
    this.placeholder = placeholder;
    this.description = description;
  }

  boolean takesValue() {
    return !placeholder.isEmpty();
  }

  /** The placeholder of the value in help and messages; empty for an option without a value. */
  String placeholder(Command command) {
    if (this == LAYERS && command == Command.IMPORT) return "64:relu,3:softmax";
    return this == OUT && command == Command.PREDICT ? "FILE.csv" : placeholder;
  }

  /** Returns whether the value may be left out. */
  boolean hasOptionalValue() {
    return this == IMPORTANCE;
  }

  /** The description that {@code help} prints; some differ by command. */
  String description(Command command) {
    if (command == Command.TUNE) {
      return switch (this) {
        case FOLDS -> "parts of the rows, each held out once (3)";
        case OUT -> "train the best candidate on all rows and write the model to this file (none)";
        case CHECKPOINT -> "write the results so far to this file, as JSON, after each training (none)";
        case RESUME -> "continue from --checkpoint if the file exists, to the result of an uninterrupted search";
        case SEED -> "seed of the candidates, the folds, the initial weights and the shuffling (1)";
        case EPOCHS -> "most epochs of a candidate (10 to 100, depending on the number of rows)";
        default -> description;
      };
    }
    if (command == Command.IMPORT) {
      return switch (this) {
        case LAYERS -> "all layers of an .npz: units:activation, or dropout:rate between them (none)";
        case TARGET -> "names of the target, or of several (class, or y, or y1, y2, …)";
        case TASK -> "classify, regress or multilabel (inferred from the activation of the output)";
        case OUT -> "write the model to this file (required)";
        default -> description;
      };
    }
    if (command == Command.EXPLAIN && this == LAYERS) return description.replace("64:relu,32:relu", "3:tanh");
    if (command == Command.EXPLAIN && this == BINS) return description.replace("(4; 0 in large tables)", "(0)");
    if (command == Command.EXPLAIN && this == BATCH) return description.replace("32", "4");
    if (this == INTERVAL && command == Command.CV) {
      return "show the coverage and size of predict's intervals or sets with probability C (none)";
    }
    if (this == SEED && command == Command.CV) return "seed of the folds, the initial weights and the shuffling (1)";
    return this == OUT && command == Command.PREDICT ? "write the CSV to this file (standard output)"
        : this == THREADS && command == Command.CHECK ? "number of threads (1)" : description;
  }
}
