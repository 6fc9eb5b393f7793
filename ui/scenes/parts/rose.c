/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/wind-rose.h"
#include "ui/scenes/fact-view.h"
#include "ui/scenes/parts.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"
#include <math.h>

#define MOMENTS 144 /* of a day: ten minutes each, what meteorologists average wind over (WMO-No. 8) */
#define STATIONS_MAX 12
#define REFRESH_US (30 * G_USEC_PER_SEC)
#define CALM_BELOW 0.5 /* m/s: Beaufort 0 ends at 0.3, a cup anemometer starts at about 0.5 */

static const double BOUNDS[CASA_WIND_CLASSES - 1] = { 2, 5, 8 };

typedef struct _RosePart RosePart;

/* Which of the questions an answer is of. */
typedef struct {
  RosePart *self;
  guint i;
} Question;

/* How often the wind came from where, over the time that the page shows: all stations that measure both. */
struct _RosePart {
  CasaModel *model;
  const CasaIndicator *direction, *speed; /* NULL: have just gone */
  CasaTimeView *time;
  CasaFactView view;
  guint64 tickets[STATIONS_MAX * 2]; /* in pairs: direction, speed */
  Question *questions[STATIONS_MAX * 2];
  GArray *answer[STATIONS_MAX * 2]; /* double */
  guint n_asked, n_waiting;
  gint64 asked_us, asked_from_ms, asked_to_ms;
  CasaWindRose rose;
};

static void
cancel(RosePart *self)
{
  for (guint i = 0; i < self->n_asked; i++) {
    if (self->tickets[i])
      casa_history_service_cancel(casa_model_history_service(self->model), self->tickets[i]);
    self->tickets[i] = 0;
    g_clear_pointer(&self->questions[i], g_free);
    g_clear_pointer(&self->answer[i], g_array_unref);
  }
  self->n_asked = self->n_waiting = 0;
}

static void
count(RosePart *self)
{
  g_autoptr(GArray) from = g_array_new(FALSE, FALSE, sizeof(double)), strength = g_array_new(FALSE, FALSE, sizeof(double));

  for (guint i = 0; i + 1 < self->n_asked; i += 2) {
    if (!self->answer[i] || !self->answer[i + 1] || self->answer[i]->len != self->answer[i + 1]->len)
      continue;
    g_array_append_vals(from, self->answer[i]->data, self->answer[i]->len);
    g_array_append_vals(strength, self->answer[i + 1]->data, self->answer[i + 1]->len);
  }
  self->rose = (CasaWindRose){ .bounds = { BOUNDS[0], BOUNDS[1], BOUNDS[2] } };
  if (from->len)
    casa_wind_rose_count(&self->rose, (const double *)from->data, (const double *)strength->data, from->len, CALM_BELOW,
                         BOUNDS);
  casa_plot_view_changed(CASA_PLOT_VIEW(self->view.plot));
}

/* The last of each ten minutes stands for them: a mean of directions around north would point south. */
static void
answer_cb(const CasaHistoryAnswer *answer, gpointer data)
{
  const Question *question = data;
  RosePart *self = question->self;

  self->tickets[question->i] = 0;
  if (answer->columns) {
    GArray *values = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < answer->columns->n; i++) {
      const CasaTimeColumn *column = &answer->columns->columns[i];
      const double value = isfinite(column->last) ? column->last : column->n == 1 ? column->mean : NAN;
      g_array_append_val(values, value);
    }
    self->answer[question->i] = values;
  }
  if (--self->n_waiting == 0)
    count(self);
}

static void
ask_one(RosePart *self, guint series)
{
  gint64 from, to;
  Question *question = g_new(Question, 1);

  casa_viewport_range(casa_time_view_viewport(self->time), &from, &to);
  *question = (Question){ self, self->n_asked };
  const CasaHistoryQuery query = { .series = &series,
                                   .n_series = 1,
                                   .fold = CASA_COLUMNS_ONE,
                                   .from_ms = from,
                                   .to_ms = to,
                                   .columns = MOMENTS,
                                   .step_ms = MAX((to - from) / MOMENTS / 1000 * 1000, 1000) };
  self->questions[self->n_asked] = question;
  self->tickets[self->n_asked++] =
    casa_history_service_ask(casa_model_history_service(self->model), &query, answer_cb, question);
  self->n_waiting++;
}

/* Stations that measure both, each by its two series. */
static void
ask(RosePart *self)
{
  CasaCatalogue *catalogue = casa_latest_values_catalogue(casa_model_latest(self->model));
  const GArray *members = casa_model_members(self->model, self->direction);

  cancel(self);
  for (guint i = 0; members && i < members->len && self->n_asked + 2 <= G_N_ELEMENTS(self->tickets); i++) {
    const guint series = g_array_index(members, guint, i);
    const guint other =
      casa_catalogue_find_series(catalogue, casa_catalogue_series(catalogue, series)->station, self->speed->metric->id);
    if (other == G_MAXUINT)
      continue;
    ask_one(self, series);
    ask_one(self, other);
  }
}

/* Anew when another stretch is shown, and now and then: a rose does not change in a second. */
static void
want(RosePart *self)
{
  const gint64 now_us = casa_clock_mono_us();
  gint64 from, to;

  casa_viewport_range(casa_time_view_viewport(self->time), &from, &to);
  const gint64 span = to - from;
  const gboolean moved =
    ABS(from - self->asked_from_ms) > span / 10 || span != self->asked_to_ms - self->asked_from_ms || self->n_asked == 0;
  if (self->n_waiting || (!moved && now_us - self->asked_us < REFRESH_US))
    return;
  self->asked_us = now_us;
  self->asked_from_ms = from;
  self->asked_to_ms = to;
  ask(self);
}

