/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/telling.h"

void
casa_telling_due(GSource **telling, GMainContext *context, GSourceFunc func, gpointer data)
{
  if (*telling)
    return;
  *telling = g_idle_source_new();
  g_source_set_priority(*telling, G_PRIORITY_HIGH_IDLE); /* as in history.c */
  g_source_set_callback(*telling, func, data, NULL);
  g_source_attach(*telling, context);
}

void
casa_telling_done(GSource **telling)
{
  g_clear_pointer(telling, g_source_unref);
}

void
casa_telling_end(GSource **telling)
{
  if (*telling)
    g_source_destroy(*telling);
  g_clear_pointer(telling, g_source_unref);
}
