/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/indicators.h"
#include "series/pyramid.h"

G_BEGIN_DECLS

/* The simulated city with something and without it, as `casa-sim --what-if` plays it (docs/SIMULATOR.md, "What if"): a
 * program of its own, so that no frame waits for it. One question at a time: a newer one ends the one before. Nothing of it
 * is stored, and whoever shows it says that it is a simulation. All functions: from the thread that made it, in whose main
 * context answers arrive. */
typedef struct _CasaTwoFutures CasaTwoFutures;

#define CASA_TWO_FUTURES_FIGURES 4 /* of a question */

typedef struct {
  const char *what; /* a command that begins an event at @start_ms, or a scenario */
  gint64 from_ms, start_ms, to_ms, step_ms;
  const CasaIndicator *figures[CASA_TWO_FUTURES_FIGURES]; /* NULL: no more */
} CasaTwoFuturesQuestion;

typedef enum {
  CASA_TWO_FUTURES_IDLE,
  CASA_TWO_FUTURES_ASKED,
  CASA_TWO_FUTURES_KNOWN,
  CASA_TWO_FUTURES_FAILED, /* casa_two_futures_fault() says why */
} CasaTwoFuturesState;

/* How the simulator is started: @line as in a shell, such as "casa-sim --seed 3"; NULL: "casa-sim". A program without a
 * folder is looked for beside this one, then in the path. NULL: @line cannot be read. (transfer full: g_strfreev) */
char **casa_two_futures_command(const char *line);

/* @command (copied) and @config_dir are what the simulator is started with. @changed: the state is another. (transfer full) */
CasaTwoFutures *casa_two_futures_new(const char *const *command, const char *config_dir, void (*changed)(gpointer data),
                                     gpointer data);
void casa_two_futures_free(CasaTwoFutures *self); /* Ends what runs. NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaTwoFutures, casa_two_futures_free)

/* Asks; when another question comes within an instant, this one is never played. Nothing of @question is kept. */
void casa_two_futures_ask(CasaTwoFutures *self, const CasaTwoFuturesQuestion *question);
void casa_two_futures_forget(CasaTwoFutures *self); /* Ends what runs, and lets go of the answer */

CasaTwoFuturesState casa_two_futures_state(const CasaTwoFutures *self); /* of what was asked last */
const char *casa_two_futures_fault(const CasaTwoFutures *self);         /* In English, as the simulator says it; "" none */
/* Figure @i of the question, with it and without it; empty: it cannot be worked out from stations. Valid until the next
 * question. */
const CasaPyramid *casa_two_futures_with(const CasaTwoFutures *self, guint i);
const CasaPyramid *casa_two_futures_without(const CasaTwoFutures *self, guint i); /* The same city without it */
/* With less without, in its unit times hours, and its share of what it would be without (0.1: a tenth more). FALSE: not
 * known. */
gboolean casa_two_futures_difference(const CasaTwoFutures *self, guint i, double *out_sum, double *out_share);
/* What it costs: "passenger_min" and others of docs/SIMULATOR.md. @out_people (may be NULL): whom. NAN: not said. */
double casa_two_futures_cost(const CasaTwoFutures *self, const char *name, double *out_people);

G_END_DECLS
