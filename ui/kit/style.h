/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/indicators.h"
#include "ui/kit/theme.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How big and in what colours: the wall is drawn for 1920×1080, `unit` says what one of those pixels is now. */
typedef struct {
  const CasaTheme *theme;
  const char *font; /* family for pictures; static */
  double unit;
  CasaIndicators *indicators; /* whose domains are coloured; not owned; NULL: none */
  const char *scope;          /* CSS class of the window that it is for: its sheet holds for no other; not owned */
} CasaLook;

/* Pixels a text of @px at 1080p gets. */
double casa_look_px(const CasaLook *look, double px);

/* Unit for a content of @width × @height: as much as fits both ways. */
double casa_look_unit(int width, int height);
/* The same for parts that were laid out for a window that is higher than wide. */
double casa_look_narrow_unit(int width, int height);
/* Inter when the machine has it, else the system sans. */
const char *casa_look_font(void);

/* Lets go of every font that no widget shows. Pango keeps those of each size it was ever asked for; widgets load what they need
 * again. GTK thread only. */
void casa_look_forget_fonts(void);
/* The style sheet for @look: every rule for what is below a widget of the class look->scope. (transfer full) */
char *casa_look_css(const CasaLook *look);
/* Of that only what holds for windows beside it: side-window.h. (transfer full) */
char *casa_look_side_css(const CasaLook *look);

G_END_DECLS
