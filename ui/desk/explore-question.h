/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "series/pyramid.h"
#include "ui/chart/viewport.h"
#include "ui/data/history-service.h"

G_BEGIN_DECLS

/* What a curve of the explore page asks the store, and what is made of the answer. GTK thread only. */

/* A question, and what it was about. */
typedef struct {
  guint64 ticket; /* 0: none on its way */
  gint64 from_ms, to_ms, asked_us;
} CasaExploreQuestion;

/* Asks for what @viewport shows of @series (the id is read at once), @shift_ms earlier, in about so many columns, and a little
 * more on both sides. Who asked cancels the ticket. @func, @data: as in casa_history_service_ask(). */
void casa_explore_question_ask(CasaExploreQuestion *self, CasaHistoryService *service, const guint *series,
                               CasaViewport *viewport, gint64 shift_ms, guint columns, CasaHistoryAnswerFunc func,
                               gpointer data);
/* Whether another answer is wanted: the range has moved, or moves with now and @again_ms have passed. */
gboolean casa_explore_question_is_old(const CasaExploreQuestion *self, CasaViewport *viewport, gint64 again_ms);
/* What is seen of an answer's columns; the service keeps the rest. (transfer full) */
CasaColumns *casa_explore_answer_keep(const CasaColumns *columns);
/* Makes the line of it, @shift_ms later: of a column its lowest and its highest value, so that no peak is lost; one sample
 * stands in the middle. Across @silences (CasaGap, rising) the line is broken. */
void casa_explore_answer_draw(CasaPyramid *line, const CasaColumns *columns, const GArray *silences, gint64 shift_ms);

G_END_DECLS
