/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/file-stamp.h"
#include "base/keyfile.h"

G_BEGIN_DECLS

/* A domain in one file: every DIR/domains/NAME.conf may have what else stands in four files of the folder. [domain NAME]
 * declares the domain, and says how it is shown; a group of a word alone is a metric; [kind …], [scale …], [limit …] and
 * [indicator …] are as in indicators.conf, [event …] and [story …] as in stories.conf, [scene …] as in scenes.conf, behind the
 * scenes there. */
typedef enum { CASA_DOMAIN_METRICS, CASA_DOMAIN_INDICATORS, CASA_DOMAIN_STORIES, CASA_DOMAIN_SCENES } CasaDomainPart;

/* Paths of the files, sorted by name. (transfer full) */
GPtrArray *casa_domain_files_list(const char *dir);

/* Adds to @file, which has just been loaded, the groups of @part from all of @dir/domains, in the order of the files' names.
 * Without that folder nothing is added. Errors: CASA_ERROR_CONFIG with file, line, key; a group that belongs to no part is told
 * by CASA_DOMAIN_METRICS, which every program reads. */
gboolean casa_domain_files_add(CasaKeyfile *file, const char *dir, CasaDomainPart part,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* casa_file_stamp_look() of all files of @dir/domains together: TRUE: one was saved, came or went. */
gboolean casa_domain_files_look(CasaFileStamp *stamp, const char *dir);

G_END_DECLS
