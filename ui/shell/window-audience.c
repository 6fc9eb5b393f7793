/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/window-private.h"

static void
move_to_host(CasaWindow *self)
{
  adw_application_window_set_content(ADW_APPLICATION_WINDOW(self), NULL);
  adw_bin_set_child(self->host, self->content);
  gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
}

static void
move_home(CasaWindow *self)
{
  if (self->host)
    adw_bin_set_child(self->host, NULL);
  adw_application_window_set_content(ADW_APPLICATION_WINDOW(self), self->content);
}

gboolean
casa_window_set_audience(CasaWindow *self, CasaAudience audience)
{
  const CasaAudience before = self->audience;

  if (audience != CASA_AUDIENCE_SEES && !self->host)
    return FALSE;
  self->audience = audience;
  if (audience != CASA_AUDIENCE_SEES && before == CASA_AUDIENCE_SEES) {
    move_to_host(self);
  } else if (audience == CASA_AUDIENCE_SEES && before != CASA_AUDIENCE_SEES) {
    move_home(self);
    gtk_widget_set_visible(GTK_WIDGET(self), TRUE);
  }
  return TRUE;
}

CasaAudience
casa_window_audience(CasaWindow *self)
{
  return self->audience;
}

/* A presenter's window that goes gives the show back to the hall; a mistake in the scenes is told where it can be mended. */
void
casa_window_set_presenter(CasaWindow *self, GtkWindow *presenter, AdwBin *host)
{
  if (!presenter)
    casa_window_set_audience(self, CASA_AUDIENCE_SEES);
  g_set_weak_pointer(&self->presenter, presenter);
  g_set_weak_pointer(&self->host, host);
  if (self->scenes && casa_scene_list_fault(self->scenes))
    casa_window_show_scene(self, FALSE);
}

GtkWindow *
casa_window_presenter(CasaWindow *self)
{
  return self->presenter;
}

gboolean
casa_window_is_presented(CasaWindow *self)
{
  return self->presenter && gtk_widget_get_mapped(GTK_WIDGET(self->presenter));
}

void
casa_window_leave_presenter(CasaWindow *self)
{
  if (self->audience != CASA_AUDIENCE_SEES && self->host)
    adw_bin_set_child(self->host, NULL);
  self->audience = CASA_AUDIENCE_SEES;
  g_clear_weak_pointer(&self->presenter);
  g_clear_weak_pointer(&self->host);
}