static void
describe(RosePart *self)
{
  static const char *const names[] = { N_("nord"), N_("est"), N_("sud"), N_("ouest") };
  double most = -1;
  guint best = 0;

  for (guint s = 0; s < CASA_WIND_SECTORS; s++) {
    double share = 0;
    for (guint c = 0; c < CASA_WIND_CLASSES; c++)
      share += self->rose.share[s][c];
    if (share > most) {
      most = share;
      best = s;
    }
  }
  g_autofree char *share = casa_lang_number(100 * MAX(most, 0), 0);
  /* TR: for a screen reader: where the wind mostly comes from, and how often */
  g_autofree char *text = g_strdup_printf(_("surtout de %s, %s %%"), casa_tr(names[(best + 2) / 4 % 4]), share);
  casa_plot_view_set_accessible(CASA_PLOT_VIEW(self->view.plot), gtk_label_get_text(GTK_LABEL(self->view.name)), text);
}

static void
update(CasaPart *part)
{
  RosePart *self = part->state;

  if (!self->direction)
    return;
  want(self);
  describe(self);
}

static void
paint(const CasaPlot *plot, gpointer data)
{
  RosePart *self = data;
  /* TR: first letters of north, east, south, west */
  const CasaWindRoseWords words = { { _("N"), _("E"), _("S"), _("O") }, casa_phrases_text(&self->speed->unit), _("calme") };

  casa_wind_rose_paint(plot, &self->rose, &words);
}

/* A row a direction: the middle of its part of the circle, in degrees. */
static void
add_sector(RosePart *self, CasaSheet *sheet, guint s, const char *origin)
{
  g_autofree char *degrees = g_strdup_printf("%.4g", s * 360.0 / CASA_WIND_SECTORS);
  g_autofree char *said = g_strdup_printf("%s°", degrees);
  double all = 0;

  for (guint c = 0; c < CASA_WIND_CLASSES; c++) {
    g_autofree char *above = casa_sheet_number(c ? self->rose.bounds[c - 1] : CALM_BELOW);
    g_autofree char *share = casa_sheet_number(self->rose.share[s][c]);
    casa_sheet_row(sheet->data, degrees, above, share, origin, NULL);
    all += self->rose.share[s][c];
  }
  g_autofree char *number = casa_lang_number(100 * all, 1), *share = g_strdup_printf(_("%s %%"), number);
  casa_sheet_row(sheet->table, said, share, NULL);
}

static CasaSheet *
sheet_cb(gpointer data)
{
  RosePart *self = data;
  const CasaIndicator *const of[] = { self->direction, self->speed };
  gint64 from, to;

  casa_viewport_range(casa_time_view_viewport(self->time), &from, &to);
  CasaSheet *sheet = casa_fact_view_sheet(&self->view, self->model, of, G_N_ELEMENTS(of), from, to);
  if (!sheet)
    return NULL;
  g_autofree char *origin = casa_sheet_provenance(casa_model_figure(self->model, self->speed)->from);
  casa_sheet_row(sheet->data, "from_deg", "speed_from", "share", "provenance", NULL);
  /* TR: heads of a table: where the wind comes from, in degrees; how often */
  casa_sheet_row(sheet->table, _("vent de"), _("part du temps"), NULL);
  for (guint s = 0; s < CASA_WIND_SECTORS; s++)
    add_sector(self, sheet, s, origin);
  return sheet;
}

static void
restyle(CasaPart *part, const CasaLook *look)
{
  RosePart *self = part->state;

  if (self->direction)
    casa_fact_view_restyle(&self->view, look);
}

static void
part_free(gpointer data)
{
  RosePart *self = data;

  cancel(self);
  g_free(self);
}

static void
build(CasaPart *part, const CasaPartSpec *spec, const CasaPartContext *context)
{
  RosePart *self = part->state = g_new0(RosePart, 1);
  const CasaIndicators *set = casa_model_indicators(context->model);

  part->free_state = part_free;
  self->model = context->model;
  self->time = context->time;
  self->rose = (CasaWindRose){ .bounds = { BOUNDS[0], BOUNDS[1], BOUNDS[2] } };
  self->direction = casa_indicators_find(set, casa_part_spec_get(spec, "direction"));
  self->speed = casa_indicators_find(set, casa_part_spec_get(spec, "speed"));
  if (!self->direction || !self->speed || !self->speed->metric) {
    self->direction = NULL;
    part->widget = casa_fraction_layout_new();
    return;
  }
  casa_fact_view_init(&self->view, casa_phrases_text(&self->speed->name), self->speed->domain, paint, self);
  casa_share_attach(self->view.plot, &(CasaShare){ .sheet = sheet_cb, .data = self });
  part->widget = self->view.root;
  part->restyle = restyle;
  part->update = update;
}

static const CasaPartOption OPTIONS[] = { { "direction", CASA_OPTION_INDICATOR, TRUE },
                                          { "speed", CASA_OPTION_INDICATOR, TRUE },
                                          { NULL } };
const CasaPartClass casa_part_rose = { "rose", OPTIONS, build };
