/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "events/scenario.h"

G_BEGIN_DECLS

/* What is asked: the city from @from_ms to @to_ms, every @step_ms, with something and without it. */
typedef struct {
  const CasaCity *city;
  const CasaSimScenario *scenario; /* settled: of the city as it is */
  guint64 seed;
  const char *keep; /* file of commanded events that go on in both cities; NULL: none */
  const char
    *what; /* a command of docs/SIMULATOR.md that begins an event at @start_ms, or a scenario that is presumed besides */
  const char *config_dir; /* where scenarios are found by name */
  const char *figures;    /* "substation/load_mw,road/speed_kmh": which values of which kind of stations; NULL: all */
  gint64 from_ms, start_ms, to_ms, step_ms;
} CasaSimQuestion;

/* Appends the two cities to @out, as lines of fields parted by tabs (docs/SIMULATOR.md, "What if"): a pure function of the
 * question. FALSE: it cannot be played, and *@error says why; @out then has nothing. */
gboolean casa_sim_what_if(const CasaSimQuestion *question, GString *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
