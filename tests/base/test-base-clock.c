/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/error.h"

#include <string.h>

#define MAY_21 G_GINT64_CONSTANT(1779385327000) /* 2026-05-21T17:42:07Z, as `date -u -d … +%s` has it */

static void
rfc3339_reads(void)
{
  static const struct {
    const char *text;
    gint64 ms;
  } cases[] = {
    { "2026-05-21T17:42:07Z", MAY_21 },
    { "2026-05-21t17:42:07z", MAY_21 },
    { "2026-05-21 17:42:07Z", MAY_21 },
    { "2026-05-21T17:42:07.1Z", MAY_21 + 100 },
    { "2026-05-21T17:42:07.12Z", MAY_21 + 120 },
    { "2026-05-21T17:42:07.120Z", MAY_21 + 120 },
    { "2026-05-21T17:42:07.120999999Z", MAY_21 + 120 }, /* truncated, not rounded: never into the future */
    { "2026-05-21T18:42:07+01:00", MAY_21 },
    { "2026-05-21T18:42:07+0100", MAY_21 },
    { "2026-05-21T18:42:07+01", MAY_21 },
    { "2026-05-21T17:42:07-00:00", MAY_21 },
    { "20260521T174207Z", MAY_21 },
    { "20260521T184207.000+0100", MAY_21 },
    { "2026-05-21 17:42:07 UTC", MAY_21 },
    { "2026-05-21 17:42:07 GMT", MAY_21 },
    { "2026-05-21 18:42:07 +0100", MAY_21 },
    { "2026-05-22T05:27:07+11:45", MAY_21 },
    { "2026-05-20T19:42:07-22:00", MAY_21 },
    { "1970-01-01T00:00:00Z", 0 },
    { "1969-12-31T23:59:59.999Z", -1 },
    { "2000-02-29T00:00:00Z", G_GINT64_CONSTANT(951782400000) },
    { "2016-12-31T23:59:60Z", G_GINT64_CONSTANT(1483228799999) },
    { "2016-12-31T23:59:60.5Z", G_GINT64_CONSTANT(1483228799999) },
    { "0000-01-01T00:00:00Z", G_GINT64_CONSTANT(-62167219200000) },
    { "9999-12-31T23:59:59.999Z", G_GINT64_CONSTANT(253402300799999) },
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    gint64 ms = 42;
    g_test_message("%s", cases[i].text);
    g_assert_true(casa_time_parse_rfc3339(cases[i].text, strlen(cases[i].text), &ms));
    g_assert_cmpint(ms, ==, cases[i].ms);
  }
}

/* As mail and HTTP write it. */
static void
mail_reads(void)
{
  static const char *const good[] = { "Thu, 21 May 2026 17:42:07 GMT", "21 May 2026 18:42:07 +0100",
                                      "thu,21 may 2026 17:42:07 utc" };
  static const char *const bad[] = {
    "",  "Thu, 21 May 2026 17:42:07", "Thu, 32 May 2026 17:42:07 GMT", "Thu, 21 Mai 2026 17:42:07 GMT", "Thu, 21 M", "Thu,",
    ",", "21 May 26 17:42:07 GMT",    "Thu, 21 May 2026 25:42:07 GMT", "2026-05-21T17:42:07Z"
  };
  gint64 ms;
  for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
    g_assert_true(casa_time_parse_mail(good[i], strlen(good[i]), &ms));
    g_assert_cmpint(ms, ==, MAY_21);
    g_autofree char *exact = g_memdup2(good[i], strlen(good[i])); /* no NUL behind it */
    for (gsize n = 0; n < strlen(good[i]) - 3; n++)               /* "+01" is a zone, too */
      g_assert_false(casa_time_parse_mail(exact, n, &ms));
  }
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
    g_assert_false(casa_time_parse_mail(bad[i], strlen(bad[i]), &ms));
}

