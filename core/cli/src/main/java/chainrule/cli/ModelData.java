// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.Generators;
import chainrule.data.Idx;
import chainrule.data.InputCounts;
import chainrule.data.Table;
import chainrule.data.TextColumn;
import chainrule.io.Model;
import chainrule.kernels.Kernels;
import chainrule.kernels.Limits;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Losses;
import chainrule.nn.loss.MeanSquaredError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reads a model, and data in the way that the model's training data was read. */
final class ModelData {
  private ModelData() {}

  static Model model(String name, Arguments a, int defaultThreads) {
    return model(name, TrainingRequest.kernels(a, defaultThreads));
  }

  private static Model model(String name, Kernels kernels) {
    Path file = InputFiles.path(name);
    if (!Files.exists(file)) throw new UsageException(name + ": no such file; expected a model written by train --out");
    InputFiles.requireReadable(file);
    if (name.toLowerCase(Locale.ROOT).endsWith(".onnx")) {
      throw new UsageException(name + ": expected a model written by train --out, found an ONNX file. Convert it: "
          + "./chainrule import " + TrainingSettings.quoted(name) + " --out MODEL.npz");
    }
    return Model.read(file, kernels);
  }

  /** Reads a model for predictions. Its weights must be finite, as they are after every training run. */
  static Model usableModel(String name, Arguments a) {
    return usableModel(name, TrainingRequest.kernels(a, Runtime.getRuntime().availableProcessors()));
  }

  /** Reads a model for predictions with these kernels. */
  static Model usableModel(String name, Kernels kernels) {
    Model model = model(name, kernels);
    for (Network network : model.networks()) {
      for (double weight : network.parameters()) {
        if (Double.isFinite(weight)) continue;
        throw new DataException(name + ": the model cannot predict because a weight is " + weight + "; train it again");
      }
    }
    return model;
  }

  /**
   * Rows to predict.
   *
   * @param x [rows × inputs]
   * @param kept the columns to copy next to the predictions
   * @param counts the missing and unseen values of each input column; empty unless the data is a table
   * @param notices what reading had to assume
   */
  record Inputs(double[] x, List<TextColumn> kept, List<InputCounts> counts, List<String> notices) {}

  /** Reads rows to predict; the data may lack the target. */
  static Inputs inputs(Model model, String data, Arguments a, Terminal terminal) {
    Inputs inputs = encoded(model, data, a, terminal);
    long rows = inputs.x.length / model.architecture().inputs();
    if (rows * model.architecture().outputs() <= Limits.MAX_ARRAY_LENGTH) return inputs;
    throw new DataException(data + ": " + rows + " rows of " + model.architecture().outputs() + " outputs exceed the "
        + "largest array (" + Limits.MAX_ARRAY_LENGTH + " numbers); split the file");
  }

  private static Inputs encoded(Model model, String data, Arguments a, Terminal terminal) {
    Optional<Generators> generator = Generators.named(data);
    if (generator.isPresent()) {
      refuseTableOptions("built-in data", a);
      return new Inputs(generated(model, generator.get()).x(), List.of(), List.of(), List.of());
    }
    if (!TableInput.isStandardInput(data)) {
      Path file = existing(data);
      if (InputFiles.looksLikeIdx(file)) {
        refuseTableOptions("IDX images", a);
        Idx.Images images = Idx.readImages(file);
        InputData.requireSize(file, images, model.encoding());
        return new Inputs(images.x(), List.of(), List.of(), List.of());
      }
    }
    refuseStrictness(a);
    TableInput input = new TableInput(a, terminal);
    Encoding e = model.encoding();
    KeptColumns kept = KeptColumns.of(a, input, data, e);
    Table table = input.read(data, kept.options());
    int[] rows = IntStream.range(0, table.rows()).toArray();
    return new Inputs(
        e.encodeInputs(table, rows), kept.columns(table), e.counts(table, rows), table.notices());
  }

