/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"

G_BEGIN_DECLS

/* Finds where on a line a position belongs. Pure; any thread. Distances are planar about the city's latitude: the error
 * over a segment is below a thousandth. */

typedef struct {
  double km;    /* along the track from terminus A */
  double off_m; /* from the position to the track, metres */
  CasaLonLat at;
} CasaTrackFix;

/* The point of @path, whose points stand at @path_km, that is nearest to @at. FALSE for a path without points and for a
 * position that is not finite; @out is untouched then. */
gboolean casa_track_match(const CasaPath *path, const double *path_km, CasaLonLat at, CasaTrackFix *out);

/* The same, looked for only between @from_km and @to_km (clamped to the path): a track may pass a place twice, and a vehicle
 * is where it can have come to. */
gboolean casa_track_match_between(const CasaPath *path, const double *path_km, CasaLonLat at, double from_km, double to_km,
                                  CasaTrackFix *out);

/* Cumulated lengths of @path, km, for paths that have none. (transfer full) g_free(); never NULL. */
double *casa_track_measure(const CasaPath *path);

/* Point @km along @path (clamped to its ends). @path must have a point. */
CasaLonLat casa_track_at(const CasaPath *path, const double *path_km, double km);

G_END_DECLS
