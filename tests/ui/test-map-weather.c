/* SPDX-License-Identifier: Apache-2.0 */
#include "casa-build.h"
#include "painted-map.h"
#include "ui/map/comets.h"
#include <math.h>
#include <string.h>

/* Rain and wind over the map: seen on every ground, painted only where it is said, and still where nothing may move. */

#define W 1064
#define H 760

typedef struct {
  guint8 *marked; /* [W * H] */
  guint n;
} Marks;

static void
mark_cb(const CasaMapBox *box, gpointer data)
{
  Marks *marks = data;
  const int x0 = MAX((int)floor(box->x), 0), y0 = MAX((int)floor(box->y), 0);
  const int x1 = MIN((int)ceil(box->x + box->w), W), y1 = MIN((int)ceil(box->y + box->h), H);

  marks->n++;
  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      marks->marked[y * W + x] = 1;
}

static guint32 *
pixels(PaintedMap *p)
{
  guint32 *copy = g_new(guint32, W * H);

  cairo_surface_flush(p->surface);
  for (int y = 0; y < H; y++)
    memcpy(copy + y * W, cairo_image_surface_get_data(p->surface) + y * cairo_image_surface_get_stride(p->surface), W * 4);
  return copy;
}

/* By how much the channel that differs most does, 0 to 255. */
static int
difference(guint32 a, guint32 b)
{
  int most = 0;

  for (int shift = 0; shift < 24; shift += 8)
    most = MAX(most, ABS((int)(a >> shift & 0xff) - (int)(b >> shift & 0xff)));
  return most;
}

typedef struct {
  guint changed, plain; /* pixels: any change; one that is seen from afar */
  guint outside;        /* changed where nothing was marked */
  guint n_marks;
} Seen;

#define PLAIN 40 /* of 255 */

typedef struct {
  const char *theme;
  double rain, east_ms; /* rain 0: wind of @speed */
  double speed, s;
  gboolean still, dust;
} Weather;

static Seen
look(const CasaCity *city, const Weather *weather, guint32 **after, const char *name)
{
  static const CasaMapPoint dust = { { -7.6, 33.57 }, 200 };
  PaintedMap p;
  Seen seen = { 0 };
  Marks marks = { .marked = g_new0(guint8, W * H) };

  painted_map_init(&p, city, weather->theme, "fr", W, H, 22);
  if (weather->dust) {
    p.base.field = &dust;
    p.base.n_field = 1;
  }
  painted_map_base(&p);
  const CasaMapMoment moment = { .view = &p.view,
                                 .base = &p.base,
                                 .device_scale = 1,
                                 .s = weather->s,
                                 .still = weather->still,
                                 .mark = mark_cb,
                                 .data = &marks };
  g_autofree guint32 *before = pixels(&p);
  if (weather->speed > 0)
    casa_map_streaks_paint(p.cr, &moment, 110, weather->speed, 220);
  else
    casa_map_rain_paint(p.cr, &moment, weather->rain, weather->east_ms, weather->still);
  g_autofree guint32 *now = pixels(&p);
  for (int i = 0; i < W * H; i++) {
    const int d = difference(before[i], now[i]);
    seen.changed += d > 0;
    seen.plain += d >= PLAIN;
    seen.outside += d > 0 && !marks.marked[i];
  }
  seen.n_marks = marks.n;
  if (name)
    painted_map_keep(&p, name);
  if (after)
    *after = g_steal_pointer(&now);
  g_free(marks.marked);
  painted_map_clear(&p);
  return seen;
}

static CasaCity *
casablanca(void)
{
  g_autoptr(GError) error = NULL;
  CasaCity *city = casa_city_load(CASA_SOURCE_ROOT "/config", &error);

  g_assert_no_error(error);
  return city;
}

static const char *const themes[] = { "dark", "light", "contrast" };

/* From the last row: a per mille of the picture differs plainly from the ground, whatever the theme. */
static void
test_rain_is_seen(void)
{
  g_autoptr(CasaCity) city = casablanca();

  for (guint i = 0; i < G_N_ELEMENTS(themes); i++) {
    g_autofree char *name = g_strdup_printf("map-rain-%s.png", themes[i]);
    const Weather strong = { .theme = themes[i], .rain = 1, .east_ms = 4, .s = 11.3 };
    const Weather light = { .theme = themes[i], .rain = 0.3, .s = 11.3 }, none = { .theme = themes[i], .s = 11.3 };
    const Seen pours = look(city, &strong, NULL, name), drizzles = look(city, &light, NULL, NULL);
    g_test_message("%s: %u pixels of %d, %u of a drizzle", themes[i], pours.plain, W * H, drizzles.plain);
    g_assert_cmpuint(pours.plain, >, W * H / 100);
    g_assert_cmpuint(drizzles.plain, >, W * H / 1000);
    g_assert_cmpuint(pours.plain, >, 2 * drizzles.plain);
    g_assert_cmpuint(pours.outside, ==, 0);
    g_assert_cmpuint(look(city, &none, NULL, NULL).changed, ==, 0);
  }
}

static void
test_wind_is_seen(void)
{
  g_autoptr(CasaCity) city = casablanca();

  for (guint i = 0; i < G_N_ELEMENTS(themes); i++)
    for (guint dust = 0; dust < 2; dust++) {
      g_autofree char *name = g_strdup_printf("map-wind-%s%s.png", themes[i], dust ? "-dust" : "");
      const Weather storm = { .theme = themes[i], .speed = 13, .s = 11.3, .dust = dust };
      const Weather breeze = { .theme = themes[i], .speed = 4, .s = 11.3, .dust = dust };
      const Seen blows = look(city, &storm, NULL, name), breathes = look(city, &breeze, NULL, NULL);
      g_test_message("%s, dust %u: %u pixels, %u of a breeze", themes[i], dust, blows.plain, breathes.plain);
      g_assert_cmpuint(blows.plain, >, W * H / 100);
      g_assert_cmpuint(breathes.plain, >, W * H / 1000);
      g_assert_cmpuint(blows.plain, >, 2 * breathes.plain);
      g_assert_cmpuint(blows.outside, ==, 0);
    }
}

/* Drops fall; where nothing may move they stand. */
static void
test_still(void)
{
  g_autoptr(CasaCity) city = casablanca();

  for (guint still = 0; still < 2; still++) {
    const Weather first = { .theme = "dark", .rain = 0.8, .s = 5, .still = still };
    const Weather later = { .theme = "dark", .rain = 0.8, .s = 5.4, .still = still };
    g_autofree guint32 *a = NULL, *b = NULL;
    look(city, &first, &a, still ? "map-rain-still.png" : NULL);
    look(city, &later, &b, NULL);
    g_assert_cmpint(memcmp(a, b, W * H * sizeof *a) == 0, ==, still);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/map/weather/rain-is-seen", test_rain_is_seen);
  g_test_add_func("/map/weather/wind-is-seen", test_wind_is_seen);
  g_test_add_func("/map/weather/still", test_still);
  return g_test_run();
}
