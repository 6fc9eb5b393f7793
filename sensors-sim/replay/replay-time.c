/* SPDX-License-Identifier: Apache-2.0 */
#include "replay-time.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/time-units.h"
#include "maths/civil.h"
#include "wire/reading.h"
#include "wire/number.h"

#define LATEST_MS G_GINT64_CONSTANT(7258118400000) /* 2200-01-01 */

typedef struct {
  guint year, month, day, hour, minute, second, ms;
  gboolean has_offset, half_day, after_noon; /* half_day: the clock has twelve hours */
  gint64 offset_ms;
} Parts;

/* "Z", "+01:00", "+0100", "-3". */
static gboolean
read_offset(const char **text, gint64 *out_ms)
{
  const char *p = *text;
  if (*p == 'Z' || *p == 'z') {
    *out_ms = 0;
    *text = p + 1;
    return TRUE;
  }
  if ((*p != '+' && *p != '-') || !g_ascii_isdigit(p[1]))
    return FALSE;
  gint64 sign = *p == '-' ? -1 : 1, hours = p[1] - '0', minutes = 0;
  p += 2;
  if (g_ascii_isdigit(*p))
    hours = hours * 10 + (*p++ - '0');
  const char *rest = *p == ':' ? p + 1 : p;
  if (g_ascii_isdigit(rest[0]) && g_ascii_isdigit(rest[1])) {
    minutes = (rest[0] - '0') * 10 + (rest[1] - '0');
    p = rest + 2;
  }
  *out_ms = sign * (hours * 60 + minutes) * 60000;
  *text = p;
  return hours <= 14 && minutes < 60;
}

static gboolean
read_digits(const char **text, guint max_digits, guint *out)
{
  guint n = 0;
  *out = 0;
  for (; n < max_digits && g_ascii_isdigit(**text); n++, (*text)++)
    *out = *out * 10 + (guint)(**text - '0');
  return n > 0;
}

/* Digits behind the point, to milliseconds. */
static gboolean
read_fraction(const char **text, guint *out)
{
  guint unit = 100, n = 0;
  *out = 0;
  for (; g_ascii_isdigit(**text); (*text)++, n++, unit /= 10)
    *out += unit * (guint)(**text - '0');
  return n > 0;
}

/* "AM", "pm", "p.m." */
static gboolean
read_half(const char **text, gboolean *after_noon)
{
  const char *p = *text;
  char half = g_ascii_tolower(*p);
  if (half != 'a' && half != 'p')
    return FALSE;
  p += p[1] == '.' ? 2 : 1;
  if (g_ascii_tolower(*p) != 'm')
    return FALSE;
  p += p[1] == '.' ? 2 : 1;
  *after_noon = half == 'p';
  *text = p;
  return TRUE;
}

static gboolean
read_part(char which, const char **text, Parts *out)
{
  switch (which) {
  case 'Y': return read_digits(text, 4, &out->year);
  case 'y': return read_digits(text, 2, &out->year) && (out->year += 2000);
  case 'm': return read_digits(text, 2, &out->month);
  case 'd': return read_digits(text, 2, &out->day);
  case 'H': return read_digits(text, 2, &out->hour);
  case 'I': out->half_day = TRUE; return read_digits(text, 2, &out->hour) && out->hour >= 1 && out->hour <= 12;
  case 'p': return read_half(text, &out->after_noon);
  case 'M': return read_digits(text, 2, &out->minute);
  case 'S': return read_digits(text, 2, &out->second);
  case 'f': return read_fraction(text, &out->ms);
  case 'z': out->has_offset = TRUE; return read_offset(text, &out->offset_ms);
  default: return FALSE;
  }
}

static gboolean
read_pattern(const char *pattern, const char *text, Parts *out)
{
  while (g_ascii_isspace(*text))
    text++;
  for (const char *p = pattern; *p; p++) {
    if (*p == '%') {
      if (!read_part(*++p, &text, out))
        return FALSE;
    } else if (*p == ' ') {
      if (!g_ascii_isspace(*text))
        return FALSE;
      while (g_ascii_isspace(*text))
        text++;
    } else if (*p != *text++) {
      return FALSE;
    }
  }
  while (g_ascii_isspace(*text))
    text++;
  return *text == '\0';
}

