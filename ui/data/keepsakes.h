/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib-object.h>

G_BEGIN_DECLS

/* Small choices of the organiser that must survive a restart: favourite series, which teams the hall may see, notes on charts.
 * Kept in one key file beside the store. "changed" (no arguments): anything has another answer. GTK thread only. */
#define CASA_TYPE_KEEPSAKES (casa_keepsakes_get_type())
G_DECLARE_FINAL_TYPE(CasaKeepsakes, casa_keepsakes, CASA, KEEPSAKES, GObject)

/* Reads @path when it is there; a file that cannot be read is left alone and counts as empty. NULL: nothing is kept. */
CasaKeepsakes *casa_keepsakes_new(const char *path);
/* What is kept for the store at @store_path: beside it. (transfer full) */
char *casa_keepsakes_path(const char *store_path);

/* Favourite series, as "source/domain/station/metric". */
gboolean casa_keepsakes_is_favourite(CasaKeepsakes *self, const char *series);
void casa_keepsakes_set_favourite(CasaKeepsakes *self, const char *series, gboolean on); /* Writes the file */

/* Teams, by their source. Nothing of a team is seen in the hall before it is shown. */
gboolean casa_keepsakes_is_shown(CasaKeepsakes *self, const char *team);
/* Hiding the featured team features none. Writes the file. */
void casa_keepsakes_show(CasaKeepsakes *self, const char *team, gboolean on);
/* Teams that called the organiser from the diagnose page, until somebody has been there. */
gboolean casa_keepsakes_is_called(CasaKeepsakes *self, const char *team);
void casa_keepsakes_call(CasaKeepsakes *self, const char *team, gboolean on); /* Writes the file */
/* The team that has the large place; NULL: none has. (transfer none), until the next change. */
const char *casa_keepsakes_featured(CasaKeepsakes *self);
/* Shows it, too. NULL: none. Writes the file. */
void casa_keepsakes_feature(CasaKeepsakes *self, const char *team);
/* Shown teams, in the order of their names. (element-type utf8) (transfer full) */
GPtrArray *casa_keepsakes_shown(CasaKeepsakes *self);

/* Notes that people write on charts: of a moment (from = to), or of a stretch. */
typedef struct {
  char *id;              /* "note/…", for casa_flags_put() */
  gint64 from_ms, to_ms; /* UTC */
  char *text;
} CasaNote;

#define CASA_NOTE_MOST 120 /* letters; more are cut off */

guint casa_keepsakes_n_notes(CasaKeepsakes *self); /* How many there are */
const CasaNote *casa_keepsakes_note(CasaKeepsakes *self,
                                    guint i); /* As they were written. (transfer none), until the next change */
/* An empty text is no note. Writes the file. */
void casa_keepsakes_add_note(CasaKeepsakes *self, gint64 from_ms, gint64 to_ms, const char *text);
/* Takes the one back that was written last since this was opened. FALSE: there is none. Writes the file. */
gboolean casa_keepsakes_undo_note(CasaKeepsakes *self);

G_END_DECLS
