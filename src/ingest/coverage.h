/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "source/source.h"
#include "store/store.h"

G_BEGIN_DECLS

/* Answers those who ask what the store has of a source, on <root>/$control/store (docs/WIRE.md): a publisher that can fill in
 * the past then sends only what lacks. Reads in a thread of its own, so that messages do not wait. */
typedef struct _CasaCoverage CasaCoverage;

/* @store outlives it. */
CasaCoverage *casa_coverage_new(const char *root, CasaStore *store);
/* Stops first. NULL is fine. */
void casa_coverage_free(CasaCoverage *self);

/* TRUE: @message is such a question; the answer goes out through @source, which must live until casa_coverage_stop(). The
 * source's message thread. */
gboolean casa_coverage_take(CasaCoverage *self, const CasaMessage *message, CasaSource *source);
/* No answer goes out any more afterwards. */
void casa_coverage_stop(CasaCoverage *self);

G_END_DECLS
