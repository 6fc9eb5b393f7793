/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "teams/join-card.h"

#include <cairo.h>

G_BEGIN_DECLS

#define CASA_CARD_WIDTH 842 /* A4 on its side, in points */
#define CASA_CARD_HEIGHT 595

/* Paints @card over CASA_CARD_WIDTH × CASA_CARD_HEIGHT units, black on white whatever the theme: it is for paper, and a QR code
 * needs it. A widget scales before. Any thread; one at a time for one @cr. */
void casa_card_paint(cairo_t *cr, const CasaJoinCard *card);

/* Only the QR code of @text, with its quiet zone, over @size × @size units at (@x, @y). */
void casa_card_paint_qr(cairo_t *cr, const char *text, double x, double y, double size);

G_END_DECLS
