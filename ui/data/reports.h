/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/reader.h"

G_BEGIN_DECLS

/* Citizens' reports of a store (docs/WIRE.md, "Reports"): those that wait for the organiser's word, and those that the hall may
 * see. Read and written on a thread of its own, so that no frame waits for the disk. From the thread that made it. */
typedef struct _CasaReports CasaReports;

#define CASA_REPORTS_LISTED 200 /* newest of each kind */

/* @path (copied) of the store, which may come to be later; NULL: there are never any. @store is what the choice is written to
 * and outlives it; NULL: none can be shown or hidden. */
CasaReports *casa_reports_new(const char *path, CasaStore *store);
void casa_reports_free(CasaReports *self); /* Waits for what is being written. NULL is fine */

/* Takes what was read, and asks again when that is a while ago. Called with every tick of the model. TRUE: the lists are other
 * ones. */
gboolean casa_reports_tick(CasaReports *self);
/* Newest first (element-type CasaStoredReport) (transfer none), until the next tick; never NULL. */
const GArray *casa_reports_waiting(CasaReports *self);
const GArray *casa_reports_shown(CasaReports *self); /* likewise: those that the hall may see */
/* Lets the hall see a report, or hides it again: soon after. One that is gone: nothing happens. */
void casa_reports_show(CasaReports *self, const char *source, const char *id, gboolean on);

G_END_DECLS
