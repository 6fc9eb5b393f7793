/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "city/city.h"
#include "ui/map/map-picture.h"
#include "ui/text/lang.h"
#include <math.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>

/* What a frame of the living map costs in cairo alone, with every vehicle in motion, roads, lamps and boardings: no widget, no
 * display. `bench-map CONFIG_DIR [PNG_DIR]`: with a second folder it also keeps pictures of what it drew. */

#define FRAMES 300
#define FLEET 69
#define INTERVAL_MS 5000
#define START_MS G_GINT64_CONSTANT(1795545612000) /* 2026-11-24T18:40:12Z: after dusk */

typedef struct {
  const CasaCity *city;
  CasaMapPicture *picture;
  cairo_surface_t *words; /* for the text context */
  cairo_t *cr;
  PangoContext *pango;
  gint64 reported_ms;
} Bench;

/* Where vehicle @i is at @t_ms: to and fro on its line at 18 km/h, each from its own start. */
static CasaMapReport
report_of(const Bench *b, guint i, gint64 t_ms)
{
  const CasaLine *line = &b->city->lines[i % b->city->n_lines];
  double km = fmod((double)(t_ms - START_MS) / 3600000 * 18 + i * 3.7 + 1000 * line->length_km, 2 * line->length_km);
  CasaMapReport report = { .key = i + 1, .line = line, .t_ms = t_ms };

  report.at = casa_line_at(line, km < line->length_km ? km : 2 * line->length_km - km);
  return report;
}

static void
report_until(Bench *b, gint64 now_ms)
{
  for (; b->reported_ms <= now_ms; b->reported_ms += INTERVAL_MS)
    for (guint i = 0; i < FLEET; i++) {
      CasaMapReport report = report_of(b, i, b->reported_ms - i % 50 * 100);

      casa_map_picture_report(b->picture, &report);
    }
}

static void
tell_values(Bench *b, gboolean dust)
{
  const CasaMapScale load = { _("Charge"), "MW/km²", NULL, CASA_MAP_RAMP_DENSITY, 0, 10, NAN, NULL, 0 };
  const CasaMapScale pm10 = { "PM10", "µg/m³", _("interpolé"), CASA_MAP_RAMP_DUST, 20, 280, 45, "OMS 45", 25 };
  g_autofree double *values = g_new(double, b->city->n_districts), *lit = g_new(double, b->city->n_districts);
  g_autofree double *speeds = g_new(double, MAX(b->city->n_roads, 1));
  CasaMapPoint field[10];

  for (guint i = 0; i < b->city->n_districts; i++) {
    values[i] = b->city->districts[i].population / b->city->districts[i].area_km2 / 3500;
    lit[i] = 1;
  }
  for (guint i = 0; i < b->city->n_roads; i++)
    speeds[i] = 0.1 + i * 37 % 90 / 100.0;
  for (guint i = 0; i < 10; i++)
    field[i] = (CasaMapPoint){ b->city->districts[i].centroid, 120 + i * 53 % 130 };
  casa_map_picture_set_scale(b->picture, dust ? &pm10 : &load);
  casa_map_picture_set_districts(b->picture, values);
  casa_map_picture_set_lit(b->picture, lit, casa_clock_mono_us());
  casa_map_picture_set_roads(b->picture, dust ? NULL : speeds);
  casa_map_picture_set_field(b->picture, field, dust ? 10 : 0);
  casa_map_picture_set_wind(b->picture, dust ? 112 : NAN, 14);
  for (guint i = 0; i < b->city->n_lines; i++)
    casa_map_picture_set_boarding(b->picture, &b->city->lines[i].stops[3], b->city->lines[i].rgb, 0.8);
}

static void
bench_init(Bench *b, const CasaCity *city, int w, int h, const char *theme, gboolean dust)
{
  *b = (Bench){ .city = city, .picture = casa_map_picture_new(city), .reported_ms = START_MS - CASA_MAP_TAIL_MS };
  b->words = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, 1, 1);
  b->cr = cairo_create(b->words);
  b->pango = pango_cairo_create_context(b->cr);
  casa_map_picture_set_style(b->picture, casa_theme_get(theme), "Inter", 23.6 * h / 1080, casa_lang_rtl());
  casa_map_picture_set_room(b->picture, 0, 0.2, 0.7, 0.7);
  casa_map_picture_set_size(b->picture, b->pango, w, h, 1);
  casa_map_picture_set_now(b->picture, dust ? START_MS - 5 * 3600000 : START_MS, 1, 0);
  b->reported_ms = casa_map_picture_now_ms(b->picture, 0) - CASA_MAP_TAIL_MS;
  tell_values(b, dust);
}

