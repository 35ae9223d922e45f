// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.Option.*;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The commands, and the options that each one takes. */
enum Command {
  TRAIN("train [DATA] [options]", "train a network and test it",
      allBut(KEEP, ALL, FOLDS, REPEATS, TRIALS, TIME, IMPORTANCE, INTERVAL, STEP, ROW, AT, HTML)),
  CV("cv DATA [options]", "cross-validate: train and test on several folds", repeatedRuns(REPEATS, INTERVAL)),
  TUNE("tune DATA [options]", "search for better settings of train",
      repeatedRuns(TRIALS, TIME, OUT, CHECKPOINT, RESUME)),
  DESCRIBE("describe DATA [options]", "describe a table's columns, before training on it",
      EnumSet.of(TARGET, DROP, TASK, TYPE, HEADER, SEPARATOR, DECIMAL, MISSING, BINS, ALL, JSON)),
  EVALUATE("evaluate MODEL DATA [options]", "measure a model on other data",
      EnumSet.of(LABELS, TYPE, HEADER, SEPARATOR, DECIMAL, MISSING, POSITIVE, IMPORTANCE, THREADS, QUIET, JSON)),
  PREDICT("predict MODEL DATA [options]", "write a model's predictions as CSV",
      EnumSet.of(KEEP, TYPE, HEADER, SEPARATOR, DECIMAL, MISSING, INTERVAL, OUT, THREADS, JSON)),
  CHECK("check [DATA] [options]", "check the gradients of the network that train would build",
      allBut(FROM, OUT, CHECKPOINT, RESUME, REPORT, KEEP, ALL, FOLDS, REPEATS, TRIALS, TIME, BLOCKS, THRESHOLD,
          POSITIVE, IMPORTANCE, INTERVAL, STEP, ROW, AT, HTML)),
  EXPLAIN("explain [DATA | ID | mazur] [options]", "show a training step, or a formula, with every number",
      allBut(FROM, OUT, CHECKPOINT, RESUME, REPORT, KEEP, ALL, FOLDS, REPEATS, TRIALS, TIME, BLOCKS, THRESHOLD,
          POSITIVE, IMPORTANCE, INTERVAL, ENSEMBLE, THREADS, QUIET)),
  EXPORT("export MODEL FILE.onnx|FILE.h|FILE.java [options]", "write a model as ONNX, or as source code in C or Java",
      EnumSet.of(FLOAT32)),
  IMPORT("import FILE --out MODEL.npz [options]", "make a model of weights from PyTorch, Keras, numpy or ONNX",
      EnumSet.of(LAYERS, ARRAYS, MATRICES, NO_BIAS, SCALING, FEATURES, IMAGES, CLASSES, TARGET, TASK, OUT, JSON)),
  INFO("info [MODEL]", "describe a model, or the kernels chosen on this machine", EnumSet.noneOf(Option.class)),
  HELP("help [COMMAND]", "explain a command", EnumSet.noneOf(Option.class));

  final String usage;
  final String summary;
  final Set<Option> options;

  Command(String usage, String summary, Set<Option> options) {
    this.usage = usage;
    this.summary = summary;
    this.options = options;
  }

  /** All options but these and those of import. */
  private static Set<Option> allBut(Option... others) {
    Set<Option> options = EnumSet.complementOf(EnumSet.of(ARRAYS, MATRICES, NO_BIAS, SCALING, FEATURES, IMAGES,
        CLASSES, FLOAT32));
    options.removeAll(List.of(others));
    return options;
  }

  /** The options of commands that train many networks: those of train that define a run, and others. */
  private static Set<Option> repeatedRuns(Option... others) {
    Set<Option> options = EnumSet.of(LABELS, TARGET, DROP, TASK, WEIGHT, CLASS_WEIGHT, TYPE, HEADER, SEPARATOR, DECIMAL,
        MISSING, BINS, LAYERS, LOSS, OPTIMIZER, RATE, L1, L2, EPOCHS, BATCH, BLOCKS, SEED, THREADS, SCHEDULE, CLIP,
        PATIENCE, VALIDATION_FRACTION, ENSEMBLE, THRESHOLD, POSITIVE, FOLDS, QUIET, JSON);
    options.addAll(List.of(others));
    return options;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Command named(String word) {
    List<String> known = new ArrayList<>();
    for (Command c : values()) {
      if (c.word().equals(word)) return c;
      known.add(c.word());
    }
    throw new UsageException(
        "unknown command '" + word + "'" + SpellingHint.of(word, known) + " ('./chainrule help' lists all commands)");
  }
}
