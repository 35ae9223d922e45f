// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.io.Version;
import chainrule.nn.activation.Activations;
import chainrule.nn.optimizer.Optimizers;
import java.io.PrintStream;
import java.util.List;

/** {@code help [COMMAND]}: what a command does, its options with their defaults, and examples. */
final class HelpCommand {
  private final PrintStream out;

  HelpCommand(PrintStream out) {
    this.out = out;
  }

  void run(List<String> args) {
    Arguments a = Arguments.parse(Command.HELP, args);
    if (a.operands().isEmpty()) {
      printOverview();
      return;
    }
    Command command = Command.named(a.operands(Command.HELP, "one command").get(0));
    out.println(LauncherName.in("./chainrule " + command.usage));
    out.println();
    out.print(LauncherName.in(description(command)));
    if (!command.options.isEmpty()) {
      out.println();
      out.println("Options (defaults in parentheses)");
      for (Option o : Option.values()) {
        if (command.options.contains(o)) {
          out.printf("  %-30s %s%n", o.flag + (o.takesValue() ? " " + o.placeholder(command) : ""),
              o.description(command));
        }
      }
    }
    if (command.options.contains(Option.LAYERS)) printNames(command.options.contains(Option.LOSS));
    out.println();
    out.println("Examples");
    out.print(LauncherName.in(examples(command)).indent(2));
  }

  private void printOverview() {
    out.println("Chainrule " + Version.CURRENT + ": neural networks in plain Java.");
    out.println();
    for (Command c : Command.values()) {
      out.print(LauncherName.in(String.format("  ./chainrule %-34s %s%n", c.usage, c.summary)));
    }
    out.println();
    out.print(LauncherName.in("""
        DATA is a built-in synthetic data set (spirals, moons, circles, xor or digits), a table such as a CSV file,
        - for a table on standard input, or an IDX file of images. To get started:
          ./chainrule describe yours.csv
          ./chainrule train yours.csv --out model.npz --report report.html
          ./chainrule predict model.npz new.csv
        ./chainrule --version prints the version. Color is off in a pipe, with NO_COLOR=1 and with TERM=dumb.
        Exit status: 0 success, 2 bad input or usage, 1 internal error, 130 interrupted.
        """));
  }

