/* SPDX-License-Identifier: Apache-2.0 */
#include "casa-build.h"
#include "toy-city.h"
#include "ui/text/lang.h"
#include "ui/map/badges.h"
#include "ui/map/event-rim.h"
#include "ui/map/inset.h"
#include "ui/map/map-callout.h"
#include "ui/map/map-legend.h"
#include "ui/map/map-paint.h"
#include <math.h>
#include <pango/pangocairo.h>

/* A picture that is looked at by code, and kept beside the test for people. */
typedef struct {
  cairo_surface_t *surface;
  cairo_t *cr;
  PangoContext *pango;
  CasaMapBase base;
  CasaMapDistrict districts[32];
  CasaMapView view;
  int w, h;
} Picture;

static void
picture_init(Picture *p, const CasaCity *city, const char *theme, const char *lang, int w, int h, double em)
{
  casa_lang_set(lang);
  *p = (Picture){ .w = w, .h = h };
  p->surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, w, h);
  p->cr = cairo_create(p->surface);
  p->pango = pango_cairo_create_context(p->cr);
  for (guint i = 0; i < 32; i++)
    p->districts[i] = (CasaMapDistrict){ (i * 37 % 100) * 1.9, 1 };
  p->base = (CasaMapBase){
    .city = city,
    .theme = casa_theme_get(theme),
    .font = "Inter",
    .font_px = em,
    .districts = p->districts,
    .scale = { "PM10 par arrondissement", "µg/m³", "moyenne 1 h · 10 stations", CASA_MAP_RAMP_DUST, 0, 200, NAN, NULL, 0 },
    .attribution = _("© contributeurs OpenStreetMap"),
    .rtl = casa_lang_rtl(),
  };
}

static void
picture_base(Picture *p)
{
  p->view = casa_map_view_for(p->pango, &p->base, p->w, p->h, 1, NULL);
  casa_map_paint_base(p->cr, p->pango, &p->view, &p->base);
}

static void
picture_signs(Picture *p, const CasaMapBadge *badges, guint n)
{
  casa_map_paint_signs(p->cr, p->pango, &p->view, &p->base, badges, n);
}

static void
picture_clear(Picture *p)
{
  g_object_unref(p->pango);
  cairo_destroy(p->cr);
  cairo_surface_destroy(p->surface);
  casa_lang_set("fr");
}

static void
keep(Picture *p, const char *name)
{
  g_autofree char *path = g_test_build_filename(G_TEST_BUILT, name, NULL);

  g_assert_cmpint(cairo_surface_write_to_png(p->surface, path), ==, CAIRO_STATUS_SUCCESS);
}

static guint32
pixel(Picture *p, int x, int y)
{
  const guint8 *data;

  g_assert_true(x >= 0 && y >= 0 && x < p->w && y < p->h);
  cairo_surface_flush(p->surface);
  data = cairo_image_surface_get_data(p->surface) + y * cairo_image_surface_get_stride(p->surface) + x * 4;
  return *(const guint32 *)(gconstpointer)data & 0xffffff;
}

static guint32
rgb24(CasaRgb c)
{
  return (guint32)lround(c.r * 255) << 16 | (guint32)lround(c.g * 255) << 8 | (guint32)lround(c.b * 255);
}

static gboolean
close_to(guint32 a, guint32 b, int tolerance)
{
  for (int shift = 0; shift < 24; shift += 8)
    if (ABS((int)(a >> shift & 0xff) - (int)(b >> shift & 0xff)) > tolerance)
      return FALSE;
  return TRUE;
}

/* Share of pixels of @box that are about @colour. */
static double
share(Picture *p, const CasaMapBox *box, CasaRgb colour, int tolerance)
{
  guint hit = 0, all = 0;

  for (int y = (int)box->y; y < box->y + box->h; y++)
    for (int x = (int)box->x; x < box->x + box->w; x++, all++)
      hit += close_to(pixel(p, x, y), rgb24(colour), tolerance);
  return (double)hit / MAX(all, 1);
}

static CasaMapBox
around(Picture *p, CasaLonLat at, double r)
{
  double x, y;

  casa_map_project(&p->view, at, &x, &y);
  return (CasaMapBox){ x - r, y - r, 2 * r, 2 * r };
}

static const char *const themes[] = { "dark", "light", "contrast" };

/* The colour of @value on the picture's scale. */
static CasaRgb
colour_of(Picture *p, double value)
{
  return casa_map_ramp(p->base.theme, p->base.scale.ramp, value / p->base.scale.max);
}

