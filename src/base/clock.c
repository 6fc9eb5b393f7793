/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MS_PER_DAY G_GINT64_CONSTANT(86400000)
/* 0000-01-01 and 9999-12-31T23:59:59.999Z: what RFC 3339 can write. */
#define FORMAT_MIN_MS G_GINT64_CONSTANT(-62167219200000)
#define FORMAT_MAX_MS G_GINT64_CONSTANT(253402300799999)
#define SHIFT_MAX_S (366 * 86400)
#define DURATION_MAX_MS (G_GINT64_CONSTANT(365250) * MS_PER_DAY) /* 1000 years: far from overflow in any sum */

gint64
casa_clock_shift_ms(void)
{
  static gsize once;
  static gint64 shift_ms;
  if (g_once_init_enter(&once)) {
    const char *text = g_getenv("CASA_CLOCK_SHIFT");
    char *end = NULL;
    gint64 seconds = text ? g_ascii_strtoll(text, &end, 10) : 0;
    if (text && *text && !*end && seconds >= -SHIFT_MAX_S && seconds <= SHIFT_MAX_S)
      shift_ms = seconds * 1000;
    else if (text && *text)
      g_warning("CASA_CLOCK_SHIFT=%s is not a whole number of seconds within a year: the clock is not shifted", text);
    g_once_init_leave(&once, 1);
  }
  return shift_ms;
}

gint64
casa_clock_now_ms(void)
{
  return g_get_real_time() / 1000 + casa_clock_shift_ms();
}

gint64
casa_clock_mono_us(void)
{
  return g_get_monotonic_time();
}

