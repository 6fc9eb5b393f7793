/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/window-private.h"
#include "ui/text/lang.h"
#ifdef __GLIBC__
#include <malloc.h>
#endif

#define SETTLED_MS 1000 /* a window whose edge is dragged has a new size with every frame: this long after the last */

void
casa_window_restyle(CasaWindow *self)
{
  CASA_LANG_SCOPE(self->language);
  g_autofree char *sheet = casa_look_css(&self->look);

  gtk_css_provider_load_from_data(self->css, sheet, -1);
  if (self->page)
    casa_page_restyle(self->page, &self->look);
  if (self->palette)
    casa_palette_view_restyle(self->palette, &self->look);
  casa_window_restyle_what_if(self);
}

static gboolean
settled_cb(gpointer data)
{
  CasaWindow *self = data;

  self->settling = 0;
  casa_look_forget_fonts();
#ifdef __GLIBC__
  malloc_trim(0); /* pictures of former sizes lie scattered over the heap: 130 MB of it after two hundred sizes */
#endif
  return G_SOURCE_REMOVE;
}

/* Each size of the window brings letters of new sizes, some 0.15 MB of fonts (Pango 1.50), and Pango never drops one. */
static void
forget_fonts_when_settled(CasaWindow *self)
{
  g_clear_handle_id(&self->settling, g_source_remove);
  self->settling = g_timeout_add(SETTLED_MS, settled_cb, self);
}

static double
unit_of(CasaWindow *self)
{
  return self->narrow ? casa_look_narrow_unit(self->width, self->height) : casa_look_unit(self->width, self->height);
}

void
casa_window_fit(CasaWindow *self)
{
  int width = gtk_widget_get_width(self->stack), height = gtk_widget_get_height(self->stack);

  if (width <= 0 || height <= 0 || (width == self->width && height == self->height))
    return;
  self->width = width;
  self->height = height;
  self->look.unit = unit_of(self);
  casa_window_restyle(self);
  forget_fonts_when_settled(self);
}

const CasaScene *
casa_window_scene_of(CasaWindow *self)
{
  const CasaSceneFile *file = casa_scene_list_file(self->scenes);

  return self->teams ? casa_scene_file_teams(file) : casa_scene_file_get(file, self->scene);
}

/* Whether the scene has other parts for a window of this shape. */
static gboolean
wants_narrow(CasaWindow *self)
{
  if (self->width == 0 || !casa_window_scene_of(self)->narrow)
    return FALSE;
  return self->width < self->height;
}

gboolean
casa_window_take_shape(CasaWindow *self)
{
  gboolean narrow = wants_narrow(self);

  if (narrow == self->narrow)
    return FALSE;
  self->narrow = narrow;
  self->look.unit = unit_of(self);
  casa_window_restyle(self);
  return TRUE;
}
