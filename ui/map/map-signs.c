/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/text/lang.h"
#include "ui/map/badges.h"
#include "ui/map/inset.h"
#include "ui/map/map-callout.h"
#include "ui/map/map-legend.h"
#include "ui/map/map-paint.h"
#include "ui/map/map-split.h"
#include "ui/map/map-text.h"
#include <math.h>
#include <string.h>

#define LONGEST_NAME 11 /* of a lesser landmark, body sizes */
#define STOPS_FROM 4.5  /* body sizes a kilometre must have before stops are named */
#define SPOTS 9         /* an event's name is tried so many times across and down */
#define NAMES_FROM 1.4  /* body sizes a kilometre must have before places and districts are named */

/* What one painting of the signs knows. */
typedef struct {
  cairo_t *cr;
  PangoContext *pango;
  const CasaMapView *view;
  const CasaMapBase *base;
  CasaMapBox bounds;
  double gap;
  GArray *taken; /* CasaMapBox */
  CasaMapBubble bubble;
  GHashTable *written; /* French names of landmarks and stops that stand there: each once */
} Signs;

/* Three shapes for six bands, so that colour does not speak alone: disc low, diamond above that, triangle where it is bad. A
 * square where nothing is judged. */
static void
band_shape(cairo_t *cr, const CasaMapBadge *badge, double x, double y, double r)
{
  cairo_new_path(cr);
  if (badge->band == G_MAXUINT) {
    cairo_rectangle(cr, x - r * 0.7, y - r * 0.7, r * 1.4, r * 1.4);
  } else if (badge->band <= 1 && !badge->bad) {
    cairo_arc(cr, x, y, r * 0.8, 0, 2 * G_PI);
  } else if (!badge->bad) {
    cairo_move_to(cr, x, y - r);
    cairo_line_to(cr, x + r, y);
    cairo_line_to(cr, x, y + r);
    cairo_line_to(cr, x - r, y);
  } else {
    cairo_move_to(cr, x, y - r);
    cairo_line_to(cr, x + r, y + r * 0.8);
    cairo_line_to(cr, x - r, y + r * 0.8);
  }
  cairo_close_path(cr);
}

/* A badge that was moved off its place keeps a thread to it. */
static void
paint_thread(Signs *s, const CasaMapSign *sign, const CasaMapBox *box, CasaRgb colour)
{
  double cx = box->x + box->w / 2, cy = box->y + box->h / 2;

  if (fabs(cx - sign->x) < box->w / 2 && fabs(cy - sign->y) < box->h / 2)
    return;
  cairo_new_path(s->cr);
  cairo_move_to(s->cr, cx, cy);
  cairo_line_to(s->cr, sign->x, sign->y);
  casa_map_colour(s->cr, colour, 0.9);
  cairo_set_line_width(s->cr, MAX(s->base->font_px * 0.08, 1));
  cairo_stroke(s->cr);
  cairo_arc(s->cr, sign->x, sign->y, s->base->font_px * 0.16, 0, 2 * G_PI);
  cairo_fill(s->cr);
}

