/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/stage/what-if-view.h"
#include "base/time-units.h"
#include "ui/chart/chart.h"
#include "ui/kit/fraction-layout.h"
#include "ui/kit/label.h"
#include "ui/kit/shrink-bin.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"

#define JOINED_STEPS 3 /* points no further apart than so many steps are joined */

typedef struct {
  CasaWhatIfView *view;
  CasaWhatIfField field;
  GtkWidget *root, *button, *name, *value;
} Field;

typedef struct {
  GtkWidget *root, *number, *words;
} Cell;

struct _CasaWhatIfView {
  CasaWhatIf *what_if;
  GtkWidget *frame, *title, *pill, *subtitle, *chart, *waiting, *note, *hint;
  Cell cells[CASA_WHAT_IF_CELLS];
  Field fields[CASA_WHAT_IF_FIELDS];
  CasaLook look;                    /* theme NULL: not styled yet */
  char *with, *without, *flag_text; /* names in the chart */
  CasaChartFlag flag;
};

static GtkWidget *
start_label(const char *class)
{
  GtkWidget *label = casa_label_new(class);

  gtk_label_set_xalign(GTK_LABEL(label), 0);
  return label;
}

static void
put(CasaWhatIfView *self, GtkWidget *child, double y, double h)
{
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->frame), child, (CasaFractions){ 0.03, y, 0.94, h });
}

static void
add_head(CasaWhatIfView *self)
{
  self->title = start_label("casa-banner-title");
  self->pill = casa_label_new("casa-pill");
  gtk_widget_add_css_class(self->pill, "simulated");
  gtk_widget_set_valign(self->pill, GTK_ALIGN_CENTER);
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->frame), casa_shrink_bin_new(self->title, 0, 0.5),
                           (CasaFractions){ 0.03, 0.02, 0.76, 0.1 });
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->frame), casa_shrink_bin_new(self->pill, 1, 0.5),
                           (CasaFractions){ 0.79, 0.02, 0.18, 0.1 });
}

static void
add_cells(CasaWhatIfView *self)
{
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 34);

  for (guint i = 0; i < CASA_WHAT_IF_CELLS; i++) {
    Cell *cell = &self->cells[i];
    cell->number = start_label("casa-banner-number");
    cell->words = start_label("casa-banner-words");
    cell->root = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_box_append(GTK_BOX(cell->root), cell->number);
    gtk_box_append(GTK_BOX(cell->root), cell->words);
    gtk_box_append(GTK_BOX(line), cell->root);
  }
  put(self, casa_shrink_bin_new(line, 0, 0.5), 0.12, 0.14);
  self->waiting = start_label("casa-palette-words");
  gtk_label_set_wrap(GTK_LABEL(self->waiting), TRUE);
  gtk_label_set_lines(GTK_LABEL(self->waiting), 2);
  put(self, self->waiting, 0.12, 0.14);
}

static void
next_cb(GtkButton *button, Field *field)
{
  CasaWhatIf *what_if = field->view->what_if;

  while (casa_what_if_field(what_if) != field->field)
    casa_what_if_step_field(what_if, 1);
  casa_what_if_step_value(what_if, 1);
}

static void
add_fields(CasaWhatIfView *self)
{
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 10);

  for (guint i = 0; i < CASA_WHAT_IF_FIELDS; i++) {
    Field *field = &self->fields[i];
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 10);
    *field = (Field){ self, i, NULL, gtk_button_new(), start_label("casa-palette-strength"), start_label("casa-palette-name") };
    gtk_widget_add_css_class(field->button, "casa-palette-row");
    gtk_widget_set_focus_on_click(field->button, FALSE);
    gtk_box_append(GTK_BOX(box), field->name);
    gtk_box_append(GTK_BOX(box), field->value);
    gtk_button_set_child(GTK_BUTTON(field->button), box);
    g_signal_connect(field->button, "clicked", G_CALLBACK(next_cb), field);
    gtk_box_append(GTK_BOX(line), field->button);
  }
  put(self, casa_shrink_bin_new(line, 0, 0.5), 0.855, 0.085);
  self->hint = start_label("casa-palette-strength");
  put(self, casa_shrink_bin_new(self->hint, 0, 0.5), 0.94, 0.05);
}

static void
free_cb(gpointer data)
{
  CasaWhatIfView *self = data;

  g_free(self->with);
  g_free(self->without);
  g_free(self->flag_text);
  g_free(self);
}