gint64
casa_clock_boot_us(void)
{
  struct timespec now;
  if (clock_gettime(CLOCK_BOOTTIME, &now) != 0) /* a kernel without it */
    return casa_clock_mono_us();
  return (gint64)now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* --- A clock as an object ---------------------------------------------------------------------------------------- */

struct _CasaClock {
  /* Set in new. */
  gboolean replayed;
  gint64 shift_ms; /* not replayed: from the real clock */
  double speed;    /* set again by a jump, while no other thread runs by it */

  /* Replayed only; atomic, written by the replay's thread. */
  gint64 now_ms;
  gint64 run_us; /* how far it has run since it was made */
};

CasaClock *
casa_clock_real(void)
{
  static CasaClock real = { .speed = 1 };
  return &real;
}

CasaClock *
casa_clock_new_shifted(gint64 shift_ms)
{
  CasaClock *self = g_new0(CasaClock, 1);
  self->shift_ms = shift_ms;
  self->speed = 1;
  return self;
}

CasaClock *
casa_clock_new_replayed(gint64 now_ms, double speed)
{
  CasaClock *self = g_new0(CasaClock, 1);
  self->replayed = TRUE;
  self->speed = speed;
  self->now_ms = now_ms;
  return self;
}

void
casa_clock_free(CasaClock *self)
{
  if (self != casa_clock_real())
    g_free(self);
}

gint64
casa_clock_ms(const CasaClock *self)
{
  if (self->replayed)
    return __atomic_load_n(&self->now_ms, __ATOMIC_ACQUIRE);
  return casa_clock_now_ms() + self->shift_ms;
}

gint64
casa_clock_us(const CasaClock *self)
{
  return self->replayed ? __atomic_load_n(&self->run_us, __ATOMIC_ACQUIRE) : casa_clock_mono_us();
}

gint64
casa_clock_away_us(const CasaClock *self)
{
  return self->replayed ? casa_clock_us(self) : casa_clock_boot_us();
}

gboolean
casa_clock_is_replayed(const CasaClock *self)
{
  return self->replayed;
}

double
casa_clock_speed(const CasaClock *self)
{
  return self->speed;
}

void
casa_clock_move(CasaClock *self, gint64 now_ms)
{
  g_return_if_fail(self->replayed);
  if (now_ms > self->now_ms)
    __atomic_store_n(&self->run_us, self->run_us + (now_ms - self->now_ms) * 1000, __ATOMIC_RELEASE);
  __atomic_store_n(&self->now_ms, now_ms, __ATOMIC_RELEASE);
}

void
casa_clock_jump(CasaClock *self, gint64 now_ms, double speed)
{
  g_return_if_fail(self->replayed);
  self->speed = speed;
  __atomic_store_n(&self->now_ms, now_ms, __ATOMIC_RELEASE);
}

/* --- Times as text ----------------------------------------------------------------------------------------------- */

/* Days since 1970-01-01 of a proleptic Gregorian date. Years are counted from March, so that the leap day is the last
 * of its year and month lengths follow one linear rule; eras of 400 years have 146097 days each. */
static gint64
days_from_date(int year, int month, int day)
{
  int y = month <= 2 ? year - 1 : year;
  int era = (y >= 0 ? y : y - 399) / 400;
  int year_of_era = y - era * 400;
  int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return (gint64)era * 146097 + day_of_era - 719468;
}

/* The inverse, for days within FORMAT_MIN_MS..FORMAT_MAX_MS. */
static void
date_from_days(gint64 days, int *year, int *month, int *day)
{
  gint64 z = days + 719468;
  gint64 era = (z >= 0 ? z : z - 146096) / 146097;
  int day_of_era = (int)(z - era * 146097);
  int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int march_month = (5 * day_of_year + 2) / 153;
  *day = day_of_year - (153 * march_month + 2) / 5 + 1;
  *month = march_month < 10 ? march_month + 3 : march_month - 9;
  *year = (int)(era * 400) + year_of_era + (*month <= 2);
}

static int
month_length(int year, int month)
{
  static const guint8 lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  gboolean leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : lengths[month - 1];
}

/* Exactly @n digits at *@p before @end; moves *@p past them. -1 when they are not there. */
static int
take_digits(const char **p, const char *end, int n)
{
  int value = 0;
  if (end - *p < n)
    return -1;
  for (int i = 0; i < n; i++) {
    char c = (*p)[i];
    if (c < '0' || c > '9')
      return -1;
    value = value * 10 + (c - '0');
  }
  *p += n;
  return value;
}

static gboolean
take_char(const char **p, const char *end, const char *any_of)
{
  if (*p >= end || **p == '\0' || !strchr(any_of, **p))
    return FALSE;
  (*p)++;
  return TRUE;
}

/* "YYYY-MM-DD" at *@p, or "YYYYMMDD". */
static gboolean
take_date(const char **p, const char *end, gint64 *days)
{
  int year = take_digits(p, end, 4);
  if (year < 0)
    return FALSE;
  gboolean dashes = take_char(p, end, "-");
  int month = take_digits(p, end, 2);
  if (month < 1 || month > 12 || take_char(p, end, "-") != dashes)
    return FALSE;
  int day = take_digits(p, end, 2);
  if (day < 1 || day > month_length(year, month))
    return FALSE;
  *days = days_from_date(year, month, day);
  return TRUE;
}

/* "HH:MM:SS" with an optional fraction at *@p, or "HHMMSS", in ms of the day. */
static gboolean
take_time_of_day(const char **p, const char *end, gint64 *ms)
{
  int hour = take_digits(p, end, 2);
  if (hour < 0 || hour > 23)
    return FALSE;
  gboolean colons = take_char(p, end, ":");
  int minute = take_digits(p, end, 2);
  if (minute < 0 || minute > 59 || take_char(p, end, ":") != colons)
    return FALSE;
  int second = take_digits(p, end, 2);
  if (second < 0 || second > 60)
    return FALSE;

  int fraction = 0, digits = 0;
  if (take_char(p, end, ".")) {
    for (; *p < end && g_ascii_isdigit(**p); (*p)++, digits++)
      if (digits < 3)
        fraction = fraction * 10 + (**p - '0');
    if (digits < 1 || digits > 9)
      return FALSE;
    for (int i = digits; i < 3; i++)
      fraction *= 10;
  }
  if (second == 60) {
    second = 59;
    fraction = 999;
  }
  *ms = ((gint64)(hour * 60 + minute) * 60 + second) * 1000 + fraction;
  return TRUE;
}

/* "Z", "UTC", "GMT", "±HH:MM" or, as ISO 8601 has it too, "±HHMM" or "±HH" at *@p, blanks before it: what to subtract to reach
 * UTC. */
static gboolean
take_zone(const char **p, const char *end, gint64 *offset_ms)
{
  *offset_ms = 0;
  while (take_char(p, end, " "))
    ;
  if (take_char(p, end, "Zz"))
    return TRUE;
  if (end - *p >= 3 && (g_ascii_strncasecmp(*p, "UTC", 3) == 0 || g_ascii_strncasecmp(*p, "GMT", 3) == 0)) {
    *p += 3;
    return TRUE;
  }
  gboolean west = *p < end && **p == '-';
  if (!take_char(p, end, "+-"))
    return FALSE;
  int hour = take_digits(p, end, 2);
  if (hour < 0 || hour > 23)
    return FALSE;
  gboolean colon = take_char(p, end, ":");
  int minute = !colon && *p == end ? 0 : take_digits(p, end, 2);
  if (minute < 0 || minute > 59)
    return FALSE;
  *offset_ms = (gint64)(hour * 60 + minute) * 60000 * (west ? -1 : 1);
  return TRUE;
}

/* "01 Dec 2026" at *@p, a day of the week and a comma before it. */
static gboolean
take_mail_date(const char **p, const char *end, gint64 *days)
{
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const char *comma = end - *p > 5 ? memchr(*p, ',', 5) : NULL;
  *p = comma ? comma + 1 : *p;
  while (take_char(p, end, " "))
    ;
  int day = end - *p > 1 && g_ascii_isdigit((*p)[1]) ? take_digits(p, end, 2) : take_digits(p, end, 1), month = 1;
  if (day < 1 || !take_char(p, end, " ") || end - *p < 4)
    return FALSE;
  while (month <= 12 && g_ascii_strncasecmp(*p, months + 3 * (month - 1), 3) != 0)
    month++;
  *p += 3;
  if (month > 12 || !take_char(p, end, " "))
    return FALSE;
  int year = take_digits(p, end, 4);
  if (year < 0 || day > month_length(year, month))
    return FALSE;
  *days = days_from_date(year, month, day);
  return TRUE;
}

gboolean
casa_time_parse_mail(const char *text, gsize len, gint64 *out_ms)
{
  const char *p = text, *end = text + len;
  gint64 days, ms, offset;
  if (!text || !take_mail_date(&p, end, &days) || !take_char(&p, end, " ") || !take_time_of_day(&p, end, &ms) ||
      !take_zone(&p, end, &offset) || p != end)
    return FALSE;
  *out_ms = days * MS_PER_DAY + ms - offset;
  return TRUE;
}

gboolean
casa_time_parse_rfc3339(const char *text, gsize len, gint64 *out_ms)
{
  const char *p = text, *end = text + len;
  gint64 days, ms, offset;
  if (!text || !take_date(&p, end, &days) || !take_char(&p, end, "Tt ") || !take_time_of_day(&p, end, &ms) ||
      !take_zone(&p, end, &offset) || p != end)
    return FALSE;
  *out_ms = days * MS_PER_DAY + ms - offset;
  return TRUE;
}

gboolean
casa_time_parse_wall(const char *text, gsize len, gint64 *out_ms)
{
  const char *p = text, *end = text + len;
  gint64 days, ms;
  if (!take_date(&p, end, &days) || !take_char(&p, end, "Tt ") || !take_time_of_day(&p, end, &ms) || p != end)
    return FALSE;
  *out_ms = days * MS_PER_DAY + ms;
  return TRUE;
}

gint64
casa_time_of_wall(GTimeZone *zone, gint64 wall_ms)
{
  int interval = g_time_zone_find_interval(zone, G_TIME_TYPE_STANDARD, wall_ms / 1000);
  return interval < 0 ? wall_ms : wall_ms - (gint64)g_time_zone_get_offset(zone, interval) * 1000;
}

/* "now", "now-2h", "-2h". FALSE without @error: not of this form. */
static gboolean
parse_relative(const char *text, gint64 now_ms, gint64 *out_ms, GError **error)
{
  const char *rest = text;
  if (g_str_has_prefix(rest, "now")) {
    rest += 3;
    if (*rest == '\0') {
      *out_ms = now_ms;
      return TRUE;
    }
  }
  gint64 back;
  if (*rest != '-' || !casa_duration_parse(rest + 1, &back, error))
    return FALSE;
  *out_ms = now_ms - back;
  return TRUE;
}

gboolean
casa_time_parse_at(const char *text, gint64 now_ms, gint64 *out_ms, GError **error)
{
  g_autofree char *clean = g_strstrip(g_strdup(text ? text : ""));
  gsize len = strlen(clean);
  if (casa_time_parse_rfc3339(clean, len, out_ms))
    return TRUE;

  const char *p = clean;
  gint64 days;
  if (take_date(&p, clean + len, &days) && *p == '\0') {
    *out_ms = days * MS_PER_DAY;
    return TRUE;
  }
  g_autoptr(GError) local = NULL;
  if (parse_relative(clean, now_ms, out_ms, &local))
    return TRUE;
  if (local) {
    g_propagate_error(error, g_steal_pointer(&local));
    return FALSE;
  }
  g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE,
              "\"%s\" is not a time; write 2026-05-21T17:42:07Z (or +01:00), 2026-05-21, now, now-2h or -2h", clean);
  return FALSE;
}