static void
paint_badge(Signs *s, const CasaMapBadge *badge, PangoLayout *layout, const CasaMapSign *sign, const CasaMapBox *box)
{
  const CasaTheme *theme = s->base->theme;
  CasaRgb ground = theme->dark ? theme->ground : theme->panel;
  CasaRgb colour = badge->stale               ? theme->muted
                   : badge->team              ? theme->provenance
                   : badge->band == G_MAXUINT ? theme->ink
                                              : casa_rgb_readable(theme->ramp[MIN(badge->band, 5)], ground, 5.5);
  double em = s->base->font_px, line = MAX(em * 0.08, 1.2), dash = em * 0.25, r = em * 0.24, w, h;

  paint_thread(s, sign, box, colour);
  /* The city's are round, a team's is square: told apart without colour. */
  casa_map_rounded(s->cr, box->x + line / 2, box->y + line / 2, box->w - line, box->h - line,
                   badge->team ? em * 0.12 : box->h / 2);
  casa_map_colour(s->cr, ground, badge->stale ? 0.85 : 0.92);
  cairo_fill_preserve(s->cr);
  casa_map_colour(s->cr, colour, 1);
  cairo_set_line_width(s->cr, line);
  if (badge->stale)
    cairo_set_dash(s->cr, &dash, 1, 0);
  cairo_stroke(s->cr);
  cairo_set_dash(s->cr, NULL, 0, 0);

  casa_map_text_size(layout, &w, &h);
  band_shape(s->cr, badge, box->x + em * 0.5 + r, box->y + box->h / 2, r);
  if (badge->stale) {
    cairo_set_line_width(s->cr, MAX(em * 0.08, 1));
    cairo_stroke(s->cr);
  } else {
    cairo_fill(s->cr);
  }
  casa_map_text_show(s->cr, layout, box->x + box->w - em * 0.45 - w, box->y + (box->h - h) / 2,
                     badge->stale ? colour : theme->ink);
}

/* The first of some corners that is free of what is written and of the vehicles. A name stays where it stood: whatever comes by
 * for CASA_MAP_PLACE_US, and as long as there is room afterwards. @must: it would rather cover a vehicle than be left out. */
static gboolean
place_name(Signs *s, const char *key, double x, double y, const double (*corners)[2], guint n, double w, double h,
           gboolean must, CasaMapBox *out)
{
  const CasaMapBase *base = s->base;
  CasaMapPlaced *old = base->places != NULL ? g_hash_table_lookup(base->places, key) : NULL,
                placed = { .since_us = base->now_us };
  const double before[1][2] = { { old != NULL ? x + old->dx : 0, old != NULL ? y + old->dy : 0 } };
  gboolean young = old != NULL && base->now_us - old->since_us < CASA_MAP_PLACE_US, found;
  guint n_taken;

  if (young && casa_map_place_one(before, 1, w, h, &s->bounds, s->gap, s->taken, out))
    return TRUE;
  n_taken = s->taken->len;
  if (base->n_heads > 0)
    g_array_append_vals(s->taken, base->heads, base->n_heads);
  found = (old != NULL && casa_map_place_one(before, 1, w, h, &s->bounds, s->gap, s->taken, out)) ||
          casa_map_place_one(corners, n, w, h, &s->bounds, s->gap, s->taken, out);
  g_array_set_size(s->taken, n_taken);
  if (found)
    g_array_append_val(s->taken, *out);
  else if (!must || !casa_map_place_one(corners, n, w, h, &s->bounds, s->gap, s->taken, out))
    return FALSE;
  if (base->places == NULL)
    return TRUE;
  placed.dx = out->x - x;
  placed.dy = out->y - y;
  g_hash_table_insert(base->places, g_strdup(key), g_memdup2(&placed, sizeof placed));
  return TRUE;
}

static void
place_bubble(Signs *s)
{
  casa_map_bubble_clear(&s->bubble);
  casa_map_bubble_init(&s->bubble, s->pango, s->view, s->base, &s->bounds, s->gap, s->taken);
}

/* The bubble goes where the badges leave room. Where they leave none it has the first choice after the badge that it speaks
 * about, and they make room. */
static void
place_all(Signs *s, const CasaMapSign *signs, guint n, CasaMapBox *boxes)
{
  guint before = s->taken->len;
  CasaMapBox own = { .w = s->base->font_px * 4, .h = s->base->font_px * 1.8 };

  casa_map_place_signs(signs, n, &s->bounds, s->gap, s->taken, boxes);
  place_bubble(s);
  if (s->bubble.layout == NULL || s->bubble.box.w > 0)
    return;
  g_array_set_size(s->taken, before);
  own.x = s->bubble.x - own.w / 2;
  own.y = s->bubble.y - own.h / 2;
  g_array_append_val(s->taken, own);
  place_bubble(s);
  g_array_remove_index(s->taken, before);
  casa_map_place_signs(signs, n, &s->bounds, s->gap, s->taken, boxes);
}

