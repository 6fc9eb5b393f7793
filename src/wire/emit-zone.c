/* SPDX-License-Identifier: Apache-2.0 */
#include "city/city-zone.h"
#include "wire/emit-private.h"

#include <math.h>
#include <string.h>

/* The zone of a time that says none, where a member beside it does. */

#define CITY "Africa/Casablanca"
#define FARTHEST_S (14 * 3600)

static gboolean
is_zone_name(const CasaMember *member)
{
  static const char *const names[] = {
    "tz",         "timezone",          "time_zone",          "tzname",         "tz_name",       "zone",
    "utc_offset", "utcoffset",         "gmt_offset",         "gmtoffset",      "tz_offset",     "tzone",
    "zoneid",     "zone_id",           "utc_offset_minutes", "utc_offset_min", "tz_offset_min", "tz_offset_minutes",
    "offset",     "utc_offset_seconds"
  };
  const char second = member->name_len >= 2 ? (char)(member->name[1] | 0x20) : '\0';
  if (!strchr("zitmof", second) || !strchr("tTuUgGzZoO", member->name[0])) /* most names are none by two letters */
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (casa_member_is_like(member, names[i]))
      return TRUE;
  return FALSE;
}

/* East of Greenwich is above zero: hours, minutes or seconds by their size, as no zone is 15 hours or 15 minutes away, and all
 * are quarters of an hour. FALSE: it is no zone's. */
static gboolean
offset_of_number(const CasaMember *member, double number, gint32 *seconds)
{
  const double away = fabs(number);
  const gboolean whole_name =
    member->name_len > 8 && g_ascii_strncasecmp(member->name + member->name_len - 7, "seconds", 7) == 0;
  const double scale = whole_name ? 1 : away <= 14 ? 3600 : away <= 14 * 60 ? 60 : 1;
  if (away * scale > FARTHEST_S || fmod(away * scale, 900) != 0)
    return FALSE;
  *seconds = (gint32)(number * scale);
  return TRUE;
}

/* "Africa/Casablanca", "UTC", "+01:00", "UTC+1", "GMT+01:00". Names of zones are looked up as files: nothing else is let there.
 * (transfer full) NULL: there is no such zone. */
static GTimeZone *
zone_of_text(const char *text, gsize len)
{
  char name[64];
  if (len == 0 || len >= sizeof name)
    return NULL;
  memcpy(name, text, len);
  name[len] = '\0';
  const char *offset = g_ascii_strncasecmp(name, "UTC", 3) == 0 || g_ascii_strncasecmp(name, "GMT", 3) == 0 ? name + 3 : name;
  if (!*offset || g_ascii_strcasecmp(name, "Z") == 0)
    return g_time_zone_new_utc();
  if (strchr("+-", *offset)) {
    double hours;
    gboolean bare = casa_number_parse(offset + 1, strlen(offset + 1), &hours) == CASA_NUMBER_OK && strlen(offset) <= 3;
    if (bare)
      return hours <= 14 ? g_time_zone_new_offset((*offset == '-' ? -1 : 1) * (gint32)(hours * 3600)) : NULL;
    return strspn(offset + 1, "0123456789:") == strlen(offset + 1) ? g_time_zone_new_identifier(offset) : NULL;
  }
  if (strcmp(name, CITY) == 0)
    return g_time_zone_ref(casa_city_zone(0));
  if (!strchr(name, '/') || name[0] == '/' || strstr(name, "..") ||
      strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") != strlen(name))
    return NULL;
  return g_time_zone_new_identifier(name);
}

gboolean
casa_emit_zone_named(CasaEmit *self, const CasaMember *member)
{
  double number;
  gint32 seconds;
  GTimeZone *zone = NULL;
  if (!is_zone_name(member))
    return FALSE;
  const gboolean text = member->type == CASA_MEMBER_TEXT;
  const gboolean number_too = !strchr("zZoO", member->name[0]); /* zone 3 is of a building, an offset of a sensor */
  if (member->type == CASA_MEMBER_NUMBER && number_too && isfinite(member->number) &&
      offset_of_number(member, member->number, &seconds))
    zone = g_time_zone_new_offset(seconds);
  else if (text && number_too && casa_number_parse(member->text, member->text_len, &number) == CASA_NUMBER_OK &&
           member->text_len <= 6 && offset_of_number(member, number, &seconds))
    zone = g_time_zone_new_offset(seconds);
  else if (text)
    zone = zone_of_text(member->text, member->text_len);
  if (zone) {
    g_clear_pointer(&self->zone, g_time_zone_unref);
    self->zone = zone;
    self->zone_city = text && member->text_len == strlen(CITY) && memcmp(member->text, CITY, member->text_len) == 0;
    self->zone_bad[0] = '\0';
  } else if (text && number_too && !self->zone) {
    casa_reason_quote(self->zone_bad, member->text, member->text_len);
    casa_reason_quote(self->zone_name, member->name, member->name_len);
  }
  return zone != NULL;
}
