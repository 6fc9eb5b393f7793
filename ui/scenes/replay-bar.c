/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/replay-bar.h"
#include "base/clock.h"
#include "base/time-units.h"
#include "city/city-zone.h"
#include "ui/kit/label.h"
#include "ui/kit/shrink-bin.h"
#include "ui/text/lang.h"
#include <math.h>

#define PLACE_PX 340  /* a pixel for some four minutes */
#define SETTLE_MS 250 /* while a hand moves the place, it is not gone to */

static const double SPEEDS[] = { 1, 10, 60, 600 };

/* Lives as long as its widget, as data of it. */
typedef struct {
  GtkWidget *bin, *root, *words, *place, *speeds[G_N_ELEMENTS(SPEEDS)];
  char *language;
  gint64 from_ms, to_ms, now_ms; /* the day that is shown, and what time it is there */
  double speed;
  guint moving;    /* timer: a hand is at the place, 0 none */
  gint64 to_go_ms; /* where it will be gone to */
} Bar;

static void
bar_free(gpointer data)
{
  Bar *self = data;

  g_clear_handle_id(&self->moving, g_source_remove);
  g_free(self->language);
  g_free(self);
}

void
casa_replay_bar_day(gint64 t_ms, gint64 *from_ms, gint64 *to_ms)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(t_ms / 1000);
  GTimeZone *zone = casa_city_zone(t_ms); /* the law of that day */
  g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);
  g_autoptr(GDateTime) midnight = g_date_time_new(zone, g_date_time_get_year(local), g_date_time_get_month(local),
                                                  g_date_time_get_day_of_month(local), 0, 0, 0);
  g_autoptr(GDateTime) next = g_date_time_add_days(midnight, 1);

  *from_ms = g_date_time_to_unix(midnight) * 1000;
  *to_ms = g_date_time_to_unix(next) * 1000;
}

void
casa_replay_bar_first_day(gint64 now_ms, gint64 least_ms, gint64 *from_ms, gint64 *to_ms)
{
  casa_replay_bar_day(now_ms, from_ms, to_ms);
  if (now_ms - *from_ms < least_ms)
    casa_replay_bar_day(*from_ms - CASA_HOUR_MS, from_ms, to_ms);
  *to_ms = MIN(*to_ms, now_ms);
}

/* To @t_ms of the day that it is in, up to now. */
static void
go(Bar *self, gint64 t_ms)
{
  gint64 from, to;

  casa_replay_bar_day(t_ms, &from, &to);
  to = MIN(to, casa_clock_now_ms());
  if (t_ms >= to)
    t_ms = MAX(from, to - CASA_MINUTE_MS);
  gtk_widget_activate_action(self->root, "app.replay", "(xxdb)", t_ms, to, self->speed, FALSE);
}

static gboolean
settled_cb(gpointer data)
{
  Bar *self = data;

  self->moving = 0;
  go(self, self->to_go_ms);
  return G_SOURCE_REMOVE;
}

static void
say(Bar *self, gint64 t_ms)
{
  CASA_LANG_SCOPE(self->language);
  g_autofree char *date = casa_lang_date(t_ms), *clock = casa_lang_clock(t_ms, FALSE);
  g_autofree char *text = g_strdup_printf("%s %s", date, clock);

  casa_label_set(self->words, text);
}

/* A hand, or a key, moved the place. */
static gboolean
place_cb(GtkRange *range, GtkScrollType scroll, double value, gpointer data)
{
  Bar *self = data;

  g_clear_handle_id(&self->moving, g_source_remove);
  self->to_go_ms = CLAMP(self->from_ms + llround(value * 1000), self->from_ms, self->to_ms - 1);
  self->moving = g_timeout_add(SETTLE_MS, settled_cb, self);
  say(self, self->to_go_ms);
  return FALSE;
}

static void
speed_cb(GtkButton *button, gpointer data)
{
  Bar *self = data;

  for (guint i = 0; i < G_N_ELEMENTS(SPEEDS); i++)
    if (self->speeds[i] == GTK_WIDGET(button))
      self->speed = SPEEDS[i];
  go(self, self->now_ms);
}

static void
earlier_cb(GtkButton *button, gpointer data)
{
  go(data, ((Bar *)data)->now_ms - CASA_DAY_MS);
}

static void
later_cb(GtkButton *button, gpointer data)
{
  go(data, ((Bar *)data)->now_ms + CASA_DAY_MS);
}

