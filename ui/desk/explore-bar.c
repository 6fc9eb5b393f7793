/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/desk/explore-bar.h"
#include "ui/kit/label.h"
#include "ui/kit/wrap-layout.h"
#include "ui/text/lang.h"

#define N_SPANS 5
#define SAID_S 6 /* how long something is said */

static const CasaViewportPreset presets[N_SPANS] = { CASA_PRESET_10_MIN, CASA_PRESET_1_H, CASA_PRESET_24_H, CASA_PRESET_7_D,
                                                     CASA_PRESET_30_D };

struct _CasaExploreBar {
  CasaViewport *viewport;
  CasaExploreBarCalls calls;
  GtkWidget *root, *spans[N_SPANS], *compares[CASA_N_COMPARES], *follow, *said;
  gint64 span_ms;
  CasaCompare compare;
  guint unsay; /* timer */
  gboolean choosing;
};

static gboolean
unsay_cb(gpointer data)
{
  CasaExploreBar *self = data;

  self->unsay = 0;
  casa_label_set(self->said, "");
  return G_SOURCE_REMOVE;
}

void
casa_explore_bar_say(CasaExploreBar *self, const char *text)
{
  casa_label_set(self->said, text);
  g_clear_handle_id(&self->unsay, g_source_remove);
  self->unsay = g_timeout_add_seconds(SAID_S, unsay_cb, self);
}

static void
show_chosen(CasaExploreBar *self)
{
  self->choosing = TRUE;
  for (guint i = 0; i < N_SPANS; i++)
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->spans[i]), casa_viewport_preset_ms(presets[i]) == self->span_ms);
  for (guint i = 1; i < CASA_N_COMPARES; i++)
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->compares[i]), self->compare == i);
  self->choosing = FALSE;
}

void
casa_explore_bar_show(CasaExploreBar *self, gint64 span_ms, CasaCompare compare)
{
  self->span_ms = span_ms;
  self->compare = compare;
  show_chosen(self);
  gtk_widget_set_visible(self->follow, !casa_viewport_is_following(self->viewport));
}

gboolean
casa_explore_bar_choose_span(CasaExploreBar *self, guint i)
{
  if (i >= N_SPANS)
    return FALSE;
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->spans[i]), TRUE);
  return TRUE;
}

/* The chosen one stays pressed when it is pressed again. */
static void
span_cb(GtkToggleButton *button, CasaExploreBar *self)
{
  for (guint i = 0; !self->choosing && i < N_SPANS; i++)
    if (self->spans[i] == GTK_WIDGET(button))
      self->calls.span(casa_viewport_preset_ms(presets[i]), self->calls.data);
  if (!self->choosing)
    show_chosen(self);
}

static void
compare_cb(GtkToggleButton *button, CasaExploreBar *self)
{
  for (guint i = 1; !self->choosing && i < CASA_N_COMPARES; i++)
    if (self->compares[i] == GTK_WIDGET(button)) {
      self->calls.compare(self->compare == i ? CASA_COMPARE_NONE : (CasaCompare)i, self->calls.data);
      return;
    }
}

static void
save_cb(GtkButton *button, CasaExploreBar *self)
{
  self->calls.save(g_object_get_data(G_OBJECT(button), "suffix"), self->calls.data);
}

static void
link_cb(GtkButton *button, CasaExploreBar *self)
{
  g_autofree char *link = self->calls.link(self->calls.data), *quoted = g_shell_quote(link);
  g_autofree char *command = g_strdup_printf("casa-pulse --explore %s", quoted);

  gdk_clipboard_set_text(gtk_widget_get_clipboard(self->root), command);
  casa_explore_bar_say(self, _("Lien copié : la commande rouvre cette vue"));
}

/* --- Building --- */

static GtkWidget *
linked(void)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_add_css_class(box, "linked");
  return box;
}

static GtkWidget *
toggle(GtkWidget *box, const char *text, const char *hint, GCallback callback, gpointer data)
{
  GtkWidget *button = gtk_toggle_button_new_with_label(text);

  gtk_widget_set_tooltip_text(button, hint);
  g_signal_connect(button, "toggled", callback, data);
  gtk_box_append(GTK_BOX(box), button);
  return button;
}

