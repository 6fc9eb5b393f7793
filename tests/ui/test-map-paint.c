/* SPDX-License-Identifier: Apache-2.0 */
#include "casa-build.h"
#include "painted-map.h"
#include "toy-city.h"
#include "ui/map/badges.h"
#include "ui/map/map-legend.h"
#include "ui/text/lang.h"
#include <math.h>

static const char *const themes[] = { "dark", "light", "contrast" };

/* The colour of @value on the picture's scale. */
static CasaRgb
colour_of(PaintedMap *p, double value)
{
  return casa_map_ramp(p->base.theme, p->base.scale.ramp, value / p->base.scale.max);
}

static void
test_districts_have_their_colour(void)
{
  static const double values[4] = { 5, 45, 120, 400 };

  for (guint t = 0; t < 3; t++) {
    g_autofree char *name = g_strdup_printf("map-toy-%s.png", themes[t]);
    PaintedMap p;

    painted_map_init(&p, toy_city(), themes[t], "fr", 900, 600, 18);
    for (guint i = 0; i < 4; i++)
      p.districts[i].value = values[i];
    painted_map_base(&p);
    painted_map_signs(&p, NULL, 0);
    painted_map_keep(&p, name);
    for (guint i = 0; i < 4; i++) {
      CasaMapBox box = painted_map_around(
        &p, (CasaLonLat){ toy_city()->districts[i].centroid.lon - 0.02, toy_city()->districts[i].centroid.lat }, 10);

      g_assert_cmpfloat(painted_map_share(&p, &box, colour_of(&p, MIN(values[i], 200)), 1), ==, 1);
    }
    painted_map_clear(&p);
  }
}

/* Each scale of colours goes one way in lightness, in each theme: order survives a grey print. */
static void
test_ramps_keep_one_direction(void)
{
  for (guint t = 0; t < 3; t++)
    for (guint ramp = CASA_MAP_RAMP_DENSITY; ramp <= CASA_MAP_RAMP_DUST; ramp++) {
      const CasaTheme *theme = casa_theme_get(themes[t]);
      double first = casa_rgb_luminance(casa_map_ramp(theme, ramp, 0)), before = first;

      for (guint i = 1; i <= 20; i++) {
        double now = casa_rgb_luminance(casa_map_ramp(theme, ramp, i / 20.0));

        g_assert_true(theme->dark ? now > before - 1e-9 : now < before + 1e-9);
        before = now;
      }
      g_assert_cmpfloat(fabs(before - first), >, 0.03);
    }
}

static void
test_no_data_is_hatched(void)
{
  for (guint t = 0; t < 3; t++) {
    PaintedMap p;
    CasaMapBox box;
    double ground;

    painted_map_init(&p, toy_city(), themes[t], "fr", 900, 600, 18);
    p.districts[1].value = NAN;
    painted_map_base(&p);
    box = painted_map_around(&p, toy_city()->districts[1].centroid, 20);
    ground = painted_map_share(&p, &box, p.base.theme->district, 1);
    g_assert_cmpfloat(ground, >, 0.3);
    g_assert_cmpfloat(ground, <, 0.95); /* the rest is the hatching */
    for (guint i = 0; i <= 10; i++)
      g_assert_cmpfloat(painted_map_share(&p, &box, colour_of(&p, i * 20), 1), <, 0.05);
    p.base.districts = NULL; /* nothing known at all is painted too */
    painted_map_base(&p);
    painted_map_clear(&p);
  }
}

static const struct {
  int w, h;
  double em;
} sizes[] = { { 300, 200, 9 }, { 640, 480, 14 }, { 1064, 760, 22 }, { 1200, 300, 16 }, { 3840, 2160, 44 } };

