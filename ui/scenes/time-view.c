/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/time-view.h"
#include "base/time-units.h"
#include "ui/chart/chart-gestures.h"
#include "ui/scenes/note-box.h"

#define REACH_MS (366 * CASA_DAY_MS) /* how far back is looked for the first measurement */
#define REACH_COLUMNS 732            /* half a day each */

/* What somebody can have changed, the clock aside. */
typedef struct {
  gboolean following, has_cursor, pinned;
  gint64 length_ms, from_ms, cursor_ms; /* from: 0 while it follows */
} Touch;

struct _CasaTimeView {
  CasaModel *model;
  CasaViewport *viewport;
  CasaViewportPreset range; /* at rest */
  Touch touch;
  gint64 touched_us; /* monotonic */
  guint patience_s;
  guint64 ticket;
  gboolean asked_first;
};

static Touch
touch_now(CasaTimeView *self)
{
  Touch touch = { .following = casa_viewport_is_following(self->viewport) };
  gint64 from, to;

  casa_viewport_range(self->viewport, &from, &to);
  touch.length_ms = to - from;
  touch.from_ms = touch.following ? 0 : from;
  touch.has_cursor = casa_viewport_cursor(self->viewport, &touch.cursor_ms, &touch.pinned);
  if (!touch.has_cursor)
    touch.cursor_ms = 0;
  return touch;
}

static gboolean
is_same(const Touch *a, const Touch *b)
{
  return a->following == b->following && a->has_cursor == b->has_cursor && a->pinned == b->pinned &&
         a->length_ms == b->length_ms && a->from_ms == b->from_ms && a->cursor_ms == b->cursor_ms;
}

/* Half a day before the first thing that is stored. */
static void
first_cb(const CasaHistoryAnswer *answer, gpointer data)
{
  CasaTimeView *self = data;

  self->ticket = 0;
  for (guint i = 0; answer->columns && i < answer->columns->n; i++)
    if (answer->columns->columns[i].n > 0) {
      casa_viewport_set_first(self->viewport, answer->columns->from_ms + ((gint64)i - 1) * answer->columns->width_ms);
      return;
    }
}

/* Asked for when the range is first moved: a wall that nobody touches reads nothing. Headlines stand for all. */
static void
look_for_first(CasaTimeView *self)
{
  const gint64 now_ms = casa_viewport_now(self->viewport);
  g_autoptr(GArray) series = g_array_new(FALSE, FALSE, sizeof(guint));
  guint n;
  const CasaCityDomain *const *domains = casa_indicators_domains(casa_model_indicators(self->model), &n);

  if (self->asked_first)
    return;
  self->asked_first = TRUE;
  for (guint i = 0; i < n; i++) {
    const GArray *members = domains[i]->headline ? casa_model_members(self->model, domains[i]->headline) : NULL;
    if (members && members->len)
      g_array_append_val(series, g_array_index(members, guint, 0));
  }
  if (series->len == 0)
    return;
  const CasaHistoryQuery query = { .series = (const guint *)series->data,
                                   .n_series = series->len,
                                   .fold = CASA_COLUMNS_COUNT,
                                   .from_ms = now_ms - REACH_MS,
                                   .to_ms = now_ms,
                                   .columns = REACH_COLUMNS };
  self->ticket = casa_history_service_ask(casa_model_history_service(self->model), &query, first_cb, self);
}

static void
changed_cb(CasaViewport *viewport, gpointer data)
{
  CasaTimeView *self = data;
  const Touch touch = touch_now(self);

  if (is_same(&touch, &self->touch))
    return;
  self->touch = touch;
  self->touched_us = casa_clock_mono_us();
  if (casa_time_view_is_explored(self))
    look_for_first(self);
}

CasaTimeView *
casa_time_view_new(CasaModel *model, CasaViewportPreset range)
{
  CasaTimeView *self = g_new0(CasaTimeView, 1);
  const gint64 now_ms = casa_model_summary(model)->now_ms;

  self->model = model;
  self->patience_s = CASA_TIME_VIEW_REST_S;
  self->range = range;
  self->viewport = casa_viewport_new(now_ms);
  casa_viewport_set_first(self->viewport, now_ms - REACH_MS);
  casa_viewport_set_preset(self->viewport, range);
  self->touch = touch_now(self);
  g_signal_connect(self->viewport, "changed", G_CALLBACK(changed_cb), self);
  return self;
}

void
casa_time_view_free(CasaTimeView *self)
{
  if (!self)
    return;
  if (self->ticket)
    casa_history_service_cancel(casa_model_history_service(self->model), self->ticket);
  g_signal_handlers_disconnect_by_data(self->viewport, self);
  g_object_unref(self->viewport);
  g_free(self);
}

CasaViewport *
casa_time_view_viewport(CasaTimeView *self)
{
  return self->viewport;
}

void
casa_time_view_attach(CasaTimeView *self, CasaChart *chart)
{
  casa_chart_set_viewport(chart, self->viewport);
  casa_chart_gestures_attach(chart);
  casa_note_box_attach(chart, casa_model_keepsakes(self->model));
}

gboolean
casa_time_view_is_explored(CasaTimeView *self)
{
  return !casa_viewport_is_following(self->viewport) || casa_viewport_preset(self->viewport) != CASA_PRESET_24_H;
}

gboolean
casa_time_view_is_moved(CasaTimeView *self)
{
  return !casa_viewport_is_following(self->viewport) || casa_viewport_preset(self->viewport) != self->range;
}

void
casa_time_view_rest(CasaTimeView *self)
{
  casa_viewport_unpin(self->viewport);
  casa_viewport_unpoint(self->viewport);
  casa_viewport_set_preset(self->viewport, self->range);
}

void
casa_time_view_set_patience(CasaTimeView *self, guint seconds)
{
  self->patience_s = seconds;
}

void
casa_time_view_update(CasaTimeView *self)
{
  casa_viewport_set_now(self->viewport, casa_model_summary(self->model)->now_ms);
  if (!casa_time_view_is_moved(self) && !self->touch.pinned)
    return;
  if (casa_clock_mono_us() - self->touched_us >= self->patience_s * (gint64)G_USEC_PER_SEC)
    casa_time_view_rest(self);
}
