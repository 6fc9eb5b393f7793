/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/curtain.h"
#include "ui/shell/full-screen.h"
#include "ui/shell/wall-state.h"
#include "ui/stage/awake.h"
#include "ui/stage/quiet.h"
#include <glib-unix.h>
#include <gtk/gtk.h>
#include <stdio.h>

#define LOOK_MS 500

typedef struct {
  GtkApplication *app;
  GtkWindow *window;
  GdkMonitor *monitor; /* (weak) where it stands; NULL: where the desktop wants it */
  CasaAwake *awake;
  const char *state;
  char *banners; /* file; NULL: no state is kept */
  guint timer;
} Curtain;

static gboolean
quit_cb(gpointer data)
{
  g_application_quit(G_APPLICATION(((Curtain *)data)->app));
  return G_SOURCE_CONTINUE;
}

/* Nobody closes it by its window manager's menu, or Alt+F4. */
static gboolean
close_cb(GtkWindow *window, gpointer data)
{
  return TRUE;
}

/* Whoever starts the wall waits for this: what comes later stands before it. */
static void
mapped_cb(GtkWidget *window, gpointer data)
{
  printf("curtain: up\n");
  fflush(stdout);
}

/* The screen that the wall stood on last. */
static void
follow(Curtain *self)
{
  GdkMonitor *monitor = self->state ? casa_wall_state_monitor(self->state, gdk_display_get_default()) : NULL;

  if (!monitor || monitor == self->monitor)
    return;
  g_set_weak_pointer(&self->monitor, monitor);
  gtk_window_fullscreen_on_monitor(self->window, monitor);
}

static gboolean
look_cb(gpointer data)
{
  follow(data);
  return G_SOURCE_CONTINUE;
}

static void
style(void)
{
  g_autoptr(GtkCssProvider) provider = gtk_css_provider_new();

  gtk_css_provider_load_from_data(provider, "window.casa-curtain{background:#000;}", -1);
  gtk_style_context_add_provider_for_display(gdk_display_get_default(), GTK_STYLE_PROVIDER(provider),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static void
activate_cb(GApplication *app, Curtain *self)
{
  int width, height;

  if (self->window)
    return;
  style();
  self->window = GTK_WINDOW(gtk_application_window_new(self->app));
  gtk_window_set_title(self->window, "Casa Pulse");
  gtk_window_set_decorated(self->window, FALSE);
  gtk_widget_add_css_class(GTK_WIDGET(self->window), "casa-curtain");
  gtk_widget_set_cursor_from_name(GTK_WIDGET(self->window), "none");
  g_signal_connect(self->window, "close-request", G_CALLBACK(close_cb), NULL);
  g_signal_connect(self->window, "map", G_CALLBACK(mapped_cb), NULL);
  casa_full_screen_size(self->window, &width, &height);
  gtk_window_set_default_size(self->window, width, height);
  gtk_window_fullscreen(self->window);
  follow(self);
  gtk_widget_set_visible(GTK_WIDGET(self->window), TRUE);
  self->awake = casa_awake_new(self->app, self->window);
  if (self->banners)
    casa_quiet_begin(self->banners);
  self->timer = g_timeout_add(LOOK_MS, look_cb, self);
}

static void
clear(Curtain *self)
{
  if (self->timer)
    g_source_remove(self->timer);
  casa_awake_free(self->awake);
  if (self->banners)
    casa_quiet_end(self->banners);
  g_clear_weak_pointer(&self->monitor);
  if (self->window)
    gtk_window_destroy(self->window);
  g_object_unref(self->app);
  g_free(self->banners);
}

int
casa_curtain_run(const char *state)
{
  Curtain self = { .state = state, .banners = state ? g_strconcat(state, ".notifications", NULL) : NULL };

  self.app = gtk_application_new("io.github.casapulse.Curtain", G_APPLICATION_NON_UNIQUE);
  g_signal_connect(self.app, "activate", G_CALLBACK(activate_cb), &self);
  guint term = g_unix_signal_add(SIGTERM, quit_cb, &self), interrupt = g_unix_signal_add(SIGINT, quit_cb, &self);
  g_application_run(G_APPLICATION(self.app), 0, NULL);
  g_source_remove(term);
  g_source_remove(interrupt);
  clear(&self);
  return 0;
}
