/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/desk/explore-curve.h"
#include "ui/share/sheet.h"

G_BEGIN_DECLS

/* What is seen of @curves (CasaExploreCurve), to be taken along: each row for programs carries its own provenance. In the
 * language of the moment. (transfer full) */
CasaSheet *casa_explore_sheet(const CasaDesk *desk, const GPtrArray *curves, CasaViewport *viewport);

G_END_DECLS
