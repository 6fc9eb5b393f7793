/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/share/share.h"
#include "base/clock.h"
#include "ui/kit/direction.h"
#include "ui/share/table-window.h"
#include "ui/text/lang.h"
#include <glib/gstdio.h>

#define KEY "casa-share" /* of a chart */
#define NAME_MOST 60     /* characters of a title in a file's name */

/* Lives as long as its chart, as data of it. */
typedef struct {
  CasaShare calls;
  GtkWidget *chart;     /* not owned */
  const char *language; /* in which the menu was opened; static */
} Share;

/* --- What is done --- */

static void
tell(Share *self, const char *text)
{
  if (self->calls.say)
    self->calls.say(text, self->calls.data);
  else
    gtk_widget_activate_action(self->chart, "win.tell", "s", text);
}

/* Letters that no file system refuses. */
static char *
tamed(const char *title)
{
  GString *name = g_string_new(NULL);
  guint n = 0;

  for (const char *c = title; *c && n < NAME_MOST; c = g_utf8_next_char(c), n++) {
    const gunichar letter = g_utf8_get_char(c);
    g_string_append_unichar(name, g_unichar_isalnum(letter) || letter == '-' ? letter
                                  : g_unichar_ismark(letter)                 ? letter
                                                                             : ' ');
  }
  return g_strstrip(g_string_free(name, FALSE));
}

char *
casa_share_name(const char *folder, const char *title, const char *suffix, gint64 now_ms)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(now_ms / 1000);
  g_autoptr(GDateTime) here = g_date_time_to_timezone(utc, casa_lang_zone());
  g_autofree char *when = g_date_time_format(here, "%Y-%m-%d %H-%M-%S"), *what = tamed(title);
  char *path = NULL;

  for (guint i = 1; !path || g_file_test(path, G_FILE_TEST_EXISTS); i++) {
    g_autofree char *more = i > 1 ? g_strdup_printf(" %u", i) : g_strdup("");
    g_autofree char *name = g_strdup_printf("Casa Pulse %s %s%s.%s", when, what, more, suffix);
    g_free(path);
    path = g_build_filename(folder, name, NULL);
  }
  return path;
}

static const char *
folder_for(const char *suffix)
{
  const char *folder =
    g_get_user_special_dir(g_str_equal(suffix, "csv") ? G_USER_DIRECTORY_DOCUMENTS : G_USER_DIRECTORY_PICTURES);

  return folder && g_file_test(folder, G_FILE_TEST_IS_DIR) ? folder : g_get_home_dir();
}

static void
save(Share *self, const CasaSheet *sheet, const char *suffix)
{
  if (self->calls.save) {
    self->calls.save(suffix, self->calls.data);
    return;
  }
  g_autofree char *path = casa_share_name(folder_for(suffix), sheet->title, suffix, casa_clock_now_ms());
  g_autofree char *name = g_filename_display_name(path);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = casa_sheet_write(sheet, path, &error) ? g_strdup_printf(_("Enregistré : %s"), name)
                                                                : g_strdup_printf(_("%s n'a pas pu être écrit"), name);
  if (error)
    g_message("%s", error->message);
  tell(self, text);
}

static void
copy(Share *self, const CasaSheet *sheet)
{
  g_autoptr(GdkTexture) texture = casa_sheet_texture(sheet);

  gdk_clipboard_set_texture(gtk_widget_get_clipboard(self->chart), texture);
  tell(self, _("Image copiée"));
}

gboolean
casa_share_do(GtkWidget *chart, const char *what)
{
  Share *self = g_object_get_data(G_OBJECT(chart), KEY);
  g_autoptr(CasaSheet) sheet = self ? self->calls.sheet(self->calls.data) : NULL;

  if (!sheet)
    return FALSE;
  if (g_str_equal(what, "copy"))
    copy(self, sheet);
  else if (g_str_equal(what, "table"))
    casa_table_window_show(chart, sheet);
  else
    save(self, sheet, what);
  return TRUE;
}

/* --- How it is asked for --- */

static const struct {
  const char *what, *accel, *words;
} ROWS[] = {
  { "copy", "<Control>c", N_("Copier l'image") },
  { "png", "<Control>e", N_("Enregistrer en PNG") },
  { "svg", NULL, N_("Enregistrer en SVG") },
  { "pdf", NULL, N_("Enregistrer en PDF") },
  { "csv", NULL, N_("Enregistrer les valeurs (CSV)") },
  { "table", "<Control>t", N_("Lire en tableau") },
};

static void
action_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Share *self = data;
  CASA_LANG_SCOPE(self->language);

  casa_share_do(self->chart, g_action_get_name(G_ACTION(action)));
}

