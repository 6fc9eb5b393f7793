/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "series/pyramid.h"
#include "ui/data/model.h"

G_BEGIN_DECLS

/* Indicators as lines over any stretch of the stored time, for charts that are zoomed: asks the model's history service for
 * what a view needs and a little around it, and keeps the last answer until the next has come, so that nothing flickers while
 * somebody zooms. One question a line is on its way at most; where the view has moved on meanwhile, the next one is asked when
 * it is answered. GTK thread only. */
typedef struct _CasaHistoryLines CasaHistoryLines;

/* @changed: another answer has come. @model outlives it. (transfer full) */
CasaHistoryLines *casa_history_lines_new(CasaModel *model, void (*changed)(gpointer data), gpointer data);
/* What was asked is cancelled. NULL is fine. */
void casa_history_lines_free(CasaHistoryLines *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaHistoryLines, casa_history_lines_free)

/* One more line, of @indicator, which lives as long as this. Folds that have no past as a line (index, sources) stay empty. Its
 * number, from 0. */
guint casa_history_lines_add(CasaHistoryLines *self, const CasaIndicator *indicator);
/* From now on line @i is that of @shift_ms earlier, at the times of the view: a day before behind today. 0: as it was. */
void casa_history_lines_shift(CasaHistoryLines *self, guint i, gint64 shift_ms);
/* What is shown: [@from_ms, @to_ms) in @columns pixels. Asks for what is not there yet, and again when @now_ms has moved by a
 * column that is in view. Cheap when nothing has changed. */
void casa_history_lines_want(CasaHistoryLines *self, gint64 from_ms, gint64 to_ms, guint columns, gint64 now_ms);
/* Nobody looks any more: what comes is let go of. */
void casa_history_lines_rest(CasaHistoryLines *self);

const CasaPyramid *casa_history_lines_get(CasaHistoryLines *self, guint i); /* The same pointer for its life. (transfer none) */
/* Width of the columns of the answers, ms: samples further apart than some of them are not joined. 0: nothing yet. */
gint64 casa_history_lines_width_ms(CasaHistoryLines *self);
/* Stretches of the last answer in which nobody listened: CasaGap, rising. (transfer none) until the next answer. */
const GArray *casa_history_lines_gaps(CasaHistoryLines *self);
/* Whether everything that was wanted is there. */
gboolean casa_history_lines_settled(CasaHistoryLines *self);

G_END_DECLS
