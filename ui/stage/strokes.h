/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Lines drawn by hand over a picture, in fractions of it. What is drawn is kept as pictures of some points each, so that a new
 * point costs the same however much stands there. GTK thread only. */
typedef struct _CasaStrokes CasaStrokes;

#define CASA_STROKES_MOST 500 /* lines; a presenter who leans on the mouse must not fill the memory */

CasaStrokes *casa_strokes_new(void);       /* of no line. (transfer full) */
void casa_strokes_free(CasaStrokes *self); /* NULL is fine */

gboolean casa_strokes_begin(CasaStrokes *self); /* A new line. FALSE: there are CASA_STROKES_MOST */
/* The line goes on to there. Nearer than a thousandth of the picture to its last point: nothing. */
void casa_strokes_add(CasaStrokes *self, double x, double y);
guint casa_strokes_n(CasaStrokes *self);   /* lines */
void casa_strokes_undo(CasaStrokes *self); /* Takes the last line away, if there is one */

/* Paints all for a picture of @width × @height pixels, in lines @pen pixels wide. */
void casa_strokes_paint(CasaStrokes *self, GtkSnapshot *out, double width, double height, double pen, const GdkRGBA *ink);

G_END_DECLS
