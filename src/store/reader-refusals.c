/* SPDX-License-Identifier: Apache-2.0 */
#include "store/reader-private.h"

#include <string.h>

/* A flood of refused messages must not hold up who asks: the newest so many are looked at. */
#define LOOK_AT_MAX 20000

void
casa_refusal_free(CasaRefusal *self)
{
  g_free(self->source);
  g_free(self->code);
  g_free(self->reason);
  g_free(self);
}

/* <root>/<source>/…: who sent it, "" when the topic names nobody. (transfer full) */
static char *
source_of(const char *topic, const char *root)
{
  gsize n = strlen(root);
  if (!topic || strncmp(topic, root, n) != 0 || topic[n] != '/' || !g_utf8_validate(topic, -1, NULL))
    return g_strdup("");
  return g_strndup(topic + n + 1, strcspn(topic + n + 1, "/"));
}

static CasaRefusal *
refusal_of(GPtrArray *all, char *source, const char *code)
{
  for (guint i = 0; i < all->len; i++) {
    CasaRefusal *known = all->pdata[i];
    if (strcmp(known->source, source) == 0 && strcmp(known->code, code) == 0) {
      g_free(source);
      return known;
    }
  }
  CasaRefusal *new = g_new0(CasaRefusal, 1);
  new->source = source;
  new->code = g_strdup(code);
  g_ptr_array_add(all, new);
  return new;
}

/* Rows come newest first. */
static void
add_row(GPtrArray *all, sqlite3_stmt *stmt, const char *root)
{
  const char *code = (const char *)sqlite3_column_text(stmt, 2), *reason = (const char *)sqlite3_column_text(stmt, 3);
  CasaRefusal *refusal = refusal_of(all, source_of((const char *)sqlite3_column_text(stmt, 1), root), code ? code : "");
  if (refusal->n++ == 0) {
    refusal->newest_ms = sqlite3_column_int64(stmt, 0);
    refusal->reason = g_strdup(reason ? reason : "");
    casa_reasons_from_json((const char *)sqlite3_column_text(stmt, 4), &refusal->why, 1);
  }
}

GPtrArray *
casa_reader_refusals(CasaReader *self, const char *root, gint64 from_ms, GError **error)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)casa_refusal_free);
  sqlite3_stmt *stmt = casa_reader_sql(self, CASA_READ_REFUSALS);
  int code = SQLITE_ERROR;
  if (stmt) {
    sqlite3_bind_int(stmt, 1, LOOK_AT_MAX);
    guint n = 0;
    for (; (code = sqlite3_step(stmt)) == SQLITE_ROW && sqlite3_column_int64(stmt, 0) >= from_ms; n++)
      add_row(all, stmt, root);
    sqlite3_reset(stmt);
    for (guint i = 0; n == LOOK_AT_MAX && i < all->len; i++)
      ((CasaRefusal *)all->pdata[i])->more = TRUE;
  }
  if (code == SQLITE_DONE || code == SQLITE_ROW)
    return g_steal_pointer(&all);
  casa_reader_fail(self, "read what was refused", error);
  return NULL;
}

static void
refused_free(gpointer data)
{
  CasaRefusedMessage *r = data;
  g_free(r->topic);
  g_bytes_unref(r->payload);
  g_free(r->code);
  g_free(r->reason);
  g_free(r);
}

static CasaRefusedMessage *
refused_of(sqlite3_stmt *stmt)
{
  CasaRefusedMessage *r = g_new0(CasaRefusedMessage, 1);
  const char *code = (const char *)sqlite3_column_text(stmt, 2), *reason = (const char *)sqlite3_column_text(stmt, 3);
  r->received_ms = sqlite3_column_int64(stmt, 0);
  r->topic = g_utf8_make_valid((const char *)sqlite3_column_text(stmt, 1), -1);
  r->code = g_strdup(code ? code : "");
  r->reason = g_strdup(reason ? reason : "");
  casa_reasons_from_json((const char *)sqlite3_column_text(stmt, 4), &r->why, 1);
  const void *payload = sqlite3_column_blob(stmt, 5);
  r->payload = g_bytes_new(payload, (gsize)sqlite3_column_bytes(stmt, 5));
  return r;
}

GPtrArray *
casa_reader_refused_of(CasaReader *self, const char *root, const char *source, guint max, gint64 from_ms, guint *out_n,
                       GError **error)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(refused_free);
  g_autofree char *branch = g_strdup_printf("%s/%s/", root, source);
  sqlite3_stmt *stmt = casa_reader_sql(self, CASA_READ_REFUSED);
  int code = SQLITE_ERROR;
  *out_n = 0;
  if (stmt) {
    sqlite3_bind_int(stmt, 1, LOOK_AT_MAX);
    sqlite3_bind_text(stmt, 2, branch, -1, SQLITE_STATIC);
    while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
      *out_n += sqlite3_column_int64(stmt, 0) >= from_ms;
      if (all->len < max)
        g_ptr_array_add(all, refused_of(stmt));
    }
    sqlite3_reset(stmt);
  }
  if (code == SQLITE_DONE)
    return g_steal_pointer(&all);
  casa_reader_fail(self, "read what was refused", error);
  return NULL;
}

gboolean
casa_reader_dropped(CasaReader *self, gint64 *out_ms, GError **error)
{
  *out_ms = 0;
  return casa_stmt_int(casa_reader_sql(self, CASA_READ_DROPPED), out_ms) ||
         casa_reader_fail(self, "read when messages were dropped", error);
}
