/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"
#include "city/indicators.h"
#include "store/reader.h"

G_BEGIN_DECLS

/* What the store knows of the city up to a moment, and nothing later, in whole hours or minutes. Private to src/analysis and
 * its tests. One thread at a time: the reader's. */
typedef struct {
  CasaReader *reader;         /* not owned */
  CasaCatalogue *catalogue;   /* not owned: stations and series that are looked for */
  const CasaCity *city;       /* not owned */
  CasaIndicators *indicators; /* not owned */
  gint64 at_ms;               /* nothing from here on is read */
  const gint *cancelled;      /* read often: other than 0 ends the reading; NULL: nobody does that */
  GError *error;              /* the first that a read had; owned; then all that follows is empty */
} CasaCityPast;

/* One series in steps of the same width; a step without a sample is NAN. */
typedef struct {
  guint series;    /* CasaSeriesInfo.id */
  guint station;   /* CasaStation.id */
  gint64 from_ms;  /* of the first step */
  gint64 width_ms; /* an hour or a minute */
  guint n;
  double *mean, *min, *sum;
} CasaPastSeries;

void casa_past_series_free(gpointer self); /* For a GPtrArray of CasaPastSeries */

/* Every series of @indicator, in whole steps of @width_ms (CASA_HOUR_MS or CASA_MINUTE_MS; at most 16384 of them) from the
 * step that holds @from_ms to @at_ms. Series that have nothing in there are left out. (element-type CasaPastSeries)
  * (transfer full), never NULL. */
GPtrArray *casa_city_past_read(CasaCityPast *self, const CasaIndicator *indicator, gint64 from_ms, gint64 width_ms);

/* One series in minutes of [@from_ms, @to_ms), whole hours before the moment; NULL: nothing, or no longer kept so finely.
 * (transfer full: casa_past_series_free) */
CasaPastSeries *casa_city_past_minutes(CasaCityPast *self, guint series, gint64 from_ms, gint64 to_ms);

/* Value of @self at step @t_ms; NAN: none, or outside. */
double casa_past_series_at(const CasaPastSeries *self, gint64 t_ms);

double casa_past_series_sum(const CasaPastSeries *self, gint64 t_ms); /* …sum of its samples there */

const CasaStation *casa_city_past_station(const CasaCityPast *self, const CasaPastSeries *series); /* (transfer none) */
/* District where the station of @series stands; NULL: it has no place, or stands outside. */
const CasaDistrict *casa_city_past_district(const CasaCityPast *self, const CasaPastSeries *series);

/* Days of the city: midnight to midnight by its clock (Africa/Casablanca), so that the days on which Ramadan begins and ends
 * have 25 and 23 hours. A day is a number that rises by one. Any thread. */
gint64 casa_city_day(gint64 t_ms);     /* The day that holds @t_ms */
gint64 casa_city_midnight(gint64 day); /* When @day begins, UTC ms */
guint casa_city_minute(gint64 t_ms);   /* 0 to 1439: minutes after midnight as the clock shows them */

G_END_DECLS