static void
rfc3339_refuses(void)
{
  static const char *const cases[] = {
    "",
    "2026",
    "2026-05-21",
    "2026-05-21T17:42:07",
    "2026-05-21T17:42Z",
    "2026-05-21T17:42:07.Z",
    "2026-05-21T17:42:07.1234567890Z",
    "2026-05-21T17:42:07,5Z",
    "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-05-00T00:00:00Z",
    "2026-05-21T24:00:00Z",
    "2026-05-21T17:60:07Z",
    "2026-05-21T17:42:61Z",
    "2026-05-21T17:42:07+010",
    "2026-05-21T17:42:07+01:",
    "2026-05-21T17:42:07+24:00",
    "2026-05-21T17:42:07+01:60",
    "2026-05-21T17:42:07Z ",
    " 2026-05-21T17:42:07Z",
    "2026-05-21T17:42:07ZZ",
    "2026-05-21_17:42:07Z",
    "+2026-05-21T17:42:07Z",
    "2026-5-21T17:42:07Z",
    "20260521T17:42:07Z ",
    "2026-0521T17:42:07Z",
    "202605-21T17:42:07Z",
    "2026-05-21T17:4207Z",
    "2026-05-21T1742:07Z",
    "2026-05-21 17:42:07 CET",
    "2026-05-21 17:42:07 UT",
    "2026-05-21T-7:42:07Z",
    "now",
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    gint64 ms = 42;
    g_test_message("%s", cases[i]);
    g_assert_false(casa_time_parse_rfc3339(cases[i], strlen(cases[i]), &ms));
    g_assert_cmpint(ms, ==, 42);
  }
  gint64 ms;
  /* A NUL inside must not end the text early, nor match as a character of a set. */
  g_assert_false(casa_time_parse_rfc3339("2026-05-21T17:42:07\0", 20, &ms));
  g_assert_false(casa_time_parse_rfc3339("2026-05-21\00017:42:07Z", 20, &ms));
}

/* The text of a payload has no NUL at its end: only @len bytes may be read (AddressSanitizer watches). */
static void
rfc3339_reads_no_further(void)
{
  static const char text[] = "2026-05-21T17:42:07.120Z";
  for (gsize len = 0; len < sizeof text; len++) {
    g_autofree char *exact = g_memdup2(text, MAX(len, 1));
    gint64 ms;
    g_assert_cmpint(casa_time_parse_rfc3339(exact, len, &ms), ==, len == sizeof text - 1);
  }
}

static void
format_and_back(void)
{
  char buf[32];
  g_assert_cmpstr(casa_time_format(MAY_21 + 120, buf), ==, "2026-05-21T17:42:07.120Z");
  g_assert_cmpstr(casa_time_format(-1, buf), ==, "1969-12-31T23:59:59.999Z");
  /* 1777 days and some: steps through months, leap days and hours over eight centuries. */
  for (gint64 t = G_GINT64_CONSTANT(-12000000000000); t < G_GINT64_CONSTANT(13000000000000);
       t += G_GINT64_CONSTANT(153532799001)) {
    gint64 back;
    casa_time_format(t, buf);
    g_assert_true(casa_time_parse_rfc3339(buf, strlen(buf), &back));
    g_assert_cmpint(back, ==, t);
    g_autoptr(GDateTime) peer = g_date_time_new_from_iso8601(buf, NULL);
    g_assert_cmpint(g_date_time_to_unix(peer), ==, (t - (t % 1000 + 1000) % 1000) / 1000);
  }
  g_assert_cmpuint(strlen(casa_time_format(G_MAXINT64, buf)), ==, 24);
  g_assert_cmpuint(strlen(casa_time_format(G_MININT64, buf)), ==, 24);
}

