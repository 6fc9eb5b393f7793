/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/doubtful.h"
#include "base/time-units.h"
#include "series/members.h"
#include "series/stats.h"
#include "store/columns.h"
#include "ui/data/study.h"
#include <math.h>

#define STEP (5 * CASA_MINUTE_MS)
#define LEARNED_MS (15 * CASA_DAY_MS)        /* a drift wants a week of sound days before it */
#define SETTLE_MS CASA_MINUTE_MS             /* after a step, as for what is unusual */
#define SILENT_MS (15 * CASA_MINUTE_MS)      /* who says nothing is silent, not doubtful */
#define EVERY_US (2 * G_USEC_PER_SEC)        /* nor is the store asked, when a replay runs fast */
#define CHUNK_STEPS (2 * CASA_DAY_MS / STEP) /* read at once: many sensors over many days would be many megabytes */

typedef struct {
  guint series, station;
  CasaSensorWatch *watch;
  CasaSensorVerdict verdict; /* of the last reading */
  double value;
  gint64 spoke_ms; /* when that was; G_MININT64: it has said nothing */
} Sensor;

/* The sensors of one indicator: neighbours of one another. */
typedef struct {
  const CasaIndicator *indicator;
  GArray *sensors; /* Sensor */
  gint64 end_ms;   /* of what they were told */
} Kin;

struct _CasaDoubtful {
  CasaCatalogue *catalogue; /* not owned; safe from any thread */
  CasaStudy *study;
  GArray *kin; /* Kin; the study's thread only */
  void (*changed)(gpointer data);
  gpointer data;
  /* owner's thread only */
  GArray *sensors; /* CasaDoubtfulSensor */
};

static void
clear_sensor(gpointer data)
{
  casa_sensor_watch_free(((Sensor *)data)->watch);
}

static void
clear_kin(gpointer data)
{
  g_array_unref(((Kin *)data)->sensors);
}

/* --- The thread --- */

static gboolean
has_sensor(const Kin *kin, guint series)
{
  for (guint i = 0; i < kin->sensors->len; i++)
    if (g_array_index(kin->sensors, Sensor, i).series == series)
      return TRUE;
  return FALSE;
}

static Kin *
kin_of(GArray *all, const CasaIndicator *indicator)
{
  for (guint i = 0; i < all->len; i++)
    if (g_array_index(all, Kin, i).indicator == indicator)
      return &g_array_index(all, Kin, i);
  Kin fresh = { indicator, g_array_new(FALSE, TRUE, sizeof(Sensor)), G_MININT64 };
  g_array_set_clear_func(fresh.sensors, clear_sensor);
  g_array_append_val(all, fresh);
  return &g_array_index(all, Kin, all->len - 1);
}

/* New sensors join; nobody leaves. */
static void
gather(CasaDoubtful *self, CasaIndicators *set)
{
  for (guint i = 0; i < casa_indicators_n(set); i++) {
    const CasaIndicator *indicator = casa_indicators_get(set, i);
    if (!(indicator->resolution > 0))
      continue;
    Kin *kin = kin_of(self->kin, indicator);
    g_autoptr(GArray) members = casa_members_of(self->catalogue, G_MAXUINT, set, indicator);
    for (guint k = 0; k < members->len; k++) {
      const guint series = g_array_index(members, guint, k);
      if (has_sensor(kin, series))
        continue;
      Sensor fresh = { .series = series,
                       .station = casa_catalogue_series(self->catalogue, series)->station,
                       .watch = casa_sensor_watch_new(indicator->resolution),
                       .spoke_ms = G_MININT64 };
      g_array_append_val(kin->sensors, fresh);
    }
  }
}