gboolean
casa_time_parse(const char *text, gint64 *out_ms, GError **error)
{
  return casa_time_parse_at(text, casa_clock_now_ms(), out_ms, error);
}

char *
casa_time_format(gint64 t_ms, char *buf)
{
  gint64 t = CLAMP(t_ms, FORMAT_MIN_MS, FORMAT_MAX_MS);
  gint64 days = t / MS_PER_DAY, ms = t % MS_PER_DAY;
  if (ms < 0) {
    ms += MS_PER_DAY;
    days--;
  }
  int year, month, day;
  date_from_days(days, &year, &month, &day);
  int s = (int)(ms / 1000);
  g_snprintf(buf, 32, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year, month, day, s / 3600, s / 60 % 60, s % 60, (int)(ms % 1000));
  return buf;
}

/* Milliseconds in one @unit, 0 when unknown. */
static double
unit_ms(const char *unit)
{
  static const struct {
    const char *name;
    double ms;
  } units[] = {
    { "", 1000 }, { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "min", 60000 }, { "h", 3600000 }, { "d", 86400000 }
  };
  for (guint i = 0; i < G_N_ELEMENTS(units); i++)
    if (strcmp(unit, units[i].name) == 0)
      return units[i].ms;
  return 0;
}

gboolean
casa_duration_parse(const char *text, gint64 *out_ms, GError **error)
{
  g_autofree char *clean = g_strstrip(g_strdup(text ? text : ""));
  gsize number_len = strspn(clean, "0123456789.");
  const char *unit = clean + number_len;
  while (*unit == ' ')
    unit++;
  double scale = unit_ms(unit);
  g_autofree char *number = g_strndup(clean, number_len);
  char *end = NULL;
  double value = g_ascii_strtod(number, &end);
  /* g_ascii_strtod stops at a second point, and reads "" and "." as nothing. */
  if (end == number || *end != '\0' || scale == 0) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE,
                "\"%s\" is not a duration; write a number and a unit: 500ms, 90s, 10min, 1.5h or 7d", clean);
    return FALSE;
  }
  double ms = value * scale;
  if (!isfinite(ms) || ms > (double)DURATION_MAX_MS) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "\"%s\" is too long a duration; the most is 365250d", clean);
    return FALSE;
  }
  *out_ms = (gint64)llround(ms);
  return TRUE;
}
