/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"

G_BEGIN_DECLS

/* What happens to the city beside its habits: a dust wind, a broken tram, a district in the dark. An event is a pure
 * function of time that is zero before it begins, so nothing already said is ever changed by one that comes later. */
typedef enum {
  CASA_SIM_CHERGUI,
  CASA_SIM_RAIN,
  CASA_SIM_TRAM_INCIDENT,
  CASA_SIM_POWER_CUT,
  CASA_SIM_DERBY_NIGHT,
  CASA_SIM_CAR_FREE_DAY,
  CASA_SIM_PIPE_BURST,
  CASA_SIM_OVERFLOW,
  CASA_SIM_N_EVENTS
} CasaSimEventKind;

typedef struct {
  CasaSimEventKind kind;
  double intensity;            /* 0.05..1 */
  gint64 start_ms;             /* UTC; of a daily one, ms after the local midnight */
  gint64 duration_ms, ramp_ms; /* ramp: to come, and again to go, within the duration */
  gint64 planned_ms;           /* the duration it began with: calm shortens the other */
  gboolean daily;
  char place[64]; /* as written; "" = none */
  /* What the place is, owned by the city. */
  const CasaLine *line; /* whose vehicles are held, from stop to stop (positions from terminus A) */
  guint first_stop, last_stop;
  const char *district; /* of a car-free day: NULL for the whole centre */
  CasaLonLat at;
} CasaSimEvent;

#define CASA_SIM_EVENT_MIN_MINUTES 1
#define CASA_SIM_EVENT_MIN_INTENSITY 0.05
#define CASA_SIM_EVENT_MAX_MINUTES 1440

const char *casa_sim_event_name(CasaSimEventKind kind);                   /* As in scenarios: "chergui". Static. */
gboolean casa_sim_event_by_name(const char *name, CasaSimEventKind *out); /* FALSE: no event is called so */
/* "chergui, rain, …", for messages. (transfer full) */
char *casa_sim_event_names(void);

/* An event of @minutes; @ramp_minutes negative: as is usual for the kind. */
void casa_sim_event_init(CasaSimEvent *self, CasaSimEventKind kind, double intensity, double minutes, double ramp_minutes,
                         const char *place);

/* Finds the place: a line or stop for a tram incident, a district for a power cut, a landmark for a derby night
 * (without one, the stadium), a district for a car-free day (without one, the centre), a district for a burst pipe and for
 * containers that overflow, nothing for the weather.
 * CASA_ERROR_USAGE says what may be written. */
gboolean casa_sim_event_settle(CasaSimEvent *self, const CasaCity *city, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Strength at @t_ms, 0..intensity; and its mean over the @window_ms before. */
double casa_sim_event_level(const CasaSimEvent *self, gint64 t_ms);
double casa_sim_event_mean(const CasaSimEvent *self, gint64 t_ms, gint64 window_ms); /* Over (@t_ms - @window_ms, @t_ms] */

/* Over @events (GArray of CasaSimEvent that are not daily). All pure. */

/* Strength of all of @kind together, at most 1. */
double casa_sim_events_level(const GArray *events, CasaSimEventKind kind, gint64 t_ms);
/* Over (@t_ms - @window_ms, @t_ms]. */
double casa_sim_events_mean(const GArray *events, CasaSimEventKind kind, gint64 t_ms, gint64 window_ms);

/* What events do to road trips round @at. */
typedef struct {
  double crowd;  /* demand that comes on top, as a share of the busiest ordinary hour's; 0 far from everything */
  double closed; /* share of the ordinary demand that stays away: streets closed to cars */
} CasaSimPull;

/* @district: its id, NULL outside the city. */
CasaSimPull casa_sim_events_pull(const GArray *events, CasaLonLat at, const char *district, gint64 t_ms);

/* How many of a match's spectators are about @at, 0..1: their cars stand there, their voices are heard. */
double casa_sim_events_spectators(const GArray *events, CasaLonLat at, gint64 t_ms);

/* Strength of the gust front that a chergui comes with, 0..1: it is there within a minute, raises the city's own loose ground,
 * and dies down within the hour while the desert's dust arrives. */
double casa_sim_events_gust(const GArray *events, gint64 t_ms);

/* What events do to those who take the tram or the busway at one stop (position from terminus A). */
typedef struct {
  double factor;   /* times the ordinary boardings */
  double per_hour; /* passengers that come on top */
  double alight;   /* share of those on board who get off on top of the ordinary one */
} CasaSimRiders;

/* At @stop of @line; {1, 0, 0} when nothing is on. */
CasaSimRiders casa_sim_events_riders(const GArray *events, const CasaLine *line, guint stop, gint64 t_ms);

/* Share of @district without electricity, 0..1; @out_back: what comes on top of its ordinary demand after the power is
 * back (everything starts at once), as a share. */
double casa_sim_events_dark(const GArray *events, const char *district, gint64 t_ms, double *out_back);

/* What runs out of a burst main of @district, as a share of what the strongest burst lets out: at once, until the valves are
 * closed during the ramp, and a tenth of it for a day more, until the joints beside it are sealed. */
double casa_sim_events_burst(const GArray *events, const char *district, gint64 t_ms);

/* How much of what missed rounds of the trucks have left in @district is told, 0..1: within ten minutes, until the truck comes
 * after all during the ramp. */
double casa_sim_events_piled(const GArray *events, const char *district, gint64 t_ms);

/* When a vehicle of @line that would leave stop @stop (position from terminus A) at @t_ms may leave: @t_ms itself when
 * nothing holds it. */
gint64 casa_sim_events_leave_ms(const GArray *events, const CasaLine *line, guint stop, gint64 t_ms);
/* TRUE when something begins to hold vehicles of @line within (@from_ms, @to_ms]. */
gboolean casa_sim_events_hold_line(const GArray *events, const CasaLine *line, gint64 from_ms, gint64 to_ms);

G_END_DECLS
