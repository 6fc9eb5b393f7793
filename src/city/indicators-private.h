/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/keyfile.h"
#include "city/indicators.h"

G_BEGIN_DECLS

/* Between indicators.c and what reads the file, indicators-load.c and indicators-read.c. */

struct _CasaIndicators {
  gint refs; /* atomic; all else is immutable after load */
  CasaMetrics *metrics;
  char *city;
  GPtrArray *kinds;      /* CasaStationKind */
  GPtrArray *scales;     /* CasaScale */
  GPtrArray *limits;     /* Limit */
  GPtrArray *indicators; /* CasaIndicator, by index */
  GPtrArray *domains;    /* CasaCityDomain */
};

/* What [limit NAME] is called. */
typedef struct {
  CasaLimit limit; /* first: a CasaLimit * of ours is one of these */
  char *id;
} CasaNamedLimit;

void casa_text_clear(CasaText *self);         /* Frees the three texts, not @self */
void casa_station_kind_free(gpointer kind);   /* For a GPtrArray of CasaStationKind */
void casa_scale_free(gpointer scale);         /* For a GPtrArray of CasaScale */
void casa_named_limit_free(gpointer limit);   /* For a GPtrArray of CasaNamedLimit */
void casa_indicator_free(gpointer indicator); /* For a GPtrArray of CasaIndicator */
void casa_city_domain_free(gpointer domain);  /* For a GPtrArray of CasaCityDomain */

/* The texts KEY_fr, KEY_en, KEY_ar of @group; what is missing is the French, what has no French is @def's. */
void casa_text_read(const CasaKeyfile *file, const char *group, const char *key, const CasaText *def, CasaText *out);

/* Each reads one [group] whose name ends in @id. FALSE: CASA_ERROR_CONFIG. */
gboolean casa_station_kind_read(const CasaKeyfile *file, const char *group, CasaStationKind *out,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* [scale NAME]. */
gboolean casa_scale_read(const CasaKeyfile *file, const char *group, CasaScale *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* [limit NAME]. */
gboolean casa_limit_read(const CasaKeyfile *file, const char *group, CasaLimit *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All indicators of @set exist already, so that one may name another; so do kinds, scales and limits. */
gboolean casa_indicator_read(const CasaIndicators *set, const CasaKeyfile *file, const char *group, CasaIndicator *out,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* [domain NAME]; the indicators of @set exist already. */
gboolean casa_city_domain_read(const CasaIndicators *set, const CasaKeyfile *file, const char *group, CasaCityDomain *out,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The index of what @key says in @words (NULL-terminated); absent leaves *@out alone. */
gboolean casa_word_read(const CasaKeyfile *file, const char *group, const char *key, const char *const *words, guint *out,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* newest, 10m, 1h or 24h, as milliseconds; absent leaves *@out alone. */
gboolean casa_averaging_read(const CasaKeyfile *file, const char *group, const char *key, gint64 *out,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Kinds of @key, each of @set. (transfer full), never NULL on success. */
char **casa_kinds_read(const CasaIndicators *set, const CasaKeyfile *file, const char *group, const char *key,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* An indicator of @set named by @key; absent gives NULL. FALSE: none is called so. */
gboolean casa_reference_read(const CasaIndicators *set, const CasaKeyfile *file, const char *group, const char *key,
                             const char *id, const CasaIndicator **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
