/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"

G_BEGIN_DECLS

typedef struct json_t json_t;

/* One feature: geometry flattened to paths. Point → one path of 1; LineString → one path; Polygon and MultiPolygon →
 * their rings. @properties is owned by the collection. */
typedef struct {
  CasaPath *paths;
  guint n_paths;
  const json_t *properties;
} CasaFeature;

typedef struct _CasaFeatures CasaFeatures;

/* Reads a GeoJSON FeatureCollection file (RFC 7946). Files over 32 MiB, nesting over 32, non-finite or out-of-range
 * coordinates are CASA_ERROR_DATA naming file and feature number. */
CasaFeatures *casa_features_load(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same from memory; @name stands for the file in messages. */
CasaFeatures *casa_features_parse(const char *text, gsize len, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_features_free(CasaFeatures *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaFeatures, casa_features_free)
/* Feature @i, less than the count. Valid as long as the collection. */
const CasaFeature *casa_features_get(const CasaFeatures *self, guint i);
guint casa_features_count(const CasaFeatures *self); /* How many features there are */
/* Property as string / number, or the default. */
const char *casa_feature_string(const CasaFeature *f, const char *key, const char *def);
double casa_feature_number(const CasaFeature *f, const char *key, double def); /* A number; @def where there is none */

G_END_DECLS
