/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/envelope.h"
#include "ui/kit/theme.h"

G_BEGIN_DECLS

/* Pixels that a run of ink is filled into: native-endian 0xAARRGGBB, premultiplied. Pure. */
typedef struct {
  guint32 *pixels;
  gint stride;                   /* in pixels */
  gint left, top, right, bottom; /* may be written; right and bottom excluded */
  gint x, y;                     /* pixel of the envelope's knot 0 and of its height 0 */
} CasaCanvas;

/* Fills each pixel column of the run between its top and its bottom. Both ends are antialiased along their slope: a pixel's
 * coverage is the part of it that lies under the edge. */
void casa_column_fill(const CasaCanvas *canvas, const CasaInk *knots, gint begin, gint end, CasaRgb colour);

G_END_DECLS
