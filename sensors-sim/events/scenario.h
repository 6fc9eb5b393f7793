/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/keyfile.h"
#include "events.h"

G_BEGIN_DECLS

typedef enum {
  CASA_SIM_WEEKDAY,
  CASA_SIM_FRIDAY, /* a weekday with the noon prayer */
  CASA_SIM_SATURDAY,
  CASA_SIM_SUNDAY, /* and holidays */
} CasaSimDayKind;

#define CASA_SIM_AUTO (-1)

/* What a run presumes instead of leaving it to the calendar (config/scenarios/NAME.conf). Immutable after load. */
typedef struct {
  char *name, *title;
  int day_kind;          /* a CasaSimDayKind, or CASA_SIM_AUTO: by the calendar */
  int ramadan;           /* 0, 1, or CASA_SIM_AUTO: by the calendar */
  int school_holiday;    /* the same */
  double temp_offset_c;  /* added to the weather's temperature */
  double cloud;          /* sky covered, 0..1; negative: by the season */
  gboolean climate;      /* rain and chergui come of themselves, as the month brings them */
  double traffic_factor; /* times the demand for road trips */
  double lighting;       /* times what a point of the public lighting takes */
  double roofs_mwp;      /* solar on roofs, peak; negative: what there is */
  double tram_headway;   /* minutes between trams, at most; 0: as the timetable has it */
  guint sensors;         /* CasaSimFault bits, unless the command line says otherwise */
  GArray *events;        /* CasaSimEvent, daily; their places as written until casa_sim_scenario_settle() */
  CasaKeyfile *file;     /* NULL for the calendar's; says where things stand */
} CasaSimScenario;

/* The calendar as it comes. (transfer full) */
CasaSimScenario *casa_sim_scenario_new(void);

/* Reads @dir/scenarios/@name.conf; a @name with a slash or ending in .conf is the path of the file. CASA_ERROR_USAGE when there
 * is no such scenario (the message lists those there are), CASA_ERROR_CONFIG with file, line and key when it cannot be used. */
CasaSimScenario *casa_sim_scenario_load(const char *dir, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Finds the places of its events in @city, which outlives the scenario. CASA_ERROR_CONFIG with file and line. */
gboolean casa_sim_scenario_settle(CasaSimScenario *self, const CasaCity *city, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @base with what @future presumes besides: events of both, factors multiplied, of what only one can say @future's word. It
 * keeps the chance of rain and chergui of @base, so that the two cities differ by nothing else. Both are settled, and outlive
 * it. (transfer full) */
CasaSimScenario *casa_sim_scenario_with(const CasaSimScenario *base, const CasaSimScenario *future);
void casa_sim_scenario_free(CasaSimScenario *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSimScenario, casa_sim_scenario_free)

G_END_DECLS
