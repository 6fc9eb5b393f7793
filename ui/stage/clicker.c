/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/stage/clicker.h"
#include "ui/chart/chart.h"
#include "ui/map/map.h"
#include "ui/stage/keys.h"
#include "ui/stage/marks.h"

#define HELD "casa-held" /* of a controller: the key that is held */
#define HALL "casa-hall" /* of a controller: whose window its keys drive, NULL its own */

/* NULL for CASA_KEY_NONE. */
static const char *
action_of(CasaKey key)
{
  switch (key) {
  case CASA_KEY_NONE: return NULL;
  case CASA_KEY_HOME: return "win.home";
  case CASA_KEY_NUMBER: return "win.number";
  case CASA_KEY_PALETTE: return "win.palette";
  case CASA_KEY_WHAT_IF: return "win.what-if";
  case CASA_KEY_COMPARE: return "win.compare";
  case CASA_KEY_NEXT: return "win.next-scene";
  case CASA_KEY_PREVIOUS: return "win.previous-scene";
  case CASA_KEY_SCENE: return "win.scene";
  case CASA_KEY_FREEZE: return "win.freeze";
  case CASA_KEY_BLACK: return "win.black";
  case CASA_KEY_WHITE: return "win.white";
  case CASA_KEY_SHOW: return "win.show";
  case CASA_KEY_FULLSCREEN: return "win.fullscreen";
  case CASA_KEY_LEAVE: return "win.leave";
  case CASA_KEY_LANGUAGE: return "win.next-language";
  case CASA_KEY_THEME: return "win.next-theme";
  case CASA_KEY_REPLAY: return "win.replay";
  case CASA_KEY_PARACHUTE: return "app.parachute";
  case CASA_KEY_TEAM: return "app.show-team";
  case CASA_KEY_NO_TEAM: return "app.hide-team";
  case CASA_KEY_TURN_TEAM: return "app.turn-team";
  case CASA_KEY_EXPLORE: return "app.explore";
  case CASA_KEY_DIAGNOSE: return "app.diagnose";
  case CASA_KEY_POINTER: return "win.pointer";
  case CASA_KEY_SPOTLIGHT: return "win.spotlight";
  case CASA_KEY_MAGNIFIER: return "win.magnifier";
  case CASA_KEY_PEN: return "win.pen";
  case CASA_KEY_ERASE: return "win.erase";
  case CASA_KEY_UNDO: return "win.undo-mark";
  case CASA_KEY_TEAMS: return "app.teams";
  case CASA_KEY_HIDE: return "app.hide-hall";
  case CASA_KEY_VIEW: return "app.presenter-view";
  case CASA_KEY_SWAP: return "app.swap-screens";
  }
  g_return_val_if_reached(NULL);
}

/* The map that is seen below @widget; NULL: none. */
static GtkWidget *
seen_map(GtkWidget *widget)
{
  if (CASA_IS_MAP(widget))
    return gtk_widget_get_mapped(widget) ? widget : NULL;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *map = seen_map(child);
    if (map)
      return map;
  }
  return NULL;
}

CasaMap *
casa_clicker_map(GtkWindow *window)
{
  GtkWidget *map = seen_map(GTK_WIDGET(window));

  return map ? CASA_MAP(map) : NULL;
}

gboolean
casa_clicker_go_home(GtkWindow *window)
{
  CasaMap *map = casa_clicker_map(window);

  if (map)
    casa_map_go_home(map);
  return map != NULL;
}

/* Whoever writes means letters and digits. */
static gboolean
is_writing(GtkWidget *focus)
{
  return focus && (GTK_IS_TEXT_VIEW(focus) || (GTK_IS_EDITABLE(focus) && gtk_editable_get_editable(GTK_EDITABLE(focus))));
}

/* Where nothing was written on the hall's picture, charts have these keys. */
static gboolean
has_strokes(GtkWindow *hall)
{
  CasaMarks *marks = casa_marks_of(hall);

  return marks && casa_marks_n_strokes(marks) > 0;
}

/* A key that is held: of its controller. */
typedef struct {
  guint keycode; /* 0: none is down */
  guint timer;   /* 0: it was held long enough, or let go */
  GtkWindow *target;
  const char *action;
} Hold;