/* Civil time as if it were UTC; FALSE: there is no such moment. 24:00 ends a day. */
static gboolean
civil_ms(const Parts *t, gint64 *out_ms)
{
  guint hour = t->half_day ? t->hour % 12 + (t->after_noon ? 12 : 0) : t->hour;
  if (t->year < 1970 || t->year > 2199 ||
      !g_date_valid_dmy((GDateDay)MIN(t->day, 99), (GDateMonth)MIN(t->month, 13), (GDateYear)t->year))
    return FALSE;
  if (hour > 24 || t->minute > 59 || t->second > 59 || (hour == 24 && (t->minute || t->second || t->ms)))
    return FALSE;
  GDate date;
  g_date_clear(&date, 1);
  g_date_set_dmy(&date, (GDateDay)t->day, (GDateMonth)t->month, (GDateYear)t->year);
  gint64 days = (gint64)g_date_get_julian(&date) - 719163;
  *out_ms = (((days * 24 + hour) * 60 + t->minute) * 60 + t->second) * 1000 + t->ms;
  return TRUE;
}

/* Local clock minus UTC at @t_ms. */
static gint64
offset_at(const CasaSimTimeFormat *self, gint64 t_ms)
{
  if (self->casablanca)
    return casa_sim_utc_offset_ms(t_ms);
  if (!self->system)
    return self->offset_ms;
  int interval = g_time_zone_find_interval(self->system, G_TIME_TYPE_UNIVERSAL, t_ms / 1000);
  return interval < 0 ? 0 : (gint64)g_time_zone_get_offset(self->system, interval) * 1000;
}

/* The clock changes at most once in two days, so that one of the offsets about them holds. */
static CasaSimMoment
to_utc(const CasaSimTimeFormat *self, gint64 civil, gint64 out[2])
{
  gint64 before = civil - offset_at(self, civil - CASA_DAY_MS), after = civil - offset_at(self, civil + CASA_DAY_MS);
  gboolean is_before = civil - before == offset_at(self, before), is_after = civil - after == offset_at(self, after);
  out[0] = is_before ? before : after;
  out[1] = is_after ? after : before;
  return !is_before && !is_after ? CASA_SIM_TIME_SKIPPED : out[0] == out[1] ? CASA_SIM_TIME_ONE : CASA_SIM_TIME_TWICE;
}

/* A spreadsheet's days since 30 December 1899, as good as the digits that were kept: four are nine seconds. */
static gboolean
read_serial(const char *text, gint64 *out_civil)
{
  double days;
  g_autofree char *number = g_strdelimit(g_strstrip(g_strdup(text)), ",", '.');
  const char *point = strchr(number, '.');
  gsize digits = point ? strlen(point + 1) : 0;
  if (casa_number_parse(number, strlen(number), &days) != CASA_NUMBER_OK || days < 25569 || days >= 109575)
    return FALSE;
  gint64 step = digits > 4 ? 1000 : 60000, ms = (gint64)((days - 25569) * CASA_DAY_MS);
  *out_civil = (ms + step / 2) / step * step;
  return TRUE;
}

static gboolean
read_epoch(const char *text, gint64 *out_ms)
{
  double x;
  g_autofree char *stripped = g_strstrip(g_strdup(text));
  return casa_number_parse(stripped, strlen(stripped), &x) == CASA_NUMBER_OK && casa_epoch_to_ms(x, out_ms);
}

static CasaSimMoment
one_moment(gboolean read, gint64 t_ms, gint64 out[2])
{
  out[0] = out[1] = t_ms;
  return read && t_ms >= 0 && t_ms < LATEST_MS ? CASA_SIM_TIME_ONE : CASA_SIM_TIME_NOT;
}

