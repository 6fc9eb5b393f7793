/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/kit/theme.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Looks at what is on the screen the way a person would: is every word there in full, is there ink. */

/* Fails the test, naming it, for every label that is cut, ellipsized or shrunk under @min_scale. How many were seen. */
guint app_look_check_labels(GtkWidget *root, double min_scale);
/* Fails the test, naming it, for every part of the scene and every tile that reaches out of @root or stands on another. How
 * many were seen. Parts that others may stand on (see scenes.conf) are only looked for at the edges. */
guint app_look_check_places(GtkWidget *root);
/* Text of the first label with this CSS class below @root, NULL none. (transfer none) */
const char *app_look_text(GtkWidget *root, const char *css_class);
/* Whether some visible label below @root holds @text. */
gboolean app_look_has_text(GtkWidget *root, const char *text);
GtkWidget *app_look_find(GtkWidget *root, const char *css_class, guint nth);
/* Smallest font, in pixels, of the labels below @root as they are seen. */
double app_look_smallest_px(GtkWidget *root);

/* Pixels of @path (PNG) inside the rectangle whose colour is within @tolerance (of 255, each channel) of @colour. */
guint app_look_ink(const char *path, int x, int y, int w, int h, CasaRgb colour, int tolerance);
/* The wall in the dark theme: its size, three charts with ink in their colours, a map with its classes and words. */
void app_look_check_wall(const char *path, int width, int height, gboolean rtl);

/* A place for pictures that people look at: <build>/artifacts/NAME (transfer full). */
char *app_look_artifact(const char *name);

/* Colour of the shipped domain @i in @theme. */
CasaRgb app_look_domain(guint i, const char *theme);

G_END_DECLS