CasaWhatIfView *
casa_what_if_view_new(CasaWhatIf *what_if)
{
  CasaWhatIfView *self = g_new0(CasaWhatIfView, 1);

  self->what_if = what_if;
  self->frame = casa_fraction_layout_new();
  gtk_widget_add_css_class(self->frame, "casa-what-if");
  gtk_widget_set_overflow(self->frame, GTK_OVERFLOW_HIDDEN);
  add_head(self);
  add_cells(self);
  self->subtitle = start_label("casa-banner-words");
  put(self, casa_shrink_bin_new(self->subtitle, 0, 0.5), 0.265, 0.05);
  self->chart = casa_chart_new();
  put(self, self->chart, 0.315, 0.44);
  self->note = start_label("casa-banner-words");
  gtk_label_set_wrap(GTK_LABEL(self->note), TRUE);
  gtk_label_set_lines(GTK_LABEL(self->note), 2);
  put(self, self->note, 0.765, 0.085);
  add_fields(self);
  gtk_widget_set_visible(self->frame, FALSE);
  g_object_set_data_full(G_OBJECT(self->frame), "casa-what-if-view", self, free_cb);
  return self;
}

GtkWidget *
casa_what_if_view_widget(CasaWhatIfView *self)
{
  return self->frame;
}

/* --- What it shows --- */

static void
set_text(char **slot, char *text)
{
  g_free(*slot);
  *slot = text;
}

static CasaRgb
colour_of(const CasaWhatIfView *self, const CasaIndicator *of)
{
  const CasaCityDomain *domain = self->look.indicators ? casa_indicators_domain(self->look.indicators, of->domain) : NULL;

  return domain ? casa_rgb_from_hex(casa_city_domain_colours(domain, self->look.theme->id)->first) : self->look.theme->accent;
}

static void
show_lines(CasaWhatIfView *self, CasaChartPicture *p, const CasaIndicator *of)
{
  const CasaTwoFutures *futures = casa_what_if_futures(self->what_if);
  const CasaTheme *t = self->look.theme;

  /* TR: names the two lines of a "what if": the city with what is asked, and without it; short */
  set_text(&self->with, g_strdup(_("avec")));
  set_text(&self->without, g_strdup(_("sans")));
  p->n_lines = 2;
  p->lines[0] = (CasaChartLine){
    .data = casa_two_futures_with(futures, 0), .name = self->with, .colour = colour_of(self, of), .dashed = TRUE
  };
  p->lines[1] =
    (CasaChartLine){ .data = casa_two_futures_without(futures, 0), .name = self->without, .colour = t->ink, .dotted = TRUE };
  p->between = (CasaChartBetween){ TRUE, 0, 1, t->provenance };
}

static void
show_event(CasaWhatIfView *self, CasaChartPicture *p, gint64 start_ms, gint64 end_ms)
{
  set_text(&self->flag_text, casa_lang_clock(start_ms, FALSE));
  self->flag = (CasaChartFlag){ start_ms, end_ms, "?", self->flag_text, self->look.theme->provenance };
  p->flags = &self->flag;
  p->n_flags = start_ms ? 1 : 0;
}

static void
show_chart(CasaWhatIfView *self)
{
  const CasaIndicator *of = casa_what_if_indicator(self->what_if);
  CasaChartPicture *p = casa_chart_picture(CASA_CHART(self->chart));
  gint64 from_ms, to_ms, start_ms, end_ms;

  gtk_widget_set_visible(self->chart, of != NULL);
  if (!of || !self->look.theme)
    return;
  casa_what_if_hours(self->what_if, &from_ms, &to_ms, &start_ms, &end_ms);
  show_lines(self, p, of);
  show_event(self, p, start_ms, end_ms);
  p->gap_ms = JOINED_STEPS * MAX((to_ms - from_ms) / 100, CASA_MINUTE_MS);
  p->zero_based = FALSE; /* what lies between the two is to be seen */
  p->decimals = of->decimals;
  p->show_values = TRUE;
  p->unit = casa_phrases_text(&of->unit);
  casa_chart_set_range(CASA_CHART(self->chart), from_ms, to_ms, 0);
  casa_chart_changed(CASA_CHART(self->chart));
}

