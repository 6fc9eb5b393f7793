/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/metrics.h"

G_BEGIN_DECLS

/* What the screen can show as one figure or one curve, and what the domains look like: config/indicators.conf. The file's own
 * comments say what each key means. Immutable after load, counted by references: any thread may read. All pointers in the
 * structures below live as long as the set that they come from. */
typedef struct _CasaIndicators CasaIndicators;

/* Words in the three languages of the screen; never NULL: a language that is not given has the French. */
typedef struct {
  char *fr, *en, *ar;
} CasaText;
/* @lang "fr", "en" or "ar"; anything else gives French. (transfer none) */
const char *casa_text_in(const CasaText *text, const char *lang);

/* What a station is: its `kind` in $station; of the city's stations that were never described, told by how their id begins. */
typedef struct {
  char *id; /* "vehicle" */
  CasaText name;
  char **prefixes; /* "veh-"; NULL-terminated, may be empty */
  guint line_part; /* which part of the id, parted by '-', names the line it runs on: 2 in "veh-t1-014"; 0: none does */
  gboolean moves;  /* its position is in its readings; a fixed station's is in $station */
} CasaStationKind;

/* Whose stations. */
typedef enum { CASA_OF_CITY, CASA_OF_TEAMS, CASA_OF_ANY } CasaWhose;

/* How the values of many stations become one. */
typedef enum {
  CASA_STATIONS_MEAN,
  CASA_STATIONS_SUM,
  CASA_STATIONS_MEDIAN,
  CASA_STATIONS_MAX,
  CASA_STATIONS_MIN,
  CASA_STATIONS_COUNT,   /* how many report now */
  CASA_STATIONS_SOURCES, /* how many publishers report now */
  CASA_STATIONS_SHARE,   /* percent of the stations whose value is above or below a bound */
  CASA_STATIONS_RATIO,   /* percent: part of whole, both indicators */
  CASA_STATIONS_INDEX,   /* the worst class, 1 the best, that any of its parts has on its own scale */
} CasaStationsFold;

typedef enum { CASA_FORMAT_NUMBER, CASA_FORMAT_DURATION } CasaFormat; /* DURATION: seconds as "1:40" */

/* What stands below the number. */
typedef enum {
  CASA_SAY_NOTHING,
  CASA_SAY_YESTERDAY, /* "▼ 18 % vs hier" */
  CASA_SAY_PEAK,      /* the same; before a peak of yesterday that is still to come today: when it was */
  CASA_SAY_CLASS,     /* the word of its class on its scale */
} CasaSay;

/* A line across the chart. */
typedef struct {
  double value;              /* in the metric's unit */
  CasaText name, short_name; /* the second where the first has no room; the same by default */
  gint64 averaging_ms;       /* which mean it is made for; 0: any value */
  char *reference;           /* who says so */
} CasaLimit;

#define CASA_CLASSES_MAX 6

/* Classes of a quantity, from good to bad: colours of the map and words. */
typedef struct {
  char *id;
  guint n;                          /* 2 to CASA_CLASSES_MAX */
  double from[CASA_CLASSES_MAX];    /* lower bounds, rising; a value on one is in its class */
  CasaText words[CASA_CLASSES_MAX]; /* "bon"… */
  guint bad_from;                   /* first class that is bad, from 0; n: none is */
  gint64 averaging_ms;              /* which mean it is made for; 0: newest values. Its indicators have the same */
  char *reference;                  /* who says so */
} CasaScale;

/* Class of @value from 0; G_MAXUINT when it is not finite. A value is judged as it is written with @decimals. */
guint casa_scale_class(const CasaScale *self, double value, guint decimals);

/* What is watched by itself. */
typedef enum { CASA_BY_CITY, CASA_BY_DISTRICT, CASA_BY_LINE } CasaBy;