/* In every size, theme and direction: the attribution is legible, in its corner, and nothing lies over it. */
static void
test_attribution_always(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
    for (guint t = 0; t < 6; t++) {
      PaintedMap p;
      CasaMapLegend legend;
      gboolean rtl;

      painted_map_init(&p, toy_city(), themes[t % 3], t < 3 ? "fr" : "ar", sizes[i].w, sizes[i].h, sizes[i].em);
      rtl = casa_lang_rtl();
      if (t == 0)
        p.base.attribution = NULL; /* not a way to be rid of it */
      painted_map_base(&p);
      painted_map_signs(&p, NULL, 0);
      legend = casa_map_legend_measure(p.pango, &p.base, p.w, p.h);
      g_assert_cmpfloat(legend.attribution.y, >, p.h * 0.7);
      g_assert_cmpfloat(legend.attribution.y + legend.attribution.h, <=, p.h);
      g_assert_true(rtl ? legend.attribution.x + legend.attribution.w > p.w * 0.8 : legend.attribution.x < p.w * 0.2);
      g_assert_cmpfloat(legend.attribution.x, >=, 0);
      g_assert_false(casa_map_view_touches(&p.view, p.base.city, &legend.attribution));
      /* Its ink, paler the smaller it is; newer FreeTypes draw thinner. */
      g_assert_cmpfloat(painted_map_share(&p, &legend.attribution, p.base.theme->muted, 100), >, 0.03);
      painted_map_clear(&p);
    }
}

static void
test_legend_beside_the_city(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
    for (guint rtl = 0; rtl < 2; rtl++) {
      PaintedMap p;
      CasaMapLegend legend;

      painted_map_init(&p, toy_city(), "dark", rtl ? "ar" : "fr", sizes[i].w, sizes[i].h, sizes[i].em);
      painted_map_base(&p);
      painted_map_signs(&p, NULL, 0);
      legend = casa_map_legend_measure(p.pango, &p.base, p.w, p.h);
      g_assert_cmpfloat(legend.box.w, >, 0);
      g_assert_false(casa_map_view_touches(&p.view, p.base.city, &legend.box));
      g_assert_true(rtl ? legend.box.x + legend.box.w > p.w * 0.9 : legend.box.x < p.w * 0.1);
      for (guint c = 0; c <= 5; c++)
        g_assert_cmpfloat(painted_map_share(&p, &legend.box, colour_of(&p, c * 40), 10), >, 0.0015);
      painted_map_clear(&p);
    }
}

/* A value is there in its colour, on a dark ground; one without news is drawn hollow. Text from strangers does no harm. */
static void
test_badges(void)
{
  PaintedMap p;
  CasaMapBadge badges[3] = {
    { { -7.55, 33.545 }, "74", 5, FALSE, 1 },
    { { -7.65, 33.62 }, "12", 1, TRUE, 1 },
    { { -7.55, 33.62 }, "<b>\xff&%s", 99, FALSE, 1, 0, TRUE },
  };
  CasaMapBox fresh, stale, team;
  CasaRgb orange;

  painted_map_init(&p, toy_city(), "dark", "fr", 900, 600, 20);
  painted_map_base(&p);
  painted_map_signs(&p, badges, 3);
  painted_map_keep(&p, "map-toy-badges.png");
  orange = casa_rgb_readable(p.base.theme->ramp[5], p.base.theme->ground, 5.5);
  fresh = painted_map_around(&p, badges[0].at, 14);
  stale = painted_map_around(&p, badges[1].at, 16);
  g_assert_cmpfloat(painted_map_share(&p, &fresh, orange, 12), >, 0.04);
  g_assert_cmpfloat(painted_map_share(&p, &fresh, p.base.theme->ground, 12), >, 0.2);
  g_assert_cmpfloat(painted_map_share(&p, &stale, p.base.theme->muted, 12), >, 0.05);
  g_assert_cmpfloat(painted_map_share(&p, &stale, orange, 12), ==, 0);
  team = painted_map_around(&p, badges[2].at, 60); /* a team's is told apart */
  g_assert_cmpfloat(painted_map_share(&p, &team, p.base.theme->provenance, 12), >, 0.01);
  g_assert_cmpfloat(painted_map_share(&p, &fresh, p.base.theme->provenance, 12), ==, 0);
  painted_map_clear(&p);
}

