/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/two-futures.h"
#include "base/time-units.h"
#include <gio/gio.h>
#include <math.h>
#include <string.h>

#define SETTLE_MS 120     /* a key that is held asks once */
#define PATIENCE_MS 20000 /* a simulator that takes longer is ended */
#define POINTS 4096
#define COSTS 8
#define FIELDS 9 /* of a line: side, time, figure, stations, sum, mean, median, least, highest */

typedef struct {
  char *name; /* kind/metric; NULL: it cannot be asked for */
  guint field;
  CasaPyramid *with, *without;
} Figure;

typedef struct {
  char *name;
  double value, people;
} Cost;

struct _CasaTwoFutures {
  char **command, *config_dir;
  void (*changed)(gpointer data);
  gpointer data;
  char **waiting;      /* the command line to be run; NULL: none */
  guint settle, alarm; /* sources; 0: none */
  GCancellable *cancel;
  GSubprocess *running; /* NULL: nothing runs */
  CasaTwoFuturesState state;
  char *fault;
  Figure figures[CASA_TWO_FUTURES_FIGURES];
  guint n_figures;
  Cost costs[COSTS];
  guint n_costs;
};

char **
casa_two_futures_command(const char *line)
{
  char **words = NULL;
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL), *dir = self ? g_path_get_dirname(self) : g_strdup("/");

  if (!g_shell_parse_argv(line ? line : "casa-sim", NULL, &words, NULL))
    return NULL;
  if (strchr(words[0], '/'))
    return words;
  g_autofree char *beside = g_build_filename(dir, words[0], NULL),
                  *built = g_build_filename(dir, "..", "sensors-sim", words[0], NULL);
  const char *found = g_file_test(beside, G_FILE_TEST_IS_EXECUTABLE)  ? beside
                      : g_file_test(built, G_FILE_TEST_IS_EXECUTABLE) ? built
                                                                      : NULL;
  if (found) {
    g_free(words[0]);
    words[0] = g_strdup(found);
  }
  return words;
}

CasaTwoFutures *
casa_two_futures_new(const char *const *command, const char *config_dir, void (*changed)(gpointer data), gpointer data)
{
  CasaTwoFutures *self = g_new0(CasaTwoFutures, 1);

  self->command = g_strdupv((char **)command);
  self->config_dir = g_strdup(config_dir);
  self->changed = changed;
  self->data = data;
  self->fault = g_strdup("");
  for (guint i = 0; i < CASA_TWO_FUTURES_FIGURES; i++) {
    self->figures[i].with = casa_pyramid_new(POINTS);
    self->figures[i].without = casa_pyramid_new(POINTS);
  }
  return self;
}

/* What comes of it after this is not heard. */
static void
stop(CasaTwoFutures *self)
{
  g_clear_handle_id(&self->settle, g_source_remove);
  g_clear_handle_id(&self->alarm, g_source_remove);
  g_clear_pointer(&self->waiting, g_strfreev);
  if (self->cancel)
    g_cancellable_cancel(self->cancel);
  g_clear_object(&self->cancel);
  if (self->running)
    g_subprocess_force_exit(self->running);
  g_clear_object(&self->running);
}

static void
forget_answer(CasaTwoFutures *self)
{
  for (guint i = 0; i < CASA_TWO_FUTURES_FIGURES; i++) {
    casa_pyramid_clear(self->figures[i].with);
    casa_pyramid_clear(self->figures[i].without);
  }
  for (guint i = 0; i < self->n_costs; i++)
    g_free(self->costs[i].name);
  self->n_costs = 0;
}

void
casa_two_futures_free(CasaTwoFutures *self)
{
  if (!self)
    return;
  stop(self);
  forget_answer(self);
  for (guint i = 0; i < CASA_TWO_FUTURES_FIGURES; i++) {
    casa_pyramid_free(self->figures[i].with);
    casa_pyramid_free(self->figures[i].without);
    g_free(self->figures[i].name);
  }
  g_strfreev(self->command);
  g_free(self->config_dir);
  g_free(self->fault);
  g_free(self);
}

/* --- What it says --- */

