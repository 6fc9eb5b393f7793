/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/reader-columns.h"

G_BEGIN_DECLS

/* Columns of many series become one row of columns. Pure; private to src/store. */
typedef struct _CasaColumnFolder CasaColumnFolder;

/* Of @n columns, for at most @n_series. */
CasaColumnFolder *casa_column_folder_new(CasaColumnFold fold, double limit, guint n, guint n_series);
void casa_column_folder_free(CasaColumnFolder *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaColumnFolder, casa_column_folder_free)

/* One series' sums, one for each column. */
void casa_column_folder_add(CasaColumnFolder *self, const CasaColumnSum *sums);
/* What they make together, into @out[n]. Once. */
void casa_column_folder_finish(CasaColumnFolder *self, CasaTimeColumn *out);

G_END_DECLS
