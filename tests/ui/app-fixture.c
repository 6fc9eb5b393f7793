/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "base/clock.h"
#include "casa-build.h"
#include "process.h"
#include <math.h>

#define STEP_MS (2 * 60 * 1000)

void
app_fixture_init(AppFixture *self)
{
  g_autoptr(GError) error = NULL;

  self->dir = test_dir_new();
  self->path = g_build_filename(self->dir, "pulse.db", NULL);
  const CasaStoreOptions options = { .path = self->path };
  self->store = casa_store_open(&options, NULL, &error);
  g_assert_no_error(error);
  self->hub = casa_hub_new(65536);
  self->city = casa_city_load(CASA_SOURCE_ROOT "/config", &error);
  g_assert_no_error(error);
  self->indicators = casa_indicators_load(CASA_SOURCE_ROOT "/config", &error);
  g_assert_no_error(error);
}

void
app_fixture_clear(AppFixture *self)
{
  casa_store_close(self->store);
  casa_hub_free(self->hub);
  casa_city_free(self->city);
  casa_indicators_unref(self->indicators);
  test_dir_remove(self->dir);
  g_free(self->dir);
  g_free(self->path);
}

CasaModel *
app_fixture_model(AppFixture *self)
{
  const CasaModelSource source = { self->hub, casa_store_catalogue(self->store), self->path, .indicators = self->indicators,
                                   .config_dir = CASA_SOURCE_ROOT "/config" };

  return casa_model_new(&source, self->city);
}

const CasaIndicator *
app_indicator(CasaModel *model, const char *id)
{
  const CasaIndicator *indicator = casa_indicators_find(casa_model_indicators(model), id);

  g_assert_nonnull(indicator);
  return indicator;
}

const CasaFigure *
app_figure(CasaModel *model, const char *id)
{
  return casa_model_figure(model, app_indicator(model, id));
}

/* Returns which series it is. */
static guint
store_value(AppFixture *self, const char *source, const char *domain, const char *station, const char *metric, double value,
            gint64 t_ms, gint64 received)
{
  g_autoptr(GError) error = NULL;
  g_autofree CasaReading *reading = g_new0(CasaReading, 1);
  g_autofree CasaPut *put = g_new0(CasaPut, 1);
  CasaField field = { .value = value };

  g_strlcpy(reading->source, source, sizeof reading->source);
  g_strlcpy(reading->domain, domain, sizeof reading->domain);
  g_strlcpy(reading->station, station, sizeof reading->station);
  g_strlcpy(field.metric, metric, sizeof field.metric);
  reading->fields = &field;
  reading->n_fields = 1;
  reading->t_ms = t_ms;
  gboolean done = casa_store_put_reading(self->store, reading, received, put, &error);
  g_assert_no_error(error);
  g_assert_true(done);
  return put->series[0];
}

void
app_fixture_put_arrived(AppFixture *self, const char *source, const char *domain, const char *station, const char *metric,
                        double value, gint64 t_ms, gint64 received_ms)
{
  store_value(self, source, domain, station, metric, value, t_ms, received_ms);
}

void
app_fixture_put(AppFixture *self, const char *source, const char *domain, const char *station, const char *metric, double value,
                gint64 t_ms, AppArrival arrival)
{
  const gint64 received = arrival == APP_STORED ? t_ms : casa_clock_now_ms();
  const guint series = store_value(self, source, domain, station, metric, value, t_ms, received);

  if (arrival != APP_STORED)
    casa_hub_push(self->hub, &(CasaLive){ series, arrival == APP_RETAINED, t_ms, received, value });
}

