package chainrule.cli;

import java.util.ArrayList;
import java.util.List;

/** The commands of the design; those that do not work yet are refused by name. */
enum Command {
  TRAIN("train [DATA] [options]", "train a network and test it", true),
  EVALUATE("evaluate MODEL DATA", "", false),
  PREDICT("predict MODEL DATA", "", false),
  CHECK("check [DATA] [options]", "prove the gradients of the network that train would build", true),
  EXPORT("export MODEL FILE.onnx", "", false),
  INFO("info", "what this machine will compute with, and why", true),
  HELP("help [COMMAND]", "explain a command", true);

  final String usage;
  final String summary;
  final boolean works;

  Command(String usage, String summary, boolean works) {
    this.usage = usage;
    this.summary = summary;
    this.works = works;
  }

  String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  static Command named(String word) {
    List<String> known = new ArrayList<>();
    for (Command c : values()) {
      if (c.works) known.add(c.word());
      if (!c.word().equals(word)) continue;
      if (!c.works) throw new UsageException("the command " + word + " does not work yet in this version");
      return c;
    }
    throw new UsageException("no command '" + word + "'" + Nearest.hint(word, known) + " ('./chainrule help' lists them)");
  }
}
