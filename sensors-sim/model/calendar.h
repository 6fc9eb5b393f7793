/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "maths/civil.h"
#include "events/scenario.h"

G_BEGIN_DECLS

/* What the civil clock and the sun say about one local day in Casablanca. */
typedef struct {
  gint64 number;   /* local days since 1970-01-01 */
  gint64 start_ms; /* UTC ms of the local midnight (by the day's noon offset) */
  guint yday;      /* 1..366 */
  CasaSimDayKind kind;
  gboolean ramadan;
  gboolean school_holiday;
  double declination;         /* of the sun, rad */
  double noon_utc_h;          /* solar noon, hours UTC (within 0..24 of the local day) */
  double sunrise_h, sunset_h; /* local hours: the upper limb on the horizon, refraction included */
} CasaSimDay;

typedef struct _CasaSimCalendar CasaSimCalendar; /* caches: one thread */

/* @scenario may force the kind of day; it outlives the calendar. Civil time is that of civil.h. */
CasaSimCalendar *casa_sim_calendar_new(const CasaSimScenario *scenario);
void casa_sim_calendar_free(CasaSimCalendar *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSimCalendar, casa_sim_calendar_free)

/* The local day that contains @t_ms. Valid until eight other days were asked for; copy it to keep it. */
const CasaSimDay *casa_sim_calendar_at(CasaSimCalendar *self, gint64 t_ms);
const CasaSimDay *casa_sim_calendar_day(CasaSimCalendar *self, gint64 number); /* By CasaSimDay.number; valid as long. */

/* Local clock hour, 0 <= h < 24. */
double casa_sim_day_hour(const CasaSimDay *day, gint64 t_ms);

/* Sine of the sun's elevation over Casablanca (33.58 N, 7.61 W), without refraction. */
double casa_sim_day_sun(const CasaSimDay *day, gint64 t_ms);

G_END_DECLS