/* How many bytes of two pictures differ. */
static guint
differ(PaintedMap *a, PaintedMap *b)
{
  const guint8 *one = cairo_image_surface_get_data(a->surface), *other = cairo_image_surface_get_data(b->surface);
  guint n = 0;

  cairo_surface_flush(a->surface);
  cairo_surface_flush(b->surface);
  for (int i = 0; i < cairo_image_surface_get_stride(a->surface) * a->h; i++)
    n += one[i] != other[i];
  return n;
}

/* What the words call bad has another shape than what they do not, whatever its colour; so have low and middle bands. */
static void
test_badge_shapes(void)
{
  static const struct {
    guint band;
    gboolean bad;
  } kinds[] = { { 3, FALSE }, { 3, TRUE }, { 1, FALSE } };
  PaintedMap pictures[G_N_ELEMENTS(kinds)];

  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
    const CasaMapBadge badge = { .at = { -7.55, 33.545 }, .text = "74", .band = kinds[i].band, .bad = kinds[i].bad };

    painted_map_init(&pictures[i], toy_city(), "dark", "fr", 900, 600, 20);
    painted_map_base(&pictures[i]);
    painted_map_signs(&pictures[i], &badge, 1);
  }
  g_assert_cmpuint(differ(&pictures[0], &pictures[1]), >, 20);
  g_assert_cmpuint(differ(&pictures[0], &pictures[2]), >, 20);
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
    painted_map_clear(&pictures[i]);
}

/* The ink of the name of the toy city's landmark, left and right of its mark, on a coast of @land. */
static void
name_ink(const CasaPath *land, double ink[2])
{
  CasaCity city = *toy_city();
  PaintedMap p;
  double x, y;

  city.land = (CasaPath *)land;
  city.n_land = 1;
  painted_map_init(&p, &city, "dark", "fr", 900, 600, 20);
  painted_map_base(&p);
  painted_map_signs(&p, NULL, 0);
  casa_map_project(&p.view, city.places[0].at, &x, &y);
  for (guint i = 0; i < 2; i++) {
    CasaMapBox box = { i == 0 ? x - 55 : x + 10, y - 12, 45, 24 };

    ink[i] = painted_map_share(&p, &box, p.base.theme->ink, 60);
  }
  painted_map_clear(&p);
}

/* A name stands right of its place, but not on the piers of a port when the other side is free. */
static void
test_name_beside_the_piers(void)
{
  CasaLonLat plain[] = { { -8, 33.3 }, { -7.2, 33.3 }, { -7.2, 33.7 }, { -8, 33.6 } }, piers[24];
  const CasaPath empty = { plain, G_N_ELEMENTS(plain) }, port = { piers, G_N_ELEMENTS(piers) };
  double ink[2];

  for (guint i = 0; i < G_N_ELEMENTS(piers); i++)
    piers[i] = (CasaLonLat){ -7.547 + i * 0.0005, i % 2 ? 33.524 : 33.516 };
  name_ink(&empty, ink);
  g_assert_cmpfloat(ink[0], ==, 0);
  g_assert_cmpfloat(ink[1], >, 0.05);
  name_ink(&port, ink);
  g_assert_cmpfloat(ink[0], >, 0.05);
  g_assert_cmpfloat(ink[1], ==, 0);
}

/* Nothing that a caller might hand in breaks the picture. */
/* How much ink stands about the middle of a district. */
static double
ink_of_name(guint district, gboolean unusual)
{
  const gboolean where[4] = { FALSE, unusual, FALSE, FALSE };
  PaintedMap p;

  painted_map_init(&p, toy_city(), "dark", "fr", 900, 600, 18);
  p.base.unusual = where;
  painted_map_base(&p);
  painted_map_signs(&p, NULL, 0);
  CasaMapBox box = painted_map_around(&p, toy_city()->districts[district].centroid, 60);
  const double share = painted_map_share(&p, &box, p.base.theme->ink, 20);
  painted_map_clear(&p);
  return share;
}

