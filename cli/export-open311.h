/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/reader.h"

G_BEGIN_DECLS

/* Prints the reports that the organiser has shown, of the sources and the time of @query, newest first, as service requests of
 * Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2, "GET Service Requests", JSON). FALSE: the store could not be read. */
gboolean cli_export_open311(CasaReader *reader, const CasaExportQuery *query, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
