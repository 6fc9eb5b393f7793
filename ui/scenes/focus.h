/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/scenes/page.h"

G_BEGIN_DECLS

/* One domain, full screen. @title stands where the wall has its hint. */
CasaPage *casa_focus_new(CasaModel *model, CasaDomain domain, const char *title);

G_END_DECLS
