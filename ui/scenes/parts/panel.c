/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/chart.h"
#include "ui/kit/shrink-bin.h"
#include "ui/scenes/parts.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"
#include "ui/kit/label.h"
#include "base/time-units.h"

#define GAP_MS (10 * 60 * 1000) /* some sensors report every five minutes; known outages break the line sooner */

/* One domain: colour bar, name, big number, what it is, whether it is good or bad, and how it got there (24 h chart). The same
 * panel serves a scene of many parts and, with large letters, one about a domain. */
typedef struct {
  CasaModel *model;
  const CasaCityDomain *domain; /* has a headline */
  gboolean focus;
  GtkWidget *root, *name, *number, *unit, *trend, *chart;
  GArray *gaps; /* CasaChartGap, what the chart shows */
} Panel;

static void
place_wall(Panel *self, GtkWidget *bar)
{
  CasaFractionLayout *slots = CASA_FRACTION_LAYOUT(self->root);

  casa_fraction_layout_add(slots, bar, (CasaFractions){ 0, 0.09, 0.008, 0.82 });
  casa_fraction_layout_add(slots, casa_shrink_bin_new(self->name, 0, 0.5), (CasaFractions){ 0.04, 0.07, 0.38, 0.16 });
  casa_fraction_layout_add(slots, casa_shrink_bin_new(self->number, 0, 0.5), (CasaFractions){ 0.04, 0.21, 0.38, 0.37 });
  casa_fraction_layout_add(slots, casa_shrink_bin_new(self->unit, 0, 0.5), (CasaFractions){ 0.04, 0.56, 0.38, 0.15 });
  casa_fraction_layout_add(slots, casa_shrink_bin_new(self->trend, 0, 0.5), (CasaFractions){ 0.04, 0.76, 0.38, 0.15 });
  casa_fraction_layout_add(slots, self->chart, (CasaFractions){ 0.43, 0.06, 0.555, 0.90 });
}

/* The big number, and beside it what it is over whether that is good or bad. */
static GtkWidget *
focus_line(Panel *self)
{
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0), *words = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_add_css_class(line, "casa-line");
  gtk_widget_add_css_class(words, "casa-words");
  gtk_widget_set_valign(words, GTK_ALIGN_CENTER);
  gtk_box_append(GTK_BOX(words), self->unit);
  gtk_box_append(GTK_BOX(words), self->trend);
  gtk_box_append(GTK_BOX(line), self->number);
  gtk_box_append(GTK_BOX(line), words);
  gtk_widget_set_valign(self->number, GTK_ALIGN_CENTER);
  return line;
}

static void
place_focus(Panel *self, GtkWidget *bar)
{
  CasaFractionLayout *slots = CASA_FRACTION_LAYOUT(self->root);

  casa_fraction_layout_add(slots, bar, (CasaFractions){ 0, 0.05, 0.004, 0.27 });
  casa_fraction_layout_add(slots, casa_shrink_bin_new(self->name, 0, 0.5), (CasaFractions){ 0.025, 0.04, 0.95, 0.085 });
  casa_fraction_layout_add(slots, casa_shrink_bin_new(focus_line(self), 0, 0.5), (CasaFractions){ 0.025, 0.12, 0.95, 0.22 });
  casa_fraction_layout_add(slots, self->chart, (CasaFractions){ 0.025, 0.36, 0.955, 0.62 });
}

static void
panel_free(gpointer data)
{
  Panel *self = data;

  g_array_unref(self->gaps);
  g_free(self);
}

static CasaRgb
colour_of(const Panel *self, CasaAccent accent, const CasaTheme *t)
{
  const CasaDomainColours *colours = casa_city_domain_colours(self->domain, t->id);

  if (accent == CASA_ACCENT_MUTED)
    return t->muted;
  return casa_rgb_from_hex(accent == CASA_ACCENT_SECOND ? colours->second : colours->first);
}

static void
add_line(Panel *self, CasaChartPicture *p, const CasaDomainCurve *curve, const CasaTheme *t)
{
  if ((curve->focus_only && !self->focus) || p->n_lines == G_N_ELEMENTS(p->lines) - 1)
    return;
  p->lines[p->n_lines++] = (CasaChartLine){ .data = casa_model_curve(self->model, curve->indicator),
                                            .name = casa_phrases_text(&curve->indicator->curve),
                                            .colour = colour_of(self, curve->accent, t),
                                            .dashed = curve->dashed,
                                            .fill = curve->fill };
}

/* The day before goes on where today ends: a comparison that says what it is, in dots. */
static void
add_yesterday(Panel *self, CasaChartPicture *p, const CasaTheme *t)
{
  p->lines[p->n_lines++] = (CasaChartLine){ .data = casa_model_yesterday(self->model, self->domain->headline),
                                            /* TR: the dots stand for the dotted line that this names: yesterday */
                                            .name = _("··· hier"),
                                            .colour = t->muted,
                                            .dotted = TRUE };
}

static void
add_lines(Panel *self, CasaChartPicture *p, const CasaTheme *t)
{
  const CasaLimit *const *limits = self->domain->headline->limits;

  p->n_lines = p->n_limits = 0;
  for (guint i = 0; i < self->domain->curves->len; i++)
    add_line(self, p, &g_array_index(self->domain->curves, CasaDomainCurve, i), t);
  for (guint i = 0; limits[i] && i < G_N_ELEMENTS(p->limits); i++)
    p->limits[p->n_limits++] = (CasaChartLimit){ limits[i]->value, casa_phrases_text(&limits[i]->name), t->warning };
  add_yesterday(self, p, t);
}