/* The last reading of each step of [@from_ms, @to_ms) into @out; NAN: there was none. FALSE: they cannot be read. */
static gboolean
read_steps(CasaDoubtful *self, CasaReader *reader, guint series, gint64 from_ms, gint64 to_ms, double *out)
{
  g_autoptr(GError) error = NULL;
  const guint n = (guint)((to_ms - from_ms) / STEP);
  const CasaColumnQuery query = { .series = &series,
                                  .n_series = 1,
                                  .fold = CASA_COLUMNS_ONE,
                                  .from_ms = from_ms,
                                  .to_ms = to_ms,
                                  .columns = n,
                                  .step_ms = STEP };
  g_autoptr(CasaColumns) columns = casa_reader_columns(reader, &query, NULL, casa_study_quit(self->study), &error);

  if (error && !g_atomic_int_get(casa_study_quit(self->study)))
    g_warning("doubtful: %s", error->message);
  if (!columns || columns->width_ms != STEP)
    return FALSE;
  for (guint i = 0; i < n; i++)
    out[i] = NAN;
  for (guint i = 0; i < columns->n; i++) {
    const gint64 at = (columns->from_ms + (gint64)i * STEP - from_ms) / STEP;
    if (at >= 0 && at < (gint64)n)
      out[at] = columns->columns[i].last;
  }
  return TRUE;
}

/* Median of what the others say at that step; NAN: nobody does. */
static double
beside(const double *values, guint n_sensors, guint n_steps, guint step, guint but, double *scratch)
{
  guint n = 0;

  for (guint i = 0; i < n_sensors; i++)
    if (i != but && isfinite(values[i * n_steps + step]))
      scratch[n++] = values[i * n_steps + step];
  return n ? casa_median(scratch, n) : NAN;
}

/* What the sensor says of the time of its newest reading, where that has just arrived. */
static const CasaLatest *
just_arrived(const GArray *latest, guint series, gint64 end_ms)
{
  for (guint i = 0; latest && i < latest->len; i++) {
    const CasaLatest *found = &g_array_index(latest, CasaLatest, i);
    if (found->series == series)
      return ABS(found->received_ms - end_ms) < SILENT_MS ? found : NULL;
  }
  return NULL;
}

static void
tell(Sensor *sensor, gint64 said_ms, gint64 arrived_ms, double value, double neighbours)
{
  casa_sensor_watch_add(sensor->watch, said_ms, arrived_ms, value, neighbours, &sensor->verdict);
  sensor->value = value;
  sensor->spoke_ms = arrived_ms;
}

/* Steps of [@from_ms, @to_ms). A clock is only known of what has just arrived: of the past nobody knows when it came. */
static gboolean
learn(CasaDoubtful *self, CasaReader *reader, Kin *kin, gint64 from_ms, gint64 to_ms, const GArray *latest)
{
  const guint n = kin->sensors->len, n_steps = (guint)((to_ms - from_ms) / STEP);
  g_autofree double *values = g_new(double, MAX((gsize)n * n_steps, 1)), *scratch = g_new(double, MAX(n, 1));

  for (guint i = 0; i < n; i++)
    if (g_atomic_int_get(casa_study_quit(self->study)) ||
        !read_steps(self, reader, g_array_index(kin->sensors, Sensor, i).series, from_ms, to_ms, values + (gsize)i * n_steps))
      return FALSE;
  for (guint step = 0; step < n_steps; step++)
    for (guint i = 0; i < n; i++) {
      Sensor *sensor = &g_array_index(kin->sensors, Sensor, i);
      const gint64 t_ms = from_ms + (gint64)(step + 1) * STEP;
      const CasaLatest *newest = step + 1 == n_steps ? just_arrived(latest, sensor->series, to_ms) : NULL;
      double value = values[i * n_steps + step];
      if (newest && !isfinite(value))
        value = newest->value; /* a clock that is off: what it says now stands at another time */
      if (isfinite(value))
        tell(sensor, newest ? t_ms + newest->t_ms - newest->received_ms : t_ms, t_ms, value,
             beside(values, n, n_steps, step, i, scratch));
    }
  kin->end_ms = to_ms;
  return TRUE;
}

