// SPDX-License-Identifier: MIT
package chainrule.io;

import java.util.List;
import java.util.Objects;

/**
 * A model that {@link ModelImport} has read.
 *
 * @param model the model
 * @param source what the file is, such as {@code ONNX of pytorch 2.10.0}
 * @param notes what reading had to assume, for people
 * @param unused the names of arrays in the file that are not part of the network
 */
public record ImportedModel(Model model, String source, List<String> notes, List<String> unused) {
  /**
   * Copies the lists.
   *
   * @param model the model; not null
   * @param source what the file is; not null
   * @param notes what reading had to assume; not null
   * @param unused the names of unused arrays; not null
   */
  public ImportedModel {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(source, "source");
    notes = List.copyOf(notes);
    unused = List.copyOf(unused);
  }
}
