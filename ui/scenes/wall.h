/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/scenes/page.h"

G_BEGIN_DECLS

/* The wall: the map, a panel for each domain, tiles, the status line. */
CasaPage *casa_wall_new(CasaModel *model);

G_END_DECLS
