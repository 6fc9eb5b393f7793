/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/stacked-area.h"
#include "ui/data/history-lines.h"
#include "ui/scenes/fact-view.h"
#include "ui/scenes/panel-flags.h"
#include "ui/scenes/parts.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"
#include <math.h>

#define COLUMNS 240
#define TABLE_STEP 5 /* columns a row of the table for people */

/* What a whole is made of, over the time that the page shows: indicators one upon the other; what the whole has beyond them is
 * the rest, at the bottom. */
typedef struct {
  CasaModel *model;
  const CasaIndicator *whole; /* NULL: there is none */
  GPtrArray *parts;           /* const CasaIndicator *, from the bottom up */
  CasaTimeView *time;
  CasaHistoryLines *lines; /* the parts, then the whole */
  CasaFactView view;
  double *values[CASA_STACK_LAYERS_MAX]; /* [COLUMNS] */
  char *rest;                            /* name of what the parts leave */
  GArray *flags;                         /* CasaChartFlag, what is shown */
  CasaLook look;
} StackPart;

static void
part_free(gpointer data)
{
  StackPart *self = data;

  casa_history_lines_free(self->lines);
  g_array_unref(self->flags);
  for (guint i = 0; i < G_N_ELEMENTS(self->values); i++)
    g_free(self->values[i]);
  g_ptr_array_unref(self->parts);
  g_free(self->rest);
  g_free(self);
}

static double
value_at(StackPart *self, guint line, gint64 t_ms)
{
  const gint64 width = casa_history_lines_width_ms(self->lines);
  double value;

  return casa_pyramid_at(casa_history_lines_get(self->lines, line), t_ms, MAX(3 * width, 1), &value) ? value : NAN;
}

/* Layers from the bottom up: the rest when there is a whole, then the parts. */
static void
read_values(StackPart *self)
{
  const guint rest = self->whole ? 1 : 0;
  gint64 from, to;

  casa_viewport_range(casa_time_view_viewport(self->time), &from, &to);
  for (guint c = 0; c < COLUMNS; c++) {
    const gint64 t = from + (gint64)((c + 0.5) * (double)(to - from) / COLUMNS);
    double sum = 0;
    for (guint i = 0; i < self->parts->len; i++) {
      self->values[i + rest][c] = value_at(self, i, t);
      sum += self->values[i + rest][c];
    }
    if (rest)
      self->values[0][c] = value_at(self, self->parts->len, t) - sum;
  }
}

static void
changed_cb(gpointer data)
{
  StackPart *self = data;

  read_values(self);
  casa_plot_view_changed(CASA_PLOT_VIEW(self->view.plot));
}

static void
describe(StackPart *self)
{
  g_autoptr(GString) text = g_string_new(NULL);
  gint64 from, to;

  for (guint i = 0; i < self->parts->len; i++) {
    const CasaIndicator *part = self->parts->pdata[i];
    g_autofree char *value = casa_phrases_value(part, casa_model_figure(self->model, part)->value);
    g_string_append_printf(text, "%s%s %s %s", i ? " ; " : "", casa_phrases_text(&part->name), value,
                           casa_phrases_text(&part->unit));
  }
  casa_viewport_range(casa_time_view_viewport(self->time), &from, &to);
  casa_panel_flags_describe(self->flags, from, to, text);
  casa_plot_view_set_accessible(CASA_PLOT_VIEW(self->view.plot), gtk_label_get_text(GTK_LABEL(self->view.name)), text->str);
}

static void
update(CasaPart *part)
{
  StackPart *self = part->state;
  gint64 from, to;

  if (!self->lines || !self->look.theme)
    return;
  casa_viewport_range(casa_time_view_viewport(self->time), &from, &to);
  casa_history_lines_want(self->lines, from, to, COLUMNS, casa_model_summary(self->model)->now_ms);
  describe(self);
  changed_cb(self);
}

