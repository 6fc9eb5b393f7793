/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/futures.h"
#include "ui/data/model.h"
#include "ui/data/two-futures.h"

G_BEGIN_DECLS

/* What if: an event of the palette, its place, strength and hour, or one of the futures of config/scenarios, chosen key by
 * key; and the two cities that come of it. Nothing is commanded, nothing stored. No widget. GTK thread. */
typedef struct _CasaWhatIf CasaWhatIf;

typedef enum {
  CASA_WHAT_IF_WHAT,
  CASA_WHAT_IF_PLACE,
  CASA_WHAT_IF_STRENGTH,
  CASA_WHAT_IF_HOUR,
  CASA_WHAT_IF_FIELDS
} CasaWhatIfField;

#define CASA_WHAT_IF_CELLS 3

/* What comes of it, in a number and words. */
typedef struct {
  char *number, *words;
} CasaWhatIfCell;

/* @command and @model's configuration folder: how the simulator is started (casa_two_futures_command()). @changed: an answer
 * has come, or is waited for. @model outlives it, or gives way to another. (transfer full) */
CasaWhatIf *casa_what_if_new(CasaModel *model, const char *const *command, void (*changed)(gpointer data), gpointer data);
void casa_what_if_free(CasaWhatIf *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaWhatIf, casa_what_if_free)
/* Another model, or other indicators: whatever was asked is let go of. */
void casa_what_if_set_model(CasaWhatIf *self, CasaModel *model);

void casa_what_if_open(CasaWhatIf *self);  /* Asks what is chosen; the hour is tonight's, or the next one */
void casa_what_if_close(CasaWhatIf *self); /* Lets go of the answer, and ends what still plays */
gboolean casa_what_if_is_open(const CasaWhatIf *self);

CasaWhatIfField casa_what_if_field(const CasaWhatIf *self); /* Which one the arrows change */
void casa_what_if_step_field(CasaWhatIf *self, int by);     /* To the next one that there is, in a circle */
void casa_what_if_step_value(CasaWhatIf *self, int by);     /* Of that one; asks anew */
void casa_what_if_choose(CasaWhatIf *self, guint digit); /* The event of that key of the palette; another digit does nothing */
/* FALSE: what is chosen has no such field. Both (transfer full), in the language of the moment. */
gboolean casa_what_if_field_words(CasaWhatIf *self, CasaWhatIfField field, char **out_name, char **out_value);

/* In the language of the moment. (transfer full) */
char *casa_what_if_title(CasaWhatIf *self);
char *casa_what_if_note(CasaWhatIf *self); /* What it assumes and leaves out */
/* While there is no answer: why. NULL: there is one. (transfer full) */
char *casa_what_if_waiting(CasaWhatIf *self);
/* How many there are. Texts (transfer full): casa_what_if_cell_clear(). */
guint casa_what_if_cells(CasaWhatIf *self, CasaWhatIfCell cells[CASA_WHAT_IF_CELLS]);
void casa_what_if_cell_clear(CasaWhatIfCell *self); /* Frees its texts */

/* What the chart shows; NULL: nothing. */
const CasaIndicator *casa_what_if_indicator(const CasaWhatIf *self);
const CasaTwoFutures *casa_what_if_futures(const CasaWhatIf *self); /* Figure 0 is the chart's */
/* The hours that were asked for, and when it begins and ends (a future: never, both 0). */
void casa_what_if_hours(const CasaWhatIf *self, gint64 *from_ms, gint64 *to_ms, gint64 *start_ms, gint64 *end_ms);

G_END_DECLS
