/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/autoplay.h"
#include "base/clock.h"

#define LOOK_MS 100

struct _CasaAutoplay {
  CasaWindow *window; /* weak */
  CasaSceneList *scenes;
  CasaRehearsal *rehearsal;    /* NULL: none */
  GtkEventController *hands;   /* weak; of the window */
  gint64 began_us, touched_us; /* monotonic: when step 0 was due; when it was touched last, 0: not lately */
  guint next;                  /* step */
  guint timer;
};

static void
show_step(CasaAutoplay *self, const CasaRehearsalStep *step)
{
  static const char *const halls[] = {
    [CASA_HALL_LIVE] = "live", [CASA_HALL_FROZEN] = "frozen", [CASA_HALL_BLACK] = "black", [CASA_HALL_WHITE] = "white"
  };

  if (g_str_equal(step->what, "scene"))
    casa_window_go(self->window, casa_scene_file_find(casa_scene_list_file(self->scenes), step->value));
  else if (g_str_equal(step->what, "language"))
    casa_window_set_language(self->window, step->value);
  else if (g_str_equal(step->what, "theme"))
    casa_window_set_theme(self->window, step->value);
  for (guint i = 0; g_str_equal(step->what, "hall") && i < G_N_ELEMENTS(halls); i++)
    if (g_str_equal(step->value, halls[i]))
      casa_window_set_hall(self->window, (CasaHallState)i);
}

/* Goes on with the visit of the scene that is shown, or from the beginning. */
static void
resume(CasaAutoplay *self, gint64 now_us)
{
  const char *id = casa_scene_file_get(casa_scene_list_file(self->scenes), casa_window_scene(self->window))->id;

  self->touched_us = 0;
  self->next = 0;
  self->began_us = now_us;
  for (guint i = 0; self->rehearsal && i < casa_rehearsal_n(self->rehearsal); i++) {
    const CasaRehearsalStep *step = casa_rehearsal_get(self->rehearsal, i);
    if (g_str_equal(step->what, "scene") && g_str_equal(step->value, id)) {
      self->next = i + 1;
      self->began_us = now_us - (gint64)(step->at_s * G_USEC_PER_SEC);
      return;
    }
  }
}

static void
play(CasaAutoplay *self, gint64 now_us)
{
  while (self->next < casa_rehearsal_n(self->rehearsal)) {
    const CasaRehearsalStep *step = casa_rehearsal_get(self->rehearsal, self->next);
    if (now_us < self->began_us + (gint64)(step->at_s * G_USEC_PER_SEC))
      return;
    show_step(self, step);
    self->next++;
  }
  self->next = 0;
  self->began_us = now_us;
}

void
casa_autoplay_look(CasaAutoplay *self, gint64 now_us)
{
  if (!self->window)
    return;
  if (self->touched_us && now_us - self->touched_us >= CASA_AUTOPLAY_IDLE_US)
    resume(self, now_us);
  casa_window_hold(self->window, self->touched_us || self->rehearsal);
  if (self->rehearsal && !self->touched_us)
    play(self, now_us);
}

void
casa_autoplay_wake(CasaAutoplay *self, gint64 now_us)
{
  gboolean first = !self->touched_us;

  self->touched_us = now_us;
  if (first && self->window && self->rehearsal && casa_window_hall(self->window) != CASA_HALL_LIVE)
    casa_window_set_hall(self->window, CASA_HALL_LIVE);
}

static gboolean
look_cb(gpointer data)
{
  casa_autoplay_look(data, casa_clock_mono_us());
  return G_SOURCE_CONTINUE;
}

static gboolean
event_cb(GtkEventControllerLegacy *controller, GdkEvent *event, CasaAutoplay *self)
{
  GdkEventType type = gdk_event_get_event_type(event);

  if (type == GDK_KEY_PRESS || type == GDK_BUTTON_PRESS || type == GDK_TOUCH_BEGIN)
    casa_autoplay_wake(self, casa_clock_mono_us());
  return GDK_EVENT_PROPAGATE;
}

CasaAutoplay *
casa_autoplay_new(CasaWindow *window, CasaSceneList *scenes, CasaRehearsal *rehearsal)
{
  CasaAutoplay *self = g_new0(CasaAutoplay, 1);
  GtkEventController *hands = gtk_event_controller_legacy_new();

  g_set_weak_pointer(&self->window, window);
  g_set_weak_pointer(&self->hands, hands);
  self->scenes = scenes;
  self->rehearsal = rehearsal;
  self->began_us = casa_clock_mono_us();
  gtk_event_controller_set_propagation_phase(hands, GTK_PHASE_CAPTURE);
  g_signal_connect(hands, "event", G_CALLBACK(event_cb), self);
  gtk_widget_add_controller(GTK_WIDGET(window), hands);
  self->timer = g_timeout_add(LOOK_MS, look_cb, self);
  return self;
}

void
casa_autoplay_free(CasaAutoplay *self)
{
  if (!self)
    return;
  g_source_remove(self->timer);
  if (self->hands)
    g_signal_handlers_disconnect_by_data(self->hands, self);
  g_clear_weak_pointer(&self->hands);
  g_clear_weak_pointer(&self->window);
  casa_rehearsal_free(self->rehearsal);
  g_free(self);
}