static CasaRgb
layer_colour(StackPart *self, const CasaPlot *plot, const CasaIndicator *indicator, guint i)
{
  const CasaRgb others[] = { plot->theme->provenance, plot->theme->accent, plot->theme->good, plot->theme->muted };
  guint n;
  const CasaCityDomain *const *domains = casa_indicators_domains(casa_model_indicators(self->model), &n);

  /* As its line is on the panels. */
  for (guint d = 0; d < n; d++)
    for (guint k = 0; k < domains[d]->curves->len; k++) {
      const CasaDomainCurve *curve = &g_array_index(domains[d]->curves, CasaDomainCurve, k);
      const CasaDomainColours *colours = casa_city_domain_colours(domains[d], plot->theme->id);
      if (curve->indicator == indicator && curve->accent != CASA_ACCENT_MUTED)
        return casa_rgb_from_hex(curve->accent == CASA_ACCENT_SECOND ? colours->second : colours->first);
    }
  return others[i % G_N_ELEMENTS(others)];
}

static void
paint(const CasaPlot *plot, gpointer data)
{
  StackPart *self = data;
  const CasaIndicator *first = self->parts->pdata[0];
  const guint rest = self->whole ? 1 : 0;
  CasaStackedArea area = { .n_layers = self->parts->len + rest,
                           .n_columns = COLUMNS,
                           .zero_based = TRUE,
                           .decimals = first->decimals,
                           .unit = casa_phrases_text(&first->unit) };

  casa_viewport_range(casa_time_view_viewport(self->time), &area.from_ms, &area.to_ms);
  if (rest)
    area.layers[0] = (CasaStackLayer){ self->rest, self->values[0], layer_colour(self, plot, self->whole, 0), FALSE };
  for (guint i = 0; i < self->parts->len; i++) {
    const CasaIndicator *part = self->parts->pdata[i];
    area.layers[i + rest] =
      (CasaStackLayer){ casa_phrases_text(&part->curve), self->values[i + rest], layer_colour(self, plot, part, i), FALSE };
  }
  CasaChartPicture picture = { .theme = plot->theme };
  casa_panel_flags_show(self->model, first->domain, self->flags, &picture);
  area.flags = picture.flags;
  area.n_flags = picture.n_flags;
  casa_stacked_area_paint(plot, &area);
}

/* One layer of the picture: whose it is; NULL: the rest of the whole. */
static const CasaIndicator *
layer_of(StackPart *self, guint layer)
{
  const guint rest = self->whole ? 1 : 0;

  return layer < rest ? NULL : self->parts->pdata[layer - rest];
}

static void
add_layer(StackPart *self, CasaSheet *sheet, guint layer, gint64 from, gint64 to, const char *origin)
{
  const CasaIndicator *of = layer_of(self, layer), *first = self->parts->pdata[0];

  for (guint c = 0; c < COLUMNS; c++) {
    const gint64 t = from + (gint64)((c + 0.5) * (double)(to - from) / COLUMNS);
    g_autofree char *value = casa_sheet_number(self->values[layer][c]);
    char time[32];
    if (*value)
      casa_sheet_row(sheet->data, casa_time_format(t, time), of ? of->id : "rest",
                     of ? casa_phrases_text(&of->curve) : self->rest, casa_phrases_text(&first->unit), value, origin, NULL);
  }
}

/* A row of what people read: the time, then each layer. */
static void
add_moment(StackPart *self, CasaSheet *sheet, guint column, gint64 t)
{
  const CasaIndicator *first = self->parts->pdata[0];
  const guint n = self->parts->len + (self->whole ? 1 : 0);
  GStrv row = g_new0(char *, n + 2);

  row[0] = casa_lang_clock(t, FALSE);
  for (guint i = 0; i < n; i++)
    row[i + 1] = casa_phrases_value(first, self->values[i][column]);
  g_ptr_array_add(sheet->table, row);
}

static void
add_heads(StackPart *self, CasaSheet *sheet)
{
  const guint n = self->parts->len + (self->whole ? 1 : 0);
  GStrv heads = g_new0(char *, n + 2);

  heads[0] = g_strdup(_("heure"));
  for (guint i = 0; i < n; i++) {
    const CasaIndicator *of = layer_of(self, i);
    heads[i + 1] = g_strdup(of ? casa_phrases_text(&of->curve) : self->rest);
  }
  g_ptr_array_add(sheet->table, heads);
}