/* What is unusual somewhere is marked with the district's name, brighter and with a sign; other names stay as they are. */
static void
test_unusual_is_marked(void)
{
  g_assert_cmpfloat(ink_of_name(1, TRUE), >, 2 * ink_of_name(1, FALSE) + 0.001);
  g_assert_cmpfloat_with_epsilon(ink_of_name(2, TRUE), ink_of_name(2, FALSE), 1e-9);
}

static void
test_nothing_to_draw(void)
{
  static const CasaCity empty = { 0 };
  PaintedMap p;

  painted_map_init(&p, &empty, "dark", "fr", 320, 200, 12);
  p.base.scale.title = NULL;
  p.base.scale.note = NULL;
  painted_map_base(&p);
  painted_map_signs(&p, NULL, 0);
  g_assert_cmpint(cairo_status(p.cr), ==, CAIRO_STATUS_SUCCESS);
  painted_map_clear(&p);
  painted_map_init(&p, toy_city(), "dark", "fr", 20, 10, 40);
  painted_map_base(&p);
  g_assert_cmpint(cairo_status(p.cr), ==, CAIRO_STATUS_SUCCESS);
  painted_map_clear(&p);
}

/* The city itself, for people to look at, in the sizes and languages of a stage. */
static void
test_casablanca(void)
{
  static const struct {
    const char *name, *theme, *lang;
    int w, h;
    double em;
  } shots[] = {
    { "map-casablanca-dark.png", "dark", "fr", 1064, 760, 22 },
    { "map-casablanca-light.png", "light", "fr", 1064, 760, 22 },
    { "map-casablanca-contrast-ar.png", "contrast", "ar", 1064, 760, 22 },
    { "map-casablanca-ar.png", "dark", "ar", 1064, 760, 22 },
    { "map-casablanca-en-small.png", "dark", "en", 300, 200, 10 },
    { "map-casablanca-4k.png", "dark", "fr", 3840, 2160, 44 },
  };
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaCity) city = casa_city_load(CASA_SOURCE_ROOT "/config", &error);

  g_assert_no_error(error);
  for (guint i = 0; i < G_N_ELEMENTS(shots); i++) {
    CasaMapBadge badges[2] = { { { -7.53, 33.607 }, "74", 4, FALSE, 9 }, { { -7.6235, 33.579 }, "52", 3, FALSE, 2 } };
    CasaMapLegend legend;
    PaintedMap p;

    painted_map_init(&p, city, shots[i].theme, shots[i].lang, shots[i].w, shots[i].h, shots[i].em);
    p.base.lamps = p.base.theme->dark;
    p.base.darkness = 1;
    painted_map_base(&p);
    painted_map_signs(&p, badges, 2);
    painted_map_keep(&p, shots[i].name);
    legend = casa_map_legend_measure(p.pango, &p.base, p.w, p.h);
    g_assert_cmpfloat(legend.box.w, >, 0);
    g_assert_false(casa_map_view_touches(&p.view, city, &legend.box));
    g_assert_false(casa_map_view_touches(&p.view, city, &legend.attribution));
    painted_map_clear(&p);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/map/paint/districts-have-their-colour", test_districts_have_their_colour);
  g_test_add_func("/map/paint/no-data-is-hatched", test_no_data_is_hatched);
  g_test_add_func("/map/paint/attribution-always", test_attribution_always);
  g_test_add_func("/map/paint/legend-beside-the-city", test_legend_beside_the_city);
  g_test_add_func("/map/paint/ramps-keep-one-direction", test_ramps_keep_one_direction);
  g_test_add_func("/map/paint/badges", test_badges);
  g_test_add_func("/map/paint/badge-shapes", test_badge_shapes);
  g_test_add_func("/map/paint/name-beside-the-piers", test_name_beside_the_piers);
  g_test_add_func("/map/paint/unusual-is-marked", test_unusual_is_marked);
  g_test_add_func("/map/paint/nothing-to-draw", test_nothing_to_draw);
  g_test_add_func("/map/paint/casablanca", test_casablanca);
  return g_test_run();
}
