/* SPDX-License-Identifier: Apache-2.0 */
#include "what-if.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/time-units.h"
#include "control.h"
#include "events/events.h"
#include "kept-events.h"
#include "stations/catalogue.h"
#include "stations/toll.h"

#define STEPS_MOST 2000

/* One of the two. */
typedef struct {
  CasaSimScenario *scenario; /* NULL: the question's */
  CasaSimModel *model;
  CasaSimWorld *world;
} Side;

/* One value of all stations of a kind, at one moment. */
typedef struct {
  CasaSimKind kind;
  char *metric;
  GArray *values; /* double */
} Figure;

static void
side_clear(Side *self)
{
  casa_sim_world_free(self->world);
  casa_sim_model_free(self->model);
  casa_sim_scenario_free(self->scenario);
}

static void
figure_clear(gpointer data)
{
  Figure *figure = data;
  g_free(figure->metric);
  g_array_unref(figure->values);
}

static gboolean
fail(GError **error, const char *text)
{
  g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "%s", text);
  return FALSE;
}

static void
build(Side *self, const CasaSimQuestion *q)
{
  self->model = casa_sim_model_new(q->city, self->scenario ? self->scenario : q->scenario, q->seed);
  self->world = casa_sim_world_new(self->model, "casa/v1", 0);
  if (q->keep)
    casa_sim_kept_events_load(q->keep, self->model, q->from_ms);
}

static gboolean
presume(Side *self, const CasaSimQuestion *q, GError **error)
{
  g_autoptr(CasaSimScenario) future = casa_sim_scenario_load(q->config_dir, q->what, error);
  if (!future || !casa_sim_scenario_settle(future, q->city, error))
    return FALSE;
  self->scenario = casa_sim_scenario_with(q->scenario, future);
  return TRUE;
}

/* "power-cut-maarif", an event and its place, as the command it stands for; NULL: it is a scenario's name, or a file's.
 * (transfer full) */