static void
user_times(void)
{
  gint64 ms, before = casa_clock_now_ms();
  g_assert_true(casa_time_parse("2026-05-21", &ms, NULL));
  g_assert_cmpint(ms, ==, G_GINT64_CONSTANT(1779321600000));
  g_assert_true(casa_time_parse(" 2026-05-21T18:42:07+01:00 ", &ms, NULL));
  g_assert_cmpint(ms, ==, MAY_21);
  g_assert_true(casa_time_parse("now", &ms, NULL));
  g_assert_cmpint(ms, >=, before);
  g_assert_true(casa_time_parse("now-2h", &ms, NULL));
  g_assert_cmpint(ms, >=, before - 7200000);
  g_assert_cmpint(ms, <=, casa_clock_now_ms() - 7200000);
  g_assert_true(casa_time_parse("-90s", &ms, NULL));
  g_assert_cmpint(ms, <=, casa_clock_now_ms() - 90000);
  g_assert_true(
    casa_time_parse_at("now", MAY_21, &ms, NULL)); /* one moment for all times of a command, however long it takes */
  g_assert_cmpint(ms, ==, MAY_21);
  g_assert_true(casa_time_parse_at("-2h", MAY_21, &ms, NULL));
  g_assert_cmpint(ms, ==, MAY_21 - 7200000);

  static const char *const wrong[] = {
    "", "yesterday", "now+2h", "now-", "-", "2h", "2026-02-30", "2026-05-21T17:42:07", NULL
  };
  for (guint i = 0; wrong[i]; i++) {
    g_autoptr(GError) error = NULL;
    g_test_message("%s", wrong[i]);
    g_assert_false(casa_time_parse(wrong[i], &ms, &error));
    g_assert_error(error, CASA_ERROR, CASA_ERROR_USAGE);
    g_assert_cmpint(casa_error_exit_status(error), ==, 2);
  }
}

static void
durations(void)
{
  static const struct {
    const char *text;
    gint64 ms;
  } cases[] = { { "90s", 90000 },
                { "1.5h", 5400000 },
                { "7d", 604800000 },
                { "500ms", 500 },
                { "10min", 600000 },
                { "10m", 600000 },
                { "45", 45000 },
                { "0", 0 },
                { "0.25", 250 },
                { " 3 s ", 3000 },
                { "0.0004s", 0 },
                { ".5h", 1800000 },
                { "365250d", G_GINT64_CONSTANT(31557600000000) } };
  gint64 ms;
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_test_message("%s", cases[i].text);
    g_assert_true(casa_duration_parse(cases[i].text, &ms, NULL));
    g_assert_cmpint(ms, ==, cases[i].ms);
  }
  static const char *const wrong[] = { "",    "s",   "-5s",  "+5s", "1,5h",   "5 weeks", "5S",      "0x10",
                                       "nan", "inf", "1e3s", ".",   "1.2.3s", "5ss",     "366000d", "99999999999999999999d",
                                       NULL };
  for (guint i = 0; wrong[i]; i++) {
    g_autoptr(GError) error = NULL;
    g_test_message("%s", wrong[i]);
    g_assert_false(casa_duration_parse(wrong[i], &ms, &error));
    g_assert_error(error, CASA_ERROR, CASA_ERROR_USAGE);
  }
  g_assert_false(casa_duration_parse(NULL, &ms, NULL));
}

/* In a process of its own: the shift is read once. Wrong ones are told, and leave the clock as it is. */
static void
shift_of_this_process(void)
{
  const char *text = g_getenv("CASA_CLOCK_SHIFT");
  gint64 wanted = g_ascii_strtoll(g_getenv("CASA_TEST_WANTED"), NULL, 10);
  if (wanted == 0 && *text)
    g_test_expect_message(NULL, G_LOG_LEVEL_WARNING, "*the clock is not shifted");
  g_assert_cmpint(casa_clock_shift_ms(), ==, wanted);
  g_test_assert_expected_messages();
  gint64 before = g_get_real_time() / 1000, shifted = casa_clock_now_ms(), after = g_get_real_time() / 1000;
  g_assert_cmpint(shifted - wanted, >=, before);
  g_assert_cmpint(shifted - wanted, <=, after);
}

