/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/axis.h"
#include <math.h>

typedef struct {
  double size;
  guint decimals;
} Step;

/* The @index-th round step, counted from 1e-12 upwards. */
static Step
round_step(guint index)
{
  static const double mantissas[] = { 1, 2, 2.5, 5 };
  const gint exponent = (gint)(index / 4) - 12;
  const double mantissa = mantissas[index % 4];
  return (Step){
    .size = mantissa * pow(10, exponent),
    .decimals = (guint)MAX(0, -exponent + (mantissa == 2.5 ? 1 : 0)),
  };
}

/* Ticks must not need more decimals than values are told with: 2.5 is no step between whole things. */
static gboolean
is_multiple(double size, double step_min)
{
  const double times = size / step_min;
  return times > 0.999 && fabs(times - round(times)) < 1e-6 * times;
}

static gboolean
try_step(double min, double max, Step step, guint lines_max, CasaAxisValues *axis)
{
  const double quarter = step.size / 4, slack = 1e-9;
  const double low = floor(min / quarter + slack), high = ceil(max / quarter - slack);
  const double first = ceil(low / 4), last = floor(high / 4);
  const guint baseline = first * 4 == low ? 0 : 1;
  /* Told so that what is not a number (a step too fine for the values) is refused too. */
  if (!(last >= first && last - first + 1 + baseline <= lines_max))
    return FALSE;
  axis->low = low * quarter;
  axis->high = high * quarter;
  axis->decimals = step.decimals;
  axis->n_ticks = 0;
  for (double i = first; i <= last; i++)
    axis->ticks[axis->n_ticks++] = i * step.size;
  return TRUE;
}

void
casa_axis_values(double min, double max, double step_min, guint lines_max, CasaAxisValues *axis)
{
  /* A flat line stands in the middle; one at zero lies on its baseline. */
  const double least = MAX(step_min, MAX(fabs(min), fabs(max)) * 0.02);
  if (max - min < least) {
    if (min != 0)
      min -= least / 2;
    max = MAX(max, min + least);
  }
  lines_max = CLAMP(lines_max, 1, CASA_AXIS_LINES_MAX);
  for (guint index = 0; index < 4 * 320; index++) {
    const Step step = round_step(index);
    if (is_multiple(step.size, step_min) && try_step(min, max, step, lines_max, axis))
      return;
  }
  *axis = (CasaAxisValues){ .low = min, .high = max };
}

#define SECOND G_GINT64_CONSTANT(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

gint64
casa_axis_time_step_after(gint64 step_ms)
{
  static const gint64 steps[] = {
    SECOND,     2 * SECOND,  5 * SECOND,  10 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE,   2 * MINUTE,
    5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR,        2 * HOUR,    3 * HOUR, 6 * HOUR,
    12 * HOUR,  DAY,         2 * DAY,     7 * DAY,     14 * DAY,    28 * DAY,    91 * DAY, 364 * DAY,
  };
  for (guint i = 0; i < G_N_ELEMENTS(steps); i++)
    if (steps[i] > step_ms)
      return steps[i];
  return 0;
}

/* Milliseconds that the zone's clock is ahead of UTC at @t_ms. */
static gint64
zone_offset(GTimeZone *zone, gint64 t_ms)
{
  const gint interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, t_ms / SECOND);
  return interval < 0 ? 0 : g_time_zone_get_offset(zone, interval) * SECOND;
}

static gint64
first_multiple(gint64 local, gint64 step_ms)
{
  /* 1 January 1970 was a Thursday; the Monday after it starts the weeks. */
  const gint64 origin = step_ms % (7 * DAY) == 0 ? 4 * DAY : 0;
  const gint64 past = ((local - origin) % step_ms + step_ms) % step_ms;
  return past == 0 ? local : local + step_ms - past;
}

guint
casa_axis_times(gint64 from_ms, gint64 to_ms, gint64 step_ms, GTimeZone *zone, gint64 *ticks, guint max)
{
  guint n = 0;
  gint64 local = first_multiple(from_ms + zone_offset(zone, from_ms), step_ms);
  gint64 offset = zone_offset(zone, from_ms);
  /* One step beyond the end: the clock may have been set back on the way. */
  for (; n < max && local - offset <= to_ms + HOUR; local += step_ms) {
    offset = zone_offset(zone, local - offset);
    const gint64 t = local - offset;
    const gboolean exists = t + zone_offset(zone, t) == local; /* not within an hour that was skipped */
    if (exists && t >= from_ms && t <= to_ms && (n == 0 || t > ticks[n - 1]))
      ticks[n++] = t;
  }
  return n;
}

/* Neighbours that touch become a group, placed where its members wish to be on average. */
typedef struct {
  double centre;
  guint n;
} Group;

static void
keep_inside(Group *group, double spacing, double low, double high)
{
  const double half = (group->n - 1) * spacing / 2;
  group->centre = MAX(low + half, MIN(group->centre, high - half));
}

void
casa_axis_spread(double *centres, guint n, double spacing, double low, double high)
{
  g_autofree Group *groups = g_new(Group, n + 1);
  guint n_groups = 0;
  for (guint i = 0; i < n; i++) {
    Group group = { centres[i], 1 };
    keep_inside(&group, spacing, low, high);
    while (n_groups > 0) {
      const Group above = groups[n_groups - 1];
      if (group.centre - above.centre >= (group.n + above.n) * spacing / 2)
        break;
      group.centre = (group.centre * group.n + above.centre * above.n) / (group.n + above.n);
      group.n += above.n;
      keep_inside(&group, spacing, low, high);
      n_groups--;
    }
    groups[n_groups++] = group;
  }
  for (guint g = 0, i = 0; g < n_groups; g++)
    for (guint k = 0; k < groups[g].n; k++, i++)
      centres[i] = groups[g].centre + (k - (groups[g].n - 1) / 2.0) * spacing;
}
