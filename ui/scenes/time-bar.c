/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/time-bar.h"
#include "base/time-units.h"
#include "ui/kit/label.h"
#include "ui/kit/shrink-bin.h"
#include "ui/text/lang.h"

/* Lives as long as its widget, as data of it. */
typedef struct {
  CasaTimeView *view;
  CasaViewport *viewport; /* held */
  gulong changed;
  GtkWidget *bin, *words, *resume, *presets[CASA_N_PRESETS];
  char *language;
} Bar;

static void
bar_free(gpointer data)
{
  Bar *self = data;

  g_signal_handler_disconnect(self->viewport, self->changed);
  g_object_unref(self->viewport);
  g_free(self->language);
  g_free(self);
}

/* "21 mai 14:00 – 22 mai 14:00"; of one day the day once. */
static char *
range_words(CasaViewport *viewport)
{
  gint64 from, to;

  casa_viewport_range(viewport, &from, &to);
  g_autofree char *from_day = casa_lang_date(from), *to_day = casa_lang_date(to);
  g_autofree char *begin = casa_lang_clock(from, to - from < 10 * CASA_MINUTE_MS);
  g_autofree char *end = casa_lang_clock(to, to - from < 10 * CASA_MINUTE_MS);
  if (to - from >= 20 * CASA_DAY_MS)
    return g_strdup_printf("%s – %s", from_day, to_day);
  if (g_str_equal(from_day, to_day))
    return g_strdup_printf("%s, %s – %s", from_day, begin, end);
  return g_strdup_printf("%s %s – %s %s", from_day, begin, to_day, end);
}

static void
show(Bar *self)
{
  const gboolean moved = casa_time_view_is_moved(self->view);
  const gboolean following = casa_viewport_is_following(self->viewport);
  const CasaViewportPreset preset = casa_viewport_preset(self->viewport);

  gtk_widget_set_visible(self->bin, moved);
  if (!moved)
    return;
  CASA_LANG_SCOPE(self->language);
  g_autofree char *range = range_words(self->viewport);
  /* TR: the charts no longer move with the clock, since somebody looks at the past */
  g_autofree char *words = following ? g_strdup(range) : g_strdup_printf("%s · %s", range, _("suivi en pause"));
  casa_label_set(self->words, words);
  for (guint i = 0; i < CASA_N_PRESETS; i++)
    if (following && i == preset)
      gtk_widget_add_css_class(self->presets[i], "casa-chosen");
    else
      gtk_widget_remove_css_class(self->presets[i], "casa-chosen");
}

static void
changed_cb(CasaViewport *viewport, gpointer data)
{
  show(data);
}

static void
preset_cb(GtkButton *button, gpointer data)
{
  Bar *self = data;
  guint i = 0;

  while (i < CASA_N_PRESETS && self->presets[i] != GTK_WIDGET(button))
    i++;
  casa_viewport_set_preset(self->viewport, (CasaViewportPreset)i);
}

static void
resume_cb(GtkButton *button, gpointer data)
{
  casa_time_view_rest(((Bar *)data)->view);
}

/* Buttons take no focus from a click: the keys go on belonging to the chart. */
static GtkWidget *
add_button(GtkWidget *box, const char *text, const char *spoken, GCallback clicked, Bar *self)
{
  GtkWidget *button = gtk_button_new(), *label = casa_label_new("casa-time");

  casa_label_set(label, text);
  gtk_button_set_child(GTK_BUTTON(button), label);
  gtk_button_set_has_frame(GTK_BUTTON(button), FALSE);
  gtk_widget_set_focus_on_click(button, FALSE);
  gtk_widget_add_css_class(button, "casa-time-button");
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  g_signal_connect(button, "clicked", clicked, self);
  gtk_box_append(GTK_BOX(box), button);
  return button;
}

GtkWidget *
casa_time_bar_new(CasaTimeView *view)
{
  Bar *self = g_new0(Bar, 1);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  const char *const lengths[CASA_N_PRESETS] = { _("10 min"), _("1 h"), _("24 h"), _("7 j"), _("30 j"), _("1 an") };

  self->view = view;
  self->viewport = g_object_ref(casa_time_view_viewport(view));
  self->language = g_strdup(casa_lang_get());
  self->words = casa_label_new("casa-time");
  gtk_widget_add_css_class(box, "casa-time-bar");
  gtk_box_append(GTK_BOX(box), self->words);
  for (guint i = 0; i < CASA_N_PRESETS; i++)
    self->presets[i] = add_button(box, lengths[i], lengths[i], G_CALLBACK(preset_cb), self);
  /* TR: a button: the charts show the last day again and move with the clock; "Fin" is the End key */
  self->resume = add_button(box, _("▶ reprendre (Fin)"), _("Reprendre le suivi"), G_CALLBACK(resume_cb), self);
  self->bin = casa_shrink_bin_new(box, 0.5, 0.5);
  g_object_set_data_full(G_OBJECT(self->bin), "casa-time-bar", self, bar_free);
  self->changed = g_signal_connect(self->viewport, "changed", G_CALLBACK(changed_cb), self);
  show(self);
  return self->bin;
}
