package chainrule.cli;

import chainrule.data.Csv;
import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.Generators;
import chainrule.data.Idx;
import chainrule.data.Table;
import chainrule.io.Model;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Data that a model is to be used on, read as it was in training. */
final class ModelData {
  private ModelData() {}

  static Model model(String name, Arguments a, int usualThreads) {
    Path file = InputData.path(name);
    if (!Files.exists(file)) throw new UsageException(name + ": no such file; expected a model that train --out wrote");
    InputData.requireReadable(file);
    return Model.read(file, TrainingRequest.kernels(a, usualThreads));
  }

  /** A model to predict with: training never ends in weights that are no finite numbers, and they predict nothing. */
  static Model usableModel(String name, Arguments a) {
    Model model = model(name, a, Runtime.getRuntime().availableProcessors());
    for (double weight : model.network().parameters()) {
      if (!Double.isFinite(weight)) {
        throw new DataException(name + ": a weight of this model is " + weight + ", so that it predicts nothing; train it again");
      }
    }
    return model;
  }

  /** Inputs alone [n × in]: the targets need not be there. */
  static double[] inputs(Model model, String data) {
    double[] x = encoded(model, data);
    long rows = x.length / model.network().inputs();
    if (rows * model.network().outputs() <= Integer.MAX_VALUE - 8) return x;
    throw new DataException(data + ": " + rows + " rows of " + model.network().outputs() + " outputs are more numbers than one "
        + "array holds (" + (Integer.MAX_VALUE - 8) + "); divide the file");
  }

  private static double[] encoded(Model model, String data) {
    Optional<Generators> generator = Generators.named(data);
    if (generator.isPresent()) return generated(model, generator.get()).x();
    Path file = existing(data);
    if (!InputData.looksLikeIdx(file)) {
      Table table = Csv.read(file);
      return model.encoding().encodeInputs(table, InputData.rows(table.rows().size()));
    }
    Idx.Images images = Idx.readImages(file);
    InputData.requireSize(file, images, model.encoding());
    return images.x();
  }

  /** Inputs and targets, to compare with. */
  static Dataset examples(Model model, String data, Arguments a) {
    Optional<Generators> generator = Generators.named(data);
    if (generator.isPresent()) {
      InputData.refuse(a, "built-in data", Option.LABELS);
      return model.adapt(generated(model, generator.get()));
    }
    Path file = existing(data);
    if (InputData.looksLikeIdx(file)) {
      Path labels = InputData.existing(Option.LABELS, a.text(Option.LABELS).orElseThrow(() -> new UsageException(
          file + ": IDX images need their labels: add --labels FILE")));
      return model.adapt(InputData.images(file, labels, model.encoding()));
    }
    InputData.refuse(a, "a CSV file", Option.LABELS);
    Table table = Csv.read(file);
    return model.adapt(model.encoding().encode(table, InputData.rows(table.rows().size())));
  }

  private static Path existing(String data) {
    Path file = InputData.path(data);
    if (!Files.exists(file)) throw new UsageException(data + ": no such file, and no built-in data of that name");
    InputData.requireReadable(file);
    return file;
  }

  private static Dataset generated(Model model, Generators g) {
    Encoding e = g.encoding();
    List<String> labels = model.encoding().target().labels();
    if (e.inputs() != model.encoding().inputs() || !e.target().labels().equals(labels)) {
      throw new DataException("the built-in data " + g.label() + " has " + e.inputs() + " inputs and the classes "
          + String.join(", ", e.target().labels()) + ", the model " + model.encoding().inputs() + " inputs and "
          + (labels.isEmpty() ? "a number to predict" : "the classes " + String.join(", ", labels)));
    }
    return g.generate(1);
  }
}
