/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/rehearse.h"
#include "base/clock.h"
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOOK_MS 100
#define ENDING ".rehearsal"

typedef enum { SCENE, HALL, LANGUAGE, THEME, N_THINGS } Thing;

struct _CasaRehearse {
  CasaRehearseFacts facts;
  char *path, *talk;
  CasaRehearsal *rehearsal;
  char *last[N_THINGS]; /* as it was noted */
  gint64 began_us;      /* monotonic */
  gboolean told;        /* that it cannot be written */
  guint timer;
};

char *
casa_rehearse_path(const char *state, const char *talk)
{
  g_autofree char *name = g_path_get_basename(talk);
  g_autofree char *stem = g_str_has_suffix(name, ".conf") ? g_strndup(name, strlen(name) - strlen(".conf")) : g_strdup(name);
  g_autofree char *file = g_strconcat(stem, ENDING, NULL);
  g_autofree char *dir = state ? g_path_get_dirname(state) : g_build_filename(g_get_user_state_dir(), "casa-pulse", NULL);

  return g_build_filename(dir, file, NULL);
}

static double
seconds(CasaRehearse *self)
{
  return (double)(casa_clock_mono_us() - self->began_us) / G_USEC_PER_SEC;
}

static void
save(CasaRehearse *self, const char *report)
{
  g_autoptr(GError) error = NULL;

  if (casa_rehearsal_save(self->rehearsal, self->path, report, &error) || self->told)
    return;
  g_message("--rehearse: %s", error->message);
  self->told = TRUE;
}

/* What the window shows of it now. (transfer none), until it changes */
static const char *
value_of(CasaRehearse *self, Thing thing)
{
  static const char *const halls[] = {
    [CASA_HALL_LIVE] = "live", [CASA_HALL_FROZEN] = "frozen", [CASA_HALL_BLACK] = "black", [CASA_HALL_WHITE] = "white"
  };

  switch (thing) {
  case SCENE: return casa_scene_file_get(casa_scene_list_file(self->facts.scenes), casa_window_scene(self->facts.window))->id;
  case HALL: return halls[casa_window_hall(self->facts.window)];
  case LANGUAGE: return casa_window_language(self->facts.window);
  case THEME: return casa_window_theme(self->facts.window);
  case N_THINGS: break;
  }
  g_return_val_if_reached("");
}

static gboolean
look_cb(gpointer data)
{
  static const char *const names[] = { [SCENE] = "scene", [HALL] = "hall", [LANGUAGE] = "language", [THEME] = "theme" };
  CasaRehearse *self = data;
  gboolean changed = FALSE;

  for (Thing i = 0; self->facts.window && i < N_THINGS; i++) {
    const char *value = value_of(self, i);
    if (g_strcmp0(value, self->last[i]) == 0)
      continue;
    g_free(self->last[i]);
    self->last[i] = g_strdup(value);
    casa_rehearsal_note(self->rehearsal, seconds(self), names[i], value);
    changed = TRUE;
  }
  if (changed)
    save(self, NULL);
  return G_SOURCE_CONTINUE;
}

/* The file was written last with its last step: the talk went on meanwhile. */
static void
go_on(CasaRehearse *self)
{
  GStatBuf about;
  g_autoptr(CasaRehearsal) before = self->facts.came_back ? casa_rehearsal_load(self->path, NULL) : NULL;

  if (!before || g_stat(self->path, &about) != 0)
    return;
  double last_s = casa_rehearsal_get(before, casa_rehearsal_n(before) - 1)->at_s;
  double since_s = MAX(0, (double)(g_get_real_time() / G_USEC_PER_SEC - about.st_mtime));
  casa_rehearsal_free(self->rehearsal);
  self->rehearsal = g_steal_pointer(&before);
  self->began_us -= (gint64)((last_s + since_s) * G_USEC_PER_SEC);
}

CasaRehearse *
casa_rehearse_new(const CasaRehearseFacts *facts)
{
  CasaRehearse *self = g_new0(CasaRehearse, 1);
  g_autofree char *dir = g_path_get_dirname(facts->path);

  self->facts = *facts;
  self->facts.window = NULL;
  g_set_weak_pointer(&self->facts.window, facts->window);
  g_object_ref(facts->scenes);
  self->path = g_strdup(facts->path);
  self->talk = g_strdup(facts->talk);
  self->rehearsal = casa_rehearsal_new();
  self->began_us = casa_clock_mono_us();
  g_mkdir_with_parents(dir, 0700);
  go_on(self);
  self->timer = g_timeout_add(LOOK_MS, look_cb, self);
  return self;
}

/* Only somebody who sits there can be asked. */
static gboolean
is_wanted(CasaRehearse *self)
{
  char line[16] = "";

  if (self->facts.write || !isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
    return self->facts.write;
  fprintf(stderr, "Write these minutes into %s? [y/N] ", self->talk);
  return fgets(line, sizeof line, stdin) && (*line == 'y' || *line == 'Y' || *line == 'o' || *line == 'O');
}

static void
write_minutes(CasaRehearse *self)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  if (!g_file_get_contents(self->talk, &text, NULL, &error)) {
    fprintf(stderr, "--rehearse: %s\n", error->message);
    return;
  }
  g_autofree char *again = casa_rehearsal_rewrite(self->rehearsal, text);
  if (g_file_set_contents(self->talk, again, -1, &error))
    fprintf(stderr, "%s has the rehearsed minutes.\n", self->talk);
  else
    fprintf(stderr, "--rehearse: %s\n", error->message);
}

void
casa_rehearse_finish(CasaRehearse *self)
{
  if (!self)
    return;
  g_source_remove(self->timer);
  casa_rehearsal_note(self->rehearsal, seconds(self), CASA_REHEARSAL_END, "-");
  g_autofree char *report = casa_rehearsal_report(self->rehearsal, casa_scene_list_file(self->facts.scenes));
  save(self, report);
  fprintf(stderr, "Rehearsed, kept in %s:\n%s", self->path, report);
  if (is_wanted(self))
    write_minutes(self);
  for (Thing i = 0; i < N_THINGS; i++)
    g_free(self->last[i]);
  g_clear_weak_pointer(&self->facts.window);
  g_object_unref(self->facts.scenes);
  casa_rehearsal_free(self->rehearsal);
  g_free(self->path);
  g_free(self->talk);
  g_free(self);
}
