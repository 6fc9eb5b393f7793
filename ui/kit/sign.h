/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/kit/theme.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The sign of an event, on a ground in the colour of its gravity. GTK thread only. */
GtkWidget *casa_sign_new(void); /* (transfer floating) */
/* @sign: bolt, tram, dust, rain, ball, walk, signal, drop, anything else a dot; @gravity 1 to 3. */
void casa_sign_set(GtkWidget *sign, const char *name, guint gravity);
void casa_sign_set_colours(GtkWidget *sign, const CasaTheme *theme); /* @theme is not owned */
/* Its shape about the origin, in a square from -1 to 1, in the source of the moment. */
void casa_sign_paint(cairo_t *cr, const char *name);
/* The colour of @gravity. */
CasaRgb casa_sign_colour(const CasaTheme *theme, guint gravity);

G_END_DECLS
