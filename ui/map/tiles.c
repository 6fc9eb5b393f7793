/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/tiles.h"
#include <math.h>
#include <string.h>
#include <sys/mman.h>

enum {
  TOUCHED = 1 << 0, /* a layer changed here */
  BARE = 1 << 1,    /* the ground was laid anew in this frame */
  MOVED = 1 << 2,   /* something moving was painted here in this frame */
  STAINED = 1 << 3, /* … in the last one */
};

struct _CasaMapTiles {
  int w, h, across, down;
  double scale;
  guint8 *flags;  /* [across * down] */
  guint64 *still; /* likewise: fingerprint of what a tile shows in which nothing moves; 0: something did */
  cairo_surface_t *ground, *signs, *picture;
  cairo_t *cr;    /* on the picture, while a frame is painted */
  gboolean whole; /* this frame is painted without the layers */
};

typedef struct {
  void *at;
  gsize size;
} Mapping;

static void
unmap(void *data)
{
  Mapping *mapping = data;

  munmap(mapping->at, mapping->size);
  g_free(mapping);
}

/* Signs leave most of the picture free: memory from the system by pages of its own, which come when they are written to. A huge
 * page would come for a single word. */
static cairo_surface_t *
sparse_surface(int w, int h)
{
  static const cairo_user_data_key_t key;
  const int stride = cairo_format_stride_for_width(CAIRO_FORMAT_ARGB32, w);
  Mapping mapping = { .size = (gsize)stride * (gsize)h };
  cairo_surface_t *surface;

  mapping.at = mmap(NULL, mapping.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping.at == MAP_FAILED)
    return cairo_image_surface_create(CAIRO_FORMAT_ARGB32, w, h);
#ifdef MADV_NOHUGEPAGE
  madvise(mapping.at, mapping.size, MADV_NOHUGEPAGE);
#endif
  surface = cairo_image_surface_create_for_data(mapping.at, CAIRO_FORMAT_ARGB32, w, h, stride);
  cairo_surface_set_user_data(surface, &key, g_memdup2(&mapping, sizeof mapping), unmap);
  return surface;
}

CasaMapTiles *
casa_map_tiles_new(int w, int h, double device_scale)
{
  CasaMapTiles *self = g_new0(CasaMapTiles, 1);

  self->w = MAX(w, 1);
  self->h = MAX(h, 1);
  self->scale = device_scale;
  self->across = (self->w + CASA_MAP_TILE - 1) / CASA_MAP_TILE;
  self->down = (self->h + CASA_MAP_TILE - 1) / CASA_MAP_TILE;
  self->flags = g_new0(guint8, (gsize)self->across * (gsize)self->down);
  self->still = g_new0(guint64, (gsize)self->across * (gsize)self->down);
  self->ground = cairo_image_surface_create(CAIRO_FORMAT_RGB24, self->w, self->h);
  self->signs = sparse_surface(self->w, self->h);
  self->picture = cairo_image_surface_create(CAIRO_FORMAT_RGB24, self->w, self->h);
  cairo_surface_set_device_scale(self->ground, device_scale, device_scale);
  cairo_surface_set_device_scale(self->signs, device_scale, device_scale);
  cairo_surface_set_device_scale(self->picture, device_scale, device_scale);
  casa_map_tiles_touch_all(self);
  return self;
}

void
casa_map_tiles_free(CasaMapTiles *self)
{
  if (self == NULL)
    return;
  g_clear_pointer(&self->cr, cairo_destroy);
  cairo_surface_destroy(self->ground);
  cairo_surface_destroy(self->signs);
  cairo_surface_destroy(self->picture);
  g_free(self->flags);
  g_free(self->still);
  g_free(self);
}

cairo_surface_t *
casa_map_tiles_ground(CasaMapTiles *self)
{
  return self->ground;
}

cairo_surface_t *
casa_map_tiles_signs(CasaMapTiles *self)
{
  return self->signs;
}

void
casa_map_tiles_clear_signs(CasaMapTiles *self)
{
  void *at = cairo_image_surface_get_data(self->signs);
  const gsize size = (gsize)cairo_image_surface_get_stride(self->signs) * (gsize)self->h;

  cairo_surface_flush(self->signs);
#ifdef __linux__ /* the pages go, and read as zero */
  if (madvise(at, size, MADV_DONTNEED) != 0)
#endif
    memset(at, 0, size);
  cairo_surface_mark_dirty(self->signs);
}

cairo_surface_t *
casa_map_tiles_picture(CasaMapTiles *self)
{
  return self->picture;
}

guint
casa_map_tiles_n(const CasaMapTiles *self)
{
  return (guint)(self->across * self->down);
}

static void
tile_box(const CasaMapTiles *self, guint i, int *x, int *y, int *w, int *h)
{
  *x = (int)i % self->across * CASA_MAP_TILE;
  *y = (int)i / self->across * CASA_MAP_TILE;
  *w = MIN(CASA_MAP_TILE, self->w - *x);
  *h = MIN(CASA_MAP_TILE, self->h - *y);
}

/* Copies the ground's rows: many times cheaper than asking cairo for each tile. */
static void
lay_ground(CasaMapTiles *self, guint i)
{
  gsize stride = (gsize)cairo_image_surface_get_stride(self->ground);
  const guint8 *from = cairo_image_surface_get_data(self->ground);
  guint8 *to = cairo_image_surface_get_data(self->picture);
  int x, y, w, h;

  tile_box(self, i, &x, &y, &w, &h);
  for (int row = y; row < y + h; row++) {
    gsize offset = (gsize)row * stride + (gsize)x * 4;

    memcpy(to + offset, from + offset, (gsize)w * 4);
  }
  self->flags[i] |= BARE;
}

