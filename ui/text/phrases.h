/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"

G_BEGIN_DECLS

/* Turns the summary into the words on the screen, in the language of the moment. No widget, so that every sentence can be
 * tested. All returned strings are (transfer full). */

/* @text in the language of the moment. (transfer none) */
const char *casa_phrases_text(const CasaText *text);

/* The big number of a panel and what stands around it. */
typedef struct {
  char *number;      /* "27,4" */
  char *unit;        /* "km/h · vitesse moyenne": unit, what it is, over which time, how old */
  char *trend;       /* "▼ 18 % vs hier", "▲ mauvais · max. Aïn Sebaâ" */
  gboolean bad;      /* its class is a bad one: the colour says so, too */
  CasaFigure figure; /* where it comes from, and of when it is */
} CasaHeadline;

/* All of it is about @indicator of casa_model_indicators(), at one moment. */
void casa_phrases_headline(CasaModel *model, const CasaIndicator *indicator, CasaHeadline *out);
/* Whether what @figure says of @indicator is of the bad classes of its scale; FALSE where it has none, or no verdict. */
gboolean casa_phrases_is_bad(const CasaIndicator *indicator, const CasaFigure *figure);
void casa_headline_clear(CasaHeadline *self); /* Frees its texts */
/* "▼ 52 MW depuis 20:14": how far its live figure is from what its curve was just before @since_ms. NULL: one of them is not
 * known. */
char *casa_phrases_since(CasaModel *model, const CasaIndicator *indicator, gint64 since_ms);
/* What @indicator is, in full, for a screen reader: "PM10, station la plus haute, moyenne 1 h". */
char *casa_phrases_meaning(const CasaIndicator *indicator);
/* A value of @indicator as it is written: a number, a duration, or the word for off. */
char *casa_phrases_value(const CasaIndicator *indicator, double value);
/* Whether the peak of the 24 hours that @curve shows is still to come again today: yesterday's next hours (@yesterday, see
 * casa_model_yesterday()) have a highest point within them that is clearly above their beginning, and nothing since was higher.
 * @t_ms: when, as today's time. */
gboolean casa_phrases_peak(const CasaPyramid *curve, const CasaPyramid *yesterday, gint64 *t_ms);

/* Where the data on the screen comes from. badge-phrases.c */
typedef enum {
  CASA_BADGE_LIVE,
  CASA_BADGE_SIMULATED,
  CASA_BADGE_REHEARSAL, /* the clock is shifted */
  CASA_BADGE_REPLAY,    /* a past is shown */
  CASA_BADGE_LOADING,   /* a past still comes in */
  CASA_BADGE_LAST,
  CASA_BADGE_MUTE,
  CASA_BADGE_LOST,
} CasaBadgeKind;
#define CASA_BADGES_MAX 4
typedef struct {
  CasaBadgeKind kind;
  char *text; /* "EN DIRECT", "MUET · 42 s" */
} CasaBadgeWords;
guint casa_phrases_badges(const CasaSummary *summary, CasaBadgeWords out[CASA_BADGES_MAX]); /* how many */
const char *casa_badge_class(CasaBadgeKind kind);                                           /* CSS class */
const char *casa_badge_hint(CasaBadgeKind kind);  /* what it means, and how to mend it: for the pointer and a screen reader */
const char *casa_badge_shape(CasaBadgeKind kind); /* "●", "◆", … : colour never speaks alone */

/* The status line, no longer than what can be read without being shrunk: faults first, then counts. @brief: the short form
 * of focus scenes and short=yes; what it says of a lost broker takes turns by the summary's time. status-phrases.c */
char *casa_phrases_status(const CasaSummary *summary, gboolean brief);

typedef struct {
  char *name, *number, *unit;
} CasaTilePhrases;
/* One figure, small: any indicator of casa_model_indicators(). */
void casa_phrases_tile(CasaModel *model, const CasaIndicator *indicator, CasaTilePhrases *out);
void casa_tile_phrases_clear(CasaTilePhrases *self); /* Frees its texts */
/* One value of one series, of whatever metric and of whoever's station: "Température", "21,4", "°C · il y a 42 s". FALSE: it
 * was never seen. */
gboolean casa_phrases_series(CasaModel *model, guint series, CasaTilePhrases *out);

/* The head of the map's legend for @field, an indicator that is spread over the districts: "PM10 par arrondissement". */
char *casa_phrases_map_title(const CasaIndicator *field);
/* "µg/m³ · moyenne 1 h · 10 stations · interpolé" */
char *casa_phrases_map_subtitle(CasaModel *model, const CasaIndicator *field);
/* A station's name in the language of the moment, else its id; tamed (see name.h). */
char *casa_phrases_station(CasaCatalogue *catalogue, guint station);

G_END_DECLS