  private static String description(Command command) {
    return switch (command) {
      case TRAIN -> """
          Trains a network and tests it on held-out rows. DATA is one of
            spirals (default), moons, circles, xor, digits    built-in, synthetic
            FILE or -                                         a table, or one on standard input (see below)
            IMAGES.idx or IMAGES.gz with --labels FILE        images in MNIST's IDX format
          The same options and seed give the same bits on every machine and for any number of threads. Ctrl-C stops
          after the current step, still writes --out, --checkpoint and --report, and prints the command to resume.
          With --checkpoint FILE --resume, one command starts the run and continues it. If a checkpoint cannot be
          written, as on a full disk, training continues, and the next epoch is written again. If the last one could
          not be written, the exit status is 2.
          --ensemble K trains K networks, each validating on its own part of the training rows, and averages them. Their
          predictions for these parts estimate the quality on new rows. Defaults that differ: twice the epochs, λ of L2
          2/rows, patience 20.
          Ctrl-C averages the networks that have ended, and stopped ones that are as good on their own part.
          --from MODEL.npz continues the training of a model on new rows. It keeps the networks, the columns and their
          encoding, and the targets; columns are found by name, others are ignored. The optimizer and its schedule start
          new. The rows must be new to the model: if it was trained on some of them, the test, validation and
          out-of-fold results are too good. An ensemble gets new folds of the new rows. The line "before" is the
          model's own result on the test rows. --layers, --drop, and another --target or --task are refused.
          --threshold f1 and youden choose the threshold of two classes on the validation rows of --patience or of
          --ensemble, so that F1, or sensitivity + specificity, is largest there; the model stores it.
          """ + TABLES;
      case CV -> """
          Cross-validates the network that train would train: divides the rows into folds, trains on all folds but one,
          and tests on that one, for each fold. Prints every metric of each fold, the mean and the sample standard
          deviation, and the baseline: the prediction that ignores the inputs. Classes are spread over the folds.
          Everything, also the preprocessing, is learned from the training rows of a fold only; --patience validates
          on a part of them, and --ensemble K trains K networks in each fold and divides its training rows. --threshold
          f1 and youden are chosen on these parts, and the fold's own rows test them; so are intervals of --interval,
          whose coverage and width, or number of classes, are metrics. Folds are trained side by side; the number of
          threads changes no bits.
          """ + TABLES;
      case TUNE -> """
          Searches for better settings of train by successive halving: many candidates are trained for few epochs on
          one fold, the best third on more folds, and the best ninth with all epochs on all folds; the lowest mean
          loss on the held-out rows wins. The first candidate, the default settings, stays until the end, and
          wins unless it is beaten by more than one standard error of the difference over the folds. Searched are the
          number and widths of hidden layers, dropout, rate, L2 and batch; what you give with --layers, --rate, --l2 or
          --batch is fixed. Prints the ranking and the command of the best. The same options and seed give the
          same result for any number of threads, except with --time. Ctrl-C prints the ranking so far; with
          --checkpoint FILE --resume, the same command continues, also with more --trials. With --ensemble K the search
          compares single networks, and the command and the model of --out are an ensemble with the winning settings.
          """ + TABLES;
      case DESCRIBE -> """
          Describes each column of a table: its type, missing values, the number of different values, their range or the
          most frequent ones, and how many of the network's inputs it becomes. Warns of columns that identify rows,
          repeat the target or are dates, and of rare classes. The options are those of train.
          """ + TABLES;
      case EVALUATE -> """
          Measures a model written by train --out on other examples, next to a baseline that ignores the inputs. For
          classes: accuracy, log loss, Brier score, calibration error, ROC AUC, average precision, the confusion
          matrix, and precision, recall and F1 of each class. For numbers: R² and the errors in the target's own unit.
          For several labels: the exact match, and the accuracy of each label. DATA must contain the target; rows
          without a value of it are left out, with a count. A missing input is filled in as in training.
          """;
      case PREDICT -> """
          Writes a CSV with one row for each row of DATA, in the same order: the class and the probability of each
          class, or the predicted numbers, or each label. Columns are matched by name. DATA may lack the target and may
          have other columns; --keep copies some of them. No row is refused because an input is missing. Categories
          that training did not see are counted on standard error. With --out, --json prints these counts.
          --interval 0.9 adds the columns lower(NAME) and upper(NAME) for each number, or a set of classes separated by
          |, which contain the truth in 90 % of new rows. In a set, a backslash precedes | and \\ of a label. The model
          must be trained with --patience or --ensemble.
          """;
      case CHECK -> """
          Builds the network that train would build from the same DATA and options. Compares every gradient that
          backpropagation computes, for all parameters and inputs, with finite differences of the loss. In a large
          network it checks a part of each layer, chosen by --seed. The exit status is 2 if one is wrong. Options that
          affect only the course of training have no effect.
          """;
      case EXPLAIN -> """
          Shows one training step of the network that train would build, with every number: z term by term, a, the loss,
          δ, dW, db, penalties and the update, each with its formula, shapes, id and home in the sources. The data is
          that of train (default: spirals); the network and the batch are small by default. --step N shows the N-th
          step of the training, after the N − 1 before it. Of wide layers and large batches it shows the first numbers;
          --json has all of them. --html FILE writes a page that goes through the step over the drawn network.

          With the id or the name of a formula, such as 003-delta-hidden or "hidden delta", it explains the formula:
          how the document prints it, whether that is right, what is implemented, where, with a worked example and a
          counterexample. A function of one variable is evaluated at --at X, and its derivative is compared with an
          automatic derivative of the formula and with differences. Several matching formulas are listed.

          explain mazur reproduces Mazur's "A Step by Step Backpropagation Example", and shows which of its printed
          numbers are wrong and why.
          """;
      case EXPORT -> """
          Writes a model for other programs, including its preprocessing; the file's extension selects the format.
          FILE.onnx is for ONNX Runtime and others. FILE.h (C99) and FILE.java are source code that predicts one row at
          a time, needs nothing else, and gives the bits of ./chainrule predict. Prints how to use the file.
          """;
      case IMPORT -> """
          Makes a model of the weights that another program has saved. Networks of dense layers are read from
            FILE.npz     arrays by name, as numpy.savez writes them, of float16, float32 or float64: each layer has a
                         matrix, such as fc1.weight, dense/kernel:0, W1 or arr_0, and a bias. The file has no
                         activations, so --layers is required, with the output layer: 64:relu,3:softmax.
            FILE.onnx    Gemm, MatMul and Add, the activations below, scaling and batch normalization; what
                         ./chainrule export has written becomes the same model, to the bit
            MODEL.npz    a model of Chainrule that numpy has saved again, for example as float32
          Layers are read in the order of the file, and their shapes must fit. What the file leaves open is an error
          that names the option to add. A network that ends in logits, without softmax, gets it with --task classify or
          --classes. The other commands use the model like any other; data must have the columns of --features.
          """;
      case INFO -> """
          With a model or checkpoint: its layers, shapes, parameters, preprocessing, labels and training settings.
          Without: which kernels run on this machine and JVM, why, and how to get faster ones.
          """;
      case HELP -> """
          Explains a command, or lists all commands.
          """;
    };
  }

