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

#define ENDING_MS (60 * 1000) /* before its planned end */
#define HIGH_BELOW 5.0        /* width to height from which there is no room for three lines */
#define BANNER_H 0.80         /* of the part's height; below it the line about the next event */
#define LINE_CHARS 14         /* what a consequence is called takes two lines when it is longer */

/* The strongest that a consequence was, for what is told at the end. */
typedef struct {
  double strength;
  char *text, *words;
  char *last, *last_words; /* as they were said last, while it was measured; NULL: never */
} Peak;

typedef struct {
  GtkWidget *root, *number, *words;
} Cell;

/* Beside one another; without numbers, words take the whole width; where the banner is high for its width, all stand one below
 * the other: numbers want room. */
typedef struct {
  CasaFractions title, what, cells;
} Places;
static const Places FLAT = { { 0.1, 0.03, 0.4, 0.5 }, { 0.1, 0.52, 0.4, 0.45 }, { 0.53, 0.06, 0.46, 0.88 } },
                    BARE = { { 0.1, 0.03, 0.88, 0.5 }, { 0.1, 0.52, 0.88, 0.45 }, { 0.53, 0.06, 0.46, 0.88 } },
                    HIGH = { { 0.1, 0.02, 0.88, 0.3 }, { 0.1, 0.31, 0.88, 0.22 }, { 0.1, 0.54, 0.88, 0.44 } };

struct _CasaBanner {
  CasaModel *model;
  GtkWidget *root, *frame, *sign, *title, *what, *pill, *also;
  GtkWidget *title_slot, *what_slot, *cells_slot;
  const Places *places; /* where these are; NULL: FLAT */
  Cell cells[CASA_EVENT_FIGURES];
  char *key; /* of the event that is shown; NULL: none */
  Peak peaks[CASA_EVENT_FIGURES];
  gint64 end_ms;    /* planned, when it was first told */
  gint64 silent_ms; /* nothing of its numbers is heard since; 0: it is */
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

  cell->number = casa_label_new_number("casa-banner-number");
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
  self->cells_slot = casa_shrink_bin_new(line, 0, 0.5);
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->frame), self->cells_slot, FLAT.cells);
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
  self->title_slot = casa_shrink_bin_new(self->title, 0, 0.5);
  self->what_slot = casa_shrink_bin_new(line, 0, 0.5);
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->frame), self->title_slot, FLAT.title);
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->frame), self->what_slot, FLAT.what);
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
    g_free(self->peaks[i].last);
    g_free(self->peaks[i].last_words);
    self->peaks[i] = (Peak){ .strength = -1 };
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

/* "Coupure de courant depuis 20:14, 3 min"; what was called off says so before it is over: things go back for a while. */
static char *
what_of(const CasaStoryMoment *moment, gint64 first_end_ms)
{
  const CasaHappening *h = moment->happening;
  gint64 now_ms = casa_model_summary(moment->model)->now_ms;
  g_autofree char *since = casa_lang_clock(h->start_ms, FALSE);
  g_autofree char *age = casa_lang_age(MAX(MIN(now_ms, h->end_ms) - h->start_ms, 0));

  if (h->over)
    /* TR: an event that has ended: what it was, how long it lasted */
    return g_strdup_printf(_("%s : terminé après %s"), casa_phrases_text(&h->words->what), age);
  if (h->end_ms != CASA_EVENT_OPEN && (h->end_ms < first_end_ms || h->end_ms - now_ms < ENDING_MS))
    /* TR: an event that is coming to its end: what it is, since when (18:40) */
    return g_strdup_printf(_("%s depuis %s : s’achève"), casa_phrases_text(&h->words->what), since);
  /* TR: an event that lasts: what it is, since when (18:40), for how long already */
  return g_strdup_printf(_("%s depuis %s, %s"), casa_phrases_text(&h->words->what), since, age);
}