  private static void refuseTableOptions(String kind, Arguments a) {
    a.refuse(kind, Option.KEEP, Option.TYPE, Option.HEADER, Option.SEPARATOR, Option.DECIMAL, Option.MISSING);
  }

  private static void refuseStrictness(Arguments a) {
    if (!ReadingOptions.refusesMissing(a)) return;
    throw new UsageException("--missing refuse applies to training; a model fills in missing inputs. Remove it");
  }

  /**
   * Rows whose targets are known.
   *
   * @param left the number of rows without a target, which were left out
   * @param counts as for {@link Inputs}
   */
  record Examples(Dataset rows, int left, List<InputCounts> counts, List<String> notices) {}

  /** Reads inputs and targets. */
  static Examples examples(Model model, String data, Arguments a, Terminal terminal) {
    Optional<Generators> generator = Generators.named(data);
    if (generator.isPresent()) {
      a.refuse("built-in data", Option.LABELS);
      refuseTableOptions("built-in data", a);
      return new Examples(model.adapt(generated(model, generator.get())), 0, List.of(), List.of());
    }
    if (!TableInput.isStandardInput(data)) {
      Path file = existing(data);
      if (InputFiles.looksLikeIdx(file)) {
        refuseTableOptions("IDX images", a);
        Path labels = InputFiles.existing(Option.LABELS, a.value(Option.LABELS).orElseThrow(() -> new UsageException(
            file + ": IDX images require labels; add --labels FILE")));
        return new Examples(model.adapt(InputData.images(file, labels, model.encoding())), 0, List.of(), List.of());
      }
    }
    a.refuse("a table", Option.LABELS);
    refuseStrictness(a);
    Encoding e = model.encoding();
    Table table = new TableInput(a, terminal).read(data, e.tableOptions());
    int[] rows = e.rowsWithTarget(table);
    if (rows.length == 0 && table.rows() > 0) {
      throw new DataException(TableInput.label(data) + ": no row has a value of the target");
    }
    int left = table.rows() - rows.length;
    List<String> notices = new ArrayList<>(table.notices());
    notices.addAll(TargetRows.missing(left));
    return new Examples(model.adapt(e.encode(table, rows)), left, e.counts(table, rows), notices);
  }

  /**
   * Returns the loss of the training if the model names one that fits. Otherwise returns the default loss of the output
   * activation, or the mean squared error, which fits every output.
   *
   * @param outputs the number of outputs of the rows
   */
  static Loss loss(Model model, int outputs) {
    Activation output = model.architecture().output().activation();
    return Stream.of(Losses.named(model.training().getOrDefault("loss", "")), Optional.of(Losses.forOutput(output)))
        .flatMap(Optional::stream).filter(l -> l.misfit(output, outputs).isEmpty())
        .findFirst().orElse(new MeanSquaredError());
  }

  private static Path existing(String data) {
    Path file = InputFiles.path(data);
    if (!Files.exists(file)) throw new UsageException(InputData.missing(data));
    InputFiles.requireReadable(file);
    return file;
  }

  private static Dataset generated(Model model, Generators g) {
    requireSame(model, g);
    return g.generate(1).withLabels(model.encoding().target().labels()); // the order may be that of --positive
  }

  /** Refuses built-in data with other inputs or classes than those of the model. */
  static void requireSame(Model model, Generators g) {
    Encoding e = g.encoding();
    List<String> labels = model.encoding().target().labels();
    if (e.inputs() != model.encoding().inputs() || !Set.copyOf(e.target().labels()).equals(Set.copyOf(labels))) {
      throw new DataException("the built-in data set " + g.label() + " has " + e.inputs() + " inputs and the classes "
          + String.join(", ", e.target().labels()) + ", but the model has " + model.encoding().inputs() + " inputs and "
          + (labels.isEmpty() ? "a numeric target" : "the classes " + String.join(", ", labels)));
    }
  }
}
