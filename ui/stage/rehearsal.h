/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/scenes/scene-file.h"

G_BEGIN_DECLS

/* A talk as it was rehearsed: what the hall showed, and from when on. A text of lines "SECONDS WHAT VALUE": scene ID, hall
 * live|frozen| black|white, language fr|ar|en, theme ID, and last end. Pure, but for its file. */
typedef struct _CasaRehearsal CasaRehearsal;

typedef struct {
  double at_s; /* since the begin */
  char *what, *value;
} CasaRehearsalStep;

#define CASA_REHEARSAL_END "end" /* the last step; its value is "-" */

CasaRehearsal *casa_rehearsal_new(void);       /* Nothing yet. (transfer full) */
void casa_rehearsal_free(CasaRehearsal *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaRehearsal, casa_rehearsal_free)

/* Steps come in the order of time; a step that is older than the last one is dated as that. */
void casa_rehearsal_note(CasaRehearsal *self, double at_s, const char *what, const char *value);
guint casa_rehearsal_n(const CasaRehearsal *self);                               /* steps noted or read */
const CasaRehearsalStep *casa_rehearsal_get(const CasaRehearsal *self, guint i); /* i < n; until the next note */

/* How long scene @id was shown, in seconds, all visits together. */
double casa_rehearsal_spent(const CasaRehearsal *self, const char *id);
/* A line for each scene of @file: planned, rehearsed, difference, and the same of the talk. In English, for a terminal.
 * (transfer full) */
char *casa_rehearsal_report(const CasaRehearsal *self, const CasaSceneFile *file);
/* @text of a talk with the rehearsed minutes, to a tenth, of each scene that was shown for three seconds or more; all else
 * stays as it is written. (transfer full) */
char *casa_rehearsal_rewrite(const CasaRehearsal *self, const char *text);

/* FALSE: it cannot be written. Lines of @report stand before the steps, as comments. */
gboolean casa_rehearsal_save(const CasaRehearsal *self, const char *path, const char *report, GError **error);
/* NULL: there is no such file, or a line of it is none: @error names file and line. (transfer full) */
CasaRehearsal *casa_rehearsal_load(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
