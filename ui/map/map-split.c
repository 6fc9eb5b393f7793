/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-split.h"
#include "ui/map/map-text.h"
#include "ui/text/lang.h"
#include <math.h>
#include <string.h>

#define GLIDE_US (1100 * 1000)
#define MIDDLE 0.5
#define LEAST 0.01       /* a change of a value by less than this share of the scale is not seen */
#define LEAST_SPEED 0.03 /* of a road */

void
casa_map_split_clear(CasaMapSplit *self)
{
  g_clear_pointer(&self->districts, g_free);
  g_clear_pointer(&self->roads, g_free);
  g_clear_pointer(&self->field, g_free);
  g_clear_pointer(&self->grains, casa_map_grains_free);
  memset(self, 0, sizeof *self);
}

static gboolean
differs(double a, double b, double least)
{
  return isnan(a) != isnan(b) || fabs(a - b) > least;
}

static gboolean
take_districts(CasaMapSplit *self, const CasaCity *city, double least, const CasaMapOther *other)
{
  gboolean changed = self->lamps != (other->lit != NULL);

  if (!self->districts)
    self->districts = g_new0(CasaMapDistrict, MAX(city->n_districts, 1));
  self->lamps = other->lit != NULL;
  for (guint i = 0; i < city->n_districts; i++) {
    const double lit = other->lit && isfinite(other->lit[i]) ? CLAMP(other->lit[i], 0, 1) : 1;
    CasaMapDistrict *district = &self->districts[i];

    changed = changed || differs(district->value, other->values[i], least) || differs(district->lit, lit, LEAST);
    *district = (CasaMapDistrict){ other->values[i], lit };
  }
  return changed;
}

static gboolean
take_roads(CasaMapSplit *self, const CasaCity *city, const double *roads)
{
  gboolean changed = (self->roads != NULL) != (roads != NULL);

  for (guint i = 0; !changed && roads && i < city->n_roads; i++)
    changed = differs(self->roads[i], roads[i], LEAST_SPEED);
  if (!changed)
    return FALSE;
  g_free(self->roads);
  self->roads = roads ? g_memdup2(roads, MAX(city->n_roads, 1) * sizeof *roads) : NULL;
  g_clear_pointer(&self->grains, casa_map_grains_free);
  return TRUE;
}

static gboolean
take_field(CasaMapSplit *self, double least, const CasaMapOther *other)
{
  gboolean changed = self->n_field != other->n_field;

  for (guint i = 0; !changed && i < other->n_field; i++)
    changed = differs(self->field[i].value, other->field[i].value, least);
  if (!changed)
    return FALSE;
  g_free(self->field);
  self->n_field = other->n_field;
  self->field = other->n_field > 0 ? g_memdup2(other->field, other->n_field * sizeof *other->field) : NULL;
  return TRUE;
}

gboolean
casa_map_split_tell(CasaMapSplit *self, const CasaCity *city, const CasaMapScale *scale, const CasaMapOther *other)
{
  const double least = (scale->max - scale->min) * LEAST;
  gboolean changed = !self->known;

  changed = take_districts(self, city, least, other) || changed;
  changed = take_roads(self, city, other->roads) || changed;
  changed = take_field(self, least, other) || changed;
  self->known = TRUE;
  return changed;
}

static void
glide(CasaMapSplit *self, double from, double goal, gint64 mono_us, gboolean still)
{
  self->from = from;
  self->goal = goal;
  self->began_us = still ? 0 : mono_us;
}

void
casa_map_split_open(CasaMapSplit *self, gint64 mono_us, gboolean still)
{
  glide(self, self->on ? casa_map_split_share(self, mono_us) : 1, MIDDLE, mono_us, still);
  self->on = TRUE;
}

void
casa_map_split_close(CasaMapSplit *self, gint64 mono_us, gboolean still)
{
  if (self->on)
    glide(self, casa_map_split_share(self, mono_us), 1, mono_us, still);
}

void
casa_map_split_move(CasaMapSplit *self, double share)
{
  self->goal = CLAMP(share, 0, 0.999); /* at 1 it would be closed */
  self->began_us = 0;
}

double
casa_map_split_share(const CasaMapSplit *self, gint64 mono_us)
{
  const double t = self->began_us > 0 ? CLAMP((double)(mono_us - self->began_us) / GLIDE_US, 0, 1) : 1;

  return self->from + (self->goal - self->from) * (1 - pow(1 - t, 3));
}

gboolean
casa_map_split_is_moving(const CasaMapSplit *self, gint64 mono_us)
{
  return self->on && self->began_us > 0 && mono_us - self->began_us < GLIDE_US;
}

CasaMapBox
casa_map_split_box(const CasaMapSplit *self, const CasaMapBox *room, double w, double h, gboolean rtl, gint64 mono_us)
{
  const double x0 = room->h > 0 ? room->x : 0, width = room->h > 0 ? room->w : w;
  const double share = casa_map_split_share(self, mono_us);
  const double x = round(x0 + (rtl ? 1 - share : share) * width);

  if (!self->on || !self->known || share >= 1)
    return (CasaMapBox){ 0 };
  return rtl ? (CasaMapBox){ 0, 0, MAX(x, 0), h } : (CasaMapBox){ x, 0, MAX(w - x, 0), h };
}

