/* SPDX-License-Identifier: Apache-2.0 */
#include "source/replay/store-source.h"

#include "base/error.h"
#include "source/replay/replay-run.h"
#include "store/reader.h"

#define BEFORE_MS (15 * 60 * 1000) /* as long as the screen waits for a sensor that reports seldom */
/* A window is read at once: at least a minute of the past, as blocks of the store hold an hour and each is unpacked whole; at
 * high speed what five seconds of ours show, but no more than that many samples need of memory. */
#define WINDOW_MIN_MS (60 * 1000)
#define WINDOW_MAX_MS (20 * 60 * 1000)
#define WINDOW_OURS_MS 5000
#define FIELDS_MAX 32
/* Of each series no more is shown than a frame of the screen can tell apart: at 600 times, the last value of each 20 seconds. A
 * whole city, a sample a second each, would otherwise be read, written and decoded a million times a second, and lag behind. */
#define FRAME_OURS_MS 33
#define THIN_FROM_MS 1000 /* frames shorter than this have a sample each */

typedef struct {
  char *source, *domain, *station, *metric;
} Names;

typedef struct {
  gint64 t_ms;
  guint names; /* in Window.names */
  double value;
} Row;

typedef struct {
  gint64 frame_ms;    /* of the past, of which each series keeps its last row; 0: all are kept */
  const char *metric; /* of the row before: while the reader walks, each series has a string of its own for it */
  GArray *names;
  GArray *rows;
} Window;

typedef struct {
  CasaReplayRun run;
  char *store_path, *root;
  gint64 to_ms;
  GString *topic, *payload;
} CasaStoreSource;

static void
names_clear(gpointer data)
{
  Names *names = data;
  g_free(names->source);
  g_free(names->domain);
  g_free(names->station);
  g_free(names->metric);
}

static gboolean
is_in_frame_of_last(const Window *window, const Row *row)
{
  if (window->frame_ms == 0 || window->rows->len == 0)
    return FALSE;
  const Row *last = &g_array_index(window->rows, Row, window->rows->len - 1);
  return last->names == row->names && last->t_ms / window->frame_ms == row->t_ms / window->frame_ms;
}

static gboolean
keep_row_cb(const CasaExportRow *row, gpointer data)
{
  Window *window = data;
  if (row->metric != window->metric) {
    Names names = { g_strdup(row->source), g_strdup(row->domain), g_strdup(row->station), g_strdup(row->metric) };
    g_array_append_val(window->names, names);
    window->metric = row->metric;
  }
  Row kept = { row->t_ms, window->names->len - 1, row->value };
  if (is_in_frame_of_last(window, &kept))
    g_array_set_size(window->rows, window->rows->len - 1);
  g_array_append_val(window->rows, kept);
  return TRUE;
}

static int
compare_rows(gconstpointer a, gconstpointer b)
{
  const Row *x = a, *y = b;
  if (x->t_ms != y->t_ms)
    return x->t_ms < y->t_ms ? -1 : 1;
  return x->names < y->names ? -1 : x->names > y->names;
}

static void
window_clear(Window *window)
{
  g_clear_pointer(&window->names, g_array_unref);
  g_clear_pointer(&window->rows, g_array_unref);
}

static gboolean
read_window(Window *window, CasaReader *reader, double speed, gint64 from_ms, gint64 to_ms, GError **error)
{
  const gint64 frame_ms = (gint64)(speed * FRAME_OURS_MS);
  const CasaExportQuery query = { .from_ms = from_ms, .to_ms = to_ms };
  *window = (Window){ .names = g_array_new(FALSE, FALSE, sizeof(Names)), .rows = g_array_new(FALSE, FALSE, sizeof(Row)) };
  window->frame_ms = frame_ms >= THIN_FROM_MS ? frame_ms : 0;
  g_array_set_clear_func(window->names, names_clear);
  if (casa_reader_export(reader, &query, keep_row_cb, window, error))
    return TRUE;
  window_clear(window);
  return FALSE;
}

static const Names *
names_of(const Window *window, guint row)
{
  return &g_array_index(window->names, Names, g_array_index(window->rows, Row, row).names);
}

static gboolean
belongs(const Window *window, guint first, guint row)
{
  const Row *a = &g_array_index(window->rows, Row, first), *b = &g_array_index(window->rows, Row, row);
  const Names *x = names_of(window, first), *y = names_of(window, row);
  return a->t_ms == b->t_ms && row - first < FIELDS_MAX && g_str_equal(x->station, y->station) &&
         g_str_equal(x->source, y->source) && g_str_equal(x->domain, y->domain);
}

