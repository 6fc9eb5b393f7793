/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/banner.h"
#include "ui/kit/fraction-layout.h"
#include "ui/kit/label.h"
#include "ui/kit/shrink-bin.h"
#include "ui/kit/sign.h"
#include "ui/scenes/story.h"
#include "ui/text/lang.h"
#include "ui/text/name.h"
#include "ui/text/phrases.h"
#include <math.h>
#include <string.h>

#define BANNER_H 0.80 /* of the part's height; below it the line about the next event */

/* The strongest that a consequence was, for what is told at the end. */
typedef struct {
  double strength;
  char *text, *words;
} Peak;

typedef struct {
  GtkWidget *root, *number, *words;
} Cell;

struct _CasaBanner {
  CasaModel *model;
  GtkWidget *root, *frame, *sign, *title, *what, *pill, *also;
  Cell cells[CASA_EVENT_FIGURES];
  char *key; /* of the event that is shown; NULL: none */
  Peak peaks[CASA_EVENT_FIGURES];
};

static GtkWidget *
column_of(GtkWidget *top, GtkWidget *bottom)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);

  gtk_box_append(GTK_BOX(box), top);
  gtk_box_append(GTK_BOX(box), bottom);
  return box;
}

static void
add_cell(CasaBanner *self, GtkWidget *line, guint i)
{
  Cell *cell = &self->cells[i];

  cell->number = casa_label_new("casa-banner-number");
  cell->words = casa_label_new("casa-banner-words");
  gtk_label_set_xalign(GTK_LABEL(cell->number), 0);
  gtk_label_set_xalign(GTK_LABEL(cell->words), 0);
  cell->root = column_of(cell->number, cell->words);
  gtk_box_append(GTK_BOX(line), cell->root);
}

/* The consequences are of one size, and stand on one line: they shrink together. */
static void
add_cells(CasaBanner *self)
{
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 28);

  for (guint i = 0; i < CASA_EVENT_FIGURES; i++)
    add_cell(self, line, i);
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->frame), casa_shrink_bin_new(line, 0, 0.5),
                           (CasaFractions){ 0.57, 0.06, 0.41, 0.88 });
}

static void
add_head(CasaBanner *self)
{
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);

  self->title = casa_label_new("casa-banner-title");
  self->what = casa_label_new("casa-banner-what");
  self->pill = casa_label_new("casa-pill");
  gtk_widget_set_valign(self->pill, GTK_ALIGN_CENTER);
  gtk_label_set_xalign(GTK_LABEL(self->title), 0);
  gtk_label_set_xalign(GTK_LABEL(self->what), 0);
  gtk_box_append(GTK_BOX(line), self->what);
  gtk_box_append(GTK_BOX(line), self->pill);
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->frame), casa_shrink_bin_new(self->title, 0, 0.5),
                           (CasaFractions){ 0.1, 0.03, 0.45, 0.5 });
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->frame), casa_shrink_bin_new(line, 0, 0.5),
                           (CasaFractions){ 0.1, 0.52, 0.45, 0.45 });
}

CasaBanner *
casa_banner_new(CasaModel *model)
{
  CasaBanner *self = g_new0(CasaBanner, 1);

  self->model = model;
  self->root = casa_fraction_layout_new();
  self->frame = casa_fraction_layout_new();
  gtk_widget_add_css_class(self->frame, "casa-banner");
  gtk_widget_set_overflow(self->frame, GTK_OVERFLOW_HIDDEN);
  self->sign = casa_sign_new();
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->frame), self->sign, (CasaFractions){ 0, 0, 0.085, 1 });
  add_head(self);
  add_cells(self);
  self->also = casa_label_new("casa-banner-also");
  gtk_label_set_xalign(GTK_LABEL(self->also), 0);
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->root), self->frame, (CasaFractions){ 0, 0, 1, BANNER_H });
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->root), casa_shrink_bin_new(self->also, 0, 0.5),
                           (CasaFractions){ 0.01, BANNER_H + 0.02, 0.98, 0.98 - BANNER_H });
  gtk_widget_set_visible(self->root, FALSE);
  return self;
}

static void
forget_peaks(CasaBanner *self)
{
  for (guint i = 0; i < CASA_EVENT_FIGURES; i++) {
    g_free(self->peaks[i].text);
    g_free(self->peaks[i].words);
    self->peaks[i] = (Peak){ -1, NULL, NULL };
  }
}

void
casa_banner_free(CasaBanner *self)
{
  if (!self)
    return;
  forget_peaks(self);
  g_free(self->key);
  g_free(self);
}

GtkWidget *
casa_banner_widget(CasaBanner *self)
{
  return self->root;
}

void
casa_banner_restyle(CasaBanner *self, const CasaLook *look)
{
  casa_sign_set_colours(self->sign, look->theme);
}

/* (transfer full) */
static char *
title_of(const CasaStoryMoment *moment)
{
  const CasaHappening *h = moment->happening;
  const CasaText *ways[] = { &h->words->title, &h->words->anywhere, &h->words->what };

  for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
    CasaStory story;
    const char *text = casa_phrases_text(ways[i]);
    if (!*text || !casa_story_write(moment, text, &story))
      continue;
    char *title = g_strdup(story.text);
    casa_story_clear(&story);
    return title;
  }
  return casa_name_tame(h->kind);
}