static void
paint_badges(Signs *s, const CasaMapBadge *badges, guint n)
{
  g_autoptr(GPtrArray) layouts = g_ptr_array_new_with_free_func(g_object_unref);
  g_autofree CasaMapSign *signs = g_new0(CasaMapSign, MAX(n, 1));
  g_autofree CasaMapBox *boxes = g_new0(CasaMapBox, MAX(n, 1));
  double em = s->base->font_px;

  for (guint i = 0; i < n; i++) {
    g_autofree char *text = g_strndup(badges[i].text, sizeof badges[i].text);
    PangoLayout *layout =
      casa_map_text(s->pango, s->base->font, em * 0.92, PANGO_WEIGHT_SEMIBOLD, em * (badges[i].team ? 16 : 9), text);
    double w, h;

    g_ptr_array_add(layouts, layout);
    casa_map_text_size(layout, &w, &h);
    signs[i] = (CasaMapSign){ .w = w + em * 1.55, .h = h + em * 0.26, .priority = badges[i].priority };
    casa_map_project(s->view, badges[i].at, &signs[i].x, &signs[i].y);
    if (casa_map_is_without(s->base, signs[i].x - signs[i].w / 2, signs[i].y) ||
        casa_map_is_without(s->base, signs[i].x + signs[i].w / 2, signs[i].y) || signs[i].x < s->bounds.x ||
        signs[i].x > s->bounds.x + s->bounds.w || signs[i].y < s->bounds.y || signs[i].y > s->bounds.y + s->bounds.h)
      signs[i].x = NAN; /* its place is not in the picture */
  }
  place_all(s, signs, n, boxes);
  casa_map_bubble_reserve(&s->bubble, s->base, s->taken);
  casa_map_bubble_point(s->cr, s->base, &s->bubble);
  for (guint i = 0; i < n; i++)
    if (boxes[i].w > 0)
      paint_badge(s, &badges[i], layouts->pdata[i], &signs[i], &boxes[i]);
}

/* "T1" on its colour, beside the first of some points along the line where there is room, ends first. */
static void
paint_line_name(Signs *s, const CasaLine *line, gboolean stands)
{
  static const double along[] = { 1, 0, 0.85, 0.15, 0.7, 0.3, 0.5 };
  static const double beside[][2] = { { 0, 1 },   { 1, 0 },    { -1, 0 },   { 0, -1 },
                                      { .8, .8 }, { -.8, .8 }, { .8, -.8 }, { -.8, -.8 } };
  double em = s->base->font_px, w, h, ax, ay, corners[G_N_ELEMENTS(along) * G_N_ELEMENTS(beside)][2];
  g_autoptr(PangoLayout) layout = casa_map_text(s->pango, s->base->font, em * 0.85, PANGO_WEIGHT_BOLD, 0, line->name);
  CasaRgb colour = casa_map_rgb(line->rgb);
  CasaMapBox box;

  if (line->track.n == 0)
    return;
  casa_map_text_size(layout, &w, &h);
  w += em * (stands ? 1.5 : 0.6);
  for (guint i = 0; i < G_N_ELEMENTS(along); i++) {
    double x, y;

    casa_map_project(s->view, casa_line_at(line, line->length_km * along[i]), &x, &y);
    for (guint k = 0; k < G_N_ELEMENTS(beside); k++) {
      double *corner = corners[i * G_N_ELEMENTS(beside) + k];

      corner[0] = x - w / 2 + beside[k][0] * (w / 2 + em * 0.5);
      corner[1] = y - h / 2 + beside[k][1] * (h / 2 + em * 0.5);
    }
  }
  casa_map_project(s->view, casa_line_at(line, line->length_km), &ax, &ay);
  if (!place_name(s, line->id, ax, ay, (const double(*)[2])corners, G_N_ELEMENTS(corners), w, h, TRUE, &box))
    return;
  casa_map_rounded(s->cr, box.x, box.y, box.w, box.h, em * 0.3);
  casa_map_colour(s->cr, colour, 1);
  cairo_fill_preserve(s->cr);
  casa_map_colour(s->cr, s->base->theme->dark ? casa_map_line_colour(s->base->theme, line->rgb) : s->base->theme->panel, 1);
  cairo_set_line_width(s->cr, MAX(em * 0.08, 1));
  cairo_stroke(s->cr);
  CasaRgb letters = casa_rgb_luminance(colour) > 0.18 ? (CasaRgb){ 0, 0, 0 } : (CasaRgb){ 1, 1, 1 };

  casa_map_text_show(s->cr, layout, box.x + em * 0.3, box.y, letters);
  if (!stands)
    return;
  casa_map_colour(s->cr, letters, 1);
  cairo_rectangle(s->cr, box.x + box.w - em * 0.95, box.y + box.h * 0.25, em * 0.2, box.h * 0.5);
  cairo_rectangle(s->cr, box.x + box.w - em * 0.55, box.y + box.h * 0.25, em * 0.2, box.h * 0.5);
  cairo_fill(s->cr);
}