static CasaSheet *
sheet_cb(gpointer data)
{
  StackPart *self = data;
  g_autoptr(GPtrArray) of = g_ptr_array_copy(self->parts, NULL, NULL);
  CasaProvenance provenance = 0;
  gint64 from, to;

  if (self->whole)
    g_ptr_array_add(of, (gpointer)self->whole);
  casa_viewport_range(casa_time_view_viewport(self->time), &from, &to);
  CasaSheet *sheet = casa_fact_view_sheet(&self->view, self->model, (const CasaIndicator *const *)of->pdata, of->len, from, to);
  if (!sheet)
    return NULL;
  for (guint i = 0; i < of->len; i++)
    provenance |= casa_model_figure(self->model, of->pdata[i])->from;
  g_autofree char *origin = casa_sheet_provenance(provenance);
  casa_sheet_row(sheet->data, "time", "indicator", "line", "unit", "value", "provenance", NULL);
  for (guint i = 0; i < self->parts->len + (self->whole ? 1 : 0); i++)
    add_layer(self, sheet, i, from, to, origin);
  add_heads(self, sheet);
  for (guint c = COLUMNS; c-- > 0;)
    if (isfinite(self->values[0][c]) && c % TABLE_STEP == 0)
      add_moment(self, sheet, c, from + (gint64)((c + 0.5) * (double)(to - from) / COLUMNS));
  return sheet;
}

static void
restyle(CasaPart *part, const CasaLook *look)
{
  StackPart *self = part->state;

  self->look = *look;
  if (self->lines)
    casa_fact_view_restyle(&self->view, look);
}

static void
open_lines(StackPart *self)
{
  self->lines = casa_history_lines_new(self->model, changed_cb, self);
  for (guint i = 0; i < self->parts->len; i++)
    casa_history_lines_add(self->lines, self->parts->pdata[i]);
  if (self->whole)
    casa_history_lines_add(self->lines, self->whole);
  for (guint i = 0; i < G_N_ELEMENTS(self->values); i++)
    self->values[i] = g_new0(double, COLUMNS);
}

static void
build(CasaPart *part, const CasaPartSpec *spec, const CasaPartContext *context)
{
  StackPart *self = part->state = g_new0(StackPart, 1);
  const char *whole = casa_part_spec_get(spec, "whole");

  part->free_state = part_free;
  self->model = context->model;
  self->time = context->time;
  self->flags = casa_panel_flags_new();
  self->parts = casa_part_indicators(spec, "indicators", context->model);
  self->whole = whole ? casa_indicators_find(casa_model_indicators(context->model), whole) : NULL;
  g_ptr_array_set_size(self->parts, (gint)MIN(self->parts->len, CASA_STACK_LAYERS_MAX - 1));
  part->update = update;
  part->restyle = restyle;
  if (self->parts->len == 0) {
    part->widget = casa_fraction_layout_new();
    return;
  }
  const char *heading = casa_part_spec_text(spec, "title"), *rest = casa_part_spec_text(spec, "rest");
  /* TR: of a whole, what none of the named parts is */
  self->rest = g_strdup(rest ? rest : _("reste"));
  open_lines(self);
  const CasaIndicator *of = self->whole ? self->whole : self->parts->pdata[0];
  casa_fact_view_init(&self->view, heading ? heading : casa_phrases_text(&of->name), of->domain, paint, self);
  casa_share_attach(self->view.plot, &(CasaShare){ .sheet = sheet_cb, .data = self });
  part->widget = self->view.root;
}

static const CasaPartOption OPTIONS[] = { { "indicators", CASA_OPTION_INDICATORS, TRUE },
                                          { "whole", CASA_OPTION_INDICATOR, FALSE },
                                          { "title", CASA_OPTION_TEXT, FALSE },
                                          { "rest", CASA_OPTION_TEXT, FALSE },
                                          { NULL } };
const CasaPartClass casa_part_stack = { "stack", OPTIONS, build };
