/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/scenes/happenings.h"

G_BEGIN_DECLS

/* Flags every one of @happenings (casa_happenings_read()) that concerns a domain on its charts, from its start to its end. GTK
 * thread only. */
void casa_happening_flags_put(CasaModel *model, const GArray *happenings);

G_END_DECLS
