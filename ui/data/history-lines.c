/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/history-lines.h"
#include "base/time-units.h"
#include <math.h>

#define MARGIN 2        /* a view's length before and after it is asked for in halves: 1/2 each side */
#define REFRESH_MS 2000 /* the newest column is not read more often */
#define STEP_MOST_MS (15 * CASA_MINUTE_MS)
#define STEP_UNKNOWN_MS (2 * CASA_MINUTE_MS)
#define COLUMNS_LEAST 60

typedef struct {
  CasaHistoryLines *owner;
  const CasaIndicator *indicator;
  gint64 shift_ms;
  CasaPyramid *data;
  guint64 tickets[2]; /* of the line; of a ratio: part and whole. 0: not on its way */
  GArray *answers[2]; /* double: means of the columns, NAN nothing there */
  gint64 from_ms[2], width_ms[2];
  gboolean stale; /* the view has moved on since it was asked */
} Line;

struct _CasaHistoryLines {
  CasaModel *model;
  void (*changed)(gpointer data);
  gpointer data;
  GPtrArray *lines;             /* Line * */
  gint64 from_ms, to_ms;        /* asked for last, with what is around the view */
  gint64 view_ms, asked_now_ms; /* length of the view then, and what time it was */
  guint columns;
  gint64 width_ms;
  GArray *gaps; /* CasaGap */
  gboolean resting;
};

static void
line_cancel(Line *line)
{
  for (guint k = 0; k < 2; k++) {
    if (line->tickets[k])
      casa_history_service_cancel(casa_model_history_service(line->owner->model), line->tickets[k]);
    line->tickets[k] = 0;
  }
}

static void
line_free(gpointer data)
{
  Line *line = data;

  line_cancel(line);
  for (guint k = 0; k < 2; k++)
    g_clear_pointer(&line->answers[k], g_array_unref);
  casa_pyramid_free(line->data);
  g_free(line);
}

CasaHistoryLines *
casa_history_lines_new(CasaModel *model, void (*changed)(gpointer data), gpointer data)
{
  CasaHistoryLines *self = g_new0(CasaHistoryLines, 1);

  self->model = model;
  self->changed = changed;
  self->data = data;
  self->lines = g_ptr_array_new_with_free_func(line_free);
  self->gaps = g_array_new(FALSE, FALSE, sizeof(CasaGap));
  self->resting = TRUE;
  return self;
}

void
casa_history_lines_free(CasaHistoryLines *self)
{
  if (!self)
    return;
  g_ptr_array_unref(self->lines);
  g_array_unref(self->gaps);
  g_free(self);
}

guint
casa_history_lines_add(CasaHistoryLines *self, const CasaIndicator *indicator)
{
  Line *line = g_new0(Line, 1);

  line->owner = self;
  line->indicator = indicator;
  line->data = casa_pyramid_new(2 * CASA_COLUMNS_MOST);
  g_ptr_array_add(self->lines, line);
  return self->lines->len - 1;
}

/* --- Asking --- */

static gboolean
fold_of(const CasaIndicator *indicator, CasaColumnFold *fold)
{
  switch (indicator->fold) {
  case CASA_STATIONS_MEAN: *fold = CASA_COLUMNS_MEAN; return TRUE;
  case CASA_STATIONS_SUM: *fold = CASA_COLUMNS_SUM; return TRUE;
  case CASA_STATIONS_MEDIAN: *fold = CASA_COLUMNS_MEDIAN; return TRUE;
  case CASA_STATIONS_MAX: *fold = CASA_COLUMNS_HIGHEST; return TRUE;
  case CASA_STATIONS_MIN: *fold = CASA_COLUMNS_LOWEST; return TRUE;
  case CASA_STATIONS_COUNT: *fold = CASA_COLUMNS_COUNT; return TRUE;
  case CASA_STATIONS_SHARE: *fold = isfinite(indicator->above) ? CASA_COLUMNS_ABOVE : CASA_COLUMNS_BELOW; return TRUE;
  case CASA_STATIONS_SOURCES:
  case CASA_STATIONS_RATIO:
  case CASA_STATIONS_INDEX: return FALSE;
  }
  g_return_val_if_reached(FALSE);
}