static Hold *
hold_of(GtkEventControllerKey *controller)
{
  return g_object_get_data(G_OBJECT(controller), HELD);
}

static gboolean
held_cb(gpointer data)
{
  Hold *self = data;

  self->timer = 0;
  gtk_widget_activate_action(GTK_WIDGET(self->target), self->action, NULL);
  return G_SOURCE_REMOVE;
}

/* A key repeats while it is down. */
static void
hold(Hold *self, guint keycode, GtkWindow *target, const char *action)
{
  if (self->keycode == keycode)
    return;
  g_clear_handle_id(&self->timer, g_source_remove);
  *self = (Hold){ .keycode = keycode, .target = target, .action = action };
  self->timer = g_timeout_add(CASA_KEY_HELD_MS, held_cb, self);
}

static void
released_cb(GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, gpointer data)
{
  Hold *self = hold_of(controller);

  if (keycode != self->keycode)
    return;
  g_clear_handle_id(&self->timer, g_source_remove);
  self->keycode = 0;
}

static void
hold_free(gpointer data)
{
  Hold *self = data;

  g_clear_handle_id(&self->timer, g_source_remove);
  g_free(self);
}

/* FALSE: nothing stands over the scene of @target, or it has no use for the key. */
static gboolean
give_over(GtkWindow *target, guint keyval, GdkModifierType state)
{
  const gboolean arrow = keyval == GDK_KEY_Up || keyval == GDK_KEY_Down || keyval == GDK_KEY_Left || keyval == GDK_KEY_Right;

  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) || !(arrow || (keyval >= GDK_KEY_1 && keyval <= GDK_KEY_9)))
    return FALSE;
  return gtk_widget_activate_action(GTK_WIDGET(target), CASA_CLICKER_OVER "." CASA_CLICKER_OVER_KEY, "u", keyval);
}

static gboolean
key_cb(GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, GtkWindow *window)
{
  GtkWidget *focus = gtk_window_get_focus(window);
  GtkWindow *hall = g_object_get_data(G_OBJECT(controller), HALL), *target = hall ? hall : window;
  gboolean arrows = hall || (gtk_window_is_fullscreen(window) && !(focus && CASA_IS_MAP(focus)));
  guint number = 0;

  if (!is_writing(focus) && give_over(target, casa_key_at_place(keyval, keycode), state))
    return TRUE;
  if (focus && CASA_IS_CHART(focus) && casa_chart_keeps_key(CASA_CHART(focus), keyval) &&
      !(state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)))
    return FALSE;
  if (focus && (gtk_widget_get_ancestor(focus, GTK_TYPE_POPOVER) || is_writing(focus)))
    return FALSE;
  CasaKey key = casa_key_meaning(casa_key_at_place(keyval, keycode), state, arrows, &number);
  const char *action = action_of(key);
  if (!action || ((key == CASA_KEY_UNDO || key == CASA_KEY_ERASE) && !has_strokes(target)))
    return FALSE;
  if (key == CASA_KEY_PARACHUTE) {
    hold(hold_of(controller), keycode, target, action);
    return TRUE;
  }
  GVariant *parameter = key == CASA_KEY_SCENE    ? g_variant_new_uint32(number - 1)
                        : key == CASA_KEY_NUMBER ? g_variant_new_uint32(number)
                                                 : NULL;
  gtk_widget_activate_action_variant(GTK_WIDGET(target), action, parameter);
  return TRUE;
}

void
casa_clicker_attach_for(GtkWindow *window, GtkWindow *hall)
{
  GtkEventController *keys = gtk_event_controller_key_new();

  gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(key_cb), window);
  g_signal_connect(keys, "key-released", G_CALLBACK(released_cb), NULL);
  g_object_set_data(G_OBJECT(keys), HALL, hall);
  g_object_set_data_full(G_OBJECT(keys), HELD, g_new0(Hold, 1), hold_free);
  gtk_widget_add_controller(GTK_WIDGET(window), keys);
}

void
casa_clicker_attach(GtkWindow *window)
{
  casa_clicker_attach_for(window, NULL);
}
