/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* One metric of metrics.conf. Immutable; owned by CasaMetrics. */
typedef struct {
  char *id;     /* canonical: "pm10" */
  char *domain; /* "mobility", "energy", "air", … ; "any" for lat, lon, … */
  char *unit;   /* canonical unit as shown: "µg/m³", "" when none */
  char *name_fr, *name_en, *name_ar;
  double min, max; /* physically possible range in the canonical unit; outside: field rejected `out-of-range` */
  guint decimals;  /* digits after the point when shown */
  char **aliases;  /* other names publishers use: "PM10", "pm_10" */
} CasaMetric;

typedef struct _CasaMetrics CasaMetrics; /* immutable after load: any thread */

/* Reads @dir/metrics.conf. Errors: CASA_ERROR_CONFIG with file, line, key. */
CasaMetrics *casa_metrics_load(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_metrics_free(CasaMetrics *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaMetrics, casa_metrics_free)

/* By canonical id or alias, case-insensitively; @len bytes, need not end in NUL. NULL when unknown. No allocation. */
const CasaMetric *casa_metrics_find(const CasaMetrics *self, const char *name, gsize len);

/* Whether @domain is declared. */
gboolean casa_metrics_has_domain(const CasaMetrics *self, const char *domain);

/* All of them, NULL-terminated, in their order in the file (transfer none). */
const char *const *casa_metrics_domains(const CasaMetrics *self);

/* The domain of stations whose description says that they are a @kind; NULL: the kind tells none. (transfer none) */
const char *casa_metrics_domain_of_kind(const CasaMetrics *self, const char *kind);

/* Factor and offset that bring a value in @unit ("km/h", "kW", "ppm"…; as written by the publisher, in any case but where
 * that would take milli for mega) to the metric's
 * canonical unit: canonical = value * factor + offset. FALSE: this unit is not known for this metric. */
gboolean casa_metrics_convert(const CasaMetrics *self, const CasaMetric *metric, const char *unit, double *factor,
                              double *offset);

/* All metrics, in file order. (transfer none). */
const CasaMetric *const *casa_metrics_all(const CasaMetrics *self, guint *n);

G_END_DECLS
