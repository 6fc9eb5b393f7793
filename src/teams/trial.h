/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "teams/diagnosis.h"

G_BEGIN_DECLS

/* What would become of a message that is not sent: as `casa check` judges it, for a screen. */
typedef struct {
  gboolean usable;     /* something of it would be stored, or it was understood and has nothing to store */
  GPtrArray *readings; /* "station/metric value unit", at most CASA_TRIAL_SHOWN of n_values (element-type utf8) */
  guint n_values, n_refused;
  CasaReason why;  /* of the first thing that is refused; code NULL: nothing is */
  gboolean mended; /* … and how it is to be written: */
  CasaMend mend;
} CasaTrial;

#define CASA_TRIAL_SHOWN 6

/* Judges @payload on @topic at @now_ms. Reads metrics.conf and feeds.conf of @config: not on GTK's thread. NULL: @error, one of
 * them is wrong. (transfer full) */
CasaTrial *casa_trial_new(const CasaConfig *config, const char *topic, const char *payload, gint64 now_ms,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_trial_free(CasaTrial *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaTrial, casa_trial_free)

G_END_DECLS
