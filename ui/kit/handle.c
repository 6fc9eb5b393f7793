/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/handle.h"

static void
pressed_cb(GtkGestureClick *gesture, int n, double x, double y, gpointer menu)
{
  gtk_gesture_set_state(GTK_GESTURE(gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  if (gtk_widget_get_visible(menu))
    gtk_menu_button_popup(menu);
}

void
casa_handle_own_menu(GtkWidget *handle, GtkWidget *menu)
{
  GtkGesture *click = gtk_gesture_click_new();

  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(click), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase(GTK_EVENT_CONTROLLER(click), GTK_PHASE_CAPTURE);
  g_signal_connect_object(click, "pressed", G_CALLBACK(pressed_cb), menu, 0);
  gtk_widget_add_controller(handle, GTK_EVENT_CONTROLLER(click));
}
