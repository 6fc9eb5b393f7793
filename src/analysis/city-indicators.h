/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"
#include "city/governance.h"
#include "store/reader.h"

G_BEGIN_DECLS

/* What the yardsticks of config/governance.conf say of the city at a moment, from what the store has of the time before it and
 * nothing else. docs/ANALYSIS.md has each formula with its limits. */

typedef enum {
  CASA_FINDING_NO_DATA,    /* no station has said anything of it in the period */
  CASA_FINDING_NOT_ENOUGH, /* less than `least` of the period is known: no figure */
  CASA_FINDING_VALUE,
} CasaFindingState;

typedef enum {
  CASA_JUDGED_NOTHING, /* there is no limit, or no figure */
  CASA_JUDGED_NOT_YET, /* not passed so far, but too little of the period is known to say so */
  CASA_JUDGED_GOOD,
  CASA_JUDGED_BAD, /* passed; what is not known yet cannot mend a count, and would have to be much better for a mean */
} CasaJudgement;

/* One stop in one hour after dark. */
typedef struct {
  const CasaStop *stop; /* of the city that was handed over */
  gint64 hour_ms;       /* when that hour began */
  double score;         /* 0 (worst) to 100 */
  double wait_min;      /* from one vehicle to the next */
  double lit;           /* 0..1: of what the district's lamps take when all are on */
  double people;        /* who got on there in that hour */
} CasaWayHome;

#define CASA_WAY_HOME_WORST 8 /* how many are told */

typedef struct {
  const CasaYardstick *yardstick;
  CasaFindingState state;
  CasaJudgement judgement;
  double value;              /* in the yardstick's unit; NAN unless VALUE */
  double covered, period;    /* how much of the period is known; 0 and 0: it has none */
  gboolean in_hours;         /* they are hours, else days */
  guint n_series;            /* that have anything in it */
  gint64 from_ms, to_ms;     /* the period */
  gboolean simulated;        /* any of its stations says that it is */
  char *place_fr, *place_ar; /* where the figure is from; NULL: the whole city */
  GArray *worst;             /* CasaWayHome, the worst first; NULL unless WAY_HOME */
} CasaFinding;

void casa_finding_free(gpointer self); /* For a GPtrArray of CasaFinding */

/* One finding for each yardstick, in their order. @city and @yardsticks must outlive them. Nothing at or after @at_ms is looked
 * at. @cancelled: other than 0 ends it soon, with CASA_ERROR_CANCELLED (g_atomic_int_set, any thread); NULL: nobody does.
 * NULL: @error of the store. (element-type CasaFinding) (transfer full) */
GPtrArray *casa_city_indicators(CasaReader *reader, const CasaCity *city, CasaYardsticks *yardsticks, gint64 at_ms,
                                const gint *cancelled, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
