/* SPDX-License-Identifier: Apache-2.0 */
#include "painted-map.h"
#include "toy-city.h"
#include "ui/map/badges.h"
#include "ui/map/event-rim.h"
#include "ui/map/inset.h"
#include "ui/map/map-callout.h"
#include "ui/map/map-legend.h"
#include "ui/map/map-text.h"
#include <math.h>
#include <string.h>

/* What points to a place of the map: the bubble, and the whole city small beside a near view of it. */

static CasaMapBubble
bubble_of(PaintedMap *p, CasaLonLat at, const char *text, CasaMapCallout *callout)
{
  const CasaMapBox bounds = { 8, 8, p->w - 16, p->h - 16 };
  g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(CasaMapBox));
  CasaMapBubble bubble;

  *callout = (CasaMapCallout){ at, text };
  p->base.callout = callout;
  casa_map_bubble_init(&bubble, p->pango, &p->view, &p->base, &bounds, 4, taken);
  casa_map_bubble_clear(&bubble);
  return bubble;
}

/* The bubble stands beside its place, whole within the picture whatever it says and wherever that is. */
static void
test_callout(void)
{
  static const CasaLonLat places[] = {
    { -7.55, 33.545 }, { -7.69, 33.655 }, { -7.51, 33.505 }, { -7.69, 33.505 }, { -7.51, 33.655 }
  };
  static const char *const texts[] = { "Aïn Sebaâ : PM10 × 2 en 1 h", "<b>\xff&%s", "عين السبع: PM10 × 2 خلال ساعة", "x" };
  g_autofree char *endless = g_strnfill(500, 'W');

  for (guint i = 0; i < G_N_ELEMENTS(places); i++)
    for (guint k = 0; k <= G_N_ELEMENTS(texts); k++) {
      CasaMapCallout callout;
      CasaMapBadge badge = { places[i], "74", 5, FALSE, 1 };
      PaintedMap p;

      painted_map_init(&p, toy_city(), "dark", k == 2 ? "ar" : "fr", 900, 600, 20);
      painted_map_base(&p);
      CasaMapBubble bubble = bubble_of(&p, places[i], k < G_N_ELEMENTS(texts) ? texts[k] : endless, &callout);
      painted_map_signs(&p, &badge, 1);
      if (i == 0 && k == 0)
        painted_map_keep(&p, "map-toy-callout.png");
      g_assert_cmpfloat(bubble.box.w, >, 20);
      g_assert_cmpfloat(bubble.box.x, >=, 8);
      g_assert_cmpfloat(bubble.box.x + bubble.box.w, <=, 892);
      g_assert_cmpfloat(bubble.box.y, >=, 8);
      g_assert_cmpfloat(bubble.box.y + bubble.box.h, <=, 592);
      g_assert_false(bubble.x > bubble.box.x && bubble.x < bubble.box.x + bubble.box.w && bubble.y > bubble.box.y &&
                     bubble.y < bubble.box.y + bubble.box.h);
      painted_map_clear(&p);
    }
}

/* What is placed after the bubble keeps off its pointer, from the bubble to the place. */
static void
test_callout_pointer(void)
{
  CasaMapCallout callout;
  g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(CasaMapBox));
  PaintedMap p;

  painted_map_init(&p, toy_city(), "dark", "fr", 900, 600, 20);
  painted_map_base(&p);
  const CasaMapBubble bubble = bubble_of(&p, (CasaLonLat){ -7.6, 33.58 }, "Aïn Sebaâ : PM10 33 µg/m³", &callout);
  casa_map_bubble_reserve(&bubble, &p.base, taken);
  for (guint i = 0; i <= 20; i++) { /* of a name that would stand on any point of it, none stays */
    const double y = bubble.box.y + bubble.box.h / 2 + (bubble.y - bubble.box.y - bubble.box.h / 2) * i / 20.0;
    const double x = CLAMP(bubble.x, bubble.box.x, bubble.box.x + bubble.box.w);
    const double corner[1][2] = { { x - 20, y - 8 } };
    const CasaMapBox bounds = { 0, 0, 900, 600 };
    CasaMapBox found;

    g_assert_false(casa_map_place_one(corner, 1, 40, 16, &bounds, 1, taken, &found));
  }
  painted_map_clear(&p);
}

/* About places beside a line the bubble stands off it, since it would hide the vehicles that pass. */
static void
test_callout_off_the_line(void)
{
  const CasaCity *city = toy_city();
  guint tried = 0;

  for (double lat = 33.53; lat < 33.62; lat += 0.004, tried++) {
    CasaMapCallout callout;
    PaintedMap p;

    painted_map_init(&p, city, "dark", "fr", 900, 600, 20);
    painted_map_base(&p);
    const CasaMapBubble bubble = bubble_of(&p, (CasaLonLat){ -7.6, lat }, "Aïn Sebaâ : PM10 33 µg/m³", &callout);
    g_assert_cmpfloat(bubble.box.w, >, 20);
    g_assert_cmpuint(casa_map_view_tracks(&p.view, city, &bubble.box), ==, 0);
    painted_map_clear(&p);
  }
  g_assert_cmpuint(tried, >, 20);
}