static void
bench_clear(Bench *b)
{
  casa_map_picture_free(b->picture);
  g_object_unref(b->pango);
  cairo_destroy(b->cr);
  cairo_surface_destroy(b->words);
}

static int
compare(const void *a, const void *b)
{
  double d = *(const double *)a - *(const double *)b;

  return d < 0 ? -1 : d > 0;
}

static double
frame(Bench *b, gint64 mono_us)
{
  gint64 before;

  report_until(b, casa_map_picture_now_ms(b->picture, mono_us));
  before = casa_clock_mono_us();
  casa_map_picture_frame(b->picture, b->pango, mono_us);
  return (double)(casa_clock_mono_us() - before) / 1000;
}

static void
keep(Bench *b, const char *dir, const char *name)
{
  g_autofree char *path = dir != NULL ? g_build_filename(dir, name, NULL) : NULL;

  if (path != NULL)
    cairo_surface_write_to_png(casa_map_tiles_picture(casa_map_picture_tiles(b->picture)), path);
}

/* Frames 33 ms apart of the data's time, as fast as they come. */
static void
measure(const char *name, const CasaCity *city, int w, int h, const char *theme, gboolean dust, const char *dir)
{
  double ms[FRAMES], first;
  Bench b;

  bench_init(&b, city, w, h, theme, dust);
  first = frame(&b, 40000);
  for (guint i = 0; i < FRAMES; i++)
    ms[i] = frame(&b, 40000 + (i + 1) * G_GINT64_CONSTANT(33333));
  keep(&b, dir, name);
  qsort(ms, FRAMES, sizeof *ms, compare);
  g_print("%-22s %4d x %4d  first %6.1f ms  median %5.2f  p99 %6.2f  left out %u\n", name, w, h, first, ms[FRAMES / 2],
          ms[FRAMES * 99 / 100], casa_map_picture_frugality(b.picture));
  bench_clear(&b);
}

/* A district goes dark and the camera flies there. */
static void
measure_event(const CasaCity *city, const char *dir)
{
  double ms[FRAMES], sum = 0;
  g_autofree double *lit = g_new(double, city->n_districts);
  Bench b;

  bench_init(&b, city, 1920, 1080, "dark", FALSE);
  frame(&b, 40000);
  for (guint i = 0; i < city->n_districts; i++)
    lit[i] = strcmp(city->districts[i].id, "maarif") == 0 ? 0 : 1;
  casa_map_picture_set_lit(b.picture, lit, 80000);
  casa_map_picture_set_event(b.picture, casa_city_district(city, "maarif"), "sans courant", TRUE, 80000);
  for (guint i = 0; i < 90; i++) {
    g_autofree char *name = g_strdup_printf("event-%02u.png", i);

    ms[i] = frame(&b, 80000 + (i + 1) * G_GINT64_CONSTANT(33333));
    sum += ms[i];
    if (i == 5 || i == 12 || i == 30 || i == 45 || i == 89)
      keep(&b, dir, name);
  }
  qsort(ms, 90, sizeof *ms, compare);
  g_print("%-22s 1920 x 1080  mean %5.2f ms  p99 %6.2f\n", "event and flight", sum / 90, ms[88]);
  bench_clear(&b);
}

int
main(int argc, char **argv)
{
  const char *dir = argc > 2 ? argv[2] : NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaCity) city = argc > 1 ? casa_city_load(argv[1], &error) : NULL;

  if (city == NULL) {
    g_printerr("usage: bench-map CONFIG_DIR [PNG_DIR]: %s\n", error != NULL ? error->message : "");
    return 2;
  }
  measure("night.png", city, 1920, 1080, "dark", FALSE, dir);
  measure("night-4k.png", city, 3840, 2160, "dark", FALSE, dir);
  measure("dust-light.png", city, 1920, 1080, "light", TRUE, dir);
  measure("dust-dark.png", city, 1920, 1080, "dark", TRUE, dir);
  measure_event(city, dir);
  return 0;
}
