/* SPDX-License-Identifier: Apache-2.0 */
#include "faults.h"

#include <string.h>

#include "base/error.h"
#include "maths/maths.h"
#include "maths/rng.h"
#include "base/time-units.h"

#define SECOND_MS G_GINT64_CONSTANT(1000)

#define FIRST_STREAM 0x5e4500 /* far from the sub-streams that the model draws from */

static const char *const names[] = { "resolution", "noise",   "drift", "outliers",   "stuck",
                                     "dropouts",   "battery", "late",  "duplicates", "clock" };
G_STATIC_ASSERT((1u << G_N_ELEMENTS(names)) - 1 == CASA_SIM_FIELD);

/* A trouble that comes now and then and lasts for a while: in each cell of time one begins with @chance, at any moment of
 * the cell, and lasts from @min_ms to @max_ms, short ones more often (log-uniform). */
typedef struct {
  gint64 cell_ms;
  double chance;
  gint64 min_ms, max_ms; /* at most a cell */
} Trouble;

/* All estimates: nobody publishes them for a city. They are what operators of such networks expect, a little more on the
 * bad side, so that an hour of 400 stations shows each of them. */
static const Trouble stuck = { 5 * CASA_DAY_MS, 1, 30 * CASA_MINUTE_MS, 12 * CASA_HOUR_MS };
static const Trouble dropout = { 2 * CASA_DAY_MS, 1, 2 * CASA_MINUTE_MS, 60 * CASA_MINUTE_MS };
static const Trouble battery = { 120 * CASA_DAY_MS, 1, 18 * CASA_HOUR_MS, 72 * CASA_HOUR_MS };
static const Trouble outage = { CASA_DAY_MS, 1, CASA_MINUTE_MS,
                                10 * CASA_MINUTE_MS }; /* the link is down, the station keeps what it has */

#define BATTERY_FADES_MS (6 * CASA_HOUR_MS) /* every second report is missing before the end */
#define LATE_CHANCE 0.005                   /* a single message that takes a detour, 5 s to 2 min */
#define TWICE_CHANCE 0.01                   /* an acknowledgement got lost: half of them at once, half 1 to 30 s later */
#define WRONG_CLOCK 0.03                    /* of the stations */
#define REBOOT_MS (5 * CASA_DAY_MS)         /* of a station that knows its uptime only */

guint64
casa_sim_fault_stream(guint64 stream, CasaSimFault fault, guint k)
{
  guint bit = (guint)g_bit_nth_lsf(fault, -1);
  return casa_sim_substream(stream, FIRST_STREAM + bit * 64 + k);
}

/* Length from @min to @max, as many between 1 and 2 as between 2 and 4. */
static gint64
log_uniform(guint64 stream, guint64 n, gint64 min_ms, gint64 max_ms)
{
  double u = casa_sim_uniform(stream, n);
  return (gint64)((double)min_ms * casa_sim_exp(u * casa_sim_log((double)max_ms / (double)min_ms)));
}

static gint64
floor_div(gint64 a, gint64 b)
{
  gint64 q = a / b;
  return a % b < 0 ? q - 1 : q;
}

/* The trouble that begins in @cell, if @t_ms lies within it. Its length, which costs an exponential, is drawn last: nearly
 * always the moment is too early or too late for the longest. */
static gboolean
within_cell(const Trouble *trouble, guint64 stream, gint64 cell, gint64 t_ms, gint64 *begin_ms, gint64 *end_ms)
{
  guint64 n = 3 * (guint64)cell;
  gint64 begin = cell * trouble->cell_ms + (gint64)(casa_sim_uniform(stream, n + 1) * (double)trouble->cell_ms);
  if (t_ms < begin || t_ms >= begin + trouble->max_ms || casa_sim_uniform(stream, n) >= trouble->chance)
    return FALSE;
  *begin_ms = begin;
  *end_ms = begin + log_uniform(stream, n + 2, trouble->min_ms, trouble->max_ms);
  return t_ms < *end_ms;
}

/* TRUE: @t_ms lies within a trouble, which begins and ends (exclusive) at the moments given. */
static gboolean
within(const Trouble *trouble, guint64 stream, gint64 t_ms, gint64 *begin_ms, gint64 *end_ms)
{
  gint64 cell = floor_div(t_ms, trouble->cell_ms);
  if (t_ms - cell * trouble->cell_ms < trouble->max_ms && within_cell(trouble, stream, cell - 1, t_ms, begin_ms, end_ms))
    return TRUE;
  return within_cell(trouble, stream, cell, t_ms, begin_ms, end_ms);
}

static gboolean
is_silent(guint faults, guint64 stream, CasaSimMakeup makeup, gint64 t_ms)
{
  gint64 begin, end;
  if ((faults & CASA_SIM_FAULT_DROPOUTS) &&
      within(&dropout, casa_sim_fault_stream(stream, CASA_SIM_FAULT_DROPOUTS, 0), t_ms, &begin, &end))
    return TRUE;
  if (!(faults & CASA_SIM_FAULT_BATTERY) || !makeup.on_battery)
    return FALSE;
  guint64 mine = casa_sim_fault_stream(stream, CASA_SIM_FAULT_BATTERY, 0);
  if (within(&battery, mine, t_ms, &begin, &end))
    return TRUE;
  return within(&battery, mine, t_ms + BATTERY_FADES_MS, &begin, &end) && casa_sim_uniform(mine + 1, (guint64)t_ms) < 0.5;
}

