/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/map-paint.h"

G_BEGIN_DECLS

/* Where the vehicles are between two reports. Knows no widget and no clock: data times are handed in, milliseconds. One
 * thread at a time.
 *
 * A vehicle of a line is kept on the line's track: each report is matched to it, and the vehicle is drawn about one report
 * late, on the way between two reports that both came in. So nothing is guessed: it is never off the track, never goes back
 * but where it turned round, and waits where it was seen last when no more is heard. A position far from the track, or of a
 * vehicle without a line, is taken as it is. */
typedef struct _CasaMapFleet CasaMapFleet;

#define CASA_MAP_TAIL_MS (240 * 1000) /* the way travelled that a tail shows */
#define CASA_MAP_HOLLOW_MS 10000      /* so long after the next report was due, the head goes hollow */
#define CASA_MAP_HELD_MS 90000        /* so long without movement, away from the termini, a vehicle is held */

typedef struct {
  guint key; /* who it is */
  CasaLonLat at;
  const CasaLine *line; /* the line it runs on; NULL: drawn where it says */
  gint64 t_ms;          /* data time */
  guint32 rgb;          /* colour where there is no line */
} CasaMapReport;

CasaMapFleet *casa_map_fleet_new(void);       /* No vehicles. (transfer full) */
void casa_map_fleet_free(CasaMapFleet *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaMapFleet, casa_map_fleet_free)

/* Without it vehicles jump from report to report and have still tails. */
void casa_map_fleet_set_glide(CasaMapFleet *self, gboolean glide);
/* Age of a report at which its vehicle begins to fade; 0 = never. */
void casa_map_fleet_set_stale(CasaMapFleet *self, gint64 stale_ms);

/* A report. One older than the last is ignored; a jump of kilometres or after a long silence is not animated. */
void casa_map_fleet_set(CasaMapFleet *self, const CasaMapReport *report);

/* The vehicles to draw when it is @now_ms into @out (GArray of CasaMapVehicle, replaced), in the order of their keys. Forgets
 * those that faded away. TRUE while something still moves or fades. */
gboolean casa_map_fleet_read(CasaMapFleet *self, gint64 now_ms, GArray *out);
guint casa_map_fleet_size(const CasaMapFleet *self); /* How many vehicles it knows */

/* The way that @key travelled in the last CASA_MAP_TAIL_MS as it is drawn at @now_ms: up to @n points from the head
 * backwards, evenly spaced along the way. Returns how many; 0 when it has not moved. */
guint casa_map_fleet_tail(CasaMapFleet *self, guint key, gint64 now_ms, CasaLonLat *points, guint n);

/* How many vehicles stand away from the ends of their line. */
guint casa_map_fleet_n_held(CasaMapFleet *self, gint64 now_ms);
/* TRUE when at least three vehicles of @line are heard under way and more than half of them are held. */
gboolean casa_map_fleet_line_stands(CasaMapFleet *self, const CasaLine *line, gint64 now_ms);

G_END_DECLS