static void
shift(void)
{
  static const char *const cases[][2] = {
    { "3600", "3600000" },           { "-31622400", "-31622400000" }, { "", "0" }, { "31622401", "0" }, { "2h", "0" },
    { "99999999999999999999", "0" }, { "-99999999999999999999", "0" }
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_setenv("CASA_CLOCK_SHIFT", cases[i][0], TRUE);
    g_setenv("CASA_TEST_WANTED", cases[i][1], TRUE);
    g_test_message("%s", cases[i][0]);
    g_test_trap_subprocess("/base/clock/shift/subprocess", 0, 0);
    g_test_trap_assert_passed();
  }
}

static void
real_and_shifted(void)
{
  CasaClock *real = casa_clock_real();
  g_autoptr(CasaClock) shifted = casa_clock_new_shifted(-3600 * 1000);
  gint64 before = casa_clock_now_ms(), now = casa_clock_ms(real), then = casa_clock_ms(shifted), after = casa_clock_now_ms();
  g_assert_cmpint(now, >=, before);
  g_assert_cmpint(now, <=, after);
  g_assert_cmpint(then + 3600 * 1000, >=, before);
  g_assert_cmpint(then + 3600 * 1000, <=, after);
  g_assert_false(casa_clock_is_replayed(shifted));
  g_assert_cmpfloat(casa_clock_speed(real), ==, 1);
  gint64 us = casa_clock_mono_us();
  g_assert_cmpint(casa_clock_us(real), >=, us);
  casa_clock_free(real); /* lives on */
  g_assert_cmpint(casa_clock_ms(casa_clock_real()), >=, after);
}

/* Set back to begin again, it tells the earlier time; intervals go on. */
static void
replayed(void)
{
  g_autoptr(CasaClock) clock = casa_clock_new_replayed(1000000, 60);
  g_assert_true(casa_clock_is_replayed(clock));
  g_assert_cmpfloat(casa_clock_speed(clock), ==, 60);
  g_assert_cmpint(casa_clock_ms(clock), ==, 1000000);
  gint64 us = casa_clock_us(clock);
  casa_clock_move(clock, 1060000);
  g_assert_cmpint(casa_clock_ms(clock), ==, 1060000);
  g_assert_cmpint(casa_clock_us(clock) - us, ==, 60 * G_USEC_PER_SEC);
  casa_clock_move(clock, 1000000);
  g_assert_cmpint(casa_clock_ms(clock), ==, 1000000);
  g_assert_cmpint(casa_clock_us(clock) - us, ==, 60 * G_USEC_PER_SEC);
  casa_clock_move(clock, 1000001);
  g_assert_cmpint(casa_clock_away_us(clock) - us, ==, 60 * G_USEC_PER_SEC + 1000);
}

static void
exit_statuses(void)
{
  g_autoptr(GError) io = g_error_new(CASA_ERROR, CASA_ERROR_IO, "x");
  g_autoptr(GError) config = g_error_new(CASA_ERROR, CASA_ERROR_CONFIG, "x");
  g_autoptr(GError) option = g_error_new(G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "x");
  g_assert_cmpint(casa_error_exit_status(NULL), ==, 0);
  g_assert_cmpint(casa_error_exit_status(io), ==, 1);
  g_assert_cmpint(casa_error_exit_status(config), ==, 2);
  g_assert_cmpint(casa_error_exit_status(option), ==, 2);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/base/clock/rfc3339-reads", rfc3339_reads);
  g_test_add_func("/base/clock/rfc3339-refuses", rfc3339_refuses);
  g_test_add_func("/base/clock/mail-reads", mail_reads);
  g_test_add_func("/base/clock/rfc3339-reads-no-further", rfc3339_reads_no_further);
  g_test_add_func("/base/clock/format-and-back", format_and_back);
  g_test_add_func("/base/clock/user-times", user_times);
  g_test_add_func("/base/clock/durations", durations);
  g_test_add_func("/base/clock/shift", shift);
  g_test_add_func("/base/clock/shift/subprocess", shift_of_this_process);
  g_test_add_func("/base/clock/real-and-shifted", real_and_shifted);
  g_test_add_func("/base/clock/replayed", replayed);
  g_test_add_func("/base/error/exit-statuses", exit_statuses);
  return g_test_run();
}
