/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/* An opaque picture kept as runs of equal pixels, row by row, exactly. Of large plain areas that takes a small part of what the
 * pixels would; at worst it takes as much. One thread at a time. */
typedef struct _CasaMapRuns CasaMapRuns;

CasaMapRuns *casa_map_runs_new(cairo_surface_t *picture); /* Of an image of CAIRO_FORMAT_RGB24. (transfer full) */
void casa_map_runs_free(CasaMapRuns *self);               /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaMapRuns, casa_map_runs_free)

/* Writes the pixels of the box of @w × @h at (@x, @y), device pixels, to the same place of @to: an RGB24 image of the same
 * size. What lies outside of the picture is left out. */
void casa_map_runs_lay(const CasaMapRuns *self, cairo_surface_t *to, int x, int y, int w, int h);
/* Bytes it takes. */
gsize casa_map_runs_size(const CasaMapRuns *self);

G_END_DECLS