/* Stations report at intervals of their own: in a shorter column there would be others than in the next one. */
static gint64
step_of(CasaHistoryLines *self, const CasaIndicator *indicator)
{
  static const gint64 steps[] = { 1000, 2000, 5000, 10000, 15000, 30000, 60000, 120000, 300000, 600000, STEP_MOST_MS };
  CasaLatestValues *latest = casa_model_latest(self->model);
  const GArray *members = casa_model_members(self->model, indicator);
  double longest = 0;
  guint i = 0;

  if (!members || members->len <= 1)
    return 0;
  for (guint k = 0; k < members->len; k++) {
    const CasaStationValues *station = casa_latest_values_owner(latest, g_array_index(members, guint, k));
    if (station)
      longest = MAX(longest, station->interval_ms);
  }
  if (!(longest > 0))
    return STEP_UNKNOWN_MS;
  while (i + 1 < G_N_ELEMENTS(steps) && (double)steps[i] < longest)
    i++;
  return steps[i];
}

static void ask_line(Line *line);
static void fill(Line *line);

static void
take(Line *line, guint k, const CasaHistoryAnswer *answer)
{
  const CasaColumns *columns = answer->columns;

  g_clear_pointer(&line->answers[k], g_array_unref);
  line->answers[k] = g_array_sized_new(FALSE, FALSE, sizeof(double), columns->n);
  line->from_ms[k] = columns->from_ms;
  line->width_ms[k] = columns->width_ms;
  for (guint i = 0; i < columns->n; i++)
    g_array_append_val(line->answers[k], columns->columns[i].mean);
  line->owner->width_ms = columns->width_ms;
  if (line->shift_ms == 0) {
    g_array_set_size(line->owner->gaps, 0);
    if (answer->n_gaps)
      g_array_append_vals(line->owner->gaps, answer->gaps, answer->n_gaps);
  }
}

static void
answered(Line *line, guint k, const CasaHistoryAnswer *answer)
{
  CasaHistoryLines *self = line->owner;

  line->tickets[k] = 0;
  if (answer->columns)
    take(line, k, answer);
  if (line->tickets[0] || line->tickets[1])
    return;
  if (answer->columns)
    fill(line);
  if (line->stale && !self->resting)
    ask_line(line);
  self->changed(self->data);
}

static void
first_cb(const CasaHistoryAnswer *answer, gpointer data)
{
  answered(data, 0, answer);
}

static void
second_cb(const CasaHistoryAnswer *answer, gpointer data)
{
  answered(data, 1, answer);
}

/* Over time it needs what was before. */
static guint64
ask_indicator(Line *line, const CasaIndicator *indicator, gint64 step_ms, CasaHistoryAnswerFunc func)
{
  CasaHistoryLines *self = line->owner;
  const GArray *members = casa_model_members(self->model, indicator);
  CasaColumnFold fold;

  if (!members || members->len == 0 || !fold_of(indicator, &fold))
    return 0;
  const gint64 span = self->to_ms - self->from_ms, all = span + indicator->over_ms;
  const CasaHistoryQuery query = {
    .series = (const guint *)members->data,
    .n_series = members->len,
    .fold = members->len == 1 && fold <= CASA_COLUMNS_SUM ? CASA_COLUMNS_ONE : fold,
    .limit = isfinite(indicator->above)   ? indicator->above
             : isfinite(indicator->below) ? indicator->below
                                          : 0,
    .least_share = indicator->fresh,
    .from_ms = self->from_ms - line->shift_ms - indicator->over_ms,
    .to_ms = self->to_ms - line->shift_ms,
    .columns = (guint)CLAMP((double)self->columns * (double)all / (double)span, 1, CASA_COLUMNS_MOST),
    .step_ms = step_ms,
  };
  return casa_history_service_ask(casa_model_history_service(self->model), &query, func, line);
}

