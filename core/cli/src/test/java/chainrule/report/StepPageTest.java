// SPDX-License-Identifier: MIT
package chainrule.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.explain.MazurExample;
import chainrule.explain.RecordedStep;
import chainrule.explain.Stage;
import chainrule.explain.StepStages;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of a step: one panel per stage, all numbers, no scripts. */
class StepPageTest {
  private final RecordedStep step = MazurExample.compute().step();
  private final List<String> inputs = List.of("i1", "<i2>"), outputs = List.of("o1", "o2");
  private final String html = StepPage.of(step, 0, inputs, outputs).title("A & B").html();

  private static int count(String text, String pattern) {
    int n = 0;
    for (Matcher m = Pattern.compile(pattern).matcher(text); m.find(); ) n++;
    return n;
  }

  @Test
  void everyStageHasAButtonAPanelADrawingAndItsLines() {
    List<Stage> stages = StepStages.of(step, 0, inputs, outputs);
    assertEquals(stages.size(), count(html, "<input type=\"radio\""));
    assertEquals(stages.size(), count(html, "<section class=\"panel"));
    assertEquals(stages.size(), count(html, "<svg "));
    assertEquals(1, count(html, "checked=\"checked\""));
    assertEquals(2 * (stages.size() - 1) + stages.size(), count(html, "<label "));
    for (int s = 0; s < stages.size(); s++) {
      assertTrue(html.contains("#s" + s + ":checked ~ .p" + s + " { display: block }"));
      for (var line : stages.get(s).lines()) assertTrue(html.contains(Html.escape(line.toString())), line.toString());
    }
  }

  @Test
  void thePageIsWellFormedEscapedAndHasNoScripts() {
    WellFormed.check(html);
    assertTrue(html.contains("A &amp; B") && html.contains("&lt;i2&gt;"));
    assertFalse(html.contains("<script") || html.contains("http:") || html.contains("<i2>"));
    Set<String> ids = new HashSet<>();
    for (Matcher m = Pattern.compile(" id=\"([^\"]+)\"").matcher(html); m.find(); ) assertTrue(ids.add(m.group(1)));
    for (Matcher m = Pattern.compile(" (?:for|aria-labelledby)=\"([^\"]+)\"").matcher(html); m.find(); ) {
      assertTrue(ids.contains(m.group(1)), m.group(1));
    }
  }

  @Test
  void theSameStepGivesTheSameBytes() {
    RecordedStep again = MazurExample.compute().step();
    assertEquals(html, StepPage.of(again, 0, inputs, outputs).title("A & B").html());
  }

  @Test
  void theDrawingHasTheWeightsBeforeAndAfterTheUpdate() {
    String[] panels = html.split("<section ");
    assertTrue(panels[2].contains(">0.150</text>") && panels[2].contains(">z1[1]</text>"), panels[2]);
    String last = panels[panels.length - 1];
    assertTrue(last.contains(">0.359</text>") && last.contains(">0.511</text>"), last);
  }
}
