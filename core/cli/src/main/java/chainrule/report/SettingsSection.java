// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.format.Formatting;
import java.util.Map;

/** The settings of a run, and the command that repeats it. */
final class SettingsSection {
  private SettingsSection() {}

  static void write(Html h, Map<String, String> settings, String command) {
    if (settings.isEmpty() && command == null) return;
    h.element("h2", "Settings").raw("\n").open("div", "class", "card").raw("\n");
    if (!settings.isEmpty()) {
      h.open("table", "class", "list pairs").raw("\n").open("tbody").raw("\n");
      for (Map.Entry<String, String> e : settings.entrySet()) {
        h.open("tr").element("th", e.getKey(), "scope", "row").element("td", Formatting.truncate(e.getValue(), 2000))
            .closeLine();
      }
      h.close().closeLine();
    }
    if (command != null) {
      h.element("p", "This command repeats the run; the same seed gives the same network on every machine:").raw("\n");
      h.element("pre", command, "tabindex", "0").raw("\n");
    }
    h.closeLine();
  }
}
