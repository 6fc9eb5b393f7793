/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/side-window.h"
#include "ui/kit/direction.h"
#include "ui/kit/label.h"
#include "ui/text/lang.h"

/* How the class of a window's style sheet begins. */
static const char *const SCOPES[] = { "casa-window-", "casa-desk-" };

/* The class of the sheet that holds for @widget, or for what is in it; NULL: none. (transfer full) */
static char *
scope_in(GtkWidget *widget)
{
  g_auto(GStrv) classes = gtk_widget_get_css_classes(widget);

  for (guint i = 0; classes[i]; i++)
    for (guint k = 0; k < G_N_ELEMENTS(SCOPES); k++)
      if (g_str_has_prefix(classes[i], SCOPES[k]))
        return g_strdup(classes[i]);
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    char *scope = scope_in(child);
    if (scope)
      return scope;
  }
  return NULL;
}

/* The sheet of the parent holds for it, too. */
static void
take_scope(GtkWidget *window, GtkWidget *parent)
{
  g_autofree char *scope = scope_in(parent);

  if (scope)
    gtk_widget_add_css_class(window, scope);
}

static void
scroll(GtkScrolledWindow *scroller, GtkScrollType type)
{
  gboolean done;

  g_signal_emit_by_name(scroller, "scroll-child", type, FALSE, &done);
}

static gboolean
key_cb(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, GtkWidget *scroller)
{
  GtkWidget *window = gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(controller));

  switch (key) {
  case GDK_KEY_Escape:
  case GDK_KEY_F1: gtk_window_destroy(GTK_WINDOW(window)); return TRUE;
  case GDK_KEY_Down: scroll(GTK_SCROLLED_WINDOW(scroller), GTK_SCROLL_STEP_DOWN); return TRUE;
  case GDK_KEY_Up: scroll(GTK_SCROLLED_WINDOW(scroller), GTK_SCROLL_STEP_UP); return TRUE;
  case GDK_KEY_space:
  case GDK_KEY_Page_Down: scroll(GTK_SCROLLED_WINDOW(scroller), GTK_SCROLL_PAGE_DOWN); return TRUE;
  case GDK_KEY_Page_Up: scroll(GTK_SCROLLED_WINDOW(scroller), GTK_SCROLL_PAGE_UP); return TRUE;
  case GDK_KEY_Home: scroll(GTK_SCROLLED_WINDOW(scroller), GTK_SCROLL_START); return TRUE;
  case GDK_KEY_End: scroll(GTK_SCROLLED_WINDOW(scroller), GTK_SCROLL_END); return TRUE;
  default: return FALSE;
  }
}

/* In the place of a title bar, which a window manager may not give, or not in this language. */
static GtkWidget *
head_new(GtkWidget *window, const char *title)
{
  GtkWidget *head = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0), *label = casa_label_new("casa-side-title");
  GtkWidget *close = gtk_button_new_from_icon_name("window-close-symbolic");

  casa_label_set(label, title);
  gtk_widget_set_hexpand(label, TRUE);
  gtk_widget_set_valign(label, GTK_ALIGN_CENTER);
  gtk_widget_set_valign(close, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(close, "flat");
  gtk_widget_add_css_class(head, "casa-side-head");
  /* TR: of the button that closes a window, for a screen reader */
  gtk_accessible_update_property(GTK_ACCESSIBLE(close), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Fermer"), -1);
  g_signal_connect_swapped(close, "clicked", G_CALLBACK(gtk_window_destroy), window);
  gtk_box_append(GTK_BOX(head), label);
  gtk_box_append(GTK_BOX(head), close);
  return head;
}

GtkWindow *
casa_side_window_new(GtkWindow *parent, const char *title, GtkWidget *child, double width_share, double height_share)
{
  GtkWidget *window = gtk_window_new(), *scroller = gtk_scrolled_window_new();
  GtkEventController *keys = gtk_event_controller_key_new();
  const int width = gtk_widget_get_width(GTK_WIDGET(parent)), height = gtk_widget_get_height(GTK_WIDGET(parent));

  take_scope(window, GTK_WIDGET(parent));
  gtk_widget_add_css_class(window, "casa-side");
  gtk_window_set_title(GTK_WINDOW(window), title);
  gtk_window_set_titlebar(GTK_WINDOW(window), head_new(window, title));
  gtk_window_set_transient_for(GTK_WINDOW(window), parent);
  gtk_window_set_destroy_with_parent(GTK_WINDOW(window), TRUE);
  gtk_window_set_modal(GTK_WINDOW(window), TRUE);
  gtk_window_set_default_size(GTK_WINDOW(window), (int)(width * width_share), (int)(height * height_share));
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), child);
  gtk_widget_add_css_class(scroller, "casa-side-body");
  gtk_window_set_child(GTK_WINDOW(window), scroller);
  if (!GTK_IS_SCROLLABLE(child)) {
    gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  }
  g_signal_connect(keys, "key-pressed", G_CALLBACK(key_cb), scroller);
  gtk_widget_add_controller(window, keys);
  casa_direction_apply(window);
  return GTK_WINDOW(window);
}