typedef void (*TileFunc)(CasaMapTiles *self, guint i);

static void
for_box(CasaMapTiles *self, const CasaMapBox *box, TileFunc func)
{
  int x0 = (int)floor(MAX(box->x, -1e6) * self->scale - 1), y0 = (int)floor(MAX(box->y, -1e6) * self->scale - 1);
  int x1 = (int)ceil(MIN(box->x + box->w, 1e6) * self->scale + 1), y1 = (int)ceil(MIN(box->y + box->h, 1e6) * self->scale + 1);

  if (!(box->w > 0) || !(box->h > 0) || x1 <= 0 || y1 <= 0 || x0 >= self->w || y0 >= self->h)
    return;
  for (int j = MAX(y0, 0) / CASA_MAP_TILE; j <= MIN(y1 - 1, self->h - 1) / CASA_MAP_TILE; j++)
    for (int i = MAX(x0, 0) / CASA_MAP_TILE; i <= MIN(x1 - 1, self->w - 1) / CASA_MAP_TILE; i++)
      func(self, (guint)(j * self->across + i));
}

static void
touch(CasaMapTiles *self, guint i)
{
  self->flags[i] |= TOUCHED;
}

void
casa_map_tiles_touch(CasaMapTiles *self, const CasaMapBox *box)
{
  for_box(self, box, touch);
}

void
casa_map_tiles_touch_all(CasaMapTiles *self)
{
  for (guint i = 0; i < casa_map_tiles_n(self); i++)
    self->flags[i] |= TOUCHED;
}

cairo_t *
casa_map_tiles_begin(CasaMapTiles *self)
{
  cairo_surface_flush(self->ground);
  cairo_surface_flush(self->picture);
  for (guint i = 0; i < casa_map_tiles_n(self); i++) {
    self->flags[i] = (guint8)((self->flags[i] & TOUCHED) | ((self->flags[i] & MOVED) ? STAINED : 0));
    if (self->flags[i] != 0)
      lay_ground(self, i);
  }
  cairo_surface_mark_dirty(self->picture);
  self->whole = FALSE;
  self->cr = cairo_create(self->picture);
  return self->cr;
}

cairo_t *
casa_map_tiles_begin_whole(CasaMapTiles *self)
{
  for (guint i = 0; i < casa_map_tiles_n(self); i++)
    self->flags[i] = BARE | MOVED;
  self->whole = TRUE;
  self->cr = cairo_create(self->picture);
  return self->cr;
}

static void
mark(CasaMapTiles *self, guint i)
{
  if ((self->flags[i] & BARE) == 0)
    lay_ground(self, i);
  self->flags[i] |= MOVED;
}

void
casa_map_tiles_mark(const CasaMapBox *box, gpointer tiles)
{
  for_box(tiles, box, mark);
}

/* One fill for each run of changed tiles in a row. */
static void
lay_signs(CasaMapTiles *self, cairo_t *cr)
{
  cairo_identity_matrix(cr);
  cairo_set_operator(cr, CAIRO_OPERATOR_OVER);
  cairo_set_source_surface(cr, self->signs, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
  cairo_scale(cr, 1 / self->scale, 1 / self->scale); /* from here on in device pixels */
  for (guint i = 0; i < casa_map_tiles_n(self); i++) {
    int x, y, w, h;

    if ((self->flags[i] & BARE) == 0)
      continue;
    tile_box(self, i, &x, &y, &w, &h);
    cairo_rectangle(cr, x, y, w, h);
    cairo_fill(cr);
  }
}

static guint64
fingerprint(const CasaMapTiles *self, guint i)
{
  const gsize stride = (gsize)cairo_image_surface_get_stride(self->picture);
  const guint8 *data = cairo_image_surface_get_data(self->picture);
  guint64 mark = G_GUINT64_CONSTANT(0xcbf29ce484222325);
  int x, y, w, h;

  tile_box(self, i, &x, &y, &w, &h);
  for (int row = y; row < y + h; row++) {
    const guint32 *pixels = (const guint32 *)(gconstpointer)(data + (gsize)row * stride) + x;

    for (int k = 0; k < w; k++) {
      mark = (mark ^ pixels[k]) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
      mark ^= mark >> 32;
    }
  }
  return mark;
}

/* Layers are painted anew as a whole, but most tiles come out as they were: those did not change. */
static void
leave_out_equal(CasaMapTiles *self)
{
  for (guint i = 0; i < casa_map_tiles_n(self); i++) {
    guint64 still = 0;

    if ((self->flags[i] & BARE) == 0)
      continue;
    if ((self->flags[i] & MOVED) == 0)
      still = fingerprint(self, i);
    if (still != 0 && still == self->still[i])
      self->flags[i] &= (guint8)~BARE;
    self->still[i] = still;
  }
}

void
casa_map_tiles_end(CasaMapTiles *self)
{
  if (!self->whole)
    lay_signs(self, self->cr);
  g_clear_pointer(&self->cr, cairo_destroy);
  cairo_surface_flush(self->picture);
  leave_out_equal(self);
  for (guint i = 0; i < casa_map_tiles_n(self); i++)
    self->flags[i] &= (guint8)~TOUCHED;
}

gboolean
casa_map_tiles_changed(const CasaMapTiles *self, guint i, int *x, int *y, int *w, int *h)
{
  tile_box(self, i, x, y, w, h);
  return (self->flags[i] & BARE) != 0;
}