static void
test_districts_have_their_colour(void)
{
  static const double values[4] = { 5, 45, 120, 400 };

  for (guint t = 0; t < 3; t++) {
    g_autofree char *name = g_strdup_printf("map-toy-%s.png", themes[t]);
    Picture p;

    picture_init(&p, toy_city(), themes[t], "fr", 900, 600, 18);
    for (guint i = 0; i < 4; i++)
      p.districts[i].value = values[i];
    picture_base(&p);
    picture_signs(&p, NULL, 0);
    keep(&p, name);
    for (guint i = 0; i < 4; i++) {
      CasaMapBox box =
        around(&p, (CasaLonLat){ toy_city()->districts[i].centroid.lon - 0.02, toy_city()->districts[i].centroid.lat }, 10);

      g_assert_cmpfloat(share(&p, &box, colour_of(&p, MIN(values[i], 200)), 1), ==, 1);
    }
    picture_clear(&p);
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
    Picture p;
    CasaMapBox box;
    double ground;

    picture_init(&p, toy_city(), themes[t], "fr", 900, 600, 18);
    p.districts[1].value = NAN;
    picture_base(&p);
    box = around(&p, toy_city()->districts[1].centroid, 20);
    ground = share(&p, &box, p.base.theme->district, 1);
    g_assert_cmpfloat(ground, >, 0.3);
    g_assert_cmpfloat(ground, <, 0.95); /* the rest is the hatching */
    for (guint i = 0; i <= 10; i++)
      g_assert_cmpfloat(share(&p, &box, colour_of(&p, i * 20), 1), <, 0.05);
    p.base.districts = NULL; /* nothing known at all is painted too */
    picture_base(&p);
    picture_clear(&p);
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
      Picture p;
      CasaMapLegend legend;
      gboolean rtl;

      picture_init(&p, toy_city(), themes[t % 3], t < 3 ? "fr" : "ar", sizes[i].w, sizes[i].h, sizes[i].em);
      rtl = casa_lang_rtl();
      if (t == 0)
        p.base.attribution = NULL; /* not a way to be rid of it */
      picture_base(&p);
      picture_signs(&p, NULL, 0);
      legend = casa_map_legend_measure(p.pango, &p.base, p.w, p.h);
      g_assert_cmpfloat(legend.attribution.y, >, p.h * 0.7);
      g_assert_cmpfloat(legend.attribution.y + legend.attribution.h, <=, p.h);
      g_assert_true(rtl ? legend.attribution.x + legend.attribution.w > p.w * 0.8 : legend.attribution.x < p.w * 0.2);
      g_assert_cmpfloat(legend.attribution.x, >=, 0);
      g_assert_false(casa_map_view_touches(&p.view, p.base.city, &legend.attribution));
      /* Its ink, paler the smaller it is; newer FreeTypes draw thinner. */
      g_assert_cmpfloat(share(&p, &legend.attribution, p.base.theme->muted, 100), >, 0.03);
      picture_clear(&p);
    }
}

static void
test_legend_beside_the_city(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
    for (guint rtl = 0; rtl < 2; rtl++) {
      Picture p;
      CasaMapLegend legend;

      picture_init(&p, toy_city(), "dark", rtl ? "ar" : "fr", sizes[i].w, sizes[i].h, sizes[i].em);
      picture_base(&p);
      picture_signs(&p, NULL, 0);
      legend = casa_map_legend_measure(p.pango, &p.base, p.w, p.h);
      g_assert_cmpfloat(legend.box.w, >, 0);
      g_assert_false(casa_map_view_touches(&p.view, p.base.city, &legend.box));
      g_assert_true(rtl ? legend.box.x + legend.box.w > p.w * 0.9 : legend.box.x < p.w * 0.1);
      for (guint c = 0; c <= 5; c++)
        g_assert_cmpfloat(share(&p, &legend.box, colour_of(&p, c * 40), 10), >, 0.0015);
      picture_clear(&p);
    }
}

/* A value is there in its colour, on a dark ground; one without news is drawn hollow. Text from strangers does no harm. */
static void
test_badges(void)
{
  Picture p;
  CasaMapBadge badges[3] = {
    { { -7.55, 33.545 }, "74", 5, FALSE, 1 },
    { { -7.65, 33.62 }, "12", 1, TRUE, 1 },
    { { -7.55, 33.62 }, "<b>\xff&%s", 99, FALSE, 1, 0, TRUE },
  };
  CasaMapBox fresh, stale, team;
  CasaRgb orange;

  picture_init(&p, toy_city(), "dark", "fr", 900, 600, 20);
  picture_base(&p);
  picture_signs(&p, badges, 3);
  keep(&p, "map-toy-badges.png");
  orange = casa_rgb_readable(p.base.theme->ramp[5], p.base.theme->ground, 5.5);
  fresh = around(&p, badges[0].at, 14);
  stale = around(&p, badges[1].at, 16);
  g_assert_cmpfloat(share(&p, &fresh, orange, 12), >, 0.04);
  g_assert_cmpfloat(share(&p, &fresh, p.base.theme->ground, 12), >, 0.2);
  g_assert_cmpfloat(share(&p, &stale, p.base.theme->muted, 12), >, 0.05);
  g_assert_cmpfloat(share(&p, &stale, orange, 12), ==, 0);
  team = around(&p, badges[2].at, 60); /* a team's is told apart */
  g_assert_cmpfloat(share(&p, &team, p.base.theme->provenance, 12), >, 0.01);
  g_assert_cmpfloat(share(&p, &fresh, p.base.theme->provenance, 12), ==, 0);
  picture_clear(&p);
}