static void
restyle(CasaPart *part, const CasaLook *look)
{
  Panel *self = part->state;
  CasaChartPicture *p = casa_chart_picture(CASA_CHART(self->chart));

  add_lines(self, p, look->theme);
  p->gap_ms = GAP_MS;
  /* Amounts stand on zero, and their area counts. A speed need not, or its day would be flat: its axis says where it starts. */
  p->zero_based = self->domain->headline->zero_based;
  p->show_values = TRUE;
  p->unit = self->focus ? casa_phrases_text(&self->domain->headline->unit) : NULL;
  p->theme = look->theme;
  p->font = look->font;
  p->font_px = casa_look_px(look, self->focus ? 32 : 21);
  p->line_px = casa_look_px(look, self->focus ? 5 : 3);
  p->empty_text = _("en attente de mesures");
  p->gap_text = _("lacune");
  casa_chart_changed(CASA_CHART(self->chart));
}

static void
describe_chart(Panel *self, const CasaHeadline *words)
{
  g_autofree char *label = g_strdup_printf(_("%s, dernières 24 heures"), casa_phrases_text(&self->domain->name));
  g_autofree char *meaning = casa_phrases_meaning(self->domain->headline);
  g_autoptr(GString) description = g_string_new(NULL);
  gint64 now = casa_model_summary(self->model)->now_ms;
  double min, max;
  guint gaps;

  g_string_append_printf(description, "%s %s, %s ; %s", words->number, words->unit, words->trend, meaning);
  if (casa_pyramid_range(casa_model_curve(self->model, self->domain->headline), now - CASA_DAY_MS, now, &min, &max)) {
    g_autofree char *low = casa_phrases_value(self->domain->headline, min),
                    *high = casa_phrases_value(self->domain->headline, max);
    /* TR: the lowest and the highest value of the day, for a screen reader */
    g_string_append_printf(description, _(" ; de %s à %s en 24 heures"), low, high);
  }
  casa_model_gaps(self->model, &gaps);
  if (gaps)
    g_string_append_printf(description, casa_tr_n(" ; %u lacune", " ; %u lacunes", gaps), gaps);

  casa_chart_set_accessible(CASA_CHART(self->chart), label, description->str);
}

static void
update_gaps(Panel *self)
{
  CasaChartPicture *p = casa_chart_picture(CASA_CHART(self->chart));
  guint n;
  const CasaGap *gaps = casa_model_gaps(self->model, &n);

  g_array_set_size(self->gaps, 0);
  for (guint i = 0; i < n; i++) {
    CasaChartGap gap = { gaps[i].start_ms, gaps[i].end_ms };
    g_array_append_val(self->gaps, gap);
  }
  p->gaps = (const CasaChartGap *)self->gaps->data;
  p->n_gaps = n;
}

static void
update(CasaPart *part)
{
  Panel *self = part->state;
  gint64 now = casa_model_summary(self->model)->now_ms;
  CasaHeadline words = { 0 };

  casa_phrases_headline(self->model, self->domain->headline, &words);
  casa_label_set(self->number, words.number);
  casa_label_set(self->unit, words.unit);
  casa_label_set(self->trend, words.trend);
  if (words.bad)
    gtk_widget_add_css_class(self->trend, "casa-bad");
  else
    gtk_widget_remove_css_class(self->trend, "casa-bad");
  describe_chart(self, &words);
  casa_headline_clear(&words);
  update_gaps(self);
  gboolean yesterday = casa_pyramid_length(casa_model_yesterday(self->model, self->domain->headline)) > 0;
  casa_chart_set_range(CASA_CHART(self->chart), now - CASA_DAY_MS, yesterday ? now + CASA_YESTERDAY_MS : now, now);
  casa_chart_changed(CASA_CHART(self->chart));
}

/* A domain that has just gone from indicators.conf, or that has no headline, leaves its place empty. */
static void
build(CasaPart *part, const CasaPartSpec *spec, const CasaPartContext *context)
{
  const CasaCityDomain *domain =
    casa_indicators_domain(casa_model_indicators(context->model), casa_part_spec_get(spec, "domain"));

  part->widget = casa_fraction_layout_new();
  gtk_widget_add_css_class(part->widget, "casa-panel");
  if (!domain || !domain->headline)
    return;
  Panel *self = part->state = g_new0(Panel, 1);
  GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *class = g_strconcat("casa-domain-", domain->id, NULL);
  part->free_state = panel_free;
  self->model = context->model;
  self->domain = domain;
  self->focus = context->large;
  self->gaps = g_array_new(FALSE, FALSE, sizeof(CasaChartGap));
  self->root = part->widget;
  self->name = casa_label_new("casa-name");
  self->number = casa_label_new("casa-number");
  self->unit = casa_label_new("casa-unit");
  self->trend = casa_label_new("casa-trend");
  self->chart = part->chart = casa_chart_new();
  gtk_widget_add_css_class(self->root, class);
  gtk_widget_add_css_class(bar, "casa-bar");
  if (self->focus)
    place_focus(self, bar);
  else
    place_wall(self, bar);
  casa_label_set(self->name, casa_phrases_text(&domain->name));
  part->restyle = restyle;
  part->update = update;
}

static const CasaPartOption OPTIONS[] = { { "domain", CASA_OPTION_DOMAIN, TRUE }, { NULL } };
const CasaPartClass casa_part_panel = { "panel", OPTIONS, build };
