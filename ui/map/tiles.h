/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/map-paint.h"

G_BEGIN_DECLS

/* A picture of three layers that is put together only where it changed. The ground (opaque) and the signs (see-through) are
 * painted seldom; what moves is painted between them at every frame. The picture is cut into tiles: those that nothing moves
 * in, or that nothing moved in just now, are left as they were, and who shows the picture can tell by tile what is new. Knows
 * no widget. One thread at a time. Sizes in device pixels. */
typedef struct _CasaMapTiles CasaMapTiles;

#define CASA_MAP_TILE 128

CasaMapTiles *casa_map_tiles_new(int w, int h, double device_scale); /* A picture of @w × @h device pixels. (transfer full) */
void casa_map_tiles_free(CasaMapTiles *self);                        /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaMapTiles, casa_map_tiles_free)

/* The layers, of the picture's size; (transfer none): kept until the next one. After painting on one, say so with
 * casa_map_tiles_touch() or casa_map_tiles_touch_all(). */
cairo_surface_t *casa_map_tiles_ground(CasaMapTiles *self);
cairo_surface_t *casa_map_tiles_signs(CasaMapTiles *self);            /* See-through; takes memory where it is painted on */
void casa_map_tiles_clear_signs(CasaMapTiles *self);                  /* Nothing is on it any more, and it takes none */
void casa_map_tiles_touch(CasaMapTiles *self, const CasaMapBox *box); /* picture's pixels */
void casa_map_tiles_touch_all(CasaMapTiles *self);                    /* Everything on them changed */

/* Begins a frame: where something moved in the last one, or was touched, the ground is laid anew. What moves is then painted on
 * the returned context (transfer none). Each box is told to casa_map_tiles_mark() before it is painted in, which lays the
 * ground there where it is not bare yet. */
cairo_t *casa_map_tiles_begin(CasaMapTiles *self);
void casa_map_tiles_mark(const CasaMapBox *box, gpointer tiles); /* @tiles: a CasaMapTiles. @box in picture's pixels. */
/* The same while the camera flies: nothing is laid, the whole picture is painted by the caller. */
cairo_t *casa_map_tiles_begin_whole(CasaMapTiles *self);
/* Ends it: lays the signs over what changed, unless the whole was painted. */
void casa_map_tiles_end(CasaMapTiles *self);

cairo_surface_t *casa_map_tiles_picture(CasaMapTiles *self); /* What was put together. (transfer none) */
guint casa_map_tiles_n(const CasaMapTiles *self);            /* How many tiles there are */
/* Where tile @i lies, device pixels; TRUE when it changed in the last frame. */
gboolean casa_map_tiles_changed(const CasaMapTiles *self, guint i, int *x, int *y, int *w, int *h);

G_END_DECLS