  private static final String TABLES = """
      A table is delimited text or ARFF, plain or compressed with gzip. What its text leaves open is assumed and noted;
      --header, --separator, --decimal, --missing and --type decide it. Missing numbers become the median of the
      training rows and an input that marks them; missing categories are a category. --missing refuse makes them an
      error. Each number is standardized, and --bins divides its training rows into K parts of equal size, each with an
      input that rises from its start to its end; tables of more than 100 columns or 10 million cells have none unless
      --bins is given. Columns that cannot be used are left out, with a note. Several targets are all numbers, or with
      --task multilabel all columns of two values.
      """;

  private void printNames(boolean trains) {
    out.println();
    out.println("activations  " + String.join(", ", Activations.names()));
    out.println("             (leaky-relu:SLOPE and elu:ALPHA take a number)");
    if (!trains) return;
    out.println("losses       mse, sse, half-mse, half-sse, mae, huber for numbers; bce, cce, cce-offset for classes;");
    out.println("             mae, huber, bce, cce and cce-offset take the suffix -sum for a sum instead of a mean");
    List<String> optimizers = Optimizers.names().stream().map(n -> n + " " + TrainingPlan.defaultRate(n)).toList();
    out.println("optimizers   " + String.join(", ", optimizers.subList(0, 5)) + ",");
    out.println("             " + String.join(", ", optimizers.subList(5, optimizers.size()))
        + "; the number is the default --rate");
    out.println("schedules    constant, step:every=10,by=0.5, cosine:floor=0; each with warmup=EPOCHS");
  }

  private static String examples(Command command) {
    return switch (command) {
      case TRAIN -> """
          ./chainrule train moons --layers 16:tanh --seed 7
          ./chainrule train iris.csv --target species --patience 20 --out iris.npz --report iris.html
          ./chainrule train houses.csv --task regress --drop id --test-fraction 0.1 --json
          ./chainrule train images.gz --labels labels.gz --layers 128:relu,dropout:0.2 --schedule cosine:warmup=2
          ./chainrule train churn.csv --target churn --ensemble 5 --out churn.npz
          ./chainrule train june.csv --from churn.npz --rate 0.001 --out churn-june.npz
          ./chainrule train places.csv --target lat,lon --drop id
          zcat big.csv.gz | ./chainrule train - --target churn --class-weight balanced --weight count
          ./chainrule train big.csv --checkpoint run.npz --resume    starts, or continues after Ctrl-C""";
      case CV -> """
          ./chainrule cv iris.csv --target species
          ./chainrule cv houses.csv --target price --folds 10 --repeats 3 --layers 128:relu --json""";
      case TUNE -> """
          ./chainrule tune iris.csv --target species --out best.npz
          ./chainrule tune houses.csv --target price --patience 20 --time 10m
          ./chainrule tune big.csv --trials 60 --checkpoint search.json --resume    starts, or continues it""";
      case DESCRIBE -> """
          ./chainrule describe houses.csv --target price
          ./chainrule describe export.txt --header no --separator semicolon --decimal , --type 1=category --json""";
      case EVALUATE -> """
          ./chainrule evaluate iris.npz new.csv
          ./chainrule evaluate houses.npz new.csv --importance 10
          ./chainrule evaluate digits.npz images.gz --labels labels.gz --json""";
      case PREDICT -> """
          ./chainrule predict iris.npz new.csv
          ./chainrule predict houses.npz new.csv --keep id,name --interval 0.9 --out prices.csv""";
      case CHECK -> """
          ./chainrule check moons --layers 8:gelu,dropout:0.5,4:tanh --l2 0.01
          ./chainrule check houses.csv --task regress --loss huber""";
      case EXPLAIN -> """
          ./chainrule explain
          ./chainrule explain iris.csv --target species --layers 3:tanh --step 20 --row 2 --html step.html
          ./chainrule explain 003-sigmoid-d --at 0.3
          ./chainrule explain "hidden delta"
          ./chainrule explain mazur --html mazur.html""";
      case EXPORT -> """
          ./chainrule export iris.npz iris.onnx --float32
          ./chainrule export iris.npz iris.h
          ./chainrule export iris.npz Iris.java""";
      case IMPORT -> """
          ./chainrule import torch.npz --layers 64:relu,3:softmax --classes a,b,c --out model.npz
          ./chainrule import keras.npz --layers 32:tanh,1:linear --features rooms,area --target rent --out rent.npz
          ./chainrule import model.onnx --task classify --out model.npz""";
      case INFO -> """
          ./chainrule info
          ./chainrule info iris.npz""";
      case HELP -> """
          ./chainrule help
          ./chainrule help train""";
    };
  }
}
