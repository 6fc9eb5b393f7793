/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/history-query.h"

G_BEGIN_DECLS

/* Answers questions to the past (history-query.h) on a thread of its own, with a read-only connection of its own, so that no
 * frame ever waits for the disk. Answers of questions that differ only in time are built on one another (history-cache.h).
 *
 * All functions: from the thread that made it, in whose default main context answers arrive. */
typedef struct _CasaHistoryService CasaHistoryService;

typedef struct {
  const CasaHistoryQuery *query; /* as it was asked */
  const CasaColumns *columns;    /* NULL: it could not be read */
  const CasaGap *gaps;           /* stretches in which nobody listened, rising */
  guint n_gaps;
  guint n_series;      /* that the question means; of columns->n_seen anything is stored in the stretch */
  const GError *error; /* why columns is NULL; else NULL */
  double ms;           /* that reading took */
} CasaHistoryAnswer;

/* @answer and all in it live until it returns. It may ask and cancel; it must not free the service. */
typedef void (*CasaHistoryAnswerFunc)(const CasaHistoryAnswer *answer, gpointer data);

/* @path (copied) of the store, which may come to be later; @catalogue outlives it. */
CasaHistoryService *casa_history_service_new(const char *path, CasaCatalogue *catalogue);
/* Cancels all and joins the thread, which takes some ms at most; no answer comes after it. NULL is fine. */
void casa_history_service_free(CasaHistoryService *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaHistoryService, casa_history_service_free)

/* Asks; @query is copied. @func is called once, later, unless it is cancelled. Questions are answered in the order they were
 * asked. Returns: a ticket, never 0. */
guint64 casa_history_service_ask(CasaHistoryService *self, const CasaHistoryQuery *query, CasaHistoryAnswerFunc func,
                                 gpointer data);
/* The view has moved on: @func of @ticket is not called any more, and reading for it ends. 0, or a ticket that was answered:
 * nothing happens. */
void casa_history_service_cancel(CasaHistoryService *self, guint64 ticket);

G_END_DECLS
