/* SPDX-License-Identifier: Apache-2.0 */
#include "event-delays.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "stations/catalogue.h"
#include "stations/world.h"

#define STRENGTH 0.8
#define MINUTES 30

/* The figure that tells each event, and from which share of the ordinary it is plain to see (judgements). */
static const struct {
  const char *place;
  CasaSimKind kind;     /* of the stations */
  const char *district; /* only those there; NULL: all, or those of the event's line */
  const char *metric;
  double factor;
} figures[CASA_SIM_N_EVENTS] = {
  [CASA_SIM_CHERGUI] = { "", CASA_SIM_AIR, NULL, "pm10", 1.5 },
  [CASA_SIM_RAIN] = { "", CASA_SIM_WEATHER_STATION, NULL, "rh_pct", 1.1 },
  [CASA_SIM_TRAM_INCIDENT] = { "t1", CASA_SIM_VEHICLE, NULL, "speed_kmh", 0.5 },
  [CASA_SIM_POWER_CUT] = { "maarif", CASA_SIM_SUBSTATION, "maarif", "load_mw", 0.5 },
  [CASA_SIM_DERBY_NIGHT] = { "", CASA_SIM_ROAD, "maarif", "speed_kmh", 0.95 },
  [CASA_SIM_CAR_FREE_DAY] = { "", CASA_SIM_ROAD, "sidi-belyout", "flow_vph", 0.7 },
  [CASA_SIM_PIPE_BURST] = { "maarif", CASA_SIM_WATER, "maarif", "pressure_bar", 0.7 },
  [CASA_SIM_OVERFLOW] = { "sidi-moumen", CASA_SIM_CONTAINER, "sidi-moumen", "fill_pct", 1.5 },
};

/* Mean of the figure over the stations that it is about; NAN when nobody says it. */
static double
figure_of(CasaSimWorld *world, guint row, const CasaLine *line, gint64 t_ms)
{
  g_autoptr(GString) payload = g_string_new(NULL);
  g_autofree char *key = g_strdup_printf("\"%s\":", figures[row].metric);
  double sum = 0;
  guint n = 0;
  casa_sim_world_set_time(world, t_ms);
  for (guint i = 0; i < casa_sim_world_size(world); i++) {
    const CasaSimStation *s = casa_sim_world_station(world, i);
    if (s->kind != figures[row].kind || (figures[row].district && g_strcmp0(s->district, figures[row].district) != 0) ||
        (line && casa_sim_transit_line(casa_sim_world_transit(world), s->a)->line != line))
      continue;
    casa_sim_world_report(world, i, t_ms, payload);
    const char *at = strstr(payload->str, key);
    sum += at ? g_ascii_strtod(at + strlen(key), NULL) : 0;
    n += at != NULL;
  }
  return n ? sum / n : NAN;
}

static gboolean
is_plain(double before, double after, double factor)
{
  return factor > 1 ? after >= before * factor : after <= before * factor;
}

static void
play(CasaSimWorld *usual, CasaSimWorld *world, guint row, const CasaLine *line, gint64 start_ms, CasaSimEventDelay *out)
{
  gint64 wait_s = casa_sim_kind_interval_ms(figures[row].kind) / 1000;
  for (int s = 0; s <= MINUTES * 60 && out->seconds < 0; s++) {
    gint64 t_ms = start_ms + s * 1000;
    out->before = figure_of(usual, row, line, t_ms);
    out->after = figure_of(world, row, line, t_ms);
    if (is_plain(out->before, out->after, out->factor))
      out->seconds = s + (int)wait_s;
  }
}

GArray *
casa_sim_event_delays(const CasaCity *city, const CasaSimScenario *scenario, guint64 seed, gint64 start_ms)
{
  GArray *all = g_array_new(FALSE, FALSE, sizeof(CasaSimEventDelay));
  g_autoptr(CasaSimModel) usual_model = casa_sim_model_new(city, scenario, seed);
  CasaSimWorld *usual = casa_sim_world_new(usual_model, "casa/v1", 0);
  for (guint row = 0; row < G_N_ELEMENTS(figures); row++) {
    if (!figures[row].metric)
      continue; /* an event without a figure has no row; sim-events says so */
    CasaSimEventDelay delay = {
      (CasaSimEventKind)row, figures[row].place, figures[row].metric, figures[row].factor, NAN, NAN, -1
    };
    g_autoptr(CasaSimModel) model = casa_sim_model_new(city, scenario, seed);
    CasaSimWorld *world = casa_sim_world_new(model, "casa/v1", 0);
    CasaSimEvent e;
    casa_sim_event_init(&e, (CasaSimEventKind)row, STRENGTH, MINUTES, -1, figures[row].place);
    e.start_ms = start_ms;
    if (casa_sim_event_settle(&e, city, NULL)) { /* a city without such a place cannot play it: -1 */
      casa_sim_model_add_event(model, &e);
      play(usual, world, row, e.line, start_ms, &delay);
    }
    g_array_append_val(all, delay);
    casa_sim_world_free(world);
  }
  casa_sim_world_free(usual);
  return all;
}

char *
casa_sim_event_delays_text(const GArray *delays)
{
  GString *out =
    g_string_new("| event | place | what shows it | plain from | before → then | seconds |\n|---|---|---|---|---|---|\n");
  for (guint i = 0; i < delays->len; i++) {
    const CasaSimEventDelay *d = &g_array_index(delays, CasaSimEventDelay, i);
    char factor[G_ASCII_DTOSTR_BUF_SIZE], before[G_ASCII_DTOSTR_BUF_SIZE], after[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, "| `%s` | %s | `%s` | × %s | %s → %s | ", casa_sim_event_name(d->event),
                           *d->place ? d->place : "–", d->metric, g_ascii_formatd(factor, sizeof factor, "%g", d->factor),
                           g_ascii_formatd(before, sizeof before, "%.1f", d->before),
                           g_ascii_formatd(after, sizeof after, "%.1f", d->after));
    if (d->seconds >= 0)
      g_string_append_printf(out, "%d |\n", d->seconds);
    else
      g_string_append(out, "– |\n");
  }
  return g_string_free(out, FALSE);
}
