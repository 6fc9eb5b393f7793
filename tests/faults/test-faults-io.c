/* SPDX-License-Identifier: Apache-2.0 */
/* A disk that fails: the same work on a store is done again and again, and each time another of its system calls fails, once
 * or from then on. Whatever was said to be stored is there afterwards, whole and once; what was not could not be without a
 * message that names the file. */
#include <errno.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "store/reader.h"

#define T0 G_GINT64_CONSTANT(1779321600000)
#define READINGS 40
#define TARGET "http://nowhere/?db=casa"

/* --- The disk: SQLite's own system calls, counted. Store and readers are used by one thread here. --- */

/* ESTALE is what a disk in the network says that has gone. (SQLite calls a file damaged when a read says EIO.) */
static gint64 calls, fails_at; /* 0: never */
static gboolean fails_on;      /* from then on, not once */
static int fails_with;

static gboolean
fails(void)
{
  calls++;
  gboolean now = fails_at > 0 && (fails_on ? calls >= fails_at : calls == fails_at);
  if (now)
    errno = fails_with;
  return now;
}

static ssize_t
disk_pread(int fd, void *to, size_t n, off64_t at)
{
  return fails_with != ENOSPC && fails() ? -1 : pread64(fd, to, n, at);
}

static ssize_t
disk_pwrite(int fd, const void *from, size_t n, off64_t at)
{
  return fails() ? -1 : pwrite64(fd, from, n, at);
}

static int
disk_ftruncate(int fd, off64_t size)
{
  return fails() ? -1 : ftruncate64(fd, size);
}

static void
replace_disk(void)
{
  static const struct {
    const char *name;
    sqlite3_syscall_ptr call;
  } ours[] = {
    { "pread64", (sqlite3_syscall_ptr)disk_pread },
    { "pwrite64", (sqlite3_syscall_ptr)disk_pwrite },
    { "ftruncate", (sqlite3_syscall_ptr)disk_ftruncate },
  };
  sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(ours); i++)
    g_assert_cmpint(vfs->xSetSystemCall(vfs, ours[i].name, ours[i].call), ==, SQLITE_OK);
}

static void
break_disk(gint64 at, gboolean for_good, int with)
{
  calls = 0;
  fails_at = at;
  fails_on = for_good;
  fails_with = with;
}

static void
mend_disk(void)
{
  fails_at = 0;
}

/* --- The work --- */

typedef struct {
  char *folder, *path;
  CasaStoreOptions options;
  GHashTable *vouched; /* "station t" -> value that was said to be stored; a correction replaces */
  GHashTable *tried;   /* the same, of what was refused: it may be there or not */
  guint refusals;
} Work;

/* A call may fail, but says why and where. */
static gboolean
judged(Work *self, gboolean ok, GError **error)
{
  if (ok) {
    g_assert_no_error(*error);
    return TRUE;
  }
  g_assert_nonnull(*error);
  if (!strstr((*error)->message, "pulse.db"))
    g_error("a message that does not name the file: %s", (*error)->message);
  g_clear_error(error);
  self->refusals++;
  return FALSE;
}

static void
remember(GHashTable *where, const char *station, gint64 t_ms, double value)
{
  double *kept = g_new(double, 1);
  *kept = value;
  g_hash_table_insert(where, g_strdup_printf("%s %" G_GINT64_FORMAT, station, t_ms), kept);
}

static void
put(Work *self, CasaStore *store, const char *station, gint64 t_ms, double value, CasaTimeSource time_source, gint64 seq)
{
  g_autoptr(GError) error = NULL;
  CasaField field = { .metric = "pm10", .value = value };
  CasaReading reading = {
    .t_ms = t_ms, .time_source = time_source, .has_seq = seq >= 0, .seq = seq, .n_fields = 1, .fields = &field
  };
  CasaPut out;
  g_strlcpy(reading.source, "kit", sizeof reading.source);
  g_strlcpy(reading.domain, "air", sizeof reading.domain);
  g_strlcpy(reading.station, station, sizeof reading.station);
  gboolean ok = judged(self, casa_store_put_reading(store, &reading, t_ms + 5, &out, &error), &error);
  if (time_source == CASA_TIME_PAYLOAD)
    remember(ok ? self->vouched : self->tried, station, t_ms, value);
}