CasaSimMoment
casa_sim_time_moments(const CasaSimTimeFormat *self, const char *text, gint64 out[2])
{
  Parts parts = { .day = 1, .month = 1 };
  gint64 t_ms = -1, civil;
  gboolean read;
  if (strcmp(self->format, "rfc3339") == 0) {
    read = casa_time_parse_rfc3339(text, strlen(text), &t_ms);
    return one_moment(read, t_ms, out);
  }
  if (strcmp(self->format, "epoch") == 0) {
    read = read_epoch(text, &t_ms);
    return one_moment(read, t_ms, out);
  }
  read = strcmp(self->format, "excel") == 0 ? read_serial(text, &civil)
                                            : read_pattern(self->format, text, &parts) && civil_ms(&parts, &civil);
  if (!read)
    return CASA_SIM_TIME_NOT;
  if (parts.has_offset)
    return one_moment(TRUE, civil - parts.offset_ms, out);
  CasaSimMoment found = to_utc(self, civil, out);
  return out[0] >= 0 ? found : CASA_SIM_TIME_NOT;
}

gboolean
casa_sim_time_read(const CasaSimTimeFormat *self, const char *text, gint64 *out_ms)
{
  gint64 moments[2] = { 0, 0 };
  CasaSimMoment found = casa_sim_time_moments(self, text, moments);
  *out_ms = moments[0];
  return found == CASA_SIM_TIME_ONE || found == CASA_SIM_TIME_TWICE;
}

static gboolean
check_pattern(const char *format, GError **error)
{
  guint have = 0;
  for (const char *p = format; *p; p++) {
    if (*p != '%')
      continue;
    p++;
    if (!*p || !strchr("YymdHIpMSfz", *p)) {
      g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE,
                  "\"%%%.*s\" in \"%s\" is not known: write %%d %%m %%Y (or %%y) %%H (or %%I … %%p) %%M %%S %%f %%z",
                  (int)(g_utf8_next_char(p) - p), p, format);
      return FALSE;
    }
    have |= *p == 'Y' || *p == 'y' ? 1 : *p == 'm' ? 2 : *p == 'd' ? 4 : 0;
  }
  if (have == 7)
    return TRUE;
  g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE,
              "\"%s\" is no format of a moment: write rfc3339, epoch, excel, or a pattern with year, month and day "
              "such as %%d/%%m/%%Y %%H:%%M",
              format);
  return FALSE;
}

static gboolean
read_zone(CasaSimTimeFormat *self, GError **error)
{
  const char *p = self->zone;
  if (g_ascii_strcasecmp(p, "utc") == 0)
    return TRUE;
  if (strcmp(p, "Africa/Casablanca") == 0) {
    self->casablanca = TRUE;
    return TRUE;
  }
  if (read_offset(&p, &self->offset_ms) && *p == '\0')
    return TRUE;
  self->offset_ms = 0;
  self->system = g_time_zone_new_identifier(self->zone);
  if (self->system)
    return TRUE;
  g_set_error(error, CASA_ERROR, CASA_ERROR_ZONE,
              "\"%s\" is no zone this machine knows: write UTC, +01:00 or a name such as Africa/Casablanca", self->zone);
  return FALSE;
}

gboolean
casa_sim_time_format_init(CasaSimTimeFormat *self, const char *format, const char *zone, GError **error)
{
  *self = (CasaSimTimeFormat){ .format = g_strdup(format), .zone = g_strdup(zone ? zone : "UTC") };
  gboolean told = strcmp(format, "rfc3339") == 0 || strcmp(format, "epoch") == 0, serial = strcmp(format, "excel") == 0;
  if (!told && !serial && !check_pattern(format, error))
    return FALSE;
  if (!told && !zone && !strstr(format, "%z")) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "\"%s\" tells no zone: add zone = UTC, +01:00 or Africa/Casablanca",
                format);
    return FALSE;
  }
  return read_zone(self, error);
}

void
casa_sim_time_format_clear(CasaSimTimeFormat *self)
{
  g_free(self->format);
  g_free(self->zone);
  g_clear_pointer(&self->system, g_time_zone_unref);
  *self = (CasaSimTimeFormat){ 0 };
}