static void
live_cb(GtkButton *button, gpointer data)
{
  gtk_widget_activate_action(((Bar *)data)->root, "app.live", NULL);
}

static GtkWidget *
add_button(Bar *self, const char *text, const char *spoken, GCallback clicked)
{
  GtkWidget *button = gtk_button_new(), *label = casa_label_new("casa-time");

  casa_label_set(label, text);
  gtk_button_set_child(GTK_BUTTON(button), label);
  gtk_button_set_has_frame(GTK_BUTTON(button), FALSE);
  gtk_widget_set_focus_on_click(button, FALSE);
  gtk_widget_add_css_class(button, "casa-time-button");
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  g_signal_connect(button, "clicked", clicked, self);
  gtk_box_append(GTK_BOX(self->root), button);
  return button;
}

static void
add_place(Bar *self)
{
  self->place = gtk_scale_new_with_range(GTK_ORIENTATION_HORIZONTAL, 0, 86400, 300);
  gtk_scale_set_draw_value(GTK_SCALE(self->place), FALSE);
  gtk_widget_set_hexpand(self->place, TRUE);
  gtk_widget_set_size_request(self->place, PLACE_PX, -1);
  /* Time runs left to right in every language. */
  gtk_widget_add_css_class(self->place, "casa-ltr");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->place), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Heure de la journée"), -1);
  g_signal_connect(self->place, "change-value", G_CALLBACK(place_cb), self);
  gtk_box_append(GTK_BOX(self->root), self->place);
}

GtkWidget *
casa_replay_bar_new(void)
{
  Bar *self = g_new0(Bar, 1);

  self->speed = 60;
  self->language = g_strdup(casa_lang_get());
  self->root = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class(self->root, "casa-time-bar");
  add_button(self, "◀", _("Le jour d’avant"), G_CALLBACK(earlier_cb));
  self->words = casa_label_new("casa-time");
  gtk_box_append(GTK_BOX(self->root), self->words);
  add_button(self, "▶", _("Le jour d’après"), G_CALLBACK(later_cb));
  add_place(self);
  for (guint i = 0; i < G_N_ELEMENTS(SPEEDS); i++) {
    g_autofree char *text = g_strdup_printf("%.0f×", SPEEDS[i]);
    self->speeds[i] = add_button(self, text, text, G_CALLBACK(speed_cb));
  }
  /* TR: a button: leaves the replay; R is the key */
  add_button(self, _("● direct (R)"), _("Revenir au direct"), G_CALLBACK(live_cb));
  self->bin = casa_shrink_bin_new(self->root, 0.5, 0.5);
  gtk_widget_set_visible(self->bin, FALSE);
  g_object_set_data_full(G_OBJECT(self->bin), "casa-replay-bar", self, bar_free);
  return self->bin;
}

/* A wall that was started to show a past (--replay) has no other time to go to. */
static gboolean
has_machine(Bar *self)
{
  GtkRoot *window = gtk_widget_get_root(self->root);
  GtkApplication *app = window && GTK_IS_WINDOW(window) ? gtk_window_get_application(GTK_WINDOW(window)) : NULL;

  return app && g_action_group_has_action(G_ACTION_GROUP(app), "replay");
}

void
casa_replay_bar_show(GtkWidget *bar, const CasaSummary *summary)
{
  Bar *self = g_object_get_data(G_OBJECT(bar), "casa-replay-bar");

  gtk_widget_set_visible(self->bin, summary->replaying && !summary->replay.bare && has_machine(self));
  if (!summary->replaying)
    return;
  self->now_ms = summary->now_ms;
  self->speed = summary->replay.speed;
  casa_replay_bar_day(self->now_ms, &self->from_ms, &self->to_ms);
  for (guint i = 0; i < G_N_ELEMENTS(SPEEDS); i++)
    if (fabs(SPEEDS[i] - self->speed) < 0.01)
      gtk_widget_add_css_class(self->speeds[i], "casa-chosen");
    else
      gtk_widget_remove_css_class(self->speeds[i], "casa-chosen");
  if (self->moving)
    return;
  gtk_range_set_range(GTK_RANGE(self->place), 0, (double)(self->to_ms - self->from_ms) / 1000);
  gtk_range_set_value(GTK_RANGE(self->place), (double)(self->now_ms - self->from_ms) / 1000);
  say(self, self->now_ms);
}