static void
put_all(Work *self, CasaStore *store, int round)
{
  for (int i = 0; i < READINGS; i++) {
    gint64 t = T0 + round * 60000 + i * 250;
    put(self, store, i % 2 ? "odd" : "even", t, i + round * 0.5, CASA_TIME_PAYLOAD, -1);
    if (i % 5 == 0) /* corrected, and late */
      put(self, store, "even", T0 + (i - i % 2) * 250, i + 100 + round, CASA_TIME_PAYLOAD, -1);
    if (i % 8 == 0)
      put(self, store, "clockless", t, i, CASA_TIME_ARRIVAL, i);
  }
}

static void
put_the_rest(Work *self, CasaStore *store)
{
  g_autoptr(GError) error = NULL;
  CasaDescriptor d = { .has_position = TRUE, .lat = 33.5, .lon = -7.6 };
  gboolean changed;
  g_strlcpy(d.source, "kit", sizeof d.source);
  g_strlcpy(d.domain, "air", sizeof d.domain);
  g_strlcpy(d.station, "even", sizeof d.station);
  judged(self, casa_store_put_descriptor(store, &d, T0, &changed, &error), &error);
  judged(self, casa_store_put_rejection(store, T0, "casa/v1/x", 9, "x", 1, "json", "not JSON", NULL, &error), &error);
  judged(self, casa_store_put_gap(store, T0, T0 + 1000, "session lost", &error), &error);
  gint64 acked = casa_store_outbox_open(store, TARGET, &error);
  if (judged(self, acked >= 0, &error)) {
    judged(self, casa_store_outbox_ack(store, TARGET, acked + 3, &error), &error);
    judged(self, casa_store_quarantine(store, TARGET, acked + 4, "line", "reason", &error), &error);
  }
}

static gboolean
count_row(const CasaExportRow *row, gpointer data)
{
  (*(guint *)data)++;
  return TRUE;
}

static void
read_all(Work *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaReader) reader = casa_reader_open(self->path, &error);
  gint64 width;
  guint rows = 0;
  if (!judged(self, reader != NULL, &error))
    return;
  for (guint series = 0; series < 3; series++) {
    g_autoptr(GArray) all = casa_reader_series(reader, series, T0 - 1, T0 + 86400000, 1000, &width, &error);
    judged(self, all != NULL, &error);
    g_autoptr(GArray) few = casa_reader_series(reader, series, T0 - 86400000, T0 + 86400000, 3, &width, &error);
    judged(self, few != NULL, &error);
  }
  g_autoptr(GArray) fold = casa_reader_fold(reader, NULL, "air", "", "pm10", T0, T0 + 3600000, 60000, CASA_FOLD_MEAN, &error);
  judged(self, fold != NULL, &error);
  g_autoptr(GArray) latest = casa_reader_latest(reader, &error);
  judged(self, latest != NULL, &error);
  g_autoptr(GArray) gaps = casa_reader_gaps(reader, 0, G_MAXINT64, &error);
  judged(self, gaps != NULL, &error);
  g_autoptr(GArray) outbox = casa_reader_outbox(reader, 0, 1000, &error);
  judged(self, outbox != NULL, &error);
  CasaExportQuery query = { .to_ms = T0 + 86400000 };
  judged(self, casa_reader_export(reader, &query, count_row, &rows, &error), &error);
  query.every_ms = 60000;
  judged(self, casa_reader_export(reader, &query, count_row, &rows, &error), &error);
}

/* Opening must not take a disk that fails for a damaged file: what is set aside is no longer shown. */
static CasaStore *
open_store(Work *self)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *set_aside = NULL;
  CasaStore *store = casa_store_open(&self->options, &set_aside, &error);
  g_assert_null(set_aside);
  judged(self, store != NULL, &error);
  return store;
}

static void
work(Work *self)
{
  g_autoptr(GError) error = NULL;
  CasaStore *store = open_store(self);
  if (!store)
    return;
  for (int round = 1; round <= 2; round++) {
    put_all(self, store, round);
    judged(self, casa_store_upkeep(store, T0 + 86400000, &error), &error);
  }
  put_the_rest(self, store);
  read_all(self);
  casa_store_close(store);
}

/* --- What must hold --- */