static void
take_value(CasaTwoFutures *self, char **fields)
{
  const gboolean with = g_str_equal(fields[0], "with");

  for (guint i = 0; i < self->n_figures; i++) {
    const Figure *figure = &self->figures[i];
    if (figure->name && g_str_equal(fields[2], figure->name))
      casa_pyramid_add(with ? figure->with : figure->without, g_ascii_strtoll(fields[1], NULL, 10),
                       g_ascii_strtod(fields[figure->field], NULL));
  }
}

static void
take_cost(CasaTwoFutures *self, char **fields)
{
  if (self->n_costs == COSTS)
    return;
  self->costs[self->n_costs++] =
    (Cost){ g_strdup(fields[1]), g_ascii_strtod(fields[2], NULL), fields[3] ? g_ascii_strtod(fields[3], NULL) : 0 };
}

static void
take_answer(CasaTwoFutures *self, const char *text)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

  for (guint i = 0; lines[i]; i++) {
    g_auto(GStrv) fields = g_strsplit(lines[i], "\t", FIELDS);
    const guint n = g_strv_length(fields);
    if (n >= 3 && g_str_equal(fields[0], "cost"))
      take_cost(self, fields);
    else if (n == FIELDS)
      take_value(self, fields);
  }
}

static void
become(CasaTwoFutures *self, CasaTwoFuturesState state, const char *fault)
{
  self->state = state;
  g_free(self->fault);
  self->fault = g_strstrip(g_utf8_make_valid(fault, -1));
  self->changed(self->data);
}

static void
ended_cb(GObject *source, GAsyncResult *result, gpointer data)
{
  CasaTwoFutures *self = data;
  g_autofree char *out = NULL, *said = NULL;
  g_autoptr(GError) error = NULL;
  const gboolean read = g_subprocess_communicate_utf8_finish(G_SUBPROCESS(source), result, &out, &said, &error);

  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* another question came, or nobody asks any more */
  const gboolean good = read && g_subprocess_get_successful(G_SUBPROCESS(source));
  g_clear_handle_id(&self->alarm, g_source_remove);
  g_clear_object(&self->running);
  if (good)
    take_answer(self, out);
  become(self, good ? CASA_TWO_FUTURES_KNOWN : CASA_TWO_FUTURES_FAILED, good ? "" : said && *said ? said : "casa-sim");
}

/* --- Asking --- */

static gboolean
alarm_cb(gpointer data)
{
  CasaTwoFutures *self = data;

  self->alarm = 0;
  stop(self);
  become(self, CASA_TWO_FUTURES_FAILED, "casa-sim --what-if: no answer");
  return G_SOURCE_REMOVE;
}

static gboolean
run_cb(gpointer data)
{
  CasaTwoFutures *self = data;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) words = g_steal_pointer(&self->waiting);

  self->settle = 0;
  self->running =
    g_subprocess_newv((const char *const *)words, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  if (!self->running) {
    become(self, CASA_TWO_FUTURES_FAILED, error->message);
    return G_SOURCE_REMOVE;
  }
  self->cancel = g_cancellable_new();
  self->alarm = g_timeout_add(PATIENCE_MS, alarm_cb, self);
  g_subprocess_communicate_utf8_async(self->running, NULL, self->cancel, ended_cb, self);
  return G_SOURCE_REMOVE;
}

/* 0: this fold is of no answer. */
static guint
field_of(const CasaIndicator *indicator)
{
  if (!indicator->metric || !indicator->kinds[0] || indicator->over_ms > 0 || indicator->whose != CASA_OF_CITY)
    return 0;
  switch (indicator->fold) {
  case CASA_STATIONS_SUM: return 4;
  case CASA_STATIONS_MEAN: return 5;
  case CASA_STATIONS_MEDIAN: return 6;
  case CASA_STATIONS_MIN: return 7;
  case CASA_STATIONS_MAX: return 8;
  default: return 0;
  }
}

