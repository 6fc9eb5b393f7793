/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/window-private.h"
#include "ui/kit/direction.h"
#include "ui/stage/clicker.h"
#include "ui/text/lang.h"

/* The card over the scene, and the keys that are its while it is open. */

static void
changed_cb(gpointer data)
{
  CasaWindow *self = data;
  CASA_LANG_SCOPE(self->language);

  if (self->what_if_view)
    casa_what_if_view_show(self->what_if_view);
}

static void
key_cb(GSimpleAction *action, GVariant *keyval, gpointer data)
{
  CasaWindow *self = data;
  CASA_LANG_SCOPE(self->language);

  casa_what_if_view_key(self->what_if_view, g_variant_get_uint32(keyval));
}

/* The action is there while the card is open: then the clicker gives it the keys. */
static void
give_keys(CasaWindow *self, gboolean open)
{
  g_autoptr(GSimpleActionGroup) group = open ? g_simple_action_group_new() : NULL;
  g_autoptr(GSimpleAction) action = g_simple_action_new(CASA_CLICKER_OVER_KEY, G_VARIANT_TYPE_UINT32);

  g_signal_connect(action, "activate", G_CALLBACK(key_cb), self);
  if (group)
    g_action_map_add_action(G_ACTION_MAP(group), G_ACTION(action));
  gtk_widget_insert_action_group(GTK_WIDGET(self), CASA_CLICKER_OVER, G_ACTION_GROUP(group));
}

gboolean
casa_window_close_what_if(CasaWindow *self)
{
  if (!self->what_if_view || !casa_what_if_is_open(self->what_if))
    return FALSE;
  casa_what_if_close(self->what_if);
  give_keys(self, FALSE);
  return TRUE;
}

void
casa_window_toggle_what_if(CasaWindow *self)
{
  if (!self->what_if_view || casa_window_close_what_if(self))
    return;
  if (self->palette)
    casa_palette_view_open(self->palette, FALSE);
  casa_what_if_open(self->what_if);
  give_keys(self, TRUE);
}

/* Only the card has a place of its own. */
static gboolean
place_cb(GtkOverlay *overlay, GtkWidget *child, GdkRectangle *out, CasaWindow *self)
{
  CASA_LANG_SCOPE(self->language);

  if (!self->what_if_view || child != casa_what_if_view_widget(self->what_if_view))
    return FALSE;
  casa_what_if_view_place(gtk_widget_get_width(GTK_WIDGET(overlay)), gtk_widget_get_height(GTK_WIDGET(overlay)), out);
  return TRUE;
}

void
casa_window_offer_what_if(CasaWindow *self, const char *const *command)
{
  CASA_LANG_SCOPE(self->language);

  if (!self->model || self->what_if)
    return;
  self->what_if = casa_what_if_new(self->model, command, changed_cb, self);
  self->what_if_view = casa_what_if_view_new(self->what_if);
  g_signal_connect(self->over, "get-child-position", G_CALLBACK(place_cb), self);
  gtk_overlay_add_overlay(GTK_OVERLAY(self->over), casa_what_if_view_widget(self->what_if_view));
  casa_what_if_view_restyle(self->what_if_view, &self->look);
  casa_direction_apply(self->over);
}

void
casa_window_restyle_what_if(CasaWindow *self)
{
  if (!self->what_if_view)
    return;
  casa_what_if_view_restyle(self->what_if_view, &self->look);
  casa_direction_apply(casa_what_if_view_widget(self->what_if_view));
}
