// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class SpeedPageTest {
  private final SpeedRun run = GeneratedRun.of(1);

  private static Document parse(String html) throws Exception {
    String xml = html.replaceFirst("<!DOCTYPE html>", "");
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
  }

  @Test void thePageIsWellFormedWithAndWithoutAStoredRun() throws Exception {
    for (SpeedRun stored : new SpeedRun[] {null, GeneratedRun.of(2), run}) {
      Document page = parse(new SpeedPage(new Comparison(run, stored)).html());
      int charts = page.getElementsByTagName("section").getLength();
      assertEquals(3 + 2 + 4 + 2 + 1, charts);
    }
    parse(new SpeedPage(new Comparison(new SpeedRun("k", "m", "", "", List.of()), null)).html());
  }

  @Test void everyFigureIsOnThePage() throws Exception {
    String text = parse(new SpeedPage(new Comparison(run, null)).html()).getDocumentElement().getTextContent();
    for (Figure f : run.figures()) {
      assertTrue(text.contains(f.isMeasured() ? SpeedTable.value(f) : "not measured: " + f.reason()), f.toString());
    }
  }

  @Test void thePageIsOneFileWithoutScripts() {
    String page = new SpeedPage(new Comparison(run, null)).html();
    for (String outside : List.of("<script", "http:", "https:", "url(", "@import", " src=", " href=")) {
      assertFalse(page.contains(outside), outside);
    }
  }

  @Test void everyImageHasAnAlternativeText() throws Exception {
    Document page = parse(new SpeedPage(new Comparison(run, null)).html());
    var images = page.getElementsByTagName("svg");
    for (int i = 0; i < images.getLength(); i++) {
      var attributes = images.item(i).getAttributes();
      if (attributes.getNamedItem("aria-hidden") != null) continue;
      String title = images.item(i).getFirstChild().getTextContent();
      assertTrue(attributes.getNamedItem("role").getNodeValue().equals("img") && title.length() > 20, title);
    }
  }

  @Test void tablesHaveEveryFigureOfAPoint() {
    SpeedTable table = new SpeedTable(new Comparison(run, null));
    for (Figure f : run.figures()) {
      assertEquals(f.isInTable(), table.text().contains("  " + f.name() + " "), f.name());
      assertEquals(f.isInTable(), table.markdown().contains("| " + f.name() + " |"), f.name());
    }
  }
}
