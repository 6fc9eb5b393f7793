/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The page before the first scene: what `casa doctor --stage` finds, a line each, what is to be mended first, with what to do
 * in that program's own words (English). It runs once when this is made, and again when it is asked to. GTK thread only; never
 * waits. */
typedef struct _CasaStageCheck CasaStageCheck;

/* @command: the program and its arguments, NULL at the end. It goes with its widget. */
CasaStageCheck *casa_stage_check_new(const char *const *command);
GtkWidget *casa_stage_check_widget(CasaStageCheck *self); /* (transfer none), floating at first */
void casa_stage_check_look(CasaStageCheck *self);         /* Its own words, in the language of the moment */

/* The command for this configuration: the casa that is installed, or built, beside this program, else that of PATH. (transfer
 * full) */
char **casa_stage_check_command(const char *config_dir, const char *broker_url, const char *store_path);

G_END_DECLS