/* At @right or, when less of the coast and of the lines would be written over there, at @left: both are left edges. */
static gboolean
place_beside(Signs *s, const char *key, double right, double left, double y, double w, double h, CasaMapBox *out)
{
  const CasaCity *city = s->base->city;
  guint over_right = casa_map_view_crossings(s->view, city, &(CasaMapBox){ right, y, w, h });
  gboolean swap = over_right > 0 && casa_map_view_crossings(s->view, city, &(CasaMapBox){ left, y, w, h }) < over_right;
  const double corners[2][2] = { { swap ? left : right, y }, { swap ? right : left, y } };

  return place_name(s, key, right, y, corners, 2, w, h, FALSE, out);
}

static void
paint_place(Signs *s, const CasaPlace *place)
{
  double em = s->base->font_px, r = em * 0.17, dot, x, y, w, h;
  g_autoptr(PangoLayout) layout =
    casa_map_text(s->pango, s->base->font, em * 0.85, PANGO_WEIGHT_NORMAL, 0, casa_lang_local(place->name_fr, place->name_ar));
  CasaMapBox box;

  casa_map_text_size(layout, &w, &h);
  if (place->rank > 0 && w > em * LONGEST_NAME)
    return;
  casa_map_project(s->view, place->at, &x, &y);
  dot = r * 2.5; /* the mark and its air belong to the box, which lies right or left of the place */
  if (!place_beside(s, place->id, x - r, x - dot - w, y - h / 2, w + dot + r, h, &box))
    return;
  g_hash_table_add(s->written, place->name_fr);
  box.x += box.x < x - 2 * r ? 0 : dot + r;
  cairo_new_path(s->cr);
  cairo_rectangle(s->cr, x - r, y - r, 2 * r, 2 * r);
  casa_map_colour(s->cr, s->base->theme->ink, 1);
  cairo_fill_preserve(s->cr);
  casa_map_colour(s->cr, s->base->theme->ground, 1);
  cairo_set_line_width(s->cr, MAX(r * 0.5, 0.8));
  cairo_stroke(s->cr);
  casa_map_text_show_halo(s->cr, layout, box.x, box.y, s->base->theme->ink, s->base->theme->ground, em * 0.16);
}

/* A degree of latitude is 111.2 km. */
static double
km_in_body_sizes(const Signs *s)
{
  return s->view->scale / 111.2 / s->base->font_px;
}

