/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/indicators.h"

G_BEGIN_DECLS

/* Yardsticks of the city: what standards and its own words of service ask of it, over their own periods:
 * config/governance.conf, whose comments say what each key means. Immutable after load, counted by references: any thread
  * may read. */
typedef struct _CasaYardsticks CasaYardsticks;

/* How a yardstick is worked out; src/analysis/city-indicators.h has the formulae. */
typedef enum {
  CASA_YARDSTICK_EXCEEDANCE,    /* days (or hours) above `limit`, at the station that has most */
  CASA_YARDSTICK_MEAN,          /* mean of the days, at the highest station or over the people */
  CASA_YARDSTICK_ACCESS,        /* percent of the people that live near a stop */
  CASA_YARDSTICK_INTERRUPTIONS, /* cuts a customer */
  CASA_YARDSTICK_DURATION,      /* minutes of cuts a customer */
  CASA_YARDSTICK_SHARE,         /* percent that the energy of `of` is of that of `whole` */
  CASA_YARDSTICK_ENERGY,        /* kWh of `of` in the period, for each of `points` */
  CASA_YARDSTICK_ON_TIME,       /* percent of vehicle-minutes from `early` to `late` */
  CASA_YARDSTICK_BUNCHED,       /* percent of vehicle-minutes close behind the one ahead */
  CASA_YARDSTICK_LOST,          /* passenger-hours by which delays grew */
  CASA_YARDSTICK_WAY_HOME,      /* the lowest score of a stop in an hour after dark */
  CASA_YARDSTICK_NOISE,         /* Lden or Lnight, at the loudest station */
  CASA_YARDSTICK_NIGHT_FLOW,    /* percent that the least flow of a night is of the day's */
} CasaYardstickKind;

/* How values within a day are averaged before they are held against a limit. */
typedef enum { CASA_OVER_DAY, CASA_OVER_8_HOURS, CASA_OVER_HOUR } CasaOver;

#define CASA_YARDSTICK_ALSO 2 /* of `also` */

typedef struct {
  char *id;
  guint index; /* dense, from 0, in the order of the file */
  CasaYardstickKind kind;
  const CasaIndicator *of;                        /* whose stations and metric; NULL: ACCESS */
  const CasaIndicator *also[CASA_YARDSTICK_ALSO]; /* further ones: SHARE the whole; LOST how full; WAY_HOME lamps, people */
  CasaOver over;
  gboolean hours;           /* EXCEEDANCE counts hours, not days */
  gboolean people;          /* MEAN is weighted by the people who live nearest to each station */
  gboolean night;           /* NOISE is Lnight, not Lden */
  gboolean estimate;        /* rests on an assumption that its formula names */
  double limit;             /* what may not be passed; NAN: nothing is judged */
  gboolean at_least;        /* …what must be reached */
  double allowed;           /* EXCEEDANCE: so many a year are allowed; else 0 */
  guint days;               /* the period, whole days before the moment that is asked for */
  guint least;              /* days (of a period of a day: hours) without which there is no figure */
  double judged;            /* 0..1: share of the period without which a good figure is no verdict */
  double early, late;       /* ON_TIME: seconds */
  double metres;            /* ACCESS: at most so far, in a straight line */
  double points;            /* ENERGY */
  double seats, seats_rail; /* LOST: places of a bus, of a tram */
  double below; /* INTERRUPTIONS, DURATION: share of the usual load under which a district is cut off; BUNCHED: share
                           * of the line's median headway of that hour */
  double wait_good, wait_bad, people_good; /* WAY_HOME: minutes between vehicles at best and at worst; boardings an hour */
  guint decimals;
  CasaText theme;   /* what it stands under: "Air" */
  CasaText name;    /* "PM2,5 : jours au-dessus de l’OMS" */
  CasaText formula; /* how it is worked out, in words */
  CasaText unit;    /* "jours" */
  CasaText source;  /* the standard or paper */
} CasaYardstick;

/* Reads @dir/governance.conf; what it measures is of @indicators, which is held. Where there is no such file, the one that
 * is built into the program. Errors: CASA_ERROR_CONFIG with file, line and key. (transfer full) */
CasaYardsticks *casa_yardsticks_load(const char *dir, CasaIndicators *indicators, GError **error) G_GNUC_WARN_UNUSED_RESULT;
CasaYardsticks *casa_yardsticks_ref(CasaYardsticks *self); /* One more owner. Any thread. (transfer full) */
void casa_yardsticks_unref(CasaYardsticks *self);          /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaYardsticks, casa_yardsticks_unref)

guint casa_yardsticks_n(const CasaYardsticks *self);                               /* How many there are */
const CasaYardstick *casa_yardsticks_get(const CasaYardsticks *self, guint index); /* @index < n, in the order of the file */
CasaIndicators *casa_yardsticks_indicators(const CasaYardsticks *self);            /* (transfer none) */
const char *casa_yardstick_kind_word(CasaYardstickKind kind);                      /* As the file writes it; static */

G_END_DECLS