static void
show_cells(CasaWhatIfView *self, GString *said)
{
  CasaWhatIfCell cells[CASA_WHAT_IF_CELLS] = { 0 };
  const guint n = casa_what_if_cells(self->what_if, cells);
  g_autofree char *waiting = casa_what_if_waiting(self->what_if);

  for (guint i = 0; i < CASA_WHAT_IF_CELLS; i++) {
    gtk_widget_set_visible(self->cells[i].root, i < n);
    if (i >= n)
      continue;
    casa_label_set(self->cells[i].number, cells[i].number);
    casa_label_set(self->cells[i].words, cells[i].words);
    g_string_append_printf(said, " ; %s %s", cells[i].number, cells[i].words);
    casa_what_if_cell_clear(&cells[i]);
  }
  /* TR: of two simulated cities: what was asked makes no difference that can be seen */
  casa_label_set(self->waiting, waiting ? waiting : n == 0 ? _("Aucune différence qui se voie.") : "");
  gtk_widget_set_visible(self->waiting, waiting || n == 0);
}

static void
show_field(CasaWhatIfView *self, Field *field)
{
  g_autofree char *name = NULL, *value = NULL;
  const gboolean there = casa_what_if_field_words(self->what_if, field->field, &name, &value);
  const gboolean chosen = there && casa_what_if_field(self->what_if) == field->field;

  gtk_widget_set_visible(field->button, there);
  if (!there)
    return;
  g_autofree char *all = g_strdup_printf("%s : %s", name, value);
  g_autofree char *shown = chosen ? g_strdup_printf("‹ %s ›", value) : g_strdup(value);
  casa_label_set(field->name, name);
  casa_label_set(field->value, shown);
  gtk_widget_set_css_classes(field->button, (const char *[]){ "casa-palette-row", chosen ? "armed" : "idle", NULL });
  gtk_accessible_update_property(GTK_ACCESSIBLE(field->button), GTK_ACCESSIBLE_PROPERTY_LABEL, all, -1);
}

void
casa_what_if_view_show(CasaWhatIfView *self)
{
  const CasaIndicator *of = casa_what_if_indicator(self->what_if);

  gtk_widget_set_visible(self->frame, casa_what_if_is_open(self->what_if));
  if (!casa_what_if_is_open(self->what_if))
    return;
  g_autofree char *title = casa_what_if_title(self->what_if), *note = casa_what_if_note(self->what_if);
  g_autofree char *meaning = of ? casa_phrases_meaning(of) : g_strdup("");
  g_autoptr(GString) said = g_string_new(title);
  casa_label_set(self->title, title);
  casa_label_set(self->pill, _("◆ SIMULATION"));
  casa_label_set(self->subtitle, meaning);
  casa_label_set(self->note, note);
  casa_label_set(self->hint, _("↑ ↓ choisir · ← → changer · un chiffre : cet événement · I ou Échap ferme"));
  show_cells(self, said);
  for (guint i = 0; i < CASA_WHAT_IF_FIELDS; i++)
    show_field(self, &self->fields[i]);
  show_chart(self);
  g_string_append_printf(said, " ; %s", note);
  casa_chart_set_accessible(CASA_CHART(self->chart), title, said->str);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->frame), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
}

void
casa_what_if_view_restyle(CasaWhatIfView *self, const CasaLook *look)
{
  CasaChartPicture *p = casa_chart_picture(CASA_CHART(self->chart));

  self->look = *look;
  p->theme = look->theme;
  p->font = look->font;
  p->font_px = casa_look_px(look, 22);
  p->line_px = casa_look_px(look, 4);
  casa_what_if_view_show(self);
}

void
casa_what_if_view_place(int width, int height, GdkRectangle *out)
{
  const gboolean narrow = width < height;
  const int w = (int)(width * (narrow ? 0.96 : 0.685)), h = (int)(height * (narrow ? 0.5 : 0.82));
  const int side = (int)(width * 0.02);

  *out = (GdkRectangle){ casa_lang_rtl() ? width - side - w : side, (int)(height * 0.1), w, h };
}

gboolean
casa_what_if_view_key(CasaWhatIfView *self, guint keyval)
{
  const int forth = casa_lang_rtl() ? -1 : 1;

  switch (keyval) {
  case GDK_KEY_Up: casa_what_if_step_field(self->what_if, -1); break;
  case GDK_KEY_Down: casa_what_if_step_field(self->what_if, 1); break;
  case GDK_KEY_Right: casa_what_if_step_value(self->what_if, forth); break;
  case GDK_KEY_Left: casa_what_if_step_value(self->what_if, -forth); break;
  default:
    if (keyval < GDK_KEY_1 || keyval > GDK_KEY_9)
      return FALSE;
    casa_what_if_choose(self->what_if, keyval - GDK_KEY_0);
  }
  casa_what_if_view_show(self);
  return TRUE;
}
