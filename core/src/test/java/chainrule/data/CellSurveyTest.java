// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class CellSurveyTest {
  private static final Encoding ENCODING = new Encoding(
      List.of(InputColumn.number("a", 0, 1), InputColumn.date("d", 0, 1, 0, false)), Target.numbers(List.of("y"), 0, 1))
      .withMissing(List.of("-999"));

  private static CellSurvey part(int column, List<String> cells) {
    CellSurvey survey = new CellSurvey(ENCODING.inputColumns().get(column), ENCODING);
    cells.forEach(survey::add);
    return survey;
  }

  /** Surveys the cells in three parts, in both orders, and checks that the result is the same as in one part. */
  private static CellSurvey survey(int column, String... cells) throws Exception {
    List<String> all = List.of(cells);
    CellSurvey whole = part(column, all);
    for (int order = 0; order < 2; order++) {
      CellSurvey sum = part(column, List.of());
      for (int i = 0; i < 3; i++) {
        int k = order == 0 ? i : 2 - i;
        sum.add(CellEncoderTest.copied(part(column, all.subList(all.size() * k / 3, all.size() * (k + 1) / 3))));
      }
      for (char mark : new char[] {'.', ','}) assertEquals(whole.notices(mark), sum.notices(mark));
      assertEquals(whole.evidence(), sum.evidence());
      assertEquals(message(whole), message(sum));
    }
    return whole;
  }

  private static String message(CellSurvey survey) {
    try {
      survey.requireReadable("f");
      return "";
    } catch (DataException e) {
      return e.getMessage();
    }
  }

  private static String refused(int column, String... cells) throws Exception {
    CellSurvey survey = survey(column, cells);
    return assertThrows(DataException.class, () -> survey.requireReadable("f")).getMessage();
  }

  @Test void theDecimalMarkIsThatOfTheNumbersThatNeedIt() throws Exception {
    assertEquals(0, survey(0, "1", "1,250", "NA", "-999").evidence());
    assertEquals('.', survey(0, "1", "1.5", "1,250").evidence());
    assertEquals(',', survey(0, "1", "0,5", "1.250").evidence());
    assertEquals(List.of("strings, 0,5 read as 0.5"), survey(0, "1", "0,5", "1,250").notices(','));
    assertEquals(List.of("strings, 1,250 read as 1250"), survey(0, "1", "1,250").notices('.'));
    assertEquals(List.of(), survey(0, "1", "1.5").notices('.'));
    assertEquals("f: column 'a': '0,5' is a number with a decimal comma only, but '1.25' with a decimal point only. "
        + "Write all numbers of the column in one style.", refused(0, "1.5", "1.25", "0,5"));
  }

  @Test void oneStringInTwentyMayBeAnotherWord() throws Exception {
    String[] cells = new String[21];
    for (int i = 0; i < 21; i++) cells[i] = i == 7 ? "abc" : i == 9 ? "NA" : Integer.toString(i);
    CellSurvey survey = survey(0, cells);
    assertEquals("", message(survey));
    assertEquals(List.of("1 of 20 strings is not a number and counts as missing, such as 'abc'"), survey.notices('.'));
    cells[9] = "abd";
    assertEquals("f: column 'a': expected a number as in training, found 'abc' (2 of 21 strings). Fix the values, or "
        + "set them to null.", refused(0, cells));
    assertEquals("f: column 'd': expected a date such as 2026-11-29 as in training, found '29.11.2026' (1 of 2 "
        + "strings). Fix the values, or set them to null.", refused(1, "29.11.2026", "2026-11-29", "-"));
  }

  @Test void allNumbersHaveOneUnit() throws Exception {
    assertEquals(List.of("in percent, 45% read as 45"), survey(0, "45%", "0", "50%").notices('.'));
    assertEquals("f: column 'a': '45%' has a percent sign, but '7' has none. Write all values in the same unit.",
        refused(0, "50%", "7", "45%"));
    assertEquals(List.of("amounts, the currency is left out: $5 read as 5"), survey(0, "$5", "7").notices('.'));
    assertEquals("f: column 'a': '€6' and '£7' are in different currencies. Convert them to one.",
        refused(0, "$5", "€6", "£7", "$6"));
  }
}
