/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/controls.h"
#include "ui/text/lang.h"

/* Words are of the language in which the buttons were made: GTK makes others whenever the window's state changes. */
typedef struct {
  const char *minimize, *maximize, *restore, *close;
  GtkWidget *controls; /* not owned */
  GListModel *buttons;
  guint idle;
} Names;

static void
names_free(gpointer data)
{
  Names *self = data;

  g_clear_handle_id(&self->idle, g_source_remove);
  g_signal_handlers_disconnect_by_data(self->buttons, self);
  g_object_unref(self->buttons);
  g_free(self);
}

static const char *
name_of(const Names *self, GtkWidget *button)
{
  GtkRoot *root = gtk_widget_get_root(button);

  if (gtk_widget_has_css_class(button, "minimize"))
    return self->minimize;
  if (gtk_widget_has_css_class(button, "maximize"))
    return GTK_IS_WINDOW(root) && gtk_window_is_maximized(GTK_WINDOW(root)) ? self->restore : self->maximize;
  return gtk_widget_has_css_class(button, "close") ? self->close : NULL;
}

static gboolean
name_cb(gpointer data)
{
  Names *self = data;

  self->idle = 0;
  for (GtkWidget *at = gtk_widget_get_first_child(self->controls); at; at = gtk_widget_get_next_sibling(at)) {
    const char *name = name_of(self, at);
    if (!name)
      continue;
    gtk_accessible_update_property(GTK_ACCESSIBLE(at), GTK_ACCESSIBLE_PROPERTY_LABEL, name, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                   name, -1);
    if (gtk_widget_get_tooltip_text(at))
      gtk_widget_set_tooltip_text(at, name);
  }
  return G_SOURCE_REMOVE;
}

static void
changed_cb(Names *self)
{
  if (!self->idle)
    self->idle = g_idle_add(name_cb, self);
}

GtkWidget *
casa_window_controls_new(void)
{
  GtkWidget *controls = gtk_window_controls_new(GTK_PACK_END);
  Names *names = g_new0(Names, 1);

  /* TR: of the buttons of a window, for a screen reader */
  names->minimize = _("Réduire");
  names->maximize = _("Agrandir");
  names->restore = _("Rétablir la taille");
  names->close = _("Fermer");
  names->controls = controls;
  names->buttons = gtk_widget_observe_children(controls);
  g_signal_connect_swapped(names->buttons, "items-changed", G_CALLBACK(changed_cb), names);
  g_object_set_data_full(G_OBJECT(controls), "casa-names", names, names_free);
  changed_cb(names);
  return controls;
}
