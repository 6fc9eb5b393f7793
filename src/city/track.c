/* SPDX-License-Identifier: Apache-2.0 */
#include "city/track.h"
#include <math.h>

#define KM_PER_DEGREE 111.195 /* of a great circle; R = 6371.0088 km, IUGG mean radius */

/* The nearest point of one segment, cut to the share [t0, t1] of it. */
static CasaTrackFix
match_segment(CasaLonLat a, CasaLonLat b, double km_a, double km_b, double t0, double t1, CasaLonLat at)
{
  double k = cos(at.lat * G_PI / 180), dx = (b.lon - a.lon) * k, dy = b.lat - a.lat;
  double x = (at.lon - a.lon) * k, y = at.lat - a.lat, length2 = dx * dx + dy * dy;
  double t = CLAMP(length2 > 0 ? (x * dx + y * dy) / length2 : 0, t0, t1);

  return (CasaTrackFix){
    .km = km_a + (km_b - km_a) * t,
    .off_m = hypot(x - dx * t, y - dy * t) * KM_PER_DEGREE * 1000,
    .at = { a.lon + (b.lon - a.lon) * t, a.lat + (b.lat - a.lat) * t },
  };
}

static gboolean
is_finite(CasaLonLat at)
{
  return isfinite(at.lon) && isfinite(at.lat);
}

gboolean
casa_track_match_between(const CasaPath *path, const double *path_km, CasaLonLat at, double from_km, double to_km,
                         CasaTrackFix *out)
{
  CasaTrackFix best = { .off_m = INFINITY };

  if (path->n == 0 || !is_finite(at))
    return FALSE;
  from_km = CLAMP(from_km, path_km[0], path_km[path->n - 1]);
  to_km = CLAMP(to_km, from_km, path_km[path->n - 1]);
  if (path->n == 1)
    best = match_segment(path->points[0], path->points[0], 0, 0, 0, 0, at);
  for (guint i = 1; i < path->n; i++) {
    double a = path_km[i - 1], b = path_km[i], span = b - a;
    CasaTrackFix fix;

    if (b < from_km || a > to_km)
      continue;
    fix = match_segment(path->points[i - 1], path->points[i], a, b, span > 0 ? MAX(0, (from_km - a) / span) : 0,
                        span > 0 ? MIN(1, (to_km - a) / span) : 1, at);
    if (fix.off_m < best.off_m)
      best = fix;
  }
  *out = best;
  return TRUE;
}

gboolean
casa_track_match(const CasaPath *path, const double *path_km, CasaLonLat at, CasaTrackFix *out)
{
  return casa_track_match_between(path, path_km, at, -INFINITY, INFINITY, out);
}

double *
casa_track_measure(const CasaPath *path)
{
  double *km = g_new0(double, MAX(path->n, 1));

  for (guint i = 1; i < path->n; i++)
    km[i] = km[i - 1] + casa_distance_km(path->points[i - 1], path->points[i]);
  return km;
}

CasaLonLat
casa_track_at(const CasaPath *path, const double *path_km, double km)
{
  guint low = 0, high = path->n - 1;
  double span, part;

  if (!(km > path_km[0]))
    return path->points[0];
  if (km >= path_km[high])
    return path->points[high];
  while (high - low > 1) { /* the first point beyond km; the one before it is at km or short of it */
    guint mid = low + (high - low) / 2;

    if (path_km[mid] > km)
      high = mid;
    else
      low = mid;
  }
  span = path_km[high] - path_km[low];
  part = span > 0 ? (km - path_km[low]) / span : 0;
  return (CasaLonLat){ path->points[low].lon + (path->points[high].lon - path->points[low].lon) * part,
                       path->points[low].lat + (path->points[high].lat - path->points[low].lat) * part };
}

CasaLonLat
casa_line_at(const CasaLine *line, double km)
{
  return casa_track_at(&line->track, line->track_km, MIN(km, line->length_km));
}