static void
ask_line(Line *line)
{
  const CasaIndicator *indicator = line->indicator;

  line->stale = FALSE;
  if (indicator->fold == CASA_STATIONS_RATIO) {
    /* Both in the columns of the slower one: they are divided one by one. */
    const gint64 step_ms = MAX(step_of(line->owner, indicator->part), step_of(line->owner, indicator->whole));
    line->tickets[0] = ask_indicator(line, indicator->part, step_ms, first_cb);
    line->tickets[1] = ask_indicator(line, indicator->whole, step_ms, second_cb);
  } else {
    line->tickets[0] = ask_indicator(line, indicator, step_of(line->owner, indicator), first_cb);
  }
}

static void
ask(CasaHistoryLines *self)
{
  for (guint i = 0; i < self->lines->len; i++) {
    Line *line = self->lines->pdata[i];
    if (line->tickets[0] || line->tickets[1])
      line->stale = TRUE;
    else
      ask_line(line);
  }
}

void
casa_history_lines_shift(CasaHistoryLines *self, guint i, gint64 shift_ms)
{
  Line *line = self->lines->pdata[i];

  if (line->shift_ms == shift_ms)
    return;
  line->shift_ms = shift_ms;
  casa_pyramid_clear(line->data); /* it is another time's */
  self->columns = 0;              /* nothing of it is there */
}

/* Whether what was asked for has all of the view, as fine as it is shown, up to now. */
static gboolean
suffices(const CasaHistoryLines *self, gint64 from_ms, gint64 to_ms, guint columns, gint64 now_ms)
{
  const gint64 view = to_ms - from_ms, width = MAX(view / MAX(columns, 1), 1);

  if (self->resting || from_ms < self->from_ms || to_ms > MAX(self->to_ms, self->asked_now_ms))
    return FALSE;
  if (self->columns < columns || view * 10 < self->view_ms * 9 || view * 9 > self->view_ms * 10)
    return FALSE;
  return to_ms < self->asked_now_ms || ABS(now_ms - self->asked_now_ms) < MAX(width, REFRESH_MS);
}

void
casa_history_lines_want(CasaHistoryLines *self, gint64 from_ms, gint64 to_ms, guint columns, gint64 now_ms)
{
  const guint pixels = MAX(columns, COLUMNS_LEAST);
  const gint64 view = to_ms - from_ms;

  if (view <= 0 || suffices(self, from_ms, to_ms, pixels, now_ms))
    return;
  self->resting = FALSE;
  self->view_ms = view;
  self->asked_now_ms = now_ms;
  self->from_ms = from_ms - view / MARGIN;
  self->to_ms = MAX(MIN(to_ms + view / MARGIN, now_ms + 1), to_ms);
  self->columns = (guint)MIN((double)pixels * (double)(self->to_ms - self->from_ms) / (double)view, CASA_COLUMNS_MOST);
  ask(self);
}

void
casa_history_lines_rest(CasaHistoryLines *self)
{
  if (self->resting)
    return;
  self->resting = TRUE;
  for (guint i = 0; i < self->lines->len; i++) {
    Line *line = self->lines->pdata[i];
    line_cancel(line);
    casa_pyramid_clear(line->data);
    line->stale = FALSE;
  }
}

/* --- What came --- */

/* Mean of the columns of the last @over_ms up to each; where most of them are missing, none. Over folds of many stations it is
 * the mean of the folds, which for sums and means is the fold of the means. */