/* The box of the event's name as it was placed; it is measured as it is written. */
static CasaMapBox
event_box(PaintedMap *p, const char *words)
{
  const CasaMapPlaced *placed = g_hash_table_lookup(p->base.places, "event");
  const double em = p->base.font_px;
  g_autoptr(PangoLayout) name = casa_map_text(p->pango, "Inter", em * 1.75, PANGO_WEIGHT_BOLD, 0, p->base.event->name_fr);
  g_autoptr(PangoLayout) what = casa_map_text(p->pango, "Inter", em * 1.1, PANGO_WEIGHT_MEDIUM, 0, words);
  double x, y, w, h, w2, h2;

  g_assert_nonnull(placed);
  casa_map_project(&p->view, p->base.event->centroid, &x, &y);
  casa_map_text_size(name, &w, &h);
  casa_map_text_size(what, &w2, &h2);
  return (CasaMapBox){ x + placed->dx, y + placed->dy, MAX(w, w2), h + h2 };
}

static void
begin_event(PaintedMap *p, guint district, const char *words)
{
  painted_map_init(p, toy_city(), "dark", "fr", 900, 600, 16);
  painted_map_base(p);
  p->base.event = &toy_city()->districts[district];
  p->base.event_text = words;
  p->base.places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

/* The name of the place where something happens stands in it, and no line runs through its letters. */
static void
test_event_name_off_the_line(void)
{
  for (guint d = 2; d < 4; d++) { /* a line runs through both, a little above their middle */
    CasaCity city = *toy_city();
    CasaLine line = city.lines[0];
    CasaLonLat way[] = { { -7.7, 33.549 }, { -7.6, 33.549 }, { -7.5, 33.549 } };
    PaintedMap p;

    line.track.points = way;
    city.lines = &line;
    begin_event(&p, d, "charge −89 %");
    p.base.city = &city;
    painted_map_signs(&p, NULL, 0);
    const CasaMapBox box = event_box(&p, "charge −89 %");
    const CasaLonLat middle = casa_map_unproject(&p.view, box.x + box.w / 2, box.y + box.h / 2);
    g_assert_cmpuint(casa_map_view_tracks(&p.view, &city, &box), ==, 0);
    g_assert_true(casa_city_district_at(toy_city(), middle) == p.base.event);
    g_hash_table_unref(p.base.places);
    painted_map_clear(&p);
  }
}

/* Wherever the line between with and without stands, it cuts no name in two, and an event's is on the side that is measured. */
static void
test_split_cuts_no_name(void)
{
  for (double line = 120; line < 860; line += 40) {
    PaintedMap p;

    begin_event(&p, 2, "charge −89 %");
    p.base.without = (CasaMapBox){ line, 0, 900 - line, 600 };
    painted_map_signs(&p, NULL, 0);
    if (g_hash_table_contains(p.base.places, "event")) {
      const CasaMapBox box = event_box(&p, "charge −89 %");
      g_assert_cmpfloat(box.x + box.w, <=, line);
    } else {
      g_assert_cmpfloat(line, <, 500); /* there was no room for it */
    }
    const CasaMapPlaced *landmark = g_hash_table_lookup(p.base.places, "gare");
    if (landmark) {
      g_autoptr(PangoLayout) name = casa_map_text(p.pango, "Inter", 16 * 0.85, PANGO_WEIGHT_NORMAL, 0, "Gare");
      double x, y, w, h;

      casa_map_text_size(name, &w, &h);
      casa_map_project(&p.view, toy_city()->places[0].at, &x, &y);
      const double left = x - 16 * 0.17 + landmark->dx;
      g_assert_true(left >= line || left + w <= line);
    }
    g_hash_table_unref(p.base.places);
    painted_map_clear(&p);
  }
}

/* Badges everywhere: they make room for the bubble. */
static void
test_callout_in_a_crowd(void)
{
  CasaMapBadge badges[240];
  CasaMapCallout callout = { { -7.6, 33.58 }, "Microcapteur 996 : PM10 70 µg/m³" };
  CasaMapBox all = { 0, 0, 900, 600 };
  double ink[2];

  for (guint i = 0; i < G_N_ELEMENTS(badges); i++) {
    badges[i] =
      (CasaMapBadge){ .at = { -7.7 + 0.2 * (i % 16) / 15.0, 33.5 + 0.16 * (i / 16) / 14.0 }, .band = 2, .priority = i };
    g_snprintf(badges[i].text, sizeof badges[i].text, "%u", 30 + i % 50);
  }
  for (guint k = 0; k < 2; k++) {
    PaintedMap p;

    painted_map_init(&p, toy_city(), "dark", "fr", 900, 600, 20);
    painted_map_base(&p);
    p.base.callout = k ? &callout : NULL;
    painted_map_signs(&p, badges, G_N_ELEMENTS(badges));
    if (k)
      painted_map_keep(&p, "map-toy-crowd.png");
    ink[k] = painted_map_share(&p, &all, p.base.theme->ink, 4) * all.w * all.h;
    painted_map_clear(&p);
  }
  g_assert_cmpfloat(ink[1] - ink[0], >, 4000);
}

/* Near, the whole city stands small beside the legend with the event's district in its colour; it covers neither that nor the
 * legend. Of the whole city there is none. */
static void
test_inset(gconstpointer lang)
{
  const CasaCity *city = toy_city();

  for (guint i = 0; i < city->n_districts; i++) {
    PaintedMap p;

    painted_map_init(&p, city, "dark", lang, 1280, 720, 18);
    painted_map_base(&p);
    CasaMapLegend legend = casa_map_legend_measure(p.pango, &p.base, p.w, p.h);
    g_assert_cmpfloat(casa_map_inset_measure(&p.view, &p.base, &legend).box.w, ==, 0);
    const CasaPath *ring = &city->districts[i].rings[0];
    CasaLonLat centre = { 0, 0 };
    for (guint k = 0; k < ring->n; k++)
      centre = (CasaLonLat){ centre.lon + ring->points[k].lon / ring->n, centre.lat + ring->points[k].lat / ring->n };
    p.base.event = &city->districts[i];
    p.view = casa_map_view_for(p.pango, &p.base, p.w, p.h, 2.8, &centre);
    casa_map_paint_base(p.cr, p.pango, &p.view, &p.base);
    painted_map_signs(&p, NULL, 0);
    const CasaMapInset inset = casa_map_inset_measure(&p.view, &p.base, &legend);
    g_assert_cmpfloat(inset.box.w, >, 60);
    g_assert_true(inset.box.x >= 0 && inset.box.x + inset.box.w <= p.w && inset.box.y + inset.box.h <= p.h);
    g_assert_true(inset.box.x >= legend.box.x + legend.box.w || inset.box.x + inset.box.w <= legend.box.x);
    g_assert_cmpfloat(painted_map_share(&p, &inset.box, casa_map_event_colour(p.base.theme), 3), >, 0.002);
    g_assert_cmpfloat(painted_map_share(&p, &inset.box, p.base.theme->ink, 3), >, 0.003); /* the frame */
    if (i == 0)
      painted_map_keep(&p, "map-toy-inset.png");
    painted_map_clear(&p);
  }
}

/* Beside the legend lies what is told: then the inset stands at the other side. */
static void
test_inset_aside(gconstpointer lang)
{
  const CasaCity *city = toy_city();
  PaintedMap p;
  guint moved = 0;

  painted_map_init(&p, city, "dark", lang, 1280, 720, 18);
  painted_map_base(&p);
  const CasaMapLegend legend = casa_map_legend_measure(p.pango, &p.base, p.w, p.h);
  p.base.event = &city->districts[0];
  const CasaPath *ring = &p.base.event->rings[0];
  for (guint k = 0; k < ring->n; k++) { /* the camera looks at each corner of it: one of them lies beside the legend */
    p.base.event = NULL;
    p.view = casa_map_view_for(p.pango, &p.base, p.w, p.h, 4, &ring->points[k]);
    const CasaMapInset at_rest = casa_map_inset_measure(&p.view, &p.base, &legend);
    p.base.event = &city->districts[0];
    const CasaMapInset inset = casa_map_inset_measure(&p.view, &p.base, &legend);
    const gboolean lies_on = casa_map_view_touches_district(&p.view, city, p.base.event, &at_rest.box);
    g_assert_cmpint(inset.box.x != at_rest.box.x, ==, lies_on);
    moved += lies_on;
  }
  g_assert_cmpuint(moved, >, 0);
  painted_map_clear(&p);
}

/* Of a place that is not in the picture, or of nothing, nothing is said. */
static void
test_callout_elsewhere(void)
{
  CasaMapCallout callout;
  PaintedMap p;

  painted_map_init(&p, toy_city(), "dark", "fr", 900, 600, 20);
  painted_map_base(&p);
  g_assert_cmpfloat(bubble_of(&p, (CasaLonLat){ -9, 33.5 }, "loin", &callout).box.w, ==, 0);
  g_assert_cmpfloat(bubble_of(&p, (CasaLonLat){ NAN, 33.5 }, "nulle part", &callout).box.w, ==, 0);
  g_assert_cmpfloat(bubble_of(&p, (CasaLonLat){ -7.55, 33.545 }, NULL, &callout).box.w, ==, 0);
  painted_map_clear(&p);
}

/* Of the pixels of @box. */
static double
share_changed(const guint8 *before, const guint8 *after, gsize stride, const CasaMapBox *box)
{
  guint changed = 0, all = 0;

  for (gsize y = (gsize)box->y; y < (gsize)(box->y + box->h); y++)
    for (gsize x = (gsize)box->x; x < (gsize)(box->x + box->w); x++, all++)
      changed += memcmp(before + y * stride + 4 * x, after + y * stride + 4 * x, 4) != 0;
  return (double)changed / MAX(all, 1);
}

/* A line on which something happens glows along its way, and nothing else does. */
static void
test_event_line(void)
{
  static const char *const themes[] = { "dark", "light" };

  for (guint i = 0; i < G_N_ELEMENTS(themes); i++) {
    PaintedMap p;
    const CasaCity *city = toy_city();
    const CasaLine *line = &city->lines[0];
    double x, y;

    painted_map_init(&p, city, themes[i], "fr", 900, 600, 20);
    painted_map_base(&p);
    casa_map_project(&p.view, line->track.points[0], &x, &y);
    const CasaMapBox at = { x - 12, y - 12, 24, 24 }, corner = { 2, 2, 24, 24 };
    cairo_surface_flush(p.surface);
    const gsize stride = (gsize)cairo_image_surface_get_stride(p.surface), size = stride * 600;
    g_autofree guint8 *before = g_memdup2(cairo_image_surface_get_data(p.surface), size);
    casa_map_event_line_paint(p.cr, &p.view, &p.base, line);
    cairo_surface_flush(p.surface);
    const guint8 *after = cairo_image_surface_get_data(p.surface);
    g_assert_cmpfloat(share_changed(before, after, stride, &at), >, 0.5);
    g_assert_cmpfloat(share_changed(before, after, stride, &corner), ==, 0);
    painted_map_keep(&p, i == 0 ? "map-toy-event-line-dark.png" : "map-toy-event-line-light.png");
    painted_map_clear(&p);
  }
}

/* The light of a district goes out on a part of the ground that is painted anew: it shows as much of the rim as the rest. */
static void
test_part_of_the_rim(void)
{
  for (guint step = 0; step < 3; step++) {
    CasaMapEventRim rim;
    PaintedMap whole, part;

    casa_map_event_rim_set(&rim, &toy_city()->districts[1], 1000000);
    painted_map_init(&whole, toy_city(), "dark", "fr", 900, 600, 20);
    painted_map_init(&part, toy_city(), "dark", "fr", 900, 600, 20);
    painted_map_base(&whole);
    painted_map_base(&part);
    casa_map_event_rim_paint(&rim, whole.cr, &whole.view, &whole.base, 1000000 + step * 400000, FALSE);
    casa_map_event_rim_paint_again(&rim, part.cr, &part.view, &part.base); /* whenever that is */
    const CasaMapBox far = { 60, 380, 60, 60 };
    cairo_surface_flush(whole.surface);
    cairo_surface_flush(part.surface);
    g_assert_cmpfloat(share_changed(cairo_image_surface_get_data(whole.surface), cairo_image_surface_get_data(part.surface),
                                    (gsize)cairo_image_surface_get_stride(whole.surface), &far),
                      ==, 0);
    painted_map_clear(&whole);
    painted_map_clear(&part);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/map/callout/bubble", test_callout);
  g_test_add_func("/map/callout/event-line", test_event_line);
  g_test_add_func("/map/callout/pointer", test_callout_pointer);
  g_test_add_func("/map/callout/in-a-crowd", test_callout_in_a_crowd);
  g_test_add_func("/map/callout/off-the-line", test_callout_off_the_line);
  g_test_add_func("/map/callout/event-name", test_event_name_off_the_line);
  g_test_add_func("/map/callout/split", test_split_cuts_no_name);
  g_test_add_func("/map/callout/part-of-the-rim", test_part_of_the_rim);
  g_test_add_func("/map/callout/elsewhere", test_callout_elsewhere);
  g_test_add_data_func("/map/callout/inset", "fr", test_inset);
  g_test_add_data_func("/map/callout/inset-ar", "ar", test_inset);
  g_test_add_data_func("/map/callout/inset-aside", "fr", test_inset_aside);
  g_test_add_data_func("/map/callout/inset-aside-ar", "ar", test_inset_aside);
  return g_test_run();
}
