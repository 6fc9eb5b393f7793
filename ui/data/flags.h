/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/indicators.h"

G_BEGIN_DECLS

/* What charts flag: events of the city and notes of people, by id. One list for all windows of a model, so that an event that
 * is told on the map stands on every chart of its domain. GTK thread only. */
typedef struct _CasaFlags CasaFlags;

#define CASA_FLAG_OPEN G_MAXINT64

typedef struct {
  const char *id;     /* one occurrence: "event/power-cut-3", "note/…"; putting the same id again replaces it */
  const char *domain; /* id of indicators.conf whose charts it concerns; NULL: all */
  gint64 from_ms;     /* UTC */
  gint64 to_ms;       /* its end; CASA_FLAG_OPEN: it lasts; from_ms: a moment */
  const char *sign;   /* a letter or two; NULL: "!" */
  CasaText text;      /* a few words, "coupure, Maârif"; NULL strings: none */
  gboolean grave;     /* the colour of what is bad; else of a warning, and of a note the ink's */
  gboolean note;      /* written by a person */
} CasaFlag;

CasaFlags *casa_flags_new(void);       /* Empty. (transfer full) */
void casa_flags_free(CasaFlags *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaFlags, casa_flags_free)

/* Copies @flag, in the place of one of the same id. */
void casa_flags_put(CasaFlags *self, const CasaFlag *flag);
/* FALSE: there was none. */
gboolean casa_flags_remove(CasaFlags *self, const char *id);
guint casa_flags_n(const CasaFlags *self);                      /* How many there are */
const CasaFlag *casa_flags_get(const CasaFlags *self, guint i); /* By from_ms, rising. (transfer none) until the next put */
const CasaFlag *casa_flags_find(const CasaFlags *self, const char *id); /* NULL: none. (transfer none) until the next put */
/* Whether @flag stands on charts of @domain (NULL: of none in particular). */
gboolean casa_flag_concerns(const CasaFlag *flag, const char *domain);
guint casa_flags_generation(const CasaFlags *self); /* Another number after each change */

G_END_DECLS
