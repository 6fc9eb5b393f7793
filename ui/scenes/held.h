/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"

G_BEGIN_DECLS

/* How long vehicles were held, all together: counted by the maps of all pages while they look on, so never more than was
 * seen. */

/* @n of them are held at @now_ms. What lies further back than a few seconds was not seen, and counts for nothing. */
void casa_held_count(CasaModel *model, guint n, gint64 now_ms);
/* Vehicles times minutes since the event that began at @start_ms was first asked about. */
double casa_held_minutes(CasaModel *model, gint64 start_ms);

G_END_DECLS
