/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/metrics.h"

G_BEGIN_DECLS

/* A proposed mapping for programs: the same groups and keys as JSON, its values as `columns`, with the unit that holds, and
 * its questions. @text: what casa_sim_propose_map() gave; @file_name: of the table. (transfer full) */
char *casa_sim_map_json(const char *text, const char *file_name, const CasaMetrics *metrics);

G_END_DECLS
