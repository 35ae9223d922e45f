// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IsoDateTest {
  @Test
  void aDateIsTheNumberOfDaysSince1970() {
    assertEquals(0, IsoDate.parse("1970-01-01"));
    assertEquals(-1, IsoDate.parse("1969-12-31"));
    assertEquals(LocalDate.of(2024, 2, 29).toEpochDay(), IsoDate.parse("2024-02-29"));
  }

  @Test
  void aTimeIsAFractionOfADay() {
    assertEquals(.5, IsoDate.parse("1970-01-01T12:00"));
    assertEquals(.5, IsoDate.parse("1970-01-01 12:00:00"));
    assertEquals(.75, IsoDate.parse("1970-01-01T18:00:00.000Z"));
    assertEquals(21.6 / 86400, IsoDate.parse("1970-01-01T00:00:21.6"));
    assertEquals(-1 / 24.0, IsoDate.parse("1970-01-01T00:00+01:00"));
    assertEquals(1 + 1.5 / 24, IsoDate.parse("1970-01-02T00:00:00-0130"));
    assertEquals(1, IsoDate.parse("1970-01-02T02:00+02"));
  }

  @Test
  void timesAgreeWithTheLibraryOfTheJdk() {
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      OffsetDateTime t = OffsetDateTime.ofInstant(Instant.ofEpochSecond(random.nextInt()),
          ZoneOffset.ofTotalSeconds(60 * (random.nextInt(1200) - 600)));
      assertEquals(t.toEpochSecond() / 86400.0, IsoDate.parse(t.toString()), 1e-11, t.toString());
    }
  }

  @Test
  void otherStringsAreNotDates() {
    for (String no : new String[] {"", "2026", "2026-13-01", "2026-00-10", "2026-02-29", "2026-04-31", "2026-1-1",
        "20261129", "02/18/2020", "18.02.2020", "2026-11-29x", "2026-11-29T", "2026-11-29T24:00", "2026-11-29T12:60",
        "2026-11-29T12", "2026-11-29T12:00:60", "2026-11-29T12:00:00.", "2026-11-29T12:00+25:00", "2026-11-29T12:00+1",
        "2026-11-29T12:00 CET", "-026-11-29", "2026/11/29", "abcd-ef-gh"}) {
      assertEquals(Double.NaN, IsoDate.parse(no), no);
    }
  }
}
