/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/window-private.h"
#include "ui/scenes/part.h"
#include "ui/shell/full-screen.h"
#include "ui/shell/shortcuts.h"
#include "ui/stage/clicker.h"
#include "ui/text/lang.h"

/* The same key gives the picture back. */
static void
toggle_hall(CasaWindow *self, CasaHallState state)
{
  casa_window_set_hall(self, casa_window_hall(self) == state ? CASA_HALL_LIVE : state);
}

/* What stands over the scene goes first. FALSE: nothing did. */
static gboolean
leave_palette(CasaWindow *self)
{
  if (!self->palette)
    return FALSE;
  gboolean armed = casa_event_keys_disarm(self->keys, g_get_monotonic_time()), open = casa_palette_view_is_open(self->palette);
  if (!casa_window_is_presented(self))
    casa_palette_view_open(self->palette, open && armed);
  return armed || (open && !casa_window_is_presented(self));
}

/* The tool is put away first, then what was written goes. FALSE: there was neither. */
static gboolean
leave_marks(CasaWindow *self)
{
  CasaMarks *marks = casa_hall_marks(self->hall);
  gboolean tool = casa_marks_tool(marks) != CASA_TOOL_NONE, strokes = casa_marks_n_strokes(marks) > 0;

  casa_marks_set_tool(marks, CASA_TOOL_NONE);
  if (!tool)
    casa_marks_clear(marks);
  return tool || strokes;
}

/* What the part that has the focus opened. FALSE: nothing. */
static gboolean
leave_part(CasaWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus(GTK_WINDOW(self));

  return focus && gtk_widget_activate_action(focus, CASA_PART_LEAVE, NULL);
}

/* FALSE: the map was whole. */
static gboolean
end_compare(CasaWindow *self)
{
  CasaMap *map = casa_clicker_map(GTK_WINDOW(self));

  if (!map || !casa_map_is_compared(map))
    return FALSE;
  casa_map_compare(map, FALSE);
  return TRUE;
}

/* What was chosen on the map. FALSE: nothing was. */
static gboolean
leave_choice(CasaWindow *self)
{
  CasaMap *map = casa_clicker_map(GTK_WINDOW(self));

  if (!map || casa_map_get_selection(map)->kind == CASA_MAP_NOTHING)
    return FALSE;
  casa_map_select(map, &(CasaMapItem){ .kind = CASA_MAP_NOTHING });
  return TRUE;
}

/* The map in two, or whole again. Arrows move the line then: they are the map's, which has the focus. */
static void
toggle_compare(CasaWindow *self)
{
  CasaMap *map = casa_clicker_map(GTK_WINDOW(self));

  if (end_compare(self))
    return;
  casa_window_close_what_if(self);
  if (map && casa_map_is_comparable(map)) {
    casa_map_compare(map, TRUE);
    gtk_widget_grab_focus(GTK_WIDGET(map));
  } else if (map) {
    casa_window_tell(self, _("Rien à comparer sur cette carte : il faut un événement simulé en cours"));
  } else {
    casa_window_tell(self, _("Rien à comparer : cette scène n'a pas de carte"));
  }
}

static void
leave(CasaWindow *self)
{
  if (casa_window_close_what_if(self) || leave_palette(self) || leave_marks(self) || end_compare(self))
    return;
  if (casa_window_hall(self) == CASA_HALL_LIVE && (leave_part(self) || leave_choice(self)))
    return;
  if (casa_window_hall(self) != CASA_HALL_LIVE)
    casa_window_set_hall(self, CASA_HALL_LIVE);
  else if (self->teams)
    casa_window_show_teams(self, FALSE);
  else if (self->audience == CASA_AUDIENCE_HIDDEN)
    gtk_widget_activate_action(GTK_WIDGET(self), "app.hide-hall", NULL);
  else if (!casa_window_is_replaying(self) || !gtk_widget_activate_action(GTK_WIDGET(self), "app.live", NULL))
    casa_full_screen_off(GTK_WINDOW(self));
}

/* The same key puts it away. */
static void
toggle_tool(CasaWindow *self, CasaTool tool)
{
  CasaMarks *marks = casa_hall_marks(self->hall);

  casa_marks_set_tool(marks, casa_marks_tool(marks) == tool ? CASA_TOOL_NONE : tool);
}

/* At once, where the answer to a key is read. */
static void
tell_palette(CasaWindow *self)
{
  if (self->palette && !casa_window_is_presented(self))
    casa_palette_view_tick(self->palette, TRUE);
}

/* A digit is an event where there are any, else a scene. */
static void
take_number(CasaWindow *self, guint number)
{
  if (!self->keys || !casa_event_keys_ready(self->keys)) {
    casa_window_go(self, number - 1);
    return;
  }
  casa_event_keys_press_digit(self->keys, number, g_get_monotonic_time());
  tell_palette(self);
}

static void
take_zero(CasaWindow *self)
{
  casa_clicker_go_home(GTK_WINDOW(self));
  if (!self->keys)
    return;
  casa_event_keys_press_zero(self->keys, g_get_monotonic_time());
  tell_palette(self);
}

static void
toggle_palette(CasaWindow *self)
{
  casa_window_close_what_if(self);
  if (self->palette && !casa_window_is_presented(self))
    casa_palette_view_open(self->palette, !casa_palette_view_is_open(self->palette));
}

static void
toggle_fullscreen(CasaWindow *self)
{
  if (gtk_window_is_fullscreen(GTK_WINDOW(self)))
    casa_full_screen_off(GTK_WINDOW(self));
  else
    casa_full_screen_on(GTK_WINDOW(self), NULL);
}

