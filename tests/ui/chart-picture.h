/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/chart-layout.h"
#include <pango/pangocairo.h>

#define HOUR G_GINT64_CONSTANT(3600000)
#define NOW G_GINT64_CONSTANT(1779385327000) /* 2026-05-21, 18:42 in Casablanca */

/* A chart painted on an image, looked at by code, and kept beside the test for people. */
typedef struct {
  cairo_surface_t *surface;
  cairo_t *cr;
  PangoContext *pango;
  CasaChartPicture chart;
  CasaPyramid *series[4];
  gint width, height;
  double scale;
} Picture;

/* An empty chart of a day until NOW and three hours more. */
void picture_init(Picture *p, gint width, gint height, double scale, const char *theme);
void picture_clear(Picture *p); /* Frees what it holds, and speaks French again */
/* A day of samples every @step_ms around @base, without those from 3 to 5 hours after the start. */
void add_line(Picture *p, const char *name, CasaRgb colour, double base, double swing, gint64 step_ms);
CasaChartLayout paint(Picture *p);
void keep(Picture *p, const char *name); /* As a PNG beside the test */
/* How far a pixel's colour is from another, per channel at most. */
double distance(Picture *p, gint x, gint y, CasaRgb c);
/* Contrast (WCAG 2.1) that the strongest pixel within has against the panel. */
double strongest(Picture *p, gint left, gint top, gint right, gint bottom);
/* Pixels of about this colour within. */
guint count_colour(Picture *p, CasaRgb colour, gint left, gint top, gint right, gint bottom);