void
app_fixture_describe_of(AppFixture *self, const char *source, const char *domain, const char *station, const char *name,
                        double lat, double lon)
{
  g_autoptr(GError) error = NULL;
  g_autofree CasaDescriptor *d = g_new0(CasaDescriptor, 1);
  gboolean changed;

  g_strlcpy(d->source, source, sizeof d->source);
  g_strlcpy(d->domain, domain, sizeof d->domain);
  g_strlcpy(d->station, station, sizeof d->station);
  g_strlcpy(d->name, name, sizeof d->name);
  d->has_position = TRUE;
  d->lat = lat;
  d->lon = lon;
  d->simulated = g_str_equal(source, "city");
  gboolean done = casa_store_put_descriptor(self->store, d, casa_clock_now_ms(), &changed, &error);
  g_assert_no_error(error);
  g_assert_true(done);
}

void
app_fixture_describe(AppFixture *self, const char *domain, const char *station, const char *name, double lat, double lon)
{
  app_fixture_describe_of(self, "city", domain, station, name, lat, lon);
}

typedef struct {
  const char *domain, *station, *metric;
  double base, swing; /* value = base + swing · a wave of one day */
} Sensor;

static const Sensor SENSORS[] = {
  { "mobility", "road-bd-zerktouni", "speed_kmh", 27, 9 },
  { "mobility", "road-bd-anfa", "speed_kmh", 30, 8 },
  { "energy", "sub-anfa", "load_mw", 120, 40 },
  { "energy", "sub-maarif", "load_mw", 160, 50 },
  { "energy", "solar-anfa", "solar_mw", 20, 19 },
  { "energy", "light-anfa", "lighting_mw", 3, 2 },
  { "air", "air-ain-sebaa", "pm10", 58, 25 },
  { "air", "air-maarif", "pm10", 34, 10 },
  { "air", "air-ain-sebaa", "no2", 40, 12 },
  { "air", "air-maarif", "no2", 30, 9 },
};

static double
value_at(const Sensor *s, gint64 t_ms)
{
  return s->base + s->swing * sin((double)(t_ms % 86400000) / 86400000 * 2 * G_PI);
}

static void
put_sensors(AppFixture *self, gint64 t_ms, AppArrival arrival)
{
  for (guint i = 0; i < G_N_ELEMENTS(SENSORS); i++)
    app_fixture_put(self, "city", SENSORS[i].domain, SENSORS[i].station, SENSORS[i].metric, value_at(&SENSORS[i], t_ms), t_ms,
                    arrival);
}

void
app_fixture_fill(AppFixture *self, gint64 now_ms, guint minutes)
{
  g_autoptr(GError) error = NULL;

  app_fixture_describe(self, "air", "air-ain-sebaa", "Aïn Sebaâ", 33.61, -7.53);
  app_fixture_describe(self, "air", "air-maarif", "Maârif", 33.57, -7.63);
  for (gint64 t = now_ms - (gint64)minutes * 60000; t < now_ms; t += STEP_MS)
    put_sensors(self, t, APP_STORED);
  gboolean done = casa_store_upkeep(self->store, now_ms, &error);
  g_assert_no_error(error);
  g_assert_true(done);
}

void
app_fixture_report(AppFixture *self, gint64 now_ms)
{
  put_sensors(self, now_ms, APP_LIVE);
  for (guint i = 0; i < 4; i++) {
    g_autofree char *id = g_strdup_printf("veh-t1-%03u", i + 1);
    CasaLonLat at = casa_line_at(&self->city->lines[0], 3 + 4 * i);
    app_fixture_put(self, "city", "mobility", id, "lat", at.lat, now_ms, APP_LIVE);
    app_fixture_put(self, "city", "mobility", id, "lon", at.lon, now_ms, APP_LIVE);
    app_fixture_put(self, "city", "mobility", id, "delay_s", 40 + 60 * i, now_ms, APP_LIVE);
  }
}

gboolean
app_fixture_wait(CasaModel *model, gboolean (*ready)(CasaModel *model), double seconds)
{
  gint64 until = casa_clock_mono_us() + (gint64)(seconds * G_USEC_PER_SEC);

  while (!ready(model)) {
    if (casa_clock_mono_us() > until)
      return FALSE;
    casa_model_tick(model, casa_clock_now_ms());
    g_main_context_iteration(NULL, FALSE);
    g_usleep(10000);
  }
  return TRUE;
}
