/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "source/source.h"
#include "wire/decoded.h"

G_BEGIN_DECLS

/* Tells a publisher, on <root>/<source>/$feedback, what was refused and how to mend it: for each source at most once a
 * second in the long run and five at once, with the number of verdicts that were kept back. One thread. */
typedef struct _CasaFeedback CasaFeedback;

CasaFeedback *casa_feedback_new(const char *root); /* @root: topic root. Copies it. (transfer full) */
void casa_feedback_free(CasaFeedback *self);       /* NULL is fine */
/* @refused: what was refused, one by one (the first sixteen are told), NULL when that is @why alone. @refused_fields 0: the
 * whole message was rejected. @now_us monotonic. The payload to publish, or NULL when this one is kept back; @topic_out is
 * where to (both owned by the feedback, until the next call). */
const char *casa_feedback_verdict(CasaFeedback *self, const char *source, const CasaMessage *message, const CasaReason *why,
                                  const GArray *refused, guint refused_fields, gint64 now_us, const char **topic_out);

/* Whether a message on @source's $feedback may be a verdict of ours that the broker brings back: as many are, as were given. */
gboolean casa_feedback_is_echo(CasaFeedback *self, const char *source);

G_END_DECLS