static void
install_actions(Share *self)
{
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new();

  for (guint i = 0; i < G_N_ELEMENTS(ROWS); i++) {
    g_autoptr(GSimpleAction) action = g_simple_action_new(ROWS[i].what, NULL);
    g_signal_connect(action, "activate", G_CALLBACK(action_cb), self);
    g_action_map_add_action(G_ACTION_MAP(group), G_ACTION(action));
  }
  gtk_widget_insert_action_group(self->chart, "share", G_ACTION_GROUP(group));
}

static GMenuModel *
menu_new(void)
{
  GMenu *menu = g_menu_new();

  for (guint i = 0; i < G_N_ELEMENTS(ROWS); i++) {
    g_autofree char *action = g_strconcat("share.", ROWS[i].what, NULL);
    g_autoptr(GMenuItem) item = g_menu_item_new(casa_tr(ROWS[i].words), action);
    if (ROWS[i].accel)
      g_menu_item_set_attribute(item, "accel", "s", ROWS[i].accel);
    g_menu_append_item(menu, item);
  }
  return G_MENU_MODEL(menu);
}

static gboolean
take_away_cb(gpointer data)
{
  if (gtk_widget_get_parent(data))
    gtk_widget_unparent(data);
  return G_SOURCE_REMOVE;
}

/* Not while it still closes: its row acts after that. */
static void
closed_cb(GtkPopover *popover, gpointer data)
{
  g_timeout_add_full(G_PRIORITY_DEFAULT, 500, take_away_cb, g_object_ref(popover), g_object_unref);
}

static void
chart_gone_cb(GtkWidget *chart, gpointer popover)
{
  take_away_cb(popover);
}

static void
open_menu(Share *self, double x, double y)
{
  g_autoptr(GMenuModel) model = menu_new();
  GtkWidget *popover = gtk_popover_menu_new_from_model(model);

  self->language = casa_lang_get();
  gtk_widget_set_parent(popover, self->chart);
  gtk_popover_set_has_arrow(GTK_POPOVER(popover), FALSE);
  gtk_popover_set_pointing_to(GTK_POPOVER(popover), &(GdkRectangle){ (int)x, (int)y, 1, 1 });
  gtk_widget_set_halign(popover, GTK_ALIGN_START);
  casa_direction_apply(popover);
  g_signal_connect(popover, "closed", G_CALLBACK(closed_cb), NULL);
  g_signal_connect_object(self->chart, "destroy", G_CALLBACK(chart_gone_cb), popover, 0);
  gtk_popover_popup(GTK_POPOVER(popover));
}

static void
pressed_cb(GtkGestureClick *gesture, int n, double x, double y, gpointer data)
{
  gtk_gesture_set_state(GTK_GESTURE(gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_grab_focus(((Share *)data)->chart);
  open_menu(data, x, y);
}

static gboolean
key_cb(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, gpointer data)
{
  Share *self = data;
  const GdkModifierType held = state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK | GDK_ALT_MASK | GDK_SUPER_MASK);

  if (key == GDK_KEY_Menu || (key == GDK_KEY_F10 && held == GDK_SHIFT_MASK)) {
    open_menu(self, gtk_widget_get_width(self->chart) / 2.0, gtk_widget_get_height(self->chart) / 2.0);
    return GDK_EVENT_STOP;
  }
  if (held != GDK_CONTROL_MASK)
    return GDK_EVENT_PROPAGATE;
  switch (gdk_keyval_to_lower(key)) {
  case GDK_KEY_c: return casa_share_do(self->chart, "copy");
  case GDK_KEY_e: return casa_share_do(self->chart, "png");
  case GDK_KEY_t: return casa_share_do(self->chart, "table");
  default: return GDK_EVENT_PROPAGATE;
  }
}

void
casa_share_attach(GtkWidget *chart, const CasaShare *share)
{
  GtkEventController *keys = gtk_event_controller_key_new();
  GtkGesture *click = gtk_gesture_click_new();
  Share *self = g_new0(Share, 1);

  self->calls = *share;
  self->chart = chart;
  self->language = casa_lang_get();
  g_object_set_data_full(G_OBJECT(chart), KEY, self, g_free);
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(click), GDK_BUTTON_SECONDARY);
  g_signal_connect(click, "pressed", G_CALLBACK(pressed_cb), self);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(key_cb), self);
  gtk_widget_add_controller(chart, GTK_EVENT_CONTROLLER(click));
  gtk_widget_add_controller(chart, keys);
  install_actions(self);
  gtk_accessible_update_property(GTK_ACCESSIBLE(chart), GTK_ACCESSIBLE_PROPERTY_KEY_SHORTCUTS,
                                 "Control+C Control+E Control+T Shift+F10", -1);
}