/* How many bytes of two pictures differ. */
static guint
differ(Picture *a, Picture *b)
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
  Picture pictures[G_N_ELEMENTS(kinds)];

  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
    const CasaMapBadge badge = { .at = { -7.55, 33.545 }, .text = "74", .band = kinds[i].band, .bad = kinds[i].bad };

    picture_init(&pictures[i], toy_city(), "dark", "fr", 900, 600, 20);
    picture_base(&pictures[i]);
    picture_signs(&pictures[i], &badge, 1);
  }
  g_assert_cmpuint(differ(&pictures[0], &pictures[1]), >, 20);
  g_assert_cmpuint(differ(&pictures[0], &pictures[2]), >, 20);
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
    picture_clear(&pictures[i]);
}

static CasaMapBubble
bubble_of(Picture *p, CasaLonLat at, const char *text, CasaMapCallout *callout)
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
      Picture p;

      picture_init(&p, toy_city(), "dark", k == 2 ? "ar" : "fr", 900, 600, 20);
      picture_base(&p);
      CasaMapBubble bubble = bubble_of(&p, places[i], k < G_N_ELEMENTS(texts) ? texts[k] : endless, &callout);
      picture_signs(&p, &badge, 1);
      if (i == 0 && k == 0)
        keep(&p, "map-toy-callout.png");
      g_assert_cmpfloat(bubble.box.w, >, 20);
      g_assert_cmpfloat(bubble.box.x, >=, 8);
      g_assert_cmpfloat(bubble.box.x + bubble.box.w, <=, 892);
      g_assert_cmpfloat(bubble.box.y, >=, 8);
      g_assert_cmpfloat(bubble.box.y + bubble.box.h, <=, 592);
      g_assert_false(bubble.x > bubble.box.x && bubble.x < bubble.box.x + bubble.box.w && bubble.y > bubble.box.y &&
                     bubble.y < bubble.box.y + bubble.box.h);
      picture_clear(&p);
    }
}

/* What is placed after the bubble keeps off its pointer, from the bubble to the place. */
static void
test_callout_pointer(void)
{
  CasaMapCallout callout;
  g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(CasaMapBox));
  Picture p;

  picture_init(&p, toy_city(), "dark", "fr", 900, 600, 20);
  picture_base(&p);
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
  picture_clear(&p);
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
    Picture p;

    picture_init(&p, toy_city(), "dark", "fr", 900, 600, 20);
    picture_base(&p);
    p.base.callout = k ? &callout : NULL;
    picture_signs(&p, badges, G_N_ELEMENTS(badges));
    if (k)
      keep(&p, "map-toy-crowd.png");
    ink[k] = share(&p, &all, p.base.theme->ink, 4) * all.w * all.h;
    picture_clear(&p);
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
    Picture p;

    picture_init(&p, city, "dark", lang, 1280, 720, 18);
    picture_base(&p);
    CasaMapLegend legend = casa_map_legend_measure(p.pango, &p.base, p.w, p.h);
    g_assert_cmpfloat(casa_map_inset_measure(&p.view, &p.base, &legend).box.w, ==, 0);
    const CasaPath *ring = &city->districts[i].rings[0];
    CasaLonLat centre = { 0, 0 };
    for (guint k = 0; k < ring->n; k++)
      centre = (CasaLonLat){ centre.lon + ring->points[k].lon / ring->n, centre.lat + ring->points[k].lat / ring->n };
    p.base.event = &city->districts[i];
    p.view = casa_map_view_for(p.pango, &p.base, p.w, p.h, 2.8, &centre);
    casa_map_paint_base(p.cr, p.pango, &p.view, &p.base);
    picture_signs(&p, NULL, 0);
    const CasaMapInset inset = casa_map_inset_measure(&p.view, &p.base, &legend);
    g_assert_cmpfloat(inset.box.w, >, 60);
    g_assert_true(inset.box.x >= 0 && inset.box.x + inset.box.w <= p.w && inset.box.y + inset.box.h <= p.h);
    g_assert_true(inset.box.x >= legend.box.x + legend.box.w || inset.box.x + inset.box.w <= legend.box.x);
    g_assert_cmpfloat(share(&p, &inset.box, casa_map_event_colour(p.base.theme), 3), >, 0.002);
    g_assert_cmpfloat(share(&p, &inset.box, p.base.theme->ink, 3), >, 0.003); /* the frame */
    if (i == 0)
      keep(&p, "map-toy-inset.png");
    picture_clear(&p);
  }
}