/* Landmarks of rank 0 always when there is room; each further rank once a kilometre is twice as wide. */
static void
paint_places(Signs *s)
{
  double km = km_in_body_sizes(s);

  for (guint rank = 0; rank <= 6 && km >= NAMES_FROM; rank++) {
    if (rank > 0 && km < 2.2 * (1 << (rank - 1)))
      return;
    for (guint i = 0; i < s->base->city->n_places; i++) {
      const CasaPlace *place = &s->base->city->places[i];

      if (place->kind == CASA_PLACE_LANDMARK && place->rank == rank)
        paint_place(s, place);
    }
  }
}

/* Each stop of a name once: lines that meet write it once, and where a landmark has the name it is not written again. */
static void
paint_stop_names(Signs *s)
{
  const CasaCity *city = s->base->city;
  double em = s->base->font_px, dot = em * 0.45;

  for (guint l = 0; l < city->n_lines; l++)
    for (guint i = 0; i < city->lines[l].n_stops; i++) {
      const CasaStop *stop = &city->lines[l].stops[i];
      g_autoptr(PangoLayout) layout = NULL;
      double x, y, w, h;
      CasaMapBox box;

      casa_map_project(s->view, stop->at, &x, &y);
      if (x < s->bounds.x || y < s->bounds.y || x > s->bounds.x + s->bounds.w || y > s->bounds.y + s->bounds.h ||
          !g_hash_table_add(s->written, stop->name_fr))
        continue;
      layout = casa_map_text(s->pango, s->base->font, em * 0.85, PANGO_WEIGHT_NORMAL, 0,
                             casa_lang_local(stop->name_fr, stop->name_ar));
      casa_map_text_size(layout, &w, &h);
      if (place_beside(s, stop->id, x + dot, x - dot - w, y - h / 2, w, h, &box))
        casa_map_text_show_halo(s->cr, layout, box.x, box.y, s->base->theme->ink, s->base->theme->ground, em * 0.16);
    }
}

static double
district_width(const Signs *s, const CasaDistrict *district)
{
  double min = INFINITY, max = -INFINITY;

  for (guint i = 0; district->n_rings > 0 && i < district->rings[0].n; i++) {
    min = MIN(min, district->rings[0].points[i].lon);
    max = MAX(max, district->rings[0].points[i].lon);
  }
  return max > min ? (max - min) * s->view->k * s->view->scale : 0;
}

static void
paint_district_name(Signs *s, const CasaDistrict *district)
{
  const CasaTheme *theme = s->base->theme;
  const gboolean unusual = s->base->unusual != NULL && s->base->unusual[district - s->base->city->districts];
  const char *name = casa_lang_local(district->name_fr, district->name_ar);
  double em = s->base->font_px, x, y, w, h;
  g_autofree char *marked = unusual ? g_strdup_printf("≠ %s", name) : NULL; /* as charts mark it */
  g_autoptr(PangoLayout) layout = casa_map_text(s->pango, s->base->font, em * 0.9,
                                                unusual ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_MEDIUM, 0, unusual ? marked : name);
  CasaMapBox box;

  casa_map_text_size(layout, &w, &h);
  if (!unusual && w > district_width(s, district) * 0.8)
    return;
  casa_map_project(s->view, district->centroid, &x, &y);
  const double corners[][2] = {
    { x - w / 2, y - h / 2 }, { x - w / 2, y - h * 1.6 }, { x - w / 2, y + h * 0.6 }, { x - w, y - h * 1.2 },
    { x, y + h * 0.3 },       { x, y - h * 1.2 },         { x - w, y + h * 0.3 },     { x - w / 2, y - h * 2.6 },
  };
  if (!place_name(s, district->id, x, y, corners, G_N_ELEMENTS(corners), w, h, FALSE, &box))
    return;
  casa_map_text_show_halo(s->cr, layout, box.x, box.y,
                          theme->dark && !unusual ? casa_rgb_mix(theme->ink, theme->muted, 0.4) : theme->ink, theme->ground,
                          em * 0.16);
}

typedef struct {
  double at[2]; /* left upper corner */
  double cost;
} Spot;

