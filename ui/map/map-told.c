/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-private.h"

/* What the map is told goes on to its picture, and the next frame is looked for. */

void
casa_map_set_room(CasaMap *self, double x, double y, double w, double h)
{
  casa_map_picture_set_room(self->picture, x, y, w, h);
  casa_map_wake(self);
}

void
casa_map_set_veils(CasaMap *self, const CasaMapBox *veils, guint n)
{
  casa_map_picture_set_veils(self->picture, veils, n);
  casa_map_wake(self);
}

void
casa_map_set_clock(CasaMap *self, const CasaClock *clock)
{
  self->clock = clock;
  casa_map_wake(self);
}

void
casa_map_set_scale(CasaMap *self, const CasaMapScale *scale)
{
  casa_map_picture_set_scale(self->picture, scale);
  casa_map_wake(self);
}

void
casa_map_set_districts(CasaMap *self, const double *values)
{
  casa_map_picture_set_districts(self->picture, values);
  casa_map_wake(self);
}

void
casa_map_set_lit(CasaMap *self, const double *lit)
{
  casa_map_picture_set_lit(self->picture, lit, casa_clock_mono_us());
  casa_map_wake(self);
}

void
casa_map_set_field(CasaMap *self, const CasaMapPoint *points, guint n)
{
  casa_map_picture_set_field(self->picture, points, n);
  casa_map_wake(self);
}

void
casa_map_set_unusual(CasaMap *self, const gboolean *unusual)
{
  casa_map_picture_set_unusual(self->picture, unusual);
  casa_map_wake(self);
}

void
casa_map_set_roads(CasaMap *self, const double *speeds)
{
  casa_map_picture_set_roads(self->picture, speeds);
  casa_map_wake(self);
}

void
casa_map_set_wind(CasaMap *self, double from_deg, double speed)
{
  casa_map_picture_set_wind(self->picture, from_deg, speed);
  casa_map_wake(self);
}

void
casa_map_set_rain(CasaMap *self, double strength)
{
  casa_map_picture_set_rain(self->picture, strength);
  casa_map_wake(self);
}

void
casa_map_set_boarding(CasaMap *self, const CasaStop *stop, guint32 rgb, double strength)
{
  casa_map_picture_set_boarding(self->picture, stop, rgb, strength);
  casa_map_wake(self);
}

void
casa_map_report(CasaMap *self, const CasaMapReport *report)
{
  casa_map_picture_set_still(self->picture, !casa_map_is_animated(self));
  casa_map_picture_report(self->picture, report);
  casa_map_wake(self);
}

void
casa_map_set_stale(CasaMap *self, gint64 stale_ms)
{
  casa_map_fleet_set_stale(casa_map_picture_fleet(self->picture), stale_ms);
  casa_map_picture_moved(self->picture);
  casa_map_wake(self);
}

void
casa_map_set_badges(CasaMap *self, const CasaMapBadge *badges, guint n)
{
  casa_map_picture_set_badges(self->picture, badges, n);
  casa_map_wake(self);
}

void
casa_map_set_callout(CasaMap *self, CasaLonLat at, const char *text)
{
  casa_map_picture_set_callout(self->picture, at, text);
  casa_map_wake(self);
}

void
casa_map_set_event(CasaMap *self, const char *district, const char *text, gboolean fly)
{
  casa_map_picture_set_event(self->picture, casa_city_district(self->city, district), text, fly, casa_clock_mono_us());
  casa_map_wake(self);
}

void
casa_map_set_event_line(CasaMap *self, const CasaLine *line)
{
  casa_map_picture_set_event_line(self->picture, line);
  casa_map_wake(self);
}

void
casa_map_visit(CasaMap *self, const char *what, CasaLonLat min, CasaLonLat max)
{
  casa_map_picture_visit(self->picture, what, min, max, casa_clock_mono_us());
  casa_map_wake(self);
}

void
casa_map_set_frugal(CasaMap *self, gboolean frugal)
{
  casa_map_picture_set_frugal(self->picture, frugal);
  casa_map_wake(self);
}

void
casa_map_set_comparable(CasaMap *self, gboolean comparable)
{
  self->comparable = comparable;
  if (!comparable && casa_map_is_compared(self))
    casa_map_compare(self, FALSE);
}

gboolean
casa_map_is_comparable(CasaMap *self)
{
  return self->comparable;
}

gboolean
casa_map_is_compared(CasaMap *self)
{
  return casa_map_picture_is_compared(self->picture);
}

void
casa_map_compare(CasaMap *self, gboolean compare)
{
  if (compare == casa_map_is_compared(self) || (compare && !self->comparable))
    return;
  casa_map_picture_compare(self->picture, compare, casa_clock_mono_us());
  g_signal_emit_by_name(self, "compared");
  casa_map_wake(self);
}

void
casa_map_set_other(CasaMap *self, const CasaMapOther *other)
{
  casa_map_picture_set_other(self->picture, other);
  casa_map_wake(self);
}