/* Beside the legend lies what is told: then the inset stands at the other side. */
static void
test_inset_aside(gconstpointer lang)
{
  const CasaCity *city = toy_city();
  Picture p;
  guint moved = 0;

  picture_init(&p, city, "dark", lang, 1280, 720, 18);
  picture_base(&p);
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
  picture_clear(&p);
}

/* Of a place that is not in the picture, or of nothing, nothing is said. */
static void
test_callout_elsewhere(void)
{
  CasaMapCallout callout;
  Picture p;

  picture_init(&p, toy_city(), "dark", "fr", 900, 600, 20);
  picture_base(&p);
  g_assert_cmpfloat(bubble_of(&p, (CasaLonLat){ -9, 33.5 }, "loin", &callout).box.w, ==, 0);
  g_assert_cmpfloat(bubble_of(&p, (CasaLonLat){ NAN, 33.5 }, "nulle part", &callout).box.w, ==, 0);
  g_assert_cmpfloat(bubble_of(&p, (CasaLonLat){ -7.55, 33.545 }, NULL, &callout).box.w, ==, 0);
  picture_clear(&p);
}

/* The ink of the name of the toy city's landmark, left and right of its mark, on a coast of @land. */
static void
name_ink(const CasaPath *land, double ink[2])
{
  CasaCity city = *toy_city();
  Picture p;
  double x, y;

  city.land = (CasaPath *)land;
  city.n_land = 1;
  picture_init(&p, &city, "dark", "fr", 900, 600, 20);
  picture_base(&p);
  picture_signs(&p, NULL, 0);
  casa_map_project(&p.view, city.places[0].at, &x, &y);
  for (guint i = 0; i < 2; i++) {
    CasaMapBox box = { i == 0 ? x - 55 : x + 10, y - 12, 45, 24 };

    ink[i] = share(&p, &box, p.base.theme->ink, 60);
  }
  picture_clear(&p);
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
static void
test_nothing_to_draw(void)
{
  static const CasaCity empty = { 0 };
  Picture p;

  picture_init(&p, &empty, "dark", "fr", 320, 200, 12);
  p.base.scale.title = NULL;
  p.base.scale.note = NULL;
  picture_base(&p);
  picture_signs(&p, NULL, 0);
  g_assert_cmpint(cairo_status(p.cr), ==, CAIRO_STATUS_SUCCESS);
  picture_clear(&p);
  picture_init(&p, toy_city(), "dark", "fr", 20, 10, 40);
  picture_base(&p);
  g_assert_cmpint(cairo_status(p.cr), ==, CAIRO_STATUS_SUCCESS);
  picture_clear(&p);
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
    Picture p;

    picture_init(&p, city, shots[i].theme, shots[i].lang, shots[i].w, shots[i].h, shots[i].em);
    p.base.lamps = p.base.theme->dark;
    p.base.darkness = 1;
    picture_base(&p);
    picture_signs(&p, badges, 2);
    keep(&p, shots[i].name);
    legend = casa_map_legend_measure(p.pango, &p.base, p.w, p.h);
    g_assert_cmpfloat(legend.box.w, >, 0);
    g_assert_false(casa_map_view_touches(&p.view, city, &legend.box));
    g_assert_false(casa_map_view_touches(&p.view, city, &legend.attribution));
    picture_clear(&p);
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
  g_test_add_func("/map/paint/callout", test_callout);
  g_test_add_func("/map/paint/callout-pointer", test_callout_pointer);
  g_test_add_func("/map/paint/callout-in-a-crowd", test_callout_in_a_crowd);
  g_test_add_func("/map/paint/callout-elsewhere", test_callout_elsewhere);
  g_test_add_data_func("/map/paint/inset", "fr", test_inset);
  g_test_add_data_func("/map/paint/inset-ar", "ar", test_inset);
  g_test_add_data_func("/map/paint/inset-aside", "fr", test_inset_aside);
  g_test_add_data_func("/map/paint/inset-aside-ar", "ar", test_inset_aside);
  g_test_add_func("/map/paint/name-beside-the-piers", test_name_beside_the_piers);
  g_test_add_func("/map/paint/nothing-to-draw", test_nothing_to_draw);
  g_test_add_func("/map/paint/casablanca", test_casablanca);
  return g_test_run();
}