static GArray *
slide(const GArray *values, gint64 width_ms, gint64 over_ms)
{
  const guint n = (guint)MAX(over_ms / width_ms, 1);
  GArray *means = g_array_sized_new(FALSE, FALSE, sizeof(double), values->len);
  double sum = 0;
  guint known = 0;

  for (guint i = 0; i < values->len; i++) {
    const double in = g_array_index(values, double, i), out = i >= n ? g_array_index(values, double, i - n) : NAN;
    if (isfinite(in))
      sum += in, known++;
    if (isfinite(out))
      sum -= out, known--;
    const double mean = known >= CASA_MEAN_WHOLE * n ? sum / known : NAN;
    g_array_append_val(means, mean);
  }
  return means;
}

/* (transfer full) NULL: nothing came. */
static GArray *
values_of(Line *line, guint k, const CasaIndicator *indicator)
{
  if (!line->answers[k])
    return NULL;
  if (indicator->over_ms && line->width_ms[k] < indicator->over_ms)
    return slide(line->answers[k], line->width_ms[k], indicator->over_ms);
  return g_array_ref(line->answers[k]);
}

/* Both have columns of one grid, which may begin at different ones. */
static GArray *
percent(Line *line, const GArray *part, const GArray *whole)
{
  GArray *shares = g_array_sized_new(FALSE, FALSE, sizeof(double), part->len);

  for (guint i = 0; i < part->len; i++) {
    const gint64 off = line->from_ms[0] + i * line->width_ms[0] - line->from_ms[1];
    const gint64 at = off >= 0 && off % line->width_ms[1] == 0 ? off / line->width_ms[1] : -1;
    const double of = at >= 0 && at < (gint64)whole->len ? g_array_index(whole, double, at) : NAN;
    const double share = of > 0 ? 100 * g_array_index(part, double, i) / of : NAN;
    g_array_append_val(shares, share);
  }
  return shares;
}

static GArray *
line_values(Line *line)
{
  if (line->indicator->fold != CASA_STATIONS_RATIO)
    return values_of(line, 0, line->indicator);
  g_autoptr(GArray) part = values_of(line, 0, line->indicator->part), whole = values_of(line, 1, line->indicator->whole);
  return part && whole && line->width_ms[0] == line->width_ms[1] ? percent(line, part, whole) : NULL;
}

/* A line is not drawn across a time in which nobody listened. */
static void
break_at_gaps(Line *line)
{
  const GArray *gaps = line->owner->gaps;

  for (guint i = 0; line->shift_ms == 0 && i < gaps->len; i++) {
    const CasaGap *gap = &g_array_index(gaps, CasaGap, i);
    if (gap->end_ms - gap->start_ms >= line->width_ms[0])
      casa_pyramid_add(line->data, gap->start_ms + (gap->end_ms - gap->start_ms) / 2, NAN);
  }
}

static void
fill(Line *line)
{
  const double factor = line->indicator->fold == CASA_STATIONS_SHARE ? 100 : 1;
  g_autoptr(GArray) values = line_values(line);

  casa_pyramid_clear(line->data);
  for (guint i = 0; values && i < values->len; i++) {
    const double value = g_array_index(values, double, i);
    if (isfinite(value))
      casa_pyramid_add(line->data, line->from_ms[0] + i * line->width_ms[0] + line->width_ms[0] / 2 + line->shift_ms,
                       value * factor);
  }
  if (values)
    break_at_gaps(line);
}

const CasaPyramid *
casa_history_lines_get(CasaHistoryLines *self, guint i)
{
  return ((Line *)self->lines->pdata[i])->data;
}

gint64
casa_history_lines_width_ms(CasaHistoryLines *self)
{
  return self->width_ms;
}

const GArray *
casa_history_lines_gaps(CasaHistoryLines *self)
{
  return self->gaps;
}

gboolean
casa_history_lines_settled(CasaHistoryLines *self)
{
  for (guint i = 0; i < self->lines->len; i++) {
    const Line *line = self->lines->pdata[i];
    if (line->tickets[0] || line->tickets[1] || line->stale)
      return FALSE;
  }
  return !self->resting;
}