/* While nobody is heard, the numbers are those of before, and say of when. */
static void
say_what(CasaBanner *self, const char *what)
{
  if (self->silent_ms == 0) {
    casa_label_set(self->what, what);
    return;
  }
  g_autofree char *clock = casa_lang_clock(self->silent_ms, FALSE);
  /* TR: of the numbers of an event: nothing is heard since then */
  g_autofree char *stopped = g_strdup_printf(_("chiffres arrêtés à %s"), clock);
  g_autofree char *text = g_strdup_printf("%s · %s", what, stopped);
  casa_label_set(self->what, text);
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

/* Whether the figure is not known because its stations are not heard any more. */
static gboolean
is_silent(const CasaStoryMoment *moment, const char *figure)
{
  g_auto(GStrv) parts = g_strsplit(figure, ":", 2);
  const CasaIndicator *indicator = casa_indicators_find(casa_model_indicators(moment->model), parts[0]);

  return indicator && casa_model_figure(moment->model, indicator)->state != CASA_STATE_LIVE;
}

/* Keeps what is known of a consequence: the strongest that it was, and what it was last. */
static void
remember(Peak *peak, const CasaStoryFigure *figure, const char *name)
{
  if (fabs(figure->number) >= peak->strength) {
    peak->strength = fabs(figure->number);
    g_free(peak->text);
    g_free(peak->words);
    peak->text = g_strdup(figure->text);
    peak->words = g_strdup(name);
  }
  g_free(peak->last);
  g_free(peak->last_words);
  peak->last = g_strdup(figure->text);
  peak->last_words = g_strdup(name);
}

/* The numbers that are shown stand still: says of when the newest of them is. */
static void
note_silence(CasaBanner *self, const CasaStoryMoment *moment, const char *figure)
{
  g_auto(GStrv) parts = g_strsplit(figure, ":", 2);
  const CasaIndicator *of = casa_indicators_find(casa_model_indicators(moment->model), parts[0]);

  self->silent_ms = MAX(self->silent_ms, casa_model_figure(moment->model, of)->t_ms);
}

/* In two lines, the longer of them as short as can be: a row of consequences that is wide is shown small. (transfer full) */
static char *
in_two_lines(const char *words)
{
  glong chars = g_utf8_strlen(words, -1), best = G_MAXLONG, at = 0;
  const char *cut = NULL;

  for (const char *p = words; *p && chars > LINE_CHARS; p = g_utf8_next_char(p), at++)
    if (*p == ' ' && MAX(at, chars - at) < best) {
      best = MAX(at, chars - at);
      cut = p;
    }
  return cut ? g_strdup_printf("%.*s\n%s", (int)(cut - words), words, cut + 1) : g_strdup(words);
}

/* At the end: the strongest that it was. While nobody is heard: what it was last. FALSE: nothing of it is known, or there is
 * @room for no more. */
static gboolean
show_figure(CasaBanner *self, const CasaStoryMoment *moment, guint i, gboolean room)
{
  const CasaEventWords *words = moment->happening->words;
  Cell *cell = &self->cells[i];
  Peak *peak = &self->peaks[i];
  CasaStoryFigure figure;
  gboolean over = moment->happening->over;
  gboolean known = room && words->figures[i] && casa_story_figure(moment, words->figures[i], &figure);
  g_autofree char *name = known ? words_of(moment, i) : NULL;

  if (known && figure.number == 0) { /* no consequence */
    casa_story_figure_clear(&figure);
    known = FALSE;
  }
  if (known && !over)
    remember(peak, &figure, name);
  gboolean past = room && over && peak->text;
  gboolean silent = room && !over && words->figures[i] && is_silent(moment, words->figures[i]);
  gboolean kept = silent && !known && peak->last;
  gboolean shown = known || past || kept;
  gtk_widget_set_visible(cell->root, shown);
  if (shown) {
    const char *times = g_str_has_suffix(words->figures[i], ":times") ? "× " : "";
    g_autofree char *text = g_strconcat(times, past ? peak->text : kept ? peak->last : figure.text, NULL);
    const char *said = name ? name : past ? peak->words : kept ? peak->last_words : NULL;
    casa_label_set(cell->number, text);
    g_autofree char *lines = in_two_lines(said ? said : "");
    casa_label_set(cell->words, lines);
  }
  if (shown && silent)
    note_silence(self, moment, words->figures[i]);
  if (known)
    casa_story_figure_clear(&figure);
  return shown;
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
  g_autofree char *title = title_of(&moment), *what = what_of(&moment, second->end_ms);
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

/* As the place has it where the banner stands, @n_numbers in it. */
static void
fit(CasaBanner *self, guint n_numbers)
{
  GtkWidget *parent = gtk_widget_get_parent(self->root);
  const int w = parent ? gtk_widget_get_width(parent) : 0, h = parent ? gtk_widget_get_height(parent) : 0;
  const Places *places = h > 0 && w < HIGH_BELOW * h ? &HIGH : n_numbers > 0 ? &FLAT : &BARE;

  if (places == self->places)
    return;
  self->places = places;
  casa_fraction_layout_move(CASA_FRACTION_LAYOUT(self->frame), self->title_slot, places->title);
  casa_fraction_layout_move(CASA_FRACTION_LAYOUT(self->frame), self->what_slot, places->what);
  casa_fraction_layout_move(CASA_FRACTION_LAYOUT(self->frame), self->cells_slot, places->cells);
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
  if (g_strcmp0(key, self->key) != 0) {
    forget_peaks(self);
    g_free(self->key);
    self->key = g_steal_pointer(&key);
    self->end_ms = h->end_ms;
  }
  g_autofree char *title = title_of(&moment), *what = what_of(&moment, self->end_ms);
  self->silent_ms = 0;
  casa_label_set(self->title, title);
  casa_label_set(self->pill, pill_of(h->from));
  if (h->from == CASA_HAPPENING_SIMULATED)
    gtk_widget_add_css_class(self->pill, "simulated");
  else
    gtk_widget_remove_css_class(self->pill, "simulated");
  guint shown = 0;
  for (guint i = 0; i < CASA_EVENT_FIGURES; i++)
    shown += show_figure(self, &moment, i, shown < CASA_EVENT_FIGURES_SHOWN);
  fit(self, shown);
  say_what(self, what);
  show_also(self, notice, happenings);
  show_gravity(self, h);
  return TRUE;
}
