/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Tells what was waiting from what is live: a past that a source sends, what the broker kept while we were away, what a
 * source kept while it was. How long that took says nothing about how fast measurements come. One thread, except where it
 * says otherwise; all times are of the wall clock, in ms. */
typedef struct _CasaBacklog CasaBacklog;

/* @now_ms: when the program began. What was measured before then has waited on its way. (transfer full) */
CasaBacklog *casa_backlog_new(gint64 now_ms);
void casa_backlog_free(CasaBacklog *self); /* NULL is fine */

/* Whatever was measured before @until_ms, by any source, counts as having waited. G_MAXINT64: everything counts so until the
 * next call. Any thread. */
void casa_backlog_hold(CasaBacklog *self, gint64 until_ms);
/* @source connected or disconnected just now: what it measured before @now_ms waited at the source. */
void casa_backlog_hold_source(CasaBacklog *self, const char *source, gint64 now_ms);

/* A measurement of @source, made at @t_ms, has come. TRUE: it waited, or is the past. A source that sends its past has
 * kept what it measured meanwhile, too. */
gboolean casa_backlog_take(CasaBacklog *self, const char *source, gint64 t_ms, gint64 now_ms);

G_END_DECLS
