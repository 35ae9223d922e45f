// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.Generators;
import chainrule.data.Idx;
import chainrule.format.Formatting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The data of a training run, read and split as the arguments say.
 *
 * @param description the name and size of the data, for the terminal
 * @param encoding how columns or pixels became numbers
 * @param validation the rows for early stopping; null without {@code --patience}
 * @param settings how numbers become inputs, how the rows are weighted and which class is positive, by the names of
 *     the settings
 * @param notices what was assumed about the data or left out, one short line each
 */
record InputData(String description, Encoding encoding, Dataset train, Dataset validation, Dataset test,
    Map<String, String> settings, List<String> notices) {
  /** The options that make sense only for tables. */
  static final Option[] FOR_TABLES = {Option.TARGET, Option.DROP, Option.WEIGHT, Option.TYPE, Option.HEADER,
      Option.SEPARATOR, Option.DECIMAL, Option.MISSING, Option.BINS};

  /**
   * Reads the data.
   *
   * @param from the model whose encoding to use; empty to learn one
   * @param input reads tables
   */
  static UnsplitData read(String data, Optional<StartingModel> from, Arguments a, long seed, TableInput input) {
    testFraction(a);
    EnsembleOptions.requireNoValidationRows(a);
    requirePatience(a);
    if (a.has(Option.TEST) && a.has(Option.TEST_FRACTION)) {
      throw new UsageException("--test and --test-fraction cannot be combined; give one");
    }
    return UnsplitData.read(data, from, a, seed, input);
  }

  /** Splits the data. */
  static InputData of(UnsplitData all, Arguments a, long seed) {
    return all.divide(RowParts.of(all.rows(), a.has(Option.TEST) ? 0 : testFraction(a), a, seed));
  }

  private static double testFraction(Arguments a) {
    return a.number(Option.TEST_FRACTION, 0.2, 0, true, 1);
  }

  /** Refuses a fraction of validation rows that nothing would use. */
  static void requirePatience(Arguments a) {
    if (a.has(Option.VALIDATION_FRACTION) && !a.has(Option.PATIENCE)) {
      throw new UsageException("--validation-fraction requires --patience N");
    }
  }

  /** The error message for data that is neither a file nor built in. */
  static String missing(String data) {
    List<String> builtIn = Arrays.stream(Generators.values()).map(Generators::label).toList();
    return data + ": no such file or built-in data set (" + String.join(", ", builtIn) + ")"
        + SpellingHint.of(data, builtIn);
  }

  /** Puts the positive class second, weights the classes, and describes the data. */
  static InputData of(String name, Encoding learned, Dataset unweighted, Dataset validation, Dataset testRows,
      Arguments a, Map<String, String> settings, List<String> notices) {
    Dataset train = unweighted, judged = validation, test = testRows;
    Encoding encoding = learned;
    if (a.has(Option.POSITIVE)) {
      List<String> labels = PositiveClass.order(a, train.labels());
      encoding = encoding.withLabels(labels);
      train = train.withLabels(labels);
      test = test.withLabels(labels);
      if (judged != null) judged = judged.withLabels(labels);
      settings.put("positive class", labels.get(1));
    }
    if (a.has(Option.CLASS_WEIGHT)) {
      double[] perClass = Weighting.ofClasses(a.value(Option.CLASS_WEIGHT).get(), train);
      train = Weighting.withClassWeights(train, perClass);
      judged = Weighting.withClassWeights(judged, perClass);
      settings.put(ResultWarnings.CLASS_WEIGHTS, Weighting.described(perClass, train.labels()));
    }
    List<String> noted = new ArrayList<>(notices);
    HeldOut.few(a, EnsembleOptions.members(a) > 1 ? train : judged).ifPresent(noted::add);
    String targets = train.isClassification() ? train.labels().size() + " classes"
        : train.isMultilabel() ? train.outputs() + " labels"
        : train.outputs() > 1 ? train.outputs() + " numeric targets" : "a numeric target";
    String part = judged == null ? "" : String.format(Locale.ROOT, ", %,d to validate", judged.rows());
    String description = String.format(Locale.ROOT, "%s: %,d rows to train%s, %,d to test; %s, %s", name, train.rows(),
        part, test.rows(), Formatting.count(train.inputs(), "input", "inputs"), targets);
    return new InputData(description, encoding, train, judged, test,
        Collections.unmodifiableMap(settings), List.copyOf(noted));
  }

  /** Reads images of the size and classes that the model was trained on. */
  static Dataset images(Path file, Path labels, Encoding encoding) {
    Idx.Images images = Idx.readImages(file);
    requireSize(file, images, encoding);
    Dataset data = Idx.read(images, file, labels);
    List<String> known = encoding.target().labels();
    int[] classes = data.classes();
    for (int i = 0; i < classes.length; i++) {
      String label = data.labels().get(classes[i]);
      if (known.contains(label)) continue;
      throw new DataException(labels + ": label " + (i + 1) + ": expected a class of the training data, found '" + label
          + "'. The classes are " + Formatting.line(String.join(", ", known), 200)
          + ". Remove this image, or train a new model with this class.");
    }
    return data.withLabels(known);
  }

  static void requireSize(Path file, Idx.Images images, Encoding encoding) {
    Encoding.ImageSize p = encoding.imageSize().orElse(null);
    if (p == null) throw new UsageException(file + ": is a file of images, but the model was not trained on images");
    if (p.height() != images.height() || p.width() != images.width()) {
      throw new UsageException(file + ": expected images of " + p.height() + " × " + p.width()
          + " pixels as in training, found " + images.height() + " × " + images.width());
    }
  }
}