static int
compare_spots(gconstpointer a, gconstpointer b)
{
  const double x = ((const Spot *)a)->cost, y = ((const Spot *)b)->cost;

  return x < y ? -1 : x > y;
}

/* Pixels: near the district's middle, within it, and off the lines, whose vehicles would run over the letters; each costs. */
static double
cost_of(const Signs *s, const CasaDistrict *district, const CasaMapBox *box, double x, double y)
{
  const double em = s->base->font_px, air = em * 0.5;
  const CasaMapBox wide = { box->x - air, box->y - air, box->w + 2 * air, box->h + 2 * air };
  double cost = hypot(box->x + box->w / 2 - x, box->y + box->h / 2 - y);

  cost += em * 6 * MIN(casa_map_view_tracks(s->view, s->base->city, &wide), 6);
  for (guint i = 0; i < 4; i++) {
    const CasaLonLat corner = casa_map_unproject(s->view, box->x + (i & 1 ? box->w : 0), box->y + (i & 2 ? box->h : 0));
    cost += casa_city_district_at(s->base->city, corner) == district ? 0 : em * 2;
  }
  return cost;
}

/* Left upper corners for a name of @w × @h, the best first, in and about @district; none beyond the line. Returns how many. */
static guint
find_spots(const Signs *s, const CasaDistrict *district, double w, double h, Spot *spots)
{
  double x, y, x0 = INFINITY, x1 = -INFINITY, y0 = INFINITY, y1 = -INFINITY;
  guint n = 0;

  casa_map_project(s->view, district->centroid, &x, &y);
  for (guint i = 0; district->n_rings > 0 && i < district->rings[0].n; i++) {
    double px, py;

    casa_map_project(s->view, district->rings[0].points[i], &px, &py);
    x0 = MIN(x0, px);
    x1 = MAX(x1, px);
    y0 = MIN(y0, py);
    y1 = MAX(y1, py);
  }
  x0 = MAX(x0 - w, s->bounds.x);
  x1 = MIN(x1, s->bounds.x + s->bounds.w - w);
  y0 = MAX(y0 - h, s->bounds.y);
  y1 = MIN(y1, s->bounds.y + s->bounds.h - h);
  if (!(x1 > x0 && y1 > y0))
    return 0;
  for (guint k = 0; k < SPOTS * SPOTS; k++) {
    const CasaMapBox box = { x0 + (x1 - x0) * (k % SPOTS) / (SPOTS - 1), y0 + (y1 - y0) * (k / SPOTS) / (SPOTS - 1), w, h };

    if (!casa_map_is_without(s->base, box.x, box.y) && !casa_map_is_without(s->base, box.x + w, box.y))
      spots[n++] = (Spot){ { box.x, box.y }, cost_of(s, district, &box, x, y) };
  }
  qsort(spots, n, sizeof *spots, compare_spots);
  return n;
}

/* Where something happens, the name comes first, large, with what it is. Beyond the line nothing happens: there the district
 * is one like others. */
static void
paint_event_name(Signs *s)
{
  const CasaDistrict *district = s->base->event;
  double em = s->base->font_px, x, y, w, h, w2, h2, corners[SPOTS * SPOTS][2];
  g_autoptr(PangoLayout) name = casa_map_text(s->pango, s->base->font, em * 1.75, PANGO_WEIGHT_BOLD, 0,
                                              casa_lang_local(district->name_fr, district->name_ar));
  g_autoptr(PangoLayout) what = casa_map_text(s->pango, s->base->font, em * 1.1, PANGO_WEIGHT_MEDIUM, 0, s->base->event_text);
  CasaRgb pale = s->base->theme->dark ? (CasaRgb){ 1, .82, .72 } : s->base->theme->bad;
  Spot spots[SPOTS * SPOTS];
  CasaMapBox box;

  casa_map_text_size(name, &w, &h);
  casa_map_text_size(what, &w2, &h2);
  casa_map_project(s->view, district->centroid, &x, &y);
  const double width = MAX(w, w2), height = h + (s->base->event_text != NULL ? h2 : 0);
  const guint n = find_spots(s, district, width, height, spots);
  for (guint i = 0; i < n; i++)
    memcpy(corners[i], spots[i].at, sizeof corners[i]);
  if (n == 0 || !place_name(s, "event", x, y, (const double(*)[2])corners, n, width, height, TRUE, &box)) {
    paint_district_name(s, district);
    return;
  }
  casa_map_text_show_halo(s->cr, name, box.x + (width - w) / 2, box.y, pale, s->base->theme->ground, em * 0.2);
  if (s->base->event_text != NULL)
    casa_map_text_show_halo(s->cr, what, box.x + (width - w2) / 2, box.y + h, pale, s->base->theme->ground, em * 0.16);
}

