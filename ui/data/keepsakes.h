/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib-object.h>

G_BEGIN_DECLS

/* Small choices of the organiser that must survive a restart: favourite series, and which teams the hall may see. Kept in one key file
 * beside the store. "changed" (no arguments): anything has another answer. GTK thread only. */
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
/* The team that has the large place; NULL: none has. (transfer none), until the next change. */
const char *casa_keepsakes_featured(CasaKeepsakes *self);
/* Shows it, too. NULL: none. Writes the file. */
void casa_keepsakes_feature(CasaKeepsakes *self, const char *team);
/* Shown teams, in the order of their names. (element-type utf8) (transfer full) */
GPtrArray *casa_keepsakes_shown(CasaKeepsakes *self);

G_END_DECLS
