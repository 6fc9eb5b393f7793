/* SPDX-License-Identifier: Apache-2.0 */
#include "replay-time.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "maths/civil.h"
#include "wire/reading.h"
#include "wire/number.h"

#define EARLIEST_GUESS_MS G_GINT64_CONSTANT(946684800000) /* 2000-01-01: 20260521120000 is no epoch in microseconds */
#define LATEST_MS G_GINT64_CONSTANT(7258118400000)        /* 2200-01-01 */

typedef struct {
  guint year, month, day, hour, minute, second, ms;
  gboolean has_offset;
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

static gboolean
read_part(char which, const char **text, Parts *out)
{
  switch (which) {
  case 'Y': return read_digits(text, 4, &out->year);
  case 'y': return read_digits(text, 2, &out->year) && (out->year += 2000);
  case 'm': return read_digits(text, 2, &out->month);
  case 'd': return read_digits(text, 2, &out->day);
  case 'H': return read_digits(text, 2, &out->hour);
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

/* Civil time as if it were UTC; FALSE: there is no such moment. */
static gboolean
civil_ms(const Parts *t, gint64 *out_ms)
{
  if (t->year < 1970 || t->year > 2199 ||
      !g_date_valid_dmy((GDateDay)MIN(t->day, 99), (GDateMonth)MIN(t->month, 13), (GDateYear)t->year))
    return FALSE;
  if (t->hour > 23 || t->minute > 59 || t->second > 59)
    return FALSE;
  GDate date;
  g_date_clear(&date, 1);
  g_date_set_dmy(&date, (GDateDay)t->day, (GDateMonth)t->month, (GDateYear)t->year);
  gint64 days = (gint64)g_date_get_julian(&date) - 719163;
  *out_ms = (((days * 24 + t->hour) * 60 + t->minute) * 60 + t->second) * 1000 + t->ms;
  return TRUE;
}

/* An hour that happens twice is taken as the first of the two; one that never happens, as the hour after. */
static gint64
to_utc(const CasaSimTimeFormat *self, gint64 civil)
{
  if (self->casablanca) {
    gint64 before = civil - casa_sim_utc_offset_ms(civil - 86400000), after = civil - casa_sim_utc_offset_ms(civil + 86400000);
    return before + casa_sim_utc_offset_ms(before) == civil ? before : after;
  }
  if (!self->system)
    return civil - self->offset_ms;
  gint64 seconds = civil / 1000;
  int interval = g_time_zone_adjust_time(self->system, G_TIME_TYPE_STANDARD, &seconds);
  return civil - (gint64)g_time_zone_get_offset(self->system, interval) * 1000;
}

static gboolean
read_epoch(const char *text, gint64 *out_ms)
{
  double x;
  g_autofree char *stripped = g_strstrip(g_strdup(text));
  return casa_number_parse(stripped, strlen(stripped), &x) == CASA_NUMBER_OK && casa_epoch_to_ms(x, out_ms);
}

gboolean
casa_sim_time_read(const CasaSimTimeFormat *self, const char *text, gint64 *out_ms)
{
  Parts parts = { .day = 1, .month = 1 };
  if (strcmp(self->format, "rfc3339") == 0)
    return casa_time_parse_rfc3339(text, strlen(text), out_ms) && *out_ms >= 0 && *out_ms < LATEST_MS;
  if (strcmp(self->format, "epoch") == 0)
    return read_epoch(text, out_ms) && *out_ms < LATEST_MS;
  if (!read_pattern(self->format, text, &parts) || !civil_ms(&parts, out_ms))
    return FALSE;
  *out_ms = parts.has_offset ? *out_ms - parts.offset_ms : to_utc(self, *out_ms);
  return *out_ms >= 0;
}

static gboolean
check_pattern(const char *format, GError **error)
{
  guint have = 0;
  for (const char *p = format; *p; p++) {
    if (*p != '%')
      continue;
    p++;
    if (!*p || !strchr("YymdHMSfz", *p)) {
      g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE,
                  "\"%%%.*s\" in \"%s\" is not known: write %%d %%m %%Y (or %%y) %%H %%M %%S %%f %%z",
                  (int)(g_utf8_next_char(p) - p), p, format);
      return FALSE;
    }
    have |= *p == 'Y' || *p == 'y' ? 1 : *p == 'm' ? 2 : *p == 'd' ? 4 : 0;
  }
  if (have == 7)
    return TRUE;
  g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE,
              "\"%s\" is no format of a moment: write rfc3339, epoch, or a pattern with year, month and day "
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
  gboolean pattern = strcmp(format, "rfc3339") != 0 && strcmp(format, "epoch") != 0;
  if (pattern && !check_pattern(format, error))
    return FALSE;
  if (pattern && !zone && !strstr(format, "%z")) {
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

const char *
casa_sim_time_guess(const char *text, gboolean *out_needs_zone)
{
  static const char *const usual[] = { "rfc3339",
                                       "epoch",
                                       "%Y-%m-%d %H:%M:%S",
                                       "%Y-%m-%dT%H:%M:%S",
                                       "%Y-%m-%d %H:%M",
                                       "%Y-%m-%dT%H:%M",
                                       "%d/%m/%Y %H:%M:%S",
                                       "%d/%m/%Y %H:%M",
                                       "%d-%m-%Y %H:%M:%S",
                                       "%d-%m-%Y %H:%M",
                                       "%d.%m.%Y %H:%M:%S",
                                       "%d.%m.%Y %H:%M",
                                       "%Y/%m/%d %H:%M:%S",
                                       "%Y/%m/%d %H:%M",
                                       "%m/%d/%Y %H:%M:%S",
                                       "%m/%d/%Y %H:%M",
                                       "%Y%m%d%H%M%S",
                                       "%Y-%m-%d %H:%M:%S.%f",
                                       "%Y-%m-%dT%H:%M:%S.%f",
                                       "%d/%m/%y %H:%M",
                                       "%Y-%m-%d",
                                       "%d/%m/%Y",
                                       "%Y%m%d" };
  for (guint i = 0; i < G_N_ELEMENTS(usual); i++) {
    CasaSimTimeFormat format = { .format = (char *)usual[i], .zone = (char *)"UTC" };
    gint64 t_ms;
    if (!casa_sim_time_read(&format, text, &t_ms) || t_ms < EARLIEST_GUESS_MS)
      continue;
    *out_needs_zone = i > 1;
    return usual[i];
  }
  return NULL;
}