/* The one after @value in @values, round and round. */
static const char *
next_of(const char *const *values, const char *value)
{
  guint i = 0;

  while (values[i] && !g_str_equal(values[i], value))
    i++;
  return values[i] && values[i + 1] ? values[i + 1] : values[0];
}

typedef enum {
  DO_NEXT,
  DO_PREVIOUS,
  DO_SCENE,
  DO_FREEZE,
  DO_BLACK,
  DO_WHITE,
  DO_SHOW,
  DO_FULLSCREEN,
  DO_LEAVE,
  DO_LANGUAGE,
  DO_THEME,
  DO_SHORTCUTS,
  DO_REPLAY,
  DO_NUMBER,
  DO_HOME,
  DO_PALETTE,
  DO_WHAT_IF,
  DO_COMPARE,
  DO_POINTER,
  DO_SPOTLIGHT,
  DO_MAGNIFIER,
  DO_PEN,
  DO_ERASE,
  DO_UNDO,
  DO_TELL,
} Deed;

/* What a window can be told to do, by the name of its action. */
static const struct {
  const char *name;
  Deed deed;
} DEEDS[] = {
  { "win.next-scene", DO_NEXT },     { "win.previous-scene", DO_PREVIOUS },
  { "win.scene", DO_SCENE },         { "win.freeze", DO_FREEZE },
  { "win.black", DO_BLACK },         { "win.white", DO_WHITE },
  { "win.show", DO_SHOW },           { "win.fullscreen", DO_FULLSCREEN },
  { "win.leave", DO_LEAVE },         { "win.next-language", DO_LANGUAGE },
  { "win.next-theme", DO_THEME },    { "win.shortcuts", DO_SHORTCUTS },
  { "win.replay", DO_REPLAY },       { "win.number", DO_NUMBER },
  { "win.home", DO_HOME },           { "win.palette", DO_PALETTE },
  { "win.pointer", DO_POINTER },     { "win.spotlight", DO_SPOTLIGHT },
  { "win.magnifier", DO_MAGNIFIER }, { "win.pen", DO_PEN },
  { "win.erase", DO_ERASE },         { "win.undo-mark", DO_UNDO },
  { "win.tell", DO_TELL },           { "win.what-if", DO_WHAT_IF },
  { "win.compare", DO_COMPARE },
};

static void
act(CasaWindow *self, Deed deed, GVariant *parameter)
{
  switch (deed) {
  case DO_NEXT: casa_window_turn(self, 1); break;
  case DO_PREVIOUS: casa_window_turn(self, -1); break;
  case DO_SCENE: casa_window_go(self, g_variant_get_uint32(parameter)); break;
  case DO_FREEZE: toggle_hall(self, CASA_HALL_FROZEN); break;
  case DO_BLACK: toggle_hall(self, CASA_HALL_BLACK); break;
  case DO_WHITE: toggle_hall(self, CASA_HALL_WHITE); break;
  case DO_SHOW: casa_full_screen_on(GTK_WINDOW(self), NULL); break;
  case DO_FULLSCREEN: toggle_fullscreen(self); break;
  case DO_LEAVE: leave(self); break;
  case DO_LANGUAGE: casa_window_set_language(self, next_of((const char *[]){ "fr", "ar", "en", NULL }, self->language)); break;
  case DO_THEME:
    casa_window_set_theme(self, next_of((const char *[]){ "dark", "light", "contrast", NULL }, self->look.theme->id));
    break;
  case DO_REPLAY: gtk_widget_activate_action(GTK_WIDGET(self), "app.time-machine", NULL); break;
  case DO_SHORTCUTS:
    casa_shortcuts_show(casa_window_is_presented(self) ? self->presenter : GTK_WINDOW(self), casa_window_n_scenes(self));
    break;
  case DO_NUMBER: take_number(self, g_variant_get_uint32(parameter)); break;
  case DO_HOME: take_zero(self); break;
  case DO_PALETTE: toggle_palette(self); break;
  case DO_WHAT_IF: casa_window_toggle_what_if(self); break;
  case DO_COMPARE: toggle_compare(self); break;
  case DO_POINTER: toggle_tool(self, CASA_TOOL_POINTER); break;
  case DO_SPOTLIGHT: toggle_tool(self, CASA_TOOL_SPOTLIGHT); break;
  case DO_MAGNIFIER: toggle_tool(self, CASA_TOOL_MAGNIFIER); break;
  case DO_PEN: toggle_tool(self, CASA_TOOL_PEN); break;
  case DO_ERASE: casa_marks_clear(casa_hall_marks(self->hall)); break;
  case DO_UNDO: casa_marks_undo(casa_hall_marks(self->hall)); break;
  case DO_TELL: casa_window_tell(self, g_variant_get_string(parameter, NULL)); break;
  }
}

static void
action_cb(GtkWidget *widget, const char *name, GVariant *parameter)
{
  CASA_LANG_SCOPE(CASA_WINDOW(widget)->language);

  for (guint i = 0; i < G_N_ELEMENTS(DEEDS); i++)
    if (g_str_equal(name, DEEDS[i].name))
      act(CASA_WINDOW(widget), DEEDS[i].deed, parameter);
}

static const char *
parameter_of(Deed deed)
{
  if (deed == DO_TELL)
    return "s";
  return deed == DO_SCENE || deed == DO_NUMBER ? "u" : NULL;
}

void
casa_window_install_deeds(GtkWidgetClass *class)
{
  for (guint i = 0; i < G_N_ELEMENTS(DEEDS); i++)
    gtk_widget_class_install_action(class, DEEDS[i].name, parameter_of(DEEDS[i].deed), action_cb);
}