/* "Coupure de courant depuis 20:14, 3 min" */
static char *
what_of(const CasaStoryMoment *moment)
{
  const CasaHappening *h = moment->happening;
  gint64 now_ms = casa_model_summary(moment->model)->now_ms;
  g_autofree char *since = casa_lang_clock(h->start_ms, FALSE);
  g_autofree char *age = casa_lang_age(MAX(MIN(now_ms, h->end_ms) - h->start_ms, 0));

  if (h->over)
    /* TR: an event that has ended: what it was, how long it lasted */
    return g_strdup_printf(_("%s : terminé après %s"), casa_phrases_text(&h->words->what), age);
  /* TR: an event that lasts: what it is, since when (18:40), for how long already */
  return g_strdup_printf(_("%s depuis %s, %s"), casa_phrases_text(&h->words->what), since, age);
}

static const char *
pill_of(CasaHappeningFrom from)
{
  switch (from) {
  case CASA_HAPPENING_SIMULATED: return _("◆ SIMULÉ");
  case CASA_HAPPENING_ANNOUNCED: return _("● ANNONCÉ");
  case CASA_HAPPENING_NOTICED: return _("▲ CONSTATÉ");
  }
  g_return_val_if_reached("");
}

/* What a consequence is called now; NULL: it says something that is not known. (transfer full) */
static char *
words_of(const CasaStoryMoment *moment, guint i)
{
  CasaStory story;

  if (!casa_story_write(moment, casa_phrases_text(&moment->happening->words->words[i]), &story))
    return NULL;
  char *words = g_strdup(story.text);
  casa_story_clear(&story);
  return words;
}

/* At the end: the strongest that it was. FALSE: nothing of it is known, or there is @room for no more. */
static gboolean
show_figure(CasaBanner *self, const CasaStoryMoment *moment, guint i, gboolean room)
{
  const CasaEventWords *words = moment->happening->words;
  Cell *cell = &self->cells[i];
  Peak *peak = &self->peaks[i];
  CasaStoryFigure figure;
  gboolean known = room && words->figures[i] && casa_story_figure(moment, words->figures[i], &figure);
  g_autofree char *name = known ? words_of(moment, i) : NULL;

  if (known && figure.number == 0) { /* no consequence */
    casa_story_figure_clear(&figure);
    known = FALSE;
  }
  if (known && !moment->happening->over && fabs(figure.number) >= peak->strength) {
    g_free(peak->text);
    g_free(peak->words);
    *peak = (Peak){ fabs(figure.number), g_strdup(figure.text), g_strdup(name) };
  }
  gboolean past = room && moment->happening->over && peak->text;
  gtk_widget_set_visible(cell->root, known || past);
  if (known || past) {
    gboolean times = g_str_has_suffix(words->figures[i], ":times");
    g_autofree char *text = g_strdup_printf("%s%s", times ? "× " : "", past ? peak->text : figure.text);
    casa_label_set(cell->number, text);
    casa_label_set(cell->words, name ? name : past && peak->words ? peak->words : "");
  }
  if (known)
    casa_story_figure_clear(&figure);
  return known || past;
}

static void
show_also(CasaBanner *self, const CasaPageNotice *notice, const GArray *happenings)
{
  if (happenings->len < 2) {
    casa_label_set(self->also, "");
    return;
  }
  const CasaHappening *second = &g_array_index(happenings, CasaHappening, 1);
  const CasaStoryMoment moment = { self->model, notice, second, NULL };
  g_autofree char *title = title_of(&moment), *what = what_of(&moment);
  g_autofree char *line = g_strdup_printf("%s · %s · %s", title, what, pill_of(second->from));

  casa_label_set(self->also, line);
}

static void
show_gravity(CasaBanner *self, const CasaHappening *h)
{
  static const char *const classes[] = { "mild", "watch", "grave" };
  guint gravity = h->over ? 1 : h->words->gravity;

  for (guint i = 0; i < G_N_ELEMENTS(classes); i++)
    if (i + 1 == gravity)
      gtk_widget_add_css_class(self->frame, classes[i]);
    else
      gtk_widget_remove_css_class(self->frame, classes[i]);
  casa_sign_set(self->sign, h->words->sign, gravity);
}

gboolean
casa_banner_update(CasaBanner *self, const CasaPageNotice *notice, const GArray *happenings)
{
  gtk_widget_set_visible(self->root, happenings->len > 0);
  if (happenings->len == 0)
    return FALSE;
  const CasaHappening *h = &g_array_index(happenings, CasaHappening, 0);
  const CasaStoryMoment moment = { self->model, notice, h, NULL };
  g_autofree char *key = g_strdup_printf("%s %" G_GINT64_FORMAT, h->kind, h->start_ms);
  g_autofree char *title = title_of(&moment), *what = what_of(&moment);

  if (g_strcmp0(key, self->key) != 0) {
    forget_peaks(self);
    g_free(self->key);
    self->key = g_steal_pointer(&key);
  }
  casa_label_set(self->title, title);
  casa_label_set(self->what, what);
  casa_label_set(self->pill, pill_of(h->from));
  if (h->from == CASA_HAPPENING_SIMULATED)
    gtk_widget_add_css_class(self->pill, "simulated");
  else
    gtk_widget_remove_css_class(self->pill, "simulated");
  for (guint i = 0, shown = 0; i < CASA_EVENT_FIGURES; i++)
    shown += show_figure(self, &moment, i, shown < CASA_EVENT_FIGURES_SHOWN);
  show_also(self, notice, happenings);
  show_gravity(self, h);
  return TRUE;
}
