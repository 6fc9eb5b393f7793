/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* A key file (GKeyFile syntax) that remembers where things stand, so that every complaint names file, line and key.
 * Immutable after load: any thread may read. */
typedef struct _CasaKeyfile CasaKeyfile;

/* Reads @path (at most 1 MiB, UTF-8). A line that is no comment, [group] or key = value, and a key written twice in a
 * group, are CASA_ERROR_CONFIG with file and line. Other failures to read are CASA_ERROR_CONFIG naming the file. */
CasaKeyfile *casa_keyfile_load(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same from memory; @name stands for the file in messages. */
CasaKeyfile *casa_keyfile_parse(const char *text, gsize len, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Adds those groups of @more that @wanted says, behind the others; complaints name the file that each came from. A group that
 * both have is CASA_ERROR_CONFIG; @self is then of no more use. For whoever has just loaded @self. */
gboolean casa_keyfile_add(CasaKeyfile *self, const CasaKeyfile *more, gboolean (*wanted)(const char *group, gpointer data),
                          gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_keyfile_free(CasaKeyfile *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaKeyfile, casa_keyfile_free)

/* Groups in file order, NULL-terminated (transfer none). */
const char *const *casa_keyfile_groups(const CasaKeyfile *self);
gboolean casa_keyfile_has_group(const CasaKeyfile *self, const char *group); /* Whether there is a [@group] */

/* Keys of @group in file order, NULL-terminated; empty when there is no such group. (transfer full: g_strfreev) */
char **casa_keyfile_keys(const CasaKeyfile *self, const char *group);
/* Where @key of @group stands, from 1; @key NULL: the group itself; 0: nowhere. */
guint casa_keyfile_line_of(const CasaKeyfile *self, const char *group, const char *key);

/* The value, or NULL when the key is absent or empty. (transfer none) */
const char *casa_keyfile_get(const CasaKeyfile *self, const char *group, const char *key);
/* The value split at ';', stripped, empty parts left out; NULL when absent. (transfer full: g_strfreev) */
char **casa_keyfile_get_list(const CasaKeyfile *self, const char *group, const char *key);

/* Typed reads: absent leaves *@out alone and is TRUE; a wrong value is CASA_ERROR_CONFIG. Bounds are inclusive. */
gboolean casa_keyfile_get_double(const CasaKeyfile *self, const char *group, const char *key, double min, double max,
                                 double *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A whole number. */
gboolean casa_keyfile_get_uint(const CasaKeyfile *self, const char *group, const char *key, guint min, guint max, guint *out,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* true or false. */
gboolean casa_keyfile_get_bool(const CasaKeyfile *self, const char *group, const char *key, gboolean *out,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A duration, as casa_duration_parse() takes it, in milliseconds. */
gboolean casa_keyfile_get_duration(const CasaKeyfile *self, const char *group, const char *key, gint64 min_ms, gint64 max_ms,
                                   gint64 *out_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Bytes: "500 MB", "20GB", "2 TB" (powers of 1000); "0" is 0. */
gboolean casa_keyfile_get_size(const CasaKeyfile *self, const char *group, const char *key, gint64 min, gint64 max, gint64 *out,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Every key of @group must be one of @known (NULL-terminated), else CASA_ERROR_CONFIG that lists them. */
gboolean casa_keyfile_check_keys(const CasaKeyfile *self, const char *group, const char *const *known,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Sets CASA_ERROR_CONFIG "file:line: [group] key: <message>". @key NULL: the group itself. Always FALSE, so that a
 * reader can `return casa_keyfile_fail(…)`. */
gboolean casa_keyfile_fail(const CasaKeyfile *self, const char *group, const char *key, GError **error, const char *format, ...)
  G_GNUC_PRINTF(5, 6);

G_END_DECLS