void
casa_map_paint_signs(cairo_t *cr, PangoContext *pango, const CasaMapView *view, const CasaMapBase *base,
                     const CasaMapBadge *badges, guint n)
{
  CasaMapLegend legend = casa_map_legend_measure(pango, base, view->w, view->h);
  g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(CasaMapBox));
  g_autoptr(GHashTable) written = g_hash_table_new(g_str_hash, g_str_equal);
  double border = base->font_px * 0.4;
  Signs s = { cr,
              pango,
              view,
              base,
              { view->x + border, view->y + border, view->w - 2 * border, view->h - 2 * border },
              base->font_px * 0.2,
              taken,
              { .layout = NULL },
              written };

  if (base->room.h > 0)
    s.bounds =
      (CasaMapBox){ base->room.x + border, base->room.y + border, base->room.w - 2 * border, base->room.h - 2 * border };
  legend.box.x += view->x;
  legend.box.y += view->y;
  legend.attribution.x += view->x;
  legend.attribution.y += view->y;
  g_array_append_val(taken, legend.attribution);
  if (legend.box.w > 0)
    g_array_append_val(taken, legend.box);
  const CasaMapInset inset = casa_map_inset_measure(view, base, &legend);
  if (inset.box.w > 0)
    g_array_append_val(taken, inset.box);
  g_array_append_vals(taken, base->veils, base->n_veils);
  if (base->without.w > 0)
    casa_map_split_reserve(pango, view, base, taken);

  cairo_save(cr);
  cairo_rectangle(cr, view->x, view->y, view->w, view->h);
  cairo_clip(cr);
  if (base->event != NULL)
    paint_event_name(&s);
  for (guint i = 0; base->unusual != NULL && i < base->city->n_districts; i++) /* these names must stand */
    if (base->unusual[i] && &base->city->districts[i] != base->event)
      paint_district_name(&s, &base->city->districts[i]);
  paint_badges(&s, badges, n);
  for (guint i = 0; i < base->city->n_lines; i++)
    paint_line_name(&s, &base->city->lines[i], base->standing != NULL && base->standing[i]);
  paint_places(&s);
  for (guint i = 0; i < base->city->n_districts && km_in_body_sizes(&s) >= NAMES_FROM; i++)
    if (&base->city->districts[i] != base->event && !(base->unusual != NULL && base->unusual[i]))
      paint_district_name(&s, &base->city->districts[i]);
  if (km_in_body_sizes(&s) >= STOPS_FROM)
    paint_stop_names(&s);
  if (legend.box.w > 0 && casa_map_view_touches(view, base->city, &legend.box))
    casa_map_legend_ground(cr, base, &legend);
  casa_map_legend_paint(cr, pango, base, &legend);
  casa_map_inset_paint(cr, view, base, &inset);
  if (base->without.w > 0)
    casa_map_split_paint(cr, pango, view, base);
  casa_map_bubble_paint(cr, base, &s.bubble);
  casa_map_bubble_clear(&s.bubble);
  cairo_restore(cr);
}
