/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/scatter.h"
#include "base/time-units.h"
#include "ui/data/history-lines.h"
#include "ui/scenes/fact-view.h"
#include "ui/scenes/parts.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"
#include <math.h>

#define MOMENTS 288                 /* dots: one for five minutes of a day */
#define PATH_MS CASA_HOUR_MS        /* the last of it is drawn as a path… */
#define NOW_MS (6 * CASA_MINUTE_MS) /* …to a large dot, where it reaches up to now */

/* One indicator against another, over the time that the page shows. */
typedef struct {
  CasaModel *model;
  const CasaIndicator *x, *y; /* NULL: have just gone */
  CasaFactView view;
  CasaTimeView *time;
  CasaHistoryLines *lines; /* x, y */
  GArray *points;          /* CasaScatterPoint, oldest first */
  GArray *times;           /* gint64, the same */
  guint n_path;
  char *now_text; /* NULL: the newest moment is not now */
  CasaLook look;
} ScatterPart;

static void
part_free(gpointer data)
{
  ScatterPart *self = data;

  casa_history_lines_free(self->lines);
  if (self->points) {
    g_array_unref(self->points);
    g_array_unref(self->times);
  }
  g_free(self->now_text);
  g_free(self);
}

/* Moments at which both are known. */
static void
read_points(ScatterPart *self)
{
  const CasaPyramid *x = casa_history_lines_get(self->lines, 0), *y = casa_history_lines_get(self->lines, 1);
  const gint64 width = casa_history_lines_width_ms(self->lines), now_ms = casa_model_summary(self->model)->now_ms;
  gint64 from, to, t = 0;

  casa_viewport_range(casa_time_view_viewport(self->time), &from, &to);
  g_array_set_size(self->points, 0);
  g_array_set_size(self->times, 0);
  self->n_path = 0;
  for (guint i = casa_pyramid_search(x, from); i < casa_pyramid_length(x); i++) {
    CasaScatterPoint point = { NAN, NAN };
    casa_pyramid_get(x, i, &t, &point.x);
    if (t >= to)
      break;
    if (!casa_pyramid_at(y, t, MAX(width, 1), &point.y))
      point.y = NAN;
    g_array_append_val(self->points, point);
    g_array_append_val(self->times, t);
    self->n_path += t > to - PATH_MS;
  }
  g_clear_pointer(&self->now_text, g_free);
  if (self->points->len && now_ms - t <= MAX(NOW_MS, 2 * width))
    self->now_text = casa_lang_clock(now_ms, FALSE);
}

static void
changed_cb(gpointer data)
{
  ScatterPart *self = data;

  read_points(self);
  casa_plot_view_changed(CASA_PLOT_VIEW(self->view.plot));
}

static void
describe(ScatterPart *self)
{
  const CasaFigure *x = casa_model_figure(self->model, self->x), *y = casa_model_figure(self->model, self->y);
  g_autofree char *x_value = casa_phrases_value(self->x, x->value), *y_value = casa_phrases_value(self->y, y->value);
  g_autofree char *text =
    g_strdup_printf("%s %s %s ; %s %s %s", casa_phrases_text(&self->x->name), x_value, casa_phrases_text(&self->x->unit),
                    casa_phrases_text(&self->y->name), y_value, casa_phrases_text(&self->y->unit));

  casa_plot_view_set_accessible(CASA_PLOT_VIEW(self->view.plot), gtk_label_get_text(GTK_LABEL(self->view.name)), text);
}

static void
update(CasaPart *part)
{
  ScatterPart *self = part->state;
  gint64 from, to;

  if (!self->x || !self->look.theme)
    return;
  casa_viewport_range(casa_time_view_viewport(self->time), &from, &to);
  casa_history_lines_want(self->lines, from, to, MOMENTS, casa_model_summary(self->model)->now_ms);
  describe(self);
  changed_cb(self);
}

static void
paint(const CasaPlot *plot, gpointer data)
{
  ScatterPart *self = data;
  const CasaCityDomain *domain = casa_indicators_domain(casa_model_indicators(self->model), self->y->domain);

  casa_scatter_paint(
    plot, &(CasaScatter){ .points = (const CasaScatterPoint *)self->points->data,
                          .n_points = self->points->len,
                          .n_path = self->n_path,
                          .colour = domain ? casa_rgb_from_hex(casa_city_domain_colours(domain, plot->theme->id)->first)
                                           : plot->theme->accent,
                          .x_unit = casa_phrases_text(&self->x->unit),
                          .y_unit = casa_phrases_text(&self->y->unit),
                          .x_decimals = self->x->decimals,
                          .y_decimals = self->y->decimals,
                          .y_any = !self->y->zero_based,
                          .now_text = self->now_text });
}

