/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/desk/explore-curve.h"

G_BEGIN_DECLS

/* What is seen, as a file: @path ends in .csv, .png, .svg or .pdf. Pictures are painted anew, in vectors where the file has them, with
 * source, span and provenance burned in; each row of the table carries its own. @curves: CasaExploreCurve. In the language of the
 * moment. CASA_ERROR_IO names the path. */
gboolean casa_explore_export(const CasaDesk *desk, const GPtrArray *curves, CasaViewport *viewport, const char *path,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