/* One message from row @first on; *next: the first row that is not in it. */
static gboolean
deliver_message(CasaStoreSource *self, const Window *window, guint first, gboolean retained, guint *next)
{
  const Names *names = names_of(window, first);
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  guint i = first;
  g_string_printf(self->topic, "%s/%s/%s/%s", self->root, names->source, names->domain, names->station);
  g_string_printf(self->payload, "{\"t\":%" G_GINT64_FORMAT, g_array_index(window->rows, Row, first).t_ms);
  for (; i < window->rows->len && belongs(window, first, i); i++)
    g_string_append_printf(self->payload, ",\"%s\":%s", names_of(window, i)->metric,
                           g_ascii_dtostr(number, sizeof number, g_array_index(window->rows, Row, i).value));
  g_string_append_c(self->payload, '}');
  *next = i;
  return casa_replay_run_deliver(&self->run, self->topic->str, self->topic->len, self->payload->str, self->payload->len,
                                 retained);
}

/* Of each series the last row only; rows stand in the order of series and time. */
static void
keep_last(Window *window)
{
  guint n = 0;
  Row *rows = (Row *)(gpointer)window->rows->data;
  for (guint i = 0; i < window->rows->len; i++)
    if (i + 1 == window->rows->len || rows[i + 1].names != rows[i].names)
      rows[n++] = rows[i];
  g_array_set_size(window->rows, n);
}

static gboolean
show_before(CasaStoreSource *self, CasaReader *reader, GError **error)
{
  Window window;
  gboolean go_on = TRUE;
  if (!read_window(&window, reader, casa_clock_speed(self->run.clock), self->run.from_ms - BEFORE_MS, self->run.from_ms, error))
    return FALSE;
  keep_last(&window);
  g_array_sort(window.rows, compare_rows);
  for (guint i = 0; go_on && i < window.rows->len;)
    go_on = deliver_message(self, &window, i, TRUE, &i);
  window_clear(&window);
  return go_on;
}

static gboolean
play_window(CasaStoreSource *self, CasaReader *reader, gint64 from_ms, gint64 to_ms, GError **error)
{
  Window window;
  gboolean go_on = TRUE;
  if (!read_window(&window, reader, casa_clock_speed(self->run.clock), from_ms, to_ms, error))
    return FALSE;
  g_array_sort(window.rows, compare_rows);
  for (guint i = 0; go_on && i < window.rows->len;)
    go_on =
      casa_replay_run_wait(&self->run, g_array_index(window.rows, Row, i).t_ms) && deliver_message(self, &window, i, FALSE, &i);
  window_clear(&window);
  return go_on && casa_replay_run_wait(&self->run, to_ms);
}

static gboolean
play(CasaReplayRun *run, GError **error)
{
  CasaStoreSource *self = (CasaStoreSource *)run;
  g_autoptr(CasaReader) reader = casa_reader_open(self->store_path, error);
  gint64 width_ms = CLAMP((gint64)(casa_clock_speed(run->clock) * WINDOW_OURS_MS), WINDOW_MIN_MS, WINDOW_MAX_MS);
  if (!reader || !show_before(self, reader, error))
    return FALSE;
  for (gint64 t = run->from_ms; t < self->to_ms; t += width_ms)
    if (!play_window(self, reader, t, MIN(t + width_ms, self->to_ms), error))
      return FALSE;
  return TRUE;
}

static void
clear(CasaReplayRun *run)
{
  CasaStoreSource *self = (CasaStoreSource *)run;
  g_free(self->store_path);
  g_free(self->root);
  g_string_free(self->topic, TRUE);
  g_string_free(self->payload, TRUE);
}

CasaSource *
casa_store_source_new(const CasaStoreSourceOptions *options, CasaClock *clock)
{
  CasaStoreSource *self = g_new0(CasaStoreSource, 1);
  casa_replay_run_init(&self->run, &options->receiver, clock, options->from_ms, options->loop);
  self->run.play = play;
  self->run.clear = clear;
  self->store_path = g_strdup(options->store_path);
  self->root = g_strdup(options->root);
  self->to_ms = options->to_ms;
  self->topic = g_string_new(NULL);
  self->payload = g_string_new(NULL);
  return &self->run.base;
}

static gboolean
found_cb(const CasaExportRow *row, gpointer data)
{
  *(gboolean *)data = TRUE;
  return FALSE;
}

gboolean
casa_store_source_check(const CasaStoreSourceOptions *options, GError **error)
{
  const CasaExportQuery query = { .from_ms = options->from_ms, .to_ms = options->to_ms };
  g_autoptr(CasaReader) reader = casa_reader_open(options->store_path, error);
  gboolean found = FALSE;
  char from[32], to[32];
  if (!reader || !casa_reader_export(reader, &query, found_cb, &found, error))
    return FALSE;
  if (!found)
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "the store %s has no sample from %s to %s", options->store_path,
                casa_time_format(options->from_ms, from), casa_time_format(options->to_ms, to));
  return found;
}