static char *
with_unit(const CasaIndicator *of)
{
  return g_strdup_printf("%s (%s)", casa_phrases_text(&of->name), casa_phrases_text(&of->unit));
}

/* Moments at which both are known, the newest first in what people read. */
static CasaSheet *
sheet_cb(gpointer data)
{
  ScatterPart *self = data;
  const CasaIndicator *const of[] = { self->x, self->y };
  gint64 from, to;

  casa_viewport_range(casa_time_view_viewport(self->time), &from, &to);
  CasaSheet *sheet = casa_fact_view_sheet(&self->view, self->model, of, G_N_ELEMENTS(of), from, to);
  if (!sheet)
    return NULL;
  g_autofree char *x_head = with_unit(self->x), *y_head = with_unit(self->y);
  g_autofree char *origin =
    casa_sheet_provenance(casa_model_figure(self->model, self->x)->from | casa_model_figure(self->model, self->y)->from);
  casa_sheet_row(sheet->data, "time", self->x->id, self->y->id, "provenance", NULL);
  casa_sheet_row(sheet->table, _("heure"), x_head, y_head, NULL);
  for (guint i = 0; i < self->points->len; i++) {
    const CasaScatterPoint *p = &g_array_index(self->points, CasaScatterPoint, i);
    g_autofree char *x = casa_sheet_number(p->x), *y = casa_sheet_number(p->y);
    char time[32];
    if (*x && *y)
      casa_sheet_row(sheet->data, casa_time_format(g_array_index(self->times, gint64, i), time), x, y, origin, NULL);
  }
  for (guint i = self->points->len; i-- > 0;) {
    const CasaScatterPoint *p = &g_array_index(self->points, CasaScatterPoint, i);
    g_autofree char *clock = casa_lang_clock(g_array_index(self->times, gint64, i), FALSE);
    g_autofree char *x = casa_phrases_value(self->x, p->x), *y = casa_phrases_value(self->y, p->y);
    if (isfinite(p->x) && isfinite(p->y))
      casa_sheet_row(sheet->table, clock, x, y, NULL);
  }
  return sheet;
}

static void
restyle(CasaPart *part, const CasaLook *look)
{
  ScatterPart *self = part->state;

  self->look = *look;
  casa_fact_view_restyle(&self->view, look);
}

static void
build(CasaPart *part, const CasaPartSpec *spec, const CasaPartContext *context)
{
  ScatterPart *self = part->state = g_new0(ScatterPart, 1);
  const CasaIndicators *set = casa_model_indicators(context->model);

  part->free_state = part_free;
  self->model = context->model;
  self->time = context->time;
  self->x = casa_indicators_find(set, casa_part_spec_get(spec, "x"));
  self->y = casa_indicators_find(set, casa_part_spec_get(spec, "y"));
  if (!self->x || !self->y) {
    self->x = NULL;
    part->widget = casa_fraction_layout_new();
    return;
  }
  self->points = g_array_new(FALSE, FALSE, sizeof(CasaScatterPoint));
  self->times = g_array_new(FALSE, FALSE, sizeof(gint64));
  self->lines = casa_history_lines_new(context->model, changed_cb, self);
  casa_history_lines_add(self->lines, self->x);
  casa_history_lines_add(self->lines, self->y);
  /* TR: heading of a chart: one quantity against another, "Average speed against flow" */
  g_autofree char *heading =
    g_strdup_printf(_("%s selon %s"), casa_phrases_text(&self->y->name), casa_phrases_text(&self->x->what));
  casa_fact_view_init(&self->view, heading, self->y->domain, paint, self);
  casa_share_attach(self->view.plot, &(CasaShare){ .sheet = sheet_cb, .data = self });
  part->widget = self->view.root;
  part->restyle = restyle;
  part->update = update;
}

static const CasaPartOption OPTIONS[] = { { "x", CASA_OPTION_INDICATOR, TRUE },
                                          { "y", CASA_OPTION_INDICATOR, TRUE },
                                          { NULL } };
const CasaPartClass casa_part_scatter = { "scatter", OPTIONS, build };
