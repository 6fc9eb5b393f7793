/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* One run of `casa import`, to its end. The program is $CASA_PROGRAM. */
typedef struct {
  int status;
  char *out, *err;
} ImportRun;

const char *import_program(void);
/* casa import --config DIR --store STORE --from-influx URL [more…]; @more NULL: no more. */
ImportRun import_run(const char *dir, const char *store, const char *url, const char *const *more);
void import_run_clear(ImportRun *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ImportRun, import_run_clear)

/* Each fails the test, showing what it printed. */
void import_assert_count(const ImportRun *run, const char *key, guint64 n);
void import_assert_says(const ImportRun *run, const char *words);

/* All samples of a store by casa export, as line protocol (so without their time of arrival), one a line and sorted: series
 * are numbered as they came. Their number in *@n. (transfer full) */
char *export_sorted(const char *store, guint *n);

G_END_DECLS
