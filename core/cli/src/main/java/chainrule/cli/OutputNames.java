// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.io.SafeFile;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Refuses, before any work, an output file whose suffix belongs to another format. A device or a pipe may have any
 * name.
 */
final class OutputNames {
  /** What a checkpoint, which may have any other suffix, cannot be. */
  private static final Set<String> OTHER_FORMATS = Set.of("h5", "hdf5", "keras", "pt", "pth", "ckpt", "safetensors",
      "onnx", "pkl", "pickle", "joblib", "npy", "json", "csv", "tsv", "txt", "xlsx", "html", "htm", "pdf", "zip", "gz");

  private OutputNames() {}

  /** Checks {@code --out}, {@code --checkpoint} and {@code --report} of the commands that write a model. */
  static void requireSuffixes(Command command, Arguments a) {
    a.value(Option.OUT).filter(name -> !isFreelyNamed(name) && !suffix(name).equals("npz")).ifPresent(name -> {
      String model = renamed(name, "npz");
      throw new UsageException(Option.OUT.flag + " " + name + ": models are written as .npz; use --out " + model
          + ", then ./chainrule export " + model + " " + renamed(name, "onnx") + " for other programs");
    });
    if (command == Command.TUNE) {
      a.value(Option.CHECKPOINT).filter(name -> !isFreelyNamed(name) && suffix(name).equals("npz")).ifPresent(name -> {
        throw new UsageException(Option.CHECKPOINT.flag + " " + name + ": the results of a search are written as JSON; "
            + "use --checkpoint " + renamed(name, "json"));
      });
      return;
    }
    a.value(Option.CHECKPOINT).filter(name -> !isFreelyNamed(name) && OTHER_FORMATS.contains(suffix(name)))
        .ifPresent(name -> {
          throw new UsageException(Option.CHECKPOINT.flag + " " + name + ": checkpoints are written as .npz; use "
              + "--checkpoint " + renamed(name, "npz"));
        });
    requireHtml(Option.REPORT, a);
  }

  /** Checks an option that names a page. */
  static void requireHtml(Option option, Arguments a) {
    a.value(option).filter(name -> !isFreelyNamed(name) && !List.of("html", "htm").contains(suffix(name)))
        .ifPresent(name -> {
          throw new UsageException(option.flag + " " + name + ": " + (option == Option.REPORT ? "reports" : "pages")
              + " are written as HTML; use " + option.flag + " " + renamed(name, "html")
              + (suffix(name).equals("pdf") ? ", and print it to PDF in a browser" : ""));
        });
  }

  /** Whether the name is that of a device or a pipe, or of a directory, which is refused later. */
  private static boolean isFreelyNamed(String name) {
    return SafeFile.isSpecial(InputFiles.path(name));
  }

  /** Returns what follows the last dot of the file name, in lower case; empty if nothing does. */
  private static String suffix(String name) {
    int dot = lastDot(name);
    return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  /** Replaces the suffix, and quotes the name for a shell. */
  private static String renamed(String name, String suffix) {
    int dot = lastDot(name);
    return TrainingSettings.quoted((dot < 0 ? name : name.substring(0, dot)) + "." + suffix);
  }

  /** Returns the index of the dot before the suffix, or −1. The dot of a hidden file begins its name. */
  private static int lastDot(String name) {
    int dot = name.lastIndexOf('.'), start = Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1;
    return dot > start ? dot : -1;
  }
}
