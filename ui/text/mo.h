/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* A translation catalogue in GNU gettext's .mo format ("The Format of GNU MO Files", gettext manual §10.3), either byte
 * order, revision 0. The whole file is checked when it is read; afterwards lookups cannot fail, only miss.
 * Immutable: any thread. */
typedef struct _CasaMo CasaMo;

/* Refuses (CASA_ERROR_DATA) what is truncated, points outside itself or is not UTF-8. @bytes is kept. (transfer full) */
CasaMo *casa_mo_new(GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_mo_free(CasaMo *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaMo, casa_mo_free)

guint casa_mo_size(const CasaMo *self); /* How many messages it has */

/* The translation, or NULL when there is none. @ctx may be NULL. Plurals are found by their singular; @form counts from 0;
 * a form that the catalogue lacks gives its last one. A translation whose printf conversions differ from the original's
 * is not returned: it would crash whoever prints with it. (transfer none) */
const char *casa_mo_lookup(const CasaMo *self, const char *ctx, const char *msgid, guint form);

/* TRUE when both formats take the same arguments (order may differ through %1$s). */
gboolean casa_mo_same_arguments(const char *a, const char *b);

G_END_DECLS
