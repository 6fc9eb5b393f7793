/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/indicators.h"
#include "store/reader.h"

G_BEGIN_DECLS

/* Questions about the stored past that are worked out on a thread of their own, with a read-only connection of its own, so that
 * no frame waits for them. One at a time: a newer one takes the place of one that waits. All functions: from the thread that
 * made it, in whose default main context answers arrive. */
typedef struct _CasaStudy CasaStudy;

typedef struct {
  const char *name; /* of the thread, and in the log. Static */
  /* On the study's thread: the answer about what lies before @end_ms (transfer full). @reader NULL: the store cannot be read.
   * @anew: what was learned is let go of first. It may end early once casa_study_quit() is set. */
  gpointer (*work)(CasaReader *reader, CasaIndicators *indicators, gint64 end_ms, gboolean anew, gpointer data);
  /* In the owner's main context: an answer, and what was asked; not of a set that is no longer followed. All (transfer none) */
  void (*answered)(gpointer answer, CasaIndicators *indicators, gint64 end_ms, gpointer data);
  GDestroyNotify free_answer;
} CasaStudyKind;

/* @path (copied) of the store; @kind is static; @data is handed to its functions. (transfer full) */
CasaStudy *casa_study_new(const char *path, const CasaStudyKind *kind, gpointer data);
void casa_study_free(CasaStudy *self); /* Joins the thread; no answer comes after it. NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaStudy, casa_study_free)

/* Asks about what lies before @end_ms when that is another moment than the last one, at most every @pace_us. What was learned
 * is let go of with another set of @indicators (held), when @end_ms goes back, and once after casa_study_forget(). TRUE: it
 * is another set than before, and whoever points into that one lets go of it now. */
gboolean casa_study_follow(CasaStudy *self, CasaIndicators *indicators, gint64 end_ms, gint64 pace_us);
/* The past has become another one: it is learned again, but not more often than once a minute. */
void casa_study_forget(CasaStudy *self);
gint *casa_study_quit(CasaStudy *self); /* Atomic; 1: it is being freed. Any thread. (transfer none) */

G_END_DECLS
