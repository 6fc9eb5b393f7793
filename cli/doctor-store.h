/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "store/reader.h"

G_BEGIN_DECLS

/* What the store tells `casa doctor` about those who send, and about this machine's clock. */

/* Who sent what could not be used, or more than they may, within the last hour: a sentence for each, newest first, at most
 * ten. Empty: nobody. (element-type utf8) (transfer full) */
GPtrArray *cli_doctor_refusals(const CasaConfig *config, CasaReader *reader, gint64 now_ms, GError **error);

/* A line when the broker threw messages away within the last day. NULL: it did not. (transfer full) */
char *cli_doctor_dropped(CasaReader *reader, gint64 now_ms);

/* When the newest sample arrived, by the clock that stored it; 0: there is none, or @reader is NULL. */
gint64 cli_doctor_newest(CasaReader *reader);

/* What is wrong with a clock that shows @now_ms, where the store holds samples (@reader may be NULL). NULL: nothing seen.
 * (transfer full) */
char *cli_doctor_clock(CasaReader *reader, gint64 now_ms);

G_END_DECLS
