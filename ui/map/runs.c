/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/runs.h"

/* A run is the pixel's colour and, in the byte that RGB24 leaves unused, how often it stands there. */
#define COLOUR 0xffffffu
#define LONGEST 255u

struct _CasaMapRuns {
  int w, h;
  guint32 *begin; /* [h + 1]: where the runs of each row begin */
  guint32 *runs;
};

CasaMapRuns *
casa_map_runs_new(cairo_surface_t *picture)
{
  CasaMapRuns *self = g_new0(CasaMapRuns, 1);
  const gsize stride = (gsize)cairo_image_surface_get_stride(picture);
  g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(guint32));

  g_assert(cairo_image_surface_get_format(picture) == CAIRO_FORMAT_RGB24);
  cairo_surface_flush(picture);
  self->w = cairo_image_surface_get_width(picture);
  self->h = cairo_image_surface_get_height(picture);
  self->begin = g_new(guint32, (gsize)self->h + 1);
  for (int y = 0; y < self->h; y++) {
    const guint32 *row = (const guint32 *)(gconstpointer)(cairo_image_surface_get_data(picture) + (gsize)y * stride);

    self->begin[y] = runs->len;
    for (int x = 0; x < self->w;) {
      const guint32 colour = row[x] & COLOUR;
      guint32 n = 0, run;

      while (x < self->w && n < LONGEST && (row[x] & COLOUR) == colour)
        x++, n++;
      run = n << 24 | colour;
      g_array_append_val(runs, run);
    }
  }
  self->begin[self->h] = runs->len;
  self->runs = g_memdup2(runs->data, (gsize)runs->len * sizeof(guint32));
  return self;
}

void
casa_map_runs_free(CasaMapRuns *self)
{
  if (self == NULL)
    return;
  g_free(self->begin);
  g_free(self->runs);
  g_free(self);
}

static void
lay_row(const CasaMapRuns *self, int y, guint32 *to, int x0, int x1)
{
  int x = 0;

  for (guint32 i = self->begin[y]; x < x1; i++) {
    const guint32 colour = 0xff000000u | (self->runs[i] & COLOUR);
    const int end = x + (int)(self->runs[i] >> 24);

    for (int k = MAX(x, x0); k < MIN(end, x1); k++)
      to[k] = colour;
    x = end;
  }
}

void
casa_map_runs_lay(const CasaMapRuns *self, cairo_surface_t *to, int x, int y, int w, int h)
{
  const gsize stride = (gsize)cairo_image_surface_get_stride(to);

  g_return_if_fail(cairo_image_surface_get_width(to) == self->w && cairo_image_surface_get_height(to) == self->h);
  cairo_surface_flush(to);
  for (int j = MAX(y, 0); j < MIN(y + h, self->h); j++)
    lay_row(self, j, (guint32 *)(gpointer)(cairo_image_surface_get_data(to) + (gsize)j * stride), MAX(x, 0),
            MIN(x + w, self->w));
  cairo_surface_mark_dirty(to);
}

gsize
casa_map_runs_size(const CasaMapRuns *self)
{
  return sizeof *self + ((gsize)self->h + 1 + self->begin[self->h]) * sizeof(guint32);
}