static gint64
delay_of(guint64 stream, gint64 t_ms)
{
  gint64 begin, end;
  guint64 single = casa_sim_fault_stream(stream, CASA_SIM_FAULT_LATE, 1);
  if (within(&outage, casa_sim_fault_stream(stream, CASA_SIM_FAULT_LATE, 0), t_ms, &begin, &end))
    return end - t_ms;
  if (casa_sim_uniform(single, (guint64)t_ms) < LATE_CHANCE)
    return log_uniform(single + 1, (guint64)t_ms, 5 * SECOND_MS, 2 * CASA_MINUTE_MS);
  return 0;
}

static gint64
again_of(guint64 stream, gint64 t_ms)
{
  guint64 mine = casa_sim_fault_stream(stream, CASA_SIM_FAULT_DUPLICATES, 0);
  if (casa_sim_uniform(mine, (guint64)t_ms) >= TWICE_CHANCE)
    return -1;
  if (casa_sim_uniform(mine + 1, (guint64)t_ms) < 0.5)
    return 0;
  return log_uniform(mine + 2, (guint64)t_ms, SECOND_MS, 30 * SECOND_MS);
}

/* A wrong clock is a matter of the station, not of the moment: a third of them are seconds to minutes off, either way; a third
 * are an hour ahead (a local time sent as if it were UTC); a third have no clock and send the seconds since they started. */
static gint64
said_of(guint64 stream, gint64 t_ms)
{
  guint64 mine = casa_sim_fault_stream(stream, CASA_SIM_FAULT_CLOCK, 0);
  if (casa_sim_uniform(mine, 0) >= WRONG_CLOCK)
    return t_ms;
  double which = casa_sim_uniform(mine, 1);
  if (which < 1.0 / 3) {
    gint64 off_ms = log_uniform(mine, 2, 2 * SECOND_MS, 8 * CASA_MINUTE_MS);
    return casa_sim_uniform(mine, 3) < 0.5 ? t_ms - off_ms : t_ms + off_ms;
  }
  if (which < 2.0 / 3)
    return t_ms + CASA_HOUR_MS;
  gint64 phase_ms = (gint64)(casa_sim_uniform(mine, 4) * (double)REBOOT_MS);
  return 1 + (t_ms + phase_ms - REBOOT_MS * floor_div(t_ms + phase_ms, REBOOT_MS)) / SECOND_MS;
}

void
casa_sim_fate(guint faults, guint64 stream, CasaSimMakeup makeup, gint64 t_ms, CasaSimFate *out)
{
  gint64 end;
  *out = (CasaSimFate){ .said_ms = t_ms, .again_ms = -1 };
  out->silent = is_silent(faults, stream, makeup, t_ms);
  if (out->silent)
    return;
  if ((faults & CASA_SIM_FAULT_STUCK) && makeup.freezes)
    out->frozen = within(&stuck, casa_sim_fault_stream(stream, CASA_SIM_FAULT_STUCK, 0), t_ms, &out->frozen_ms, &end);
  if (faults & CASA_SIM_FAULT_CLOCK)
    out->said_ms = said_of(stream, t_ms);
  if (faults & CASA_SIM_FAULT_LATE)
    out->delay_ms = delay_of(stream, t_ms);
  if (faults & CASA_SIM_FAULT_DUPLICATES)
    out->again_ms = again_of(stream, t_ms);
}

static gboolean
fault_by_name(const char *name, guint *faults)
{
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    if (strcmp(name, names[i]) == 0) {
      *faults |= 1u << i;
      return TRUE;
    }
  }
  return FALSE;
}

gboolean
casa_sim_faults_parse(const char *text, guint *out, GError **error)
{
  guint faults = 0;
  if (strcmp(text, "clean") == 0 || strcmp(text, "field") == 0) {
    *out = *text == 'c' ? CASA_SIM_CLEAN : CASA_SIM_FIELD;
    return TRUE;
  }
  g_auto(GStrv) parts = g_strsplit(text, ",", -1);
  gboolean ok = parts[0] != NULL;
  for (char **p = parts; ok && *p; p++)
    ok = fault_by_name(g_strstrip(*p), &faults);
  if (ok) {
    *out = faults;
    return TRUE;
  }
  g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE,
              "write clean, field, or some of these, parted by commas: resolution, noise, drift, outliers, stuck, dropouts, "
              "battery, late, duplicates, clock");
  return FALSE;
}

char *
casa_sim_faults_text(guint faults)
{
  if (faults == CASA_SIM_CLEAN || faults == CASA_SIM_FIELD)
    return g_strdup(faults ? "field" : "clean");
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    if (faults & (1u << i))
      g_string_append_printf(text, "%s%s", text->len ? "," : "", names[i]);
  }
  return g_string_free(text, FALSE);
}
