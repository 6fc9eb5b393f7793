/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/stage/rehearsal.h"
#include "base/error.h"
#include <math.h>
#include <string.h>

#define LEAST_S 3 /* a scene that was only passed has no new plan */
#define LEAST_MINUTES 0.1

struct _CasaRehearsal {
  GArray *steps; /* CasaRehearsalStep */
};

static void
step_clear(gpointer data)
{
  CasaRehearsalStep *self = data;

  g_free(self->what);
  g_free(self->value);
}

CasaRehearsal *
casa_rehearsal_new(void)
{
  CasaRehearsal *self = g_new0(CasaRehearsal, 1);

  self->steps = g_array_new(FALSE, FALSE, sizeof(CasaRehearsalStep));
  g_array_set_clear_func(self->steps, step_clear);
  return self;
}

void
casa_rehearsal_free(CasaRehearsal *self)
{
  if (!self)
    return;
  g_array_unref(self->steps);
  g_free(self);
}

guint
casa_rehearsal_n(const CasaRehearsal *self)
{
  return self->steps->len;
}

const CasaRehearsalStep *
casa_rehearsal_get(const CasaRehearsal *self, guint i)
{
  return &g_array_index(self->steps, CasaRehearsalStep, i);
}

void
casa_rehearsal_note(CasaRehearsal *self, double at_s, const char *what, const char *value)
{
  double last_s = self->steps->len ? casa_rehearsal_get(self, self->steps->len - 1)->at_s : 0;
  CasaRehearsalStep step = { MAX(at_s, last_s), g_strdup(what), g_strdup(value) };

  g_array_append_val(self->steps, step);
}

double
casa_rehearsal_spent(const CasaRehearsal *self, const char *id)
{
  double spent = 0, since = -1;

  for (guint i = 0; i < self->steps->len; i++) {
    const CasaRehearsalStep *step = casa_rehearsal_get(self, i);
    gboolean scene = g_str_equal(step->what, "scene");
    if (!scene && !g_str_equal(step->what, CASA_REHEARSAL_END))
      continue;
    if (since >= 0)
      spent += step->at_s - since;
    since = scene && g_str_equal(step->value, id) ? step->at_s : -1;
  }
  return spent;
}

static void
append_line(GString *out, const char *name, double planned_s, double spent_s)
{
  guint plan = (guint)lround(planned_s), real = (guint)lround(spent_s);
  guint off = plan > real ? plan - real : real - plan;

  g_string_append_printf(out, "%-16s planned %3u:%02u  rehearsed %3u:%02u  %c%u:%02u\n", name, plan / 60, plan % 60, real / 60,
                         real % 60, real < plan ? '-' : '+', off / 60, off % 60);
}

char *
casa_rehearsal_report(const CasaRehearsal *self, const CasaSceneFile *file)
{
  GString *out = g_string_new(NULL);
  double planned = 0, spent = 0;

  for (guint i = 0; i < casa_scene_file_n(file); i++) {
    const CasaScene *scene = casa_scene_file_get(file, i);
    double own = casa_rehearsal_spent(self, scene->id);
    append_line(out, scene->id, scene->minutes * 60, own);
    planned += scene->minutes * 60;
    spent += own;
  }
  append_line(out, "the talk", planned, spent);
  return g_string_free(out, FALSE);
}

/* "[scene ID]" → ID; "": of another group; NULL: the line begins no group. (transfer full) */
static char *
group_of(const char *line)
{
  g_autofree char *text = g_strstrip(g_strdup(line));
  gsize n = strlen(text);

  if (*text != '[')
    return NULL;
  if (!g_str_has_prefix(text, "[scene ") || text[n - 1] != ']' || g_str_has_suffix(text, " narrow]"))
    return g_strdup("");
  return g_strndup(text + strlen("[scene "), n - strlen("[scene ") - 1);
}