static void
check_reading(const CasaExportRow *row, Work *self, GHashTable *seen)
{
  g_autofree char *key = g_strdup_printf("%s %" G_GINT64_FORMAT, row->station, row->t_ms);
  g_assert_false(g_hash_table_contains(seen, key));
  g_hash_table_add(seen, g_strdup(key));
  const double *vouched = g_hash_table_lookup(self->vouched, key), *tried = g_hash_table_lookup(self->tried, key);
  if (strcmp(row->station, "clockless") != 0)
    g_assert_true((vouched && *vouched == row->value) || (tried && *tried == row->value));
}

typedef struct {
  Work *work;
  GHashTable *seen;
} Look;

static gboolean
look_cb(const CasaExportRow *row, gpointer data)
{
  Look *look = data;
  check_reading(row, look->work, look->seen);
  return TRUE;
}

static void
check_file(Work *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  Look look = { self, seen };
  guint before = self->refusals;
  CasaStore *store = open_store(self);
  g_assert_nonnull(store);
  g_assert_true(casa_store_upkeep(store, T0 + 86400000, &error));
  g_autoptr(CasaReader) reader = casa_reader_open(self->path, &error);
  g_assert_true(casa_reader_export(reader, &(CasaExportQuery){ .to_ms = T0 + 86400000 }, look_cb, &look, &error));
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init(&iter, self->vouched);
  while (g_hash_table_iter_next(&iter, &key, NULL))
    if (!g_hash_table_contains(seen, key))
      g_error("%s was said to be stored, and is not there", (char *)key);
  read_all(self);
  g_assert_cmpuint(self->refusals, ==, before);
  casa_store_close(store);
}

static void
begin(Work *self)
{
  g_autoptr(GError) error = NULL;
  self->folder = g_dir_make_tmp("casa-io-XXXXXX", &error);
  g_assert_no_error(error);
  self->path = g_build_filename(self->folder, "pulse.db", NULL);
  self->options = (CasaStoreOptions){ .path = self->path };
  self->vouched = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  self->tried = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  CasaStore *store = open_store(self);
  put_all(self, store, 0);
  g_assert_true(casa_store_upkeep(store, T0 + 86400000, &error));
  put_all(self, store, 3);
  casa_store_close(store);
}

static void
end(Work *self)
{
  static const char *const suffixes[] = { "", "-wal", "-shm", ".lock" };
  for (guint i = 0; i < G_N_ELEMENTS(suffixes); i++) {
    g_autofree char *path = g_strconcat(self->path, suffixes[i], NULL);
    g_unlink(path);
  }
  g_assert_cmpint(g_rmdir(self->folder), ==, 0);
  g_free(self->folder);
  g_free(self->path);
  g_hash_table_unref(self->vouched);
  g_hash_table_unref(self->tried);
}

/* Returns how many calls the work took, and whether anything was refused. */
static gint64
one_run(gint64 at, gboolean for_good, int with, guint *refusals)
{
  Work self = { 0 };
  begin(&self);
  break_disk(at, for_good, with);
  work(&self);
  gint64 took = calls;
  *refusals = self.refusals;
  mend_disk();
  check_file(&self);
  end(&self);
  return took;
}

typedef struct {
  gboolean for_good;
  int with;
} Failure;

/* The first calls one by one (opening), then every fifth: all kinds of work come by. */
static void
test_failing(gconstpointer data)
{
  const Failure *failure = data;
  guint refusals, refused = 0;
  gint64 all = one_run(0, FALSE, 0, &refusals);
  g_assert_cmpuint(refusals, ==, 0);
  for (gint64 at = 1; at <= all; at += at < 50 ? 1 : 5) {
    one_run(at, failure->for_good, failure->with, &refusals);
    refused += refusals > 0;
  }
  g_assert_cmpuint(refused, >, 20);
  g_test_message("%" G_GINT64_FORMAT " calls; %u runs were told of a failure", all, refused);
}

int
main(int argc, char **argv)
{
  static const Failure once = { FALSE, ESTALE }, for_good = { TRUE, ESTALE }, full = { TRUE, ENOSPC };
  g_test_init(&argc, &argv, NULL);
  replace_disk();
  g_test_add_data_func("/faults/io/once", &once, test_failing);
  g_test_add_data_func("/faults/io/for-good", &for_good, test_failing);
  g_test_add_data_func("/faults/io/full", &full, test_failing);
  return g_test_run();
}
