/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"

G_BEGIN_DECLS

/* Turns the summary into the words on the screen, in the language of the moment. No widget, so that every sentence can be
 * tested. All returned strings are (transfer full). */

typedef enum { CASA_DOMAIN_MOBILITY, CASA_DOMAIN_ENERGY, CASA_DOMAIN_AIR, CASA_N_DOMAINS } CasaDomain;

const char *casa_domain_id(CasaDomain domain);   /* "mobility" */
const char *casa_domain_name(CasaDomain domain); /* "Mobilité", translated */
/* CASA_N_DOMAINS: no such. */
CasaDomain casa_domain_from_id(const char *id);
CasaCurve casa_domain_curve(CasaDomain domain); /* whose newest value is the big number */

typedef struct {
  char *number; /* "27,4" */
  char *unit;   /* "km/h · vitesse moyenne" */
  char *trend;  /* "▼ 18 % vs hier" */
  gboolean bad; /* over a limit: the trend says so in colour, too */
} CasaHeadline;

void casa_phrases_headline(CasaModel *model, CasaDomain domain, CasaHeadline *out);
void casa_headline_clear(CasaHeadline *self);
/* Whether the peak of the 24 hours that @curve shows is still to come again today: yesterday's next hours (@echo, see
 * casa_model_echo()) have a highest point within them that is clearly above their beginning, and nothing since was higher.
 * @t_ms: when, as today's time. */
gboolean casa_phrases_peak(const CasaPyramid *curve, const CasaPyramid *echo, gint64 *t_ms);

/* Where the data on the screen comes from. badge-words.c */
typedef enum {
  CASA_BADGE_LIVE,
  CASA_BADGE_SIMULATED,
  CASA_BADGE_REHEARSAL, /* the clock is shifted */
  CASA_BADGE_REPLAY,    /* a past is shown */
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
 * of focus scenes. status-words.c */
char *casa_phrases_status(const CasaSummary *summary, gboolean brief);

typedef enum {
  CASA_TILE_VEHICLES,
  CASA_TILE_DELAY,
  CASA_TILE_SOLAR,
  CASA_TILE_LIGHTING,
  CASA_TILE_AIR,
  CASA_TILE_TEAMS,
  CASA_N_TILES,
} CasaTileKind;
typedef struct {
  char *name, *number, *unit;
} CasaTilePhrases;
CasaTileKind casa_tile_from_id(const char *id); /* CASA_N_TILES: no such */
const char *casa_tile_id(CasaTileKind kind);
void casa_phrases_tile(const CasaSummary *summary, CasaTileKind kind, CasaTilePhrases *out);
void casa_tile_words_clear(CasaTilePhrases *self);

char *casa_phrases_map_subtitle(const CasaSummary *summary);
/* A station's name in the language of the moment, else its id; tamed (see name.h). */
char *casa_phrases_station(CasaCatalogue *catalogue, guint station);

G_END_DECLS