static gboolean
is_minutes(const char *line)
{
  const char *rest = g_str_has_prefix(line, "minutes") ? line + strlen("minutes") : NULL;

  return rest && rest[strspn(rest, " \t")] == '=';
}

/* NULL: it has no new plan. (transfer full) */
static char *
minutes_line(const CasaRehearsal *self, const char *id)
{
  double spent = id && *id ? casa_rehearsal_spent(self, id) : 0;
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (spent < LEAST_S)
    return NULL;
  g_ascii_formatd(number, sizeof number, "%.1f", MAX(LEAST_MINUTES, spent / 60));
  if (g_str_has_suffix(number, ".0"))
    number[strlen(number) - 2] = '\0';
  return g_strconcat("minutes = ", number, NULL);
}

/* Whether the group that begins after line @i has its minutes. */
static gboolean
has_minutes(char **lines, guint i)
{
  for (i++; lines[i] && *lines[i] != '['; i++)
    if (is_minutes(lines[i]))
      return TRUE;
  return FALSE;
}

char *
casa_rehearsal_rewrite(const CasaRehearsal *self, const char *text)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_autofree char *plan = NULL; /* of the group that the line is in */
  GString *out = g_string_new(NULL);

  for (guint i = 0; lines[i]; i++) {
    g_autofree char *id = group_of(lines[i]);
    if (id) {
      g_free(plan);
      plan = minutes_line(self, id);
    }
    g_string_append_printf(out, "%s%s", i ? "\n" : "", plan && is_minutes(lines[i]) ? plan : lines[i]);
    if (id && plan && !has_minutes(lines, i))
      g_string_append_printf(out, "\n%s", plan);
  }
  return g_string_free(out, FALSE);
}

gboolean
casa_rehearsal_save(const CasaRehearsal *self, const char *path, const char *report, GError **error)
{
  g_autoptr(GString) out =
    g_string_new("# Written by casa-pulse --rehearse: seconds, what, value. casa-pulse --autoplay plays it.\n");
  g_auto(GStrv) lines = g_strsplit(report ? report : "", "\n", -1);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; lines[i]; i++)
    if (*lines[i])
      g_string_append_printf(out, "# %s\n", lines[i]);
  for (guint i = 0; i < self->steps->len; i++) {
    const CasaRehearsalStep *step = casa_rehearsal_get(self, i);
    g_string_append_printf(out, "%s %s %s\n", g_ascii_formatd(number, sizeof number, "%.2f", step->at_s), step->what,
                           step->value);
  }
  return g_file_set_contents(path, out->str, (gssize)out->len, error);
}

static gboolean
take_line(CasaRehearsal *self, const char *line)
{
  static const char *const known[] = { "scene", "hall", "language", "theme", CASA_REHEARSAL_END, NULL };
  g_auto(GStrv) words = g_strsplit(line, " ", 3);
  char *end = NULL;

  if (g_strv_length(words) != 3 || !g_strv_contains((const char *const *)known, words[1]))
    return FALSE;
  double at_s = g_ascii_strtod(words[0], &end);
  if (end == words[0] || *end || !(at_s >= 0 && at_s < 86400))
    return FALSE;
  casa_rehearsal_note(self, at_s, words[1], words[2]);
  return TRUE;
}

CasaRehearsal *
casa_rehearsal_load(const char *path, GError **error)
{
  g_autoptr(CasaRehearsal) self = casa_rehearsal_new();
  g_autofree char *text = NULL;

  if (!g_file_get_contents(path, &text, NULL, error))
    return NULL;
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    if (*lines[i] && *lines[i] != '#' && !take_line(self, lines[i])) {
      g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "%s:%u: no step of a rehearsal; record it again with --rehearse", path,
                  i + 1);
      return NULL;
    }
  if (self->steps->len > 0)
    return g_steal_pointer(&self);
  g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "%s: nothing was rehearsed; record it again with --rehearse", path);
  return NULL;
}
