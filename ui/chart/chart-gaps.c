/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/chart-gaps.h"
#include "ui/text/lang.h"
#include <math.h>

#define LEAST 0.3  /* width of the shortest gap, in letters' heights */
#define PITCH 0.5  /* from stripe to stripe, in letters' heights */
#define STRIPE 0.1 /* width of a stripe, in letters' heights */

typedef struct {
  double left, right;
} Band;

/* FALSE: outside the window. */
static gboolean
band_of(const CasaChartLayout *layout, const CasaChartGap *gap, Band *band)
{
  if (gap->to_ms <= layout->from_ms || gap->from_ms >= layout->to_ms)
    return FALSE;
  const double left = casa_chart_layout_x(layout, gap->from_ms), right = casa_chart_layout_x(layout, gap->to_ms);
  const double missing = MAX(0, LEAST * layout->small.px - (right - left)) / 2;
  band->left = MAX(left - missing, layout->x);
  band->right = MIN(right + missing, layout->x + layout->w);
  return band->right > band->left;
}

/* Stripes rise to the right; anchored at the band, so that they move with it. */
static void
draw_band(cairo_t *cr, const CasaChartLayout *layout, const CasaRgb *c, const Band *band)
{
  const double top = layout->y, bottom = layout->y + layout->h, px = layout->small.px;
  cairo_save(cr);
  cairo_rectangle(cr, band->left, top, band->right - band->left, layout->h);
  cairo_clip(cr);
  cairo_set_source_rgba(cr, c->r, c->g, c->b, 0.10);
  cairo_paint(cr);
  cairo_set_source_rgba(cr, c->r, c->g, c->b, 0.45);
  cairo_set_line_width(cr, MAX(1, STRIPE * px));
  for (double x = band->left - layout->h; x < band->right; x += PITCH * px) {
    cairo_move_to(cr, x, bottom);
    cairo_line_to(cr, x + layout->h, top);
  }
  cairo_stroke(cr);
  cairo_restore(cr);
}

static gboolean
fits(const CasaChartLayout *layout, const Band *band, const char *text, double *width, double *height)
{
  casa_chart_text_measure(&layout->small, text, width, height);
  return *width <= band->right - band->left - 4 && *height * 2 <= layout->h;
}

/* What it is and how long it lasted; where there is no room for both, what it is. */
static void
draw_word(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture, const CasaChartGap *gap,
          const Band *band)
{
  double width, height;
  if (picture->gap_text == NULL)
    return;
  g_autofree char *length = casa_lang_age(gap->to_ms - gap->from_ms);
  g_autofree char *both = g_strdup_printf("%s %s", picture->gap_text, length);
  const char *text = both;
  if (!fits(layout, band, text, &width, &height)) {
    text = picture->gap_text;
    if (!fits(layout, band, text, &width, &height))
      return;
  }
  casa_chart_text_draw(cr, &layout->small, text, (band->left + band->right - width) / 2, layout->y + height * 0.7, width + 1,
                       picture->theme->warning, &picture->theme->panel);
}

void
casa_chart_gaps_draw(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture)
{
  for (guint i = 0; i < picture->n_gaps; i++) {
    Band band;
    if (!band_of(layout, &picture->gaps[i], &band))
      continue;
    draw_band(cr, layout, &picture->theme->warning, &band);
    draw_word(cr, layout, picture, &picture->gaps[i], &band);
  }
}