static char *
command_of(const char *what)
{
  CasaSimEventKind kind;
  if (*what == '{')
    return g_strdup(what);
  if (what[strspn(what, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
    return NULL;
  for (const char *dash = strchr(what, '-'); dash; dash = strchr(dash + 1, '-')) {
    g_autofree char *event = g_strndup(what, (gsize)(dash - what));
    if (casa_sim_event_by_name(event, &kind))
      return g_strdup_printf("{\"event\":\"%s\",\"place\":\"%s\"}", event, dash + 1);
  }
  return NULL;
}

static gboolean
build_with(Side *self, const CasaSimQuestion *q, GError **error)
{
  g_autoptr(GString) reply = g_string_new(NULL);
  g_autofree char *command = command_of(q->what);
  if (!command && !presume(self, q, error))
    return FALSE;
  build(self, q);
  return !command || casa_sim_control(self->model, command, q->start_ms, reply) || fail(error, reply->str);
}

static Figure *
figure_of(GArray *figures, CasaSimKind kind, const char *metric, gsize len, gboolean add)
{
  for (guint i = 0; i < figures->len; i++) {
    Figure *figure = &g_array_index(figures, Figure, i);
    if (figure->kind == kind && strlen(figure->metric) == len && strncmp(figure->metric, metric, len) == 0)
      return figure;
  }
  if (!add)
    return NULL;
  const Figure figure = { kind, g_strndup(metric, len), g_array_new(FALSE, FALSE, sizeof(double)) };
  g_array_append_val(figures, figure);
  return &g_array_index(figures, Figure, figures->len - 1);
}

/* "substation/load_mw,road/speed_kmh" */
static gboolean
read_figures(const char *text, GArray *figures, GError **error)
{
  g_auto(GStrv) words = g_strsplit(text, ",", -1);
  for (guint i = 0; words[i]; i++) {
    g_auto(GStrv) parts = g_strsplit(words[i], "/", 2);
    gboolean known = FALSE;
    for (guint kind = 0; parts[0] && parts[1] && kind < CASA_SIM_N_KINDS; kind++) {
      if (strcmp(casa_sim_kind_info(kind)->kind, parts[0]) != 0)
        continue;
      known = TRUE;
      figure_of(figures, kind, parts[1], strlen(parts[1]), TRUE);
    }
    if (!known)
      return fail(error, "--figures: write kinds of stations and metrics, such as substation/load_mw,road/speed_kmh");
  }
  return TRUE;
}

static gboolean
is_wanted(const GArray *figures, CasaSimKind kind, gboolean all)
{
  for (guint i = 0; !all && i < figures->len; i++)
    all = g_array_index(figures, Figure, i).kind == kind;
  return all;
}

/* Every "metric":number of a payload of ours; the time is none. */
static void
take(GArray *figures, CasaSimKind kind, const char *payload, gboolean all)
{
  for (const char *p = strchr(payload, '"'); p; p = strchr(p, '"')) {
    const char *name = p + 1, *end = strchr(name, '"');
    if (!end || end[1] != ':')
      return;
    char *after = NULL;
    const double value = g_ascii_strtod(end + 2, &after);
    Figure *figure = end - name > 1 ? figure_of(figures, kind, name, (gsize)(end - name), all) : NULL;
    if (figure && after > end + 2)
      g_array_append_val(figure->values, value);
    p = after > end + 2 ? after : end + 1;
  }
}

static int
compare(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void
add_number(GString *out, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf(out, "\t%s", g_ascii_formatd(text, sizeof text, "%.6g", value));
}

/* side, time, kind/metric, n, sum, mean, median, least, highest */
static void
say(Figure *figure, const char *side, gint64 t_ms, GString *out)
{
  const guint n = figure->values->len;
  double *v = (double *)(gpointer)figure->values->data, sum = 0;
  if (n == 0)
    return;
  qsort(v, n, sizeof *v, compare);
  for (guint i = 0; i < n; i++)
    sum += v[i];
  g_string_append_printf(out, "%s\t%" G_GINT64_FORMAT "\t%s/%s\t%u", side, t_ms, casa_sim_kind_info(figure->kind)->kind,
                         figure->metric, n);
  add_number(out, sum);
  add_number(out, sum / n);
  add_number(out, (v[(n - 1) / 2] + v[n / 2]) / 2);
  add_number(out, v[0]);
  add_number(out, v[n - 1]);
  g_string_append_c(out, '\n');
  g_array_set_size(figure->values, 0);
}

static void
say_side(Side *self, const char *name, GArray *figures, gboolean all, gint64 t_ms, GString *out)
{
  g_autoptr(GString) payload = g_string_new(NULL);
  casa_sim_world_set_time(self->world, t_ms);
  for (guint i = 0; i < casa_sim_world_size(self->world); i++) {
    const CasaSimKind kind = casa_sim_world_station(self->world, i)->kind;
    if (is_wanted(figures, kind, all) &&
        casa_sim_world_report(self->world, i, t_ms - casa_sim_kind_interval_ms(kind), payload) > 0)
      take(figures, kind, payload->str, all);
  }
  for (guint i = 0; i < figures->len; i++)
    say(&g_array_index(figures, Figure, i), name, t_ms, out);
}

static void
say_cost(const char *name, double value, guint people, GString *out)
{
  if (!isfinite(value))
    return;
  g_string_append_printf(out, "cost\t%s", name);
  add_number(out, value);
  if (people)
    g_string_append_printf(out, "\t%u", people);
  g_string_append_c(out, '\n');
}

/* Minutes that those who board wait, each half of what their vehicle is behind the one before; and how many board. */
static double
mean_wait_min(Side *self, gint64 from_ms, gint64 to_ms, double *out_boarded)
{
  CasaSimTransit *transit = casa_sim_world_transit(self->world);
  const CasaCity *city = casa_sim_model_city(self->model);
  double waited = 0;
  *out_boarded = 0;
  for (gint64 t = from_ms + CASA_MINUTE_MS; t <= to_ms; t += CASA_MINUTE_MS) {
    for (guint i = 0; i < city->n_lines; i++) {
      for (guint k = 0; k < city->lines[i].n_stops; k++) {
        CasaSimStopUse use;
        casa_sim_transit_stop(transit, i, k, t - CASA_MINUTE_MS, t, &use);
        waited += use.headway_s > 0 ? use.boarded * use.headway_s / 120 : 0;
        *out_boarded += use.headway_s > 0 ? use.boarded : 0;
      }
    }
  }
  return *out_boarded > 0 ? waited / *out_boarded : NAN;
}

/* Of today's passengers. Where vehicles run more often nothing else is told of them: who comes while one stands is not counted,
 * so more of them seem to carry fewer. */
static double
waiting_min(const CasaSimQuestion *q, Side *with, Side *without)
{
  double boarded, other;
  const double wait = mean_wait_min(with, q->start_ms, q->to_ms, &other),
               before = mean_wait_min(without, q->start_ms, q->to_ms, &boarded);
  return (wait - before) * boarded;
}

/* Who breathes more; where nobody does, who breathes less, as a negative number. */
static void
say_costs(const CasaSimQuestion *q, Side *with, Side *without, GString *out)
{
  CasaSimToll toll = { 0 };
  guint people;
  casa_sim_toll_reach(&toll, with->world, without->world, MAX(q->start_ms, q->from_ms), q->to_ms);
  double dose = casa_sim_toll_pm10(&toll, q->city, &people);
  if (people == 0) {
    for (guint i = 0; i < q->city->n_districts; i++)
      toll.dose[i] = -toll.dose[i];
    dose = -casa_sim_toll_pm10(&toll, q->city, &people);
  }
  if (with->scenario && with->scenario->tram_headway != q->scenario->tram_headway)
    say_cost("waiting_min", waiting_min(q, with, without), 0, out);
  else
    say_cost("passenger_min", casa_sim_toll_passenger_min(&toll), 0, out);
  say_cost("pm10_ugm3_h", people ? dose : 0, people, out);
  casa_sim_toll_clear(&toll);
}

static void
play(const CasaSimQuestion *q, Side *with, Side *without, GArray *figures, GString *out)
{
  const gboolean all = figures->len == 0;
  for (gint64 t = q->from_ms; t <= q->to_ms; t += q->step_ms) {
    say_side(with, "with", figures, all, t, out);
    say_side(without, "without", figures, all, t, out);
  }
  say_costs(q, with, without, out);
}

gboolean
casa_sim_what_if(const CasaSimQuestion *q, GString *out, GError **error)
{
  Side with = { 0 }, without = { 0 };
  g_autoptr(GArray) figures = g_array_new(FALSE, FALSE, sizeof(Figure));
  g_array_set_clear_func(figures, figure_clear);
  gboolean ok = ((q->to_ms - q->from_ms) / q->step_ms <= STEPS_MOST ||
                 fail(error, "--what-if: more than 2000 steps: give a longer --backfill-step")) &&
                (!q->figures || read_figures(q->figures, figures, error)) && build_with(&with, q, error);
  if (ok) {
    build(&without, q);
    play(q, &with, &without, figures, out);
  }
  side_clear(&with);
  side_clear(&without);
  return ok;
}
