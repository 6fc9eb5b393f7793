/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "replay-table.h"

G_BEGIN_DECLS

/* Tables that are wider than one station: hours as columns, stations as columns. Each writes its groups of the mapping to @out
 * and takes the columns that it used. */

/* "H00; H01; …": writes [hours]. @file_name: may name the metric. FALSE: the table has no such columns. */
gboolean casa_sim_propose_hours(CasaSimTable *table, const char *file_name, GString *out);
/* Whether the table has them: its station and its date are then the row's. */
gboolean casa_sim_table_has_hours(const CasaSimTable *table);

/* "Maârif PM10; Gare PM10", "Zone 1 Power; Zone 2 Power", "Maârif; Gare" (@alone: nothing else was understood): writes a
 * [value …] with metric and station for each. Without @stations only those of the row's own, such as "BME280 pressure". How
 * many; @placed: those of them that name a station. */
guint casa_sim_propose_stations(CasaSimTable *table, const char *file_name, gboolean stations, gboolean alone, GString *out,
                                guint *placed);

/* "# QUESTION: …" on a line of its own. */
void casa_sim_propose_question(GString *out, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* How a key file can name column @i: by its words, or by its number. (transfer full) */
char *casa_sim_table_naming(const CasaSimTable *table, guint i);

G_END_DECLS
