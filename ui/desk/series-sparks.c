/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/desk/series-sparks.h"
#include <math.h>

#define OLD_MS 60000   /* read again after this */
#define AT_ONCE 4      /* questions on their way: the charts ask the same worker */
#define HELD 6         /* a value holds for so many places: who reports each five minutes has a line, too */
#define KEPT_MOST 2000 /* lines in memory */

typedef struct {
  CasaSeriesSparks *owner;
  guint series;
  guint64 ticket; /* 0: none on its way */
  gint64 asked_ms;
  gboolean known, waiting;
  double values[CASA_SPARK_POINTS];
} Line;

struct _CasaSeriesSparks {
  const CasaDesk *desk;
  GHashTable *lines; /* Line by series */
  GQueue waiting;    /* Line: wanted, not asked yet; the newest wish first */
  guint n_asked;
  void (*news)(guint series, gpointer data);
  gpointer data;
};

static void ask_next(CasaSeriesSparks *self);

static void
take(Line *line, const CasaColumns *columns, gint64 from_ms)
{
  double sums[CASA_SPARK_POINTS] = { 0 };
  guint n[CASA_SPARK_POINTS] = { 0 };

  for (guint i = 0; i < columns->n; i++) {
    const gint64 middle = columns->from_ms + (gint64)i * columns->width_ms + columns->width_ms / 2;
    const gint64 at = (middle - from_ms) * CASA_SPARK_POINTS / CASA_SPARK_SPAN_MS;
    if (columns->columns[i].n == 0)
      continue;
    const guint place = (guint)CLAMP(at, 0, CASA_SPARK_POINTS - 1);
    sums[place] += columns->columns[i].mean;
    n[place]++;
  }
  guint since = HELD;
  for (guint i = 0; i < CASA_SPARK_POINTS; i++) {
    since = n[i] ? 0 : since + 1;
    line->values[i] = n[i] ? sums[i] / n[i] : since < HELD ? line->values[i - 1] : NAN;
  }
}

static void
answer_cb(const CasaHistoryAnswer *answer, gpointer data)
{
  Line *line = data;
  CasaSeriesSparks *self = line->owner;

  line->ticket = 0;
  self->n_asked--;
  if (answer->columns) {
    take(line, answer->columns, answer->query->from_ms);
    line->known = TRUE;
    self->news(line->series, self->data);
  }
  ask_next(self);
}

static void
ask_next(CasaSeriesSparks *self)
{
  while (self->n_asked < AT_ONCE && !g_queue_is_empty(&self->waiting)) {
    Line *line = g_queue_pop_head(&self->waiting);
    const gint64 now = casa_model_summary(self->desk->model)->now_ms;
    const CasaHistoryQuery query = { .series = &line->series,
                                     .n_series = 1,
                                     .fold = CASA_COLUMNS_ONE,
                                     .from_ms = now - CASA_SPARK_SPAN_MS,
                                     .to_ms = now + 1,
                                     .columns = CASA_SPARK_POINTS * 2 };
    line->waiting = FALSE;
    line->asked_ms = now;
    line->ticket = casa_history_service_ask(casa_model_history_service(self->desk->model), &query, answer_cb, line);
    self->n_asked++;
  }
}

static void
line_free(gpointer data)
{
  Line *line = data;

  casa_history_service_cancel(casa_model_history_service(line->owner->desk->model), line->ticket);
  g_free(line);
}

CasaSeriesSparks *
casa_series_sparks_new(const CasaDesk *desk, void (*news)(guint series, gpointer data), gpointer data)
{
  CasaSeriesSparks *self = g_new0(CasaSeriesSparks, 1);

  self->desk = desk;
  self->news = news;
  self->data = data;
  self->lines = g_hash_table_new_full(NULL, NULL, NULL, line_free);
  g_queue_init(&self->waiting);
  return self;
}

void
casa_series_sparks_free(CasaSeriesSparks *self)
{
  if (!self)
    return;
  g_queue_clear(&self->waiting);
  g_hash_table_unref(self->lines);
  g_free(self);
}

/* Bounded: when there are too many, all but those on their way begin again. */
static gboolean
is_idle_cb(gpointer key, gpointer value, gpointer data)
{
  const Line *line = value;

  return line->ticket == 0 && !line->waiting;
}

const double *
casa_series_sparks_get(CasaSeriesSparks *self, guint series)
{
  Line *line = g_hash_table_lookup(self->lines, GUINT_TO_POINTER(series));
  const gint64 now = casa_model_summary(self->desk->model)->now_ms;

  if (!line) {
    if (g_hash_table_size(self->lines) >= KEPT_MOST)
      g_hash_table_foreach_remove(self->lines, is_idle_cb, NULL);
    line = g_new0(Line, 1);
    line->owner = self;
    line->series = series;
    g_hash_table_insert(self->lines, GUINT_TO_POINTER(series), line);
  }
  if (line->ticket == 0 && !line->waiting && ABS(now - line->asked_ms) >= OLD_MS) {
    line->waiting = TRUE;
    g_queue_push_head(&self->waiting, line);
    ask_next(self);
  }
  return line->known ? line->values : NULL;
}
