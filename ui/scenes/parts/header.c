/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/badge.h"
#include "ui/kit/controls.h"
#include "ui/kit/direction.h"
#include "ui/kit/handle.h"
#include "ui/kit/shrink-bin.h"
#include "ui/scenes/parts.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"
#include "ui/kit/label.h"

/* The top line: title, where the data comes from, date and clock, menu. */
typedef struct {
  CasaModel *model;
  GtkWidget *badges[CASA_BADGES_MAX], *date, *clock, *menu, *buttons;
} Header;

static GMenuModel *
menu_model(void)
{
  g_autoptr(GMenu) language = g_menu_new();
  g_autoptr(GMenu) theme = g_menu_new();
  g_autoptr(GMenu) rest = g_menu_new();
  GMenu *menu = g_menu_new();

  /* A language is named in itself: whoever needs it must be able to read it. */
  g_menu_append(language, "Français", "win.language::fr");
  g_menu_append(language, "العربية", "win.language::ar");
  g_menu_append(language, "English", "win.language::en");
  g_menu_append(theme, _("Sombre"), "win.theme::dark");
  g_menu_append(theme, _("Clair"), "win.theme::light");
  g_menu_append(theme, _("Contraste élevé"), "win.theme::contrast");
  g_menu_append(rest, _("Nouvelle fenêtre"), "app.new-window");
  g_menu_append(rest, _("Explorer les mesures"), "app.explore");
  g_menu_append(rest, _("Plein écran"), "win.fullscreen");
  g_menu_append(rest, _("Raccourcis clavier"), "win.shortcuts");
  g_menu_append(rest, _("À propos de Casa Pulse"), "app.about");
  g_menu_append(rest, _("Quitter"), "app.quit");
  g_menu_append_section(menu, _("Langue"), G_MENU_MODEL(language));
  g_menu_append_section(menu, _("Thème"), G_MENU_MODEL(theme));
  g_menu_append_section(menu, NULL, G_MENU_MODEL(rest));
  return G_MENU_MODEL(menu);
}

static GtkWidget *
menu_button(void)
{
  GtkWidget *button = gtk_menu_button_new();
  g_autoptr(GMenuModel) model = menu_model();

  gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(button), "open-menu-symbolic");
  gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(button), model);
  gtk_menu_button_set_primary(GTK_MENU_BUTTON(button), TRUE);
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text(button, _("Menu"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Menu"), -1);
  gtk_widget_add_css_class(button, "flat");
  return button;
}

static GtkWidget *
title_box(void)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *title = casa_label_new("casa-title"), *subtitle = casa_label_new("casa-subtitle");

  casa_label_set(title, _("Casablanca"));
  casa_label_set(subtitle, _("le pouls de la ville"));
  gtk_widget_add_css_class(box, "casa-header");
  gtk_box_append(GTK_BOX(box), title);
  gtk_box_append(GTK_BOX(box), subtitle);
  return box;
}

static GtkWidget *
box_of(const char *css_class)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_add_css_class(box, css_class);
  return box;
}

/* Badges stand in the middle of the line, date and clock on one baseline: a box for each. */
static GtkWidget *
right_box(Header *self)
{
  GtkWidget *box = box_of("casa-header"), *badges = box_of("casa-header"), *time = box_of("casa-header");

  for (guint i = 0; i < CASA_BADGES_MAX; i++)
    gtk_box_append(GTK_BOX(badges), self->badges[i] = casa_badge_new());
  gtk_box_append(GTK_BOX(time), self->date = casa_label_new("casa-date"));
  gtk_box_append(GTK_BOX(time), self->clock = casa_label_new("casa-clock"));
  gtk_box_append(GTK_BOX(box), badges);
  gtk_box_append(GTK_BOX(box), time);
  gtk_box_append(GTK_BOX(box), self->menu = menu_button());
  gtk_box_append(GTK_BOX(box), self->buttons = casa_window_controls_new());
  /* A clock runs left to right in every language. */
  gtk_widget_add_css_class(self->clock, CASA_CLASS_LTR);
  gtk_widget_set_direction(self->clock, GTK_TEXT_DIR_LTR);
  return box;
}

static void
update(CasaPart *part)
{
  Header *self = part->state;
  const CasaSummary *summary = casa_model_summary(self->model);
  CasaBadgeWords words[CASA_BADGES_MAX];
  guint n = casa_phrases_badges(summary, words);
  g_autofree char *date = casa_lang_date(summary->now_ms), *clock = casa_lang_clock(summary->now_ms, TRUE);

  for (guint i = 0; i < CASA_BADGES_MAX; i++) {
    casa_badge_set(self->badges[i], i < n ? &words[i] : NULL);
    if (i < n)
      g_free(words[i].text);
  }
  /* With so many badges something is wrong: they must be read, and the day is known. */
  casa_label_set(self->date, n < CASA_BADGES_MAX ? date : "");
  casa_label_set(self->clock, clock);
}

static void
show_controls(CasaPart *part, gboolean show)
{
  Header *self = part->state;

  gtk_widget_set_visible(self->menu, show);
  gtk_widget_set_visible(self->buttons, show);
}

static void
build(CasaPart *part, const CasaPartSpec *spec, const CasaPartContext *context)
{
  Header *self = part->state = g_new0(Header, 1);
  GtkWidget *handle = gtk_window_handle_new();

  self->model = context->model;
  gtk_window_handle_set_child(GTK_WINDOW_HANDLE(handle), casa_shrink_bin_new(title_box(), 0, 0.5));
  part->widget = casa_fraction_layout_new();
  gtk_widget_add_css_class(part->widget, "casa-head");
  /* Upright, one line has no room for both. */
  gboolean two = context->narrow;
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(part->widget), handle,
                           two ? (CasaFractions){ 0, 0, 1, 0.5 } : (CasaFractions){ 0, 0, 0.345, 1 });
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(part->widget), casa_shrink_bin_new(right_box(self), two ? 0 : 1, 0.5),
                           two ? (CasaFractions){ 0, 0.5, 1, 0.5 } : (CasaFractions){ 0.353, 0, 0.647, 1 });
  casa_handle_own_menu(handle, self->menu);
  part->update = update;
  part->show_controls = show_controls;
}

static const CasaPartOption OPTIONS[] = { { NULL } };
const CasaPartClass casa_part_header = { "header", OPTIONS, build };