static GtkWidget *
build_exports(CasaExploreBar *self)
{
  static const char *const suffixes[] = { "png", "svg", "pdf", "csv" };
  GtkWidget *box = linked();

  for (guint i = 0; i < G_N_ELEMENTS(suffixes); i++) {
    g_autofree char *name = g_ascii_strup(suffixes[i], -1);
    GtkWidget *button = gtk_button_new_with_label(name);
    gtk_widget_set_tooltip_text(button,
                                i == 0 ? _("Enregistrer ce qui est montré (Ctrl+E)") : _("Enregistrer ce qui est montré"));
    g_object_set_data(G_OBJECT(button), "suffix", (gpointer)suffixes[i]);
    g_signal_connect(button, "clicked", G_CALLBACK(save_cb), self);
    gtk_box_append(GTK_BOX(box), button);
  }
  return box;
}

static GtkWidget *
build_follow(CasaExploreBar *self)
{
  GtkWidget *button = gtk_button_new();
  g_autofree char *text = g_strdup_printf("▶ %s · %s", _("Suivre le direct"), _("en pause : vue déplacée"));

  gtk_button_set_label(GTK_BUTTON(button), text);
  gtk_widget_set_tooltip_text(button, _("Fin"));
  gtk_widget_add_css_class(button, "follow");
  g_signal_connect_swapped(button, "clicked", G_CALLBACK(casa_viewport_follow), self->viewport);
  return button;
}

static void
gone_cb(gpointer data, GObject *was)
{
  CasaExploreBar *self = data;

  g_clear_handle_id(&self->unsay, g_source_remove);
  g_free(self);
}

CasaExploreBar *
casa_explore_bar_new(CasaViewport *viewport, const CasaExploreBarCalls *calls)
{
  CasaExploreBar *self = g_new0(CasaExploreBar, 1);
  const char *spans[N_SPANS] = { _("10 min"), _("1 h"), _("24 h"), _("7 j"), _("30 j") };
  GtkWidget *bar = casa_wrap_box_new(8), *box = linked(), *word = casa_label_new("quiet");
  GtkWidget *against = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8), *out = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);

  self->viewport = viewport;
  self->calls = *calls;
  self->root = bar;
  for (guint i = 0; i < N_SPANS; i++) {
    g_autofree char *hint = g_strdup_printf("Ctrl+%u", i + 1);
    self->spans[i] = toggle(box, spans[i], hint, G_CALLBACK(span_cb), self);
  }
  gtk_box_append(GTK_BOX(bar), box);
  casa_label_set(word, _("Comparer à"));
  gtk_label_set_ellipsize(GTK_LABEL(word), PANGO_ELLIPSIZE_NONE);
  gtk_box_append(GTK_BOX(against), word);
  box = linked();
  self->compares[CASA_COMPARE_DAY] = toggle(box, _("hier"), "C", G_CALLBACK(compare_cb), self);
  self->compares[CASA_COMPARE_WEEK] = toggle(box, _("il y a 7 j"), "C", G_CALLBACK(compare_cb), self);
  gtk_box_append(GTK_BOX(against), box);
  gtk_box_append(GTK_BOX(bar), against);
  gtk_box_append(GTK_BOX(bar), self->follow = build_follow(self));
  self->said = casa_label_new("quiet");
  gtk_label_set_ellipsize(GTK_LABEL(self->said), PANGO_ELLIPSIZE_END);
  gtk_box_append(GTK_BOX(bar), self->said);
  GtkWidget *link = gtk_button_new_with_label(_("Copier le lien"));
  g_signal_connect(link, "clicked", G_CALLBACK(link_cb), self);
  gtk_widget_add_css_class(out, "explore-out");
  gtk_box_append(GTK_BOX(out), link);
  gtk_box_append(GTK_BOX(out), build_exports(self));
  gtk_box_append(GTK_BOX(bar), out);
  g_object_weak_ref(G_OBJECT(bar), gone_cb, self);
  return self;
}

GtkWidget *
casa_explore_bar_widget(CasaExploreBar *self)
{
  return self->root;
}
