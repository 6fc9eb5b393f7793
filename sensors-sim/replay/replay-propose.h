/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/metrics.h"
#include "csv.h"

G_BEGIN_DECLS

/* Proposes a mapping for a table, from its header and first rows: which column is the time and how it is written, which the
 * station and its position, which are known metrics and in which unit. What had to be guessed says so in a comment. The
 * text is a mapping that can be used as it is, unless it begins with a line that tells what is missing. (transfer full)
 * CASA_ERROR_DATA: there is no table to look at. */
char *casa_sim_propose_map(CasaSimCsv *csv, const CasaMetrics *metrics, const char *file_name,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