static void
take_figures(CasaTwoFutures *self, const CasaTwoFuturesQuestion *question)
{
  self->n_figures = 0;
  for (guint i = 0; i < CASA_TWO_FUTURES_FIGURES && question->figures[i]; i++) {
    Figure *figure = &self->figures[self->n_figures++];
    g_free(figure->name);
    figure->field = field_of(question->figures[i]);
    figure->name =
      figure->field ? g_strdup_printf("%s/%s", question->figures[i]->kinds[0], question->figures[i]->metric->id) : NULL;
  }
}

static char *
duration_word(const char *option, gint64 ms)
{
  return g_strdup_printf("--%s=%" G_GINT64_FORMAT "s", option, ms / 1000);
}

/* (transfer full) */
static char **
line_of(const CasaTwoFutures *self, const CasaTwoFuturesQuestion *q)
{
  g_autoptr(GStrvBuilder) words = g_strv_builder_new();
  g_autoptr(GDateTime) start = g_date_time_new_from_unix_utc(q->start_ms / 1000);
  g_autofree char *time = g_date_time_format(start, "--start=%Y-%m-%dT%H:%M:%SZ"),
                  *before = duration_word("backfill", q->start_ms - q->from_ms),
                  *after = duration_word("duration", q->to_ms - q->start_ms),
                  *step = duration_word("backfill-step", MAX(q->step_ms, 1000));
  g_autoptr(GString) figures = g_string_new(NULL);

  for (guint i = 0; i < self->n_figures; i++)
    if (self->figures[i].name)
      g_string_append_printf(figures, "%s%s", figures->len ? "," : "--figures=", self->figures[i].name);
  g_strv_builder_addv(words, (const char **)self->command);
  g_strv_builder_add_many(words, "--config", self->config_dir, "--what-if", q->what, time, before, after, step,
                          figures->len ? figures->str : NULL, NULL);
  return g_strv_builder_end(words);
}

void
casa_two_futures_ask(CasaTwoFutures *self, const CasaTwoFuturesQuestion *question)
{
  stop(self);
  forget_answer(self);
  take_figures(self, question);
  self->waiting = line_of(self, question);
  self->settle = g_timeout_add(SETTLE_MS, run_cb, self);
  become(self, CASA_TWO_FUTURES_ASKED, "");
}

void
casa_two_futures_forget(CasaTwoFutures *self)
{
  stop(self);
  forget_answer(self);
  become(self, CASA_TWO_FUTURES_IDLE, "");
}

/* --- Reading --- */

CasaTwoFuturesState
casa_two_futures_state(const CasaTwoFutures *self)
{
  return self->state;
}

const char *
casa_two_futures_fault(const CasaTwoFutures *self)
{
  return self->fault;
}

const CasaPyramid *
casa_two_futures_with(const CasaTwoFutures *self, guint i)
{
  return self->figures[i].with;
}

const CasaPyramid *
casa_two_futures_without(const CasaTwoFutures *self, guint i)
{
  return self->figures[i].without;
}

/* Each value counts for the time since the one before. */
gboolean
casa_two_futures_difference(const CasaTwoFutures *self, guint i, double *out_sum, double *out_share)
{
  const Figure *figure = &self->figures[i];
  const guint n = MIN(casa_pyramid_length(figure->with), casa_pyramid_length(figure->without));
  double sum = 0, whole = 0;
  gint64 last_ms = 0;

  for (guint k = 0; k < n; k++) {
    gint64 t_ms, other_ms;
    double with, without;
    casa_pyramid_get(figure->with, k, &t_ms, &with);
    casa_pyramid_get(figure->without, k, &other_ms, &without);
    if (t_ms != other_ms)
      return FALSE;
    const double hours = k > 0 ? (double)(t_ms - last_ms) / CASA_HOUR_MS : 0;
    sum += (with - without) * hours;
    whole += without * hours;
    last_ms = t_ms;
  }
  *out_sum = sum;
  *out_share = whole != 0 ? sum / fabs(whole) : NAN;
  return n > 1;
}

double
casa_two_futures_cost(const CasaTwoFutures *self, const char *name, double *out_people)
{
  for (guint i = 0; i < self->n_costs; i++)
    if (g_str_equal(self->costs[i].name, name)) {
      if (out_people)
        *out_people = self->costs[i].people;
      return self->costs[i].value;
    }
  return NAN;
}