CasaMapBase
casa_map_split_base(const CasaMapSplit *self, const CasaMapBase *base)
{
  CasaMapBase other = *base;

  other.districts = self->districts;
  other.roads = self->roads;
  other.field = self->field;
  other.n_field = self->n_field;
  other.lamps = self->lamps;
  other.standing = NULL;
  other.event = NULL;
  other.event_text = NULL;
  return other;
}

#define HANDLE_R 0.95 /* body sizes */

/* Where the line stands: its place across, and the room that it runs through. */
static double
line_of(const CasaMapView *view, const CasaMapBase *base, CasaMapBox *room)
{
  *room = base->room.h > 0 ? base->room : (CasaMapBox){ view->x, view->y, view->w, view->h };
  return view->x + (base->rtl ? base->without.w : base->without.x);
}

/* TR: beside a line across the map: the city as it is measured */
#define MEASURED _("avec")
#define SIMULATED _("sans (simulé)")

/* A pill of @words beside the line at @x, at the foot of @room; @side -1 to its left. */
static PangoLayout *
measure_side(PangoContext *pango, const CasaMapBase *base, const char *words, double x, const CasaMapBox *room, int side,
             CasaMapBox *box)
{
  const double em = base->font_px;
  PangoLayout *layout = casa_map_text(pango, base->font, em * 1.05, PANGO_WEIGHT_BOLD, 0, words);
  double w, h;

  casa_map_text_size(layout, &w, &h);
  *box = (CasaMapBox){ side < 0 ? x - em * 1.3 - w - em * 1.2 : x + em * 1.3, room->y + room->h - em * 2.6, w + em * 1.2,
                       h + em * 0.5 };
  return layout;
}

static void
paint_side(cairo_t *cr, PangoContext *pango, const CasaMapBase *base, const char *words, gboolean simulated, double x,
           const CasaMapBox *room, int side)
{
  const double em = base->font_px;
  CasaMapBox box;
  g_autoptr(PangoLayout) layout = measure_side(pango, base, words, x, room, side, &box);

  casa_map_rounded(cr, box.x, box.y, box.w, box.h, box.h / 2);
  casa_map_colour(cr, base->theme->panel, 0.94);
  cairo_fill_preserve(cr);
  casa_map_colour(cr, simulated ? base->theme->provenance : base->theme->ink, 1);
  cairo_set_line_width(cr, MAX(em * 0.09, 1.5));
  cairo_stroke(cr);
  casa_map_text_show(cr, layout, box.x + em * 0.6, box.y + em * 0.25, base->theme->ink);
}

/* What the pointer takes: a disc with two arrows. */
static void
paint_handle(cairo_t *cr, const CasaMapBase *base, double x, double y)
{
  const double r = base->font_px * HANDLE_R, a = r * 0.36;

  cairo_new_path(cr);
  cairo_arc(cr, x, y, r, 0, 2 * G_PI);
  casa_map_colour(cr, base->theme->ink, 1);
  cairo_fill(cr);
  for (int side = -1; side <= 1; side += 2) {
    cairo_move_to(cr, x + side * r * 0.28, y - a);
    cairo_line_to(cr, x + side * (r * 0.28 + a), y);
    cairo_line_to(cr, x + side * r * 0.28, y + a);
    cairo_close_path(cr);
  }
  casa_map_colour(cr, base->theme->ground, 1);
  cairo_fill(cr);
}

void
casa_map_split_reserve(PangoContext *pango, const CasaMapView *view, const CasaMapBase *base, GArray *taken)
{
  CasaMapBox room, box;
  const double x = line_of(view, base, &room), em = base->font_px, r = em * HANDLE_R, half = MAX(em * 0.17, 2);

  for (int side = -1; side <= 1; side += 2) {
    g_object_unref(measure_side(pango, base, (side < 0) != base->rtl ? MEASURED : SIMULATED, x, &room, side, &box));
    g_array_append_val(taken, box);
  }
  box = (CasaMapBox){ x - half, room.y, 2 * half, room.h };
  g_array_append_val(taken, box);
  box = (CasaMapBox){ x - r, room.y + room.h / 2 - r, 2 * r, 2 * r };
  g_array_append_val(taken, box);
}

void
casa_map_split_paint(cairo_t *cr, PangoContext *pango, const CasaMapView *view, const CasaMapBase *base)
{
  CasaMapBox room;
  const double x = line_of(view, base, &room), em = base->font_px;

  cairo_save(cr);
  casa_map_colour(cr, base->theme->ground, 0.55);
  cairo_set_line_width(cr, MAX(em * 0.34, 4));
  cairo_move_to(cr, x, room.y);
  cairo_line_to(cr, x, room.y + room.h);
  cairo_stroke_preserve(cr);
  casa_map_colour(cr, base->theme->ink, 1);
  cairo_set_line_width(cr, MAX(em * 0.14, 2));
  cairo_stroke(cr);
  paint_handle(cr, base, x, room.y + room.h / 2);
  paint_side(cr, pango, base, MEASURED, FALSE, x, &room, base->rtl ? 1 : -1);
  paint_side(cr, pango, base, SIMULATED, TRUE, x, &room, base->rtl ? -1 : 1);
  cairo_restore(cr);
}
