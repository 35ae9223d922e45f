// SPDX-License-Identifier: MIT
package chainrule.cli;


import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.Generators;
import chainrule.data.Idx;
import chainrule.data.Table;
import chainrule.io.Model;
import chainrule.kernels.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reads a model, and data in the way that the model's training data was read. */
final class ModelData {
  private ModelData() {}

  static Model model(String name, Arguments a, int defaultThreads) {
    Path file = InputFiles.path(name);
    if (!Files.exists(file)) throw new UsageException(name + ": no such file; expected a model written by train --out");
    InputFiles.requireReadable(file);
    return Model.read(file, TrainingRequest.kernels(a, defaultThreads));
  }

  /** Reads a model for predictions. Its weights must be finite, as they are after every training run. */
  static Model usableModel(String name, Arguments a) {
    Model model = model(name, a, Runtime.getRuntime().availableProcessors());
    for (double weight : model.network().parameters()) {
      if (!Double.isFinite(weight)) {
        throw new DataException(name + ": the model cannot predict because a weight is " + weight + "; train it again");
      }
    }
    return model;
  }

  /** Reads the inputs [n × in]; the data may lack the target. */
  static double[] inputs(Model model, String data) {
    double[] x = encoded(model, data);
    long rows = x.length / model.network().inputs();
    if (rows * model.network().outputs() <= Limits.MAX_ARRAY_LENGTH) return x;
    throw new DataException(data + ": " + rows + " rows of " + model.network().outputs() + " outputs exceed the "
        + "largest array (" + Limits.MAX_ARRAY_LENGTH + " numbers); split the file");
  }

  private static double[] encoded(Model model, String data) {
    Optional<Generators> generator = Generators.named(data);
    if (generator.isPresent()) return generated(model, generator.get()).x();
    Path file = existing(data);
    if (!InputFiles.looksLikeIdx(file)) {
      Table table = Table.read(file);
      return model.encoding().encodeInputs(table, IntStream.range(0, table.rows()).toArray());
    }
    Idx.Images images = Idx.readImages(file);
    InputData.requireSize(file, images, model.encoding());
    return images.x();
  }

  /** Reads inputs and targets. */
  static Dataset examples(Model model, String data, Arguments a) {
    Optional<Generators> generator = Generators.named(data);
    if (generator.isPresent()) {
      a.refuse("built-in data", Option.LABELS);
      return model.adapt(generated(model, generator.get()));
    }
    Path file = existing(data);
    if (InputFiles.looksLikeIdx(file)) {
      Path labels = InputFiles.existing(Option.LABELS, a.value(Option.LABELS).orElseThrow(() -> new UsageException(
          file + ": IDX images require labels; add --labels FILE")));
      return model.adapt(InputData.images(file, labels, model.encoding()));
    }
    a.refuse("a CSV file", Option.LABELS);
    Table table = Table.read(file);
    return model.adapt(model.encoding().encode(table, IntStream.range(0, table.rows()).toArray()));
  }

  private static Path existing(String data) {
    Path file = InputFiles.path(data);
    if (!Files.exists(file)) throw new UsageException(InputData.missing(data));
    InputFiles.requireReadable(file);
    return file;
  }

  private static Dataset generated(Model model, Generators g) {
    Encoding e = g.encoding();
    List<String> labels = model.encoding().target().labels();
    if (e.inputs() != model.encoding().inputs() || !e.target().labels().equals(labels)) {
      throw new DataException("the built-in data set " + g.label() + " has " + e.inputs() + " inputs and the classes "
          + String.join(", ", e.target().labels()) + ", but the model has " + model.encoding().inputs() + " inputs and "
          + (labels.isEmpty() ? "a numeric target" : "the classes " + String.join(", ", labels)));
    }
    return g.generate(1);
  }
}