static void
find(CasaDoubtful *self, CasaReader *reader, CasaIndicators *set, gint64 end_ms, GArray *out)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) latest = casa_reader_latest(reader, &error);

  gather(self, set);
  for (guint i = 0; i < self->kin->len; i++) {
    Kin *kin = &g_array_index(self->kin, Kin, i);
    gint64 from_ms = MAX(kin->end_ms, end_ms - LEARNED_MS);
    while (from_ms < end_ms) {
      const gint64 to_ms = MIN(from_ms + CHUNK_STEPS * STEP, end_ms);
      if (!learn(self, reader, kin, from_ms, to_ms, to_ms == end_ms ? latest : NULL))
        break;
      from_ms = to_ms;
    }
    for (guint k = 0; k < kin->sensors->len; k++) {
      const Sensor *sensor = &g_array_index(kin->sensors, Sensor, k);
      const CasaSensorVerdict *v = &sensor->verdict;
      const CasaDoubtfulSensor found = { kin->indicator, sensor->series, sensor->station, v->fault,
                                         v->since_ms,    sensor->value,  v->size };
      if (v->fault != CASA_SENSOR_SOUND && v->fault != CASA_SENSOR_OUTLIER && end_ms - sensor->spoke_ms < SILENT_MS)
        g_array_append_val(out, found);
    }
  }
}

static gpointer
work_cb(CasaReader *reader, CasaIndicators *indicators, gint64 end_ms, gboolean anew, gpointer data)
{
  CasaDoubtful *self = data;
  GArray *out = g_array_new(FALSE, FALSE, sizeof(CasaDoubtfulSensor));

  if (anew)
    g_array_set_size(self->kin, 0);
  if (reader)
    find(self, reader, indicators, end_ms, out);
  return out;
}

/* --- The owner --- */

static void
answered_cb(gpointer answer, CasaIndicators *indicators, gint64 end_ms, gpointer data)
{
  CasaDoubtful *self = data;
  const GArray *sensors = answer;

  g_array_set_size(self->sensors, 0);
  g_array_append_vals(self->sensors, sensors->data, sensors->len);
  self->changed(self->data);
}

static void
free_answer(gpointer answer)
{
  g_array_unref(answer);
}

static const CasaStudyKind KIND = { "casa-doubtful", work_cb, answered_cb, free_answer };

void
casa_doubtful_want(CasaDoubtful *self, CasaIndicators *indicators, gint64 now_ms)
{
  /* What was found points into the set before. */
  if (casa_study_follow(self->study, indicators, (now_ms - SETTLE_MS) / STEP * STEP, EVERY_US))
    g_array_set_size(self->sensors, 0);
}

void
casa_doubtful_forget(CasaDoubtful *self)
{
  casa_study_forget(self->study);
}

const GArray *
casa_doubtful_sensors(const CasaDoubtful *self)
{
  return self->sensors;
}

const CasaDoubtfulSensor *
casa_doubtful_of(const CasaDoubtful *self, guint station, const CasaIndicator *indicator)
{
  for (guint i = 0; i < self->sensors->len; i++) {
    const CasaDoubtfulSensor *sensor = &g_array_index(self->sensors, CasaDoubtfulSensor, i);
    if (sensor->station == station && (!indicator || sensor->indicator == indicator))
      return sensor;
  }
  return NULL;
}

CasaDoubtful *
casa_doubtful_new(const char *path, CasaCatalogue *catalogue, void (*changed)(gpointer data), gpointer data)
{
  CasaDoubtful *self = g_new0(CasaDoubtful, 1);

  self->catalogue = catalogue;
  self->changed = changed;
  self->data = data;
  self->sensors = g_array_new(FALSE, FALSE, sizeof(CasaDoubtfulSensor));
  self->kin = g_array_new(FALSE, TRUE, sizeof(Kin));
  g_array_set_clear_func(self->kin, clear_kin);
  self->study = casa_study_new(path, &KIND, self);
  return self;
}

void
casa_doubtful_free(CasaDoubtful *self)
{
  if (!self)
    return;
  casa_study_free(self->study);
  g_array_unref(self->kin);
  g_array_unref(self->sensors);
  g_free(self);
}