typedef struct _CasaIndicator CasaIndicator;
struct _CasaIndicator {
  char *id;
  guint index;              /* dense, from 0: of the set */
  char *domain;             /* of the stations; "" any */
  const CasaMetric *metric; /* NULL: COUNT, SOURCES, RATIO, INDEX */
  char **kinds;             /* NULL-terminated; empty: all */
  CasaWhose whose;
  CasaStationsFold fold;
  double above, below;               /* SHARE: one of them is finite, the other NAN */
  double fresh;                      /* 0..1: share of the known stations that must be fresh, else there is no figure */
  gint64 over_ms;                    /* fold over time, per station and before the stations: mean of so long; 0: newest */
  gboolean live_only;                /* no last known value: what stopped says nothing */
  const CasaIndicator *part, *whole; /* RATIO */
  const CasaIndicator *const *parts; /* INDEX: each has a scale; NULL-terminated; else empty */
  const CasaScale *scale;            /* NULL: none */
  CasaSay say;                       /* what stands below the number */
  const CasaLimit *const *limits;    /* NULL-terminated, may be empty */
  CasaFormat format;
  guint decimals;
  double off_below; /* NAN: never; below it the figure is written as the word `off` */
  CasaText off;
  CasaText unit;       /* "km/h" */
  CasaText name;       /* of a tile: "Retard médian" */
  CasaText what;       /* of a panel: "vitesse moyenne" */
  CasaText curve;      /* of a line in a chart: "trafic" */
  gboolean zero_based; /* its chart begins at 0 */
  double unusual;      /* smallest deviation that may be called one, where what is unusual is watched; 0: it is not */
  CasaBy unusual_by;   /* …of each of these by itself */
  double resolution;   /* what one of its sensors can tell apart, where they are held against one another; 0: they are not */
  gboolean forecast;   /* what it will be is worked out: it has a metric, and is of newest values */
};

typedef enum { CASA_ACCENT_FIRST, CASA_ACCENT_SECOND, CASA_ACCENT_MUTED } CasaAccent;

/* One line of a domain's chart. */
typedef struct {
  const CasaIndicator *indicator;
  CasaAccent accent;
  gboolean dashed, fill;
  gboolean focus_only; /* only where the chart is large */
} CasaDomainCurve;

/* Colours of one theme, 0xRRGGBB. */
typedef struct {
  guint32 first, second;
} CasaDomainColours;

typedef struct {
  char *id; /* as in topics */
  CasaText name;
  CasaDomainColours dark, light, contrast;
  const CasaIndicator *headline; /* NULL: none, it has no panel */
  GArray *curves;                /* CasaDomainCurve; the headline's is among them */
  char **map_kinds;              /* kinds of its stations that the map carries, with their values; may be empty */
  const CasaIndicator *field;    /* spread over the districts, and written at its stations; has a scale. NULL: none */
} CasaCityDomain;
const CasaDomainColours *casa_city_domain_colours(const CasaCityDomain *self, const char *theme); /* unknown theme: dark */

/* Reads @dir/indicators.conf and @dir/metrics.conf. Where the first is missing, the one that is built into the program is read.
 * Errors: CASA_ERROR_CONFIG with file, line and key. (transfer full) */
CasaIndicators *casa_indicators_load(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same of a file with any name; @dir has the metrics. (transfer full) */
CasaIndicators *casa_indicators_load_file(const char *path, const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As casa_indicators_load(), but never without an answer: where a file is wrong, what was built into the program, as far as the
 * metrics of @dir have it. *@out_fault (transfer full) then says why; NULL: nothing was wrong. (transfer full) */
CasaIndicators *casa_indicators_load_or_shipped(const char *dir, GError **out_fault);
CasaIndicators *casa_indicators_ref(CasaIndicators *self); /* One more owner. Any thread. (transfer full) */
void casa_indicators_unref(CasaIndicators *self);          /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaIndicators, casa_indicators_unref)

/* The source whose stations are the city's: [own] source. */
const char *casa_indicators_city(const CasaIndicators *self);
/* What can be measured; NULL: metrics.conf cannot be read. */
const CasaMetrics *casa_indicators_metrics(const CasaIndicators *self);

guint casa_indicators_n(const CasaIndicators *self); /* How many indicators there are: they are numbered from 0 */
const CasaIndicator *casa_indicators_get(const CasaIndicators *self, guint index);          /* NULL: no such */
const CasaIndicator *casa_indicators_find(const CasaIndicators *self, const char *id);      /* NULL: no such */
const CasaCityDomain *const *casa_indicators_domains(const CasaIndicators *self, guint *n); /* in file order */
const CasaCityDomain *casa_indicators_domain(const CasaIndicators *self, const char *id);   /* NULL: no such */

/* What a station is. @described: `kind` of its $station, NULL or "" when it has none. Of the city: a kind of the file, told by
 * @described, else by its id; NULL: unknown. Of anybody else: always NULL, for a team's words are its own. */
const CasaStationKind *casa_indicators_kind(const CasaIndicators *self, const char *source, const char *station,
                                            const char *described);
/* The line that a station of @kind runs on, cut from its id. (transfer full); NULL: none. */
char *casa_station_kind_line(const CasaStationKind *kind, const char *station);

/* Whether a station is one of @indicator's; its metric is not asked for. @kind: its own word for what it is, or that of
 * casa_indicators_kind(); NULL unknown. */
gboolean casa_indicator_takes(const CasaIndicators *self, const CasaIndicator *indicator, const char *source,
                              const char *domain, const char *kind);

G_END_DECLS
