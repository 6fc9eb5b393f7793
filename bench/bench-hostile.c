/* SPDX-License-Identifier: Apache-2.0 */
/* What one team can do to another: how long 20 messages a second of an honest one take from publishing to their row, quiet and
 * beside each attack, and what a byte of the attacker costs the recorder. All in one run; the machine is shared. */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "broker.h"
#include "process.h"
#include "store/reader.h"

/* An honest value is above all others, and tells which it is. */
#define HONEST 1e6
#define HONEST_EVERY_US (G_USEC_PER_SEC / 20)
#define SECONDS 6
#define LOOK_US 2000
/* Every millisecond of these is taken and sealed before the attacks begin: as much as sealing begins with, and more. */
#define CROWDED 110000

typedef struct {
  const char *name;
  guint per_s; /* messages */
  void (*write)(GString *topic, GString *payload, guint i, gint64 crowd_ms);
} Attack;

/* --- The attacks --- */

static void
write_untimed(GString *topic, GString *payload, guint i, gint64 crowd_ms)
{
  g_string_assign(topic, "casa/v1/mal/air/a/x");
  g_string_printf(payload, "{\"value\":%u}", i % 1000);
}

/* 25 of random moments, of those that are sealed. */
static void
write_corrections(GString *topic, GString *payload, guint i, gint64 crowd_ms)
{
  g_string_assign(topic, "casa/v1/mal/air/a");
  g_string_assign(payload, "[");
  for (guint k = 0; k < 25; k++)
    g_string_append_printf(payload, "%s{\"t\":%" G_GINT64_FORMAT ",\"x\":%u}", k ? "," : "",
                           crowd_ms + g_random_int_range(0, CROWDED - 10000), 1000 + (i * 25 + k) % 100000);
  g_string_append_c(payload, ']');
}

/* Sixty texts that look nearly like units and times, seven objects deep. */
static void
write_texts(GString *topic, GString *payload, guint i, gint64 crowd_ms)
{
  g_string_assign(topic, "casa/v1/mal/air/b");
  g_string_assign(payload, "{");
  for (guint k = 0; k < 60; k++)
    g_string_append_printf(payload, "\"unit_x%u_unit\":\"nothing\",", k);
  g_string_append(payload, "\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"x\":1}}}}}}}");
}

/* 1,000 readings of one series, the latest first. */
static void
write_long(GString *topic, GString *payload, guint i, gint64 crowd_ms)
{
  gint64 t = crowd_ms - 86400000 - (gint64)i * 1000000;
  g_string_assign(topic, "casa/v1/mal/air/c");
  g_string_assign(payload, "[");
  for (guint k = 0; k < 1000; k++)
    g_string_append_printf(payload, "%s{\"t\":%" G_GINT64_FORMAT ",\"x\":%u}", k ? "," : "", t - k * 1000, k);
  g_string_append_c(payload, ']');
}

static void
write_plain(GString *topic, GString *payload, guint i, gint64 crowd_ms)
{
  g_string_printf(topic, "casa/v1/mal/air/d-%u/x", i % 500);
  g_string_printf(payload, "{\"t\":%" G_GINT64_FORMAT ",\"value\":%u}", crowd_ms - 86400000 + i, i % 1000);
}

static const Attack attacks[] = {
  { "quiet", 0, NULL },
  { "as many plain messages as it may", 5000, write_plain },
  { "no time, where all is taken and sealed", 1000, write_untimed },
  { "25 corrections of random sealed moments", 400, write_corrections },
  { "60 texts, and objects in objects", 400, write_texts },
  { "1,000 readings a message, latest first", 60, write_long },
};

/* --- Looking --- */

typedef struct {
  const char *path;
  gint stop;      /* atomic */
  GArray *waits;  /* double, ms; of the thread until it is joined */
  gint64 sent_us; /* when honest message 0 went */
  GThread *thread;
} Look;

static gpointer
look_thread(gpointer data)
{
  Look *self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaReader) reader = casa_reader_open(self->path, &error);
  gint64 seen = 0;
  if (!reader)
    g_error("%s", error->message);
  for (gboolean last = FALSE; !last;) {
    last = g_atomic_int_get(&self->stop);
    g_autoptr(GArray) rows = casa_reader_outbox(reader, seen, 20000, &error);
    gint64 now_us = g_get_monotonic_time();
    if (!rows)
      g_error("%s", error->message);
    for (guint i = 0; i < rows->len; i++) {
      const CasaOutboxRow *row = &g_array_index(rows, CasaOutboxRow, i);
      seen = row->id;
      if (row->value < HONEST)
        continue;
      double ms = (double)(now_us - self->sent_us - (gint64)(row->value - HONEST) * HONEST_EVERY_US) / 1000;
      g_array_append_val(self->waits, ms);
    }
    if (rows->len < 20000)
      g_usleep(LOOK_US);
  }
  return NULL;
}

/* --- A round --- */

/* Every message at its time: a wait of the publisher counts. */
static gsize
play(const Attack *attack, const char *url, Look *look, gint64 crowd_ms)
{
  g_autoptr(TestPublisher) honest = test_publisher_new(url), hostile = test_publisher_new(url);
  g_autoptr(GString) topic = g_string_new(NULL), payload = g_string_new(NULL);
  gsize bytes = 0;
  guint n = 0, m = 0;
  look->sent_us = g_get_monotonic_time();
  look->thread = g_thread_new("look", look_thread, look);
  for (gint64 now = 0; now < SECONDS * G_USEC_PER_SEC; now = g_get_monotonic_time() - look->sent_us) {
    for (; n * HONEST_EVERY_US <= now; n++) {
      g_string_printf(payload, "{\"t\":%" G_GINT64_FORMAT ",\"value\":%.0f}", casa_clock_now_ms(), HONEST + n);
      test_publisher_send(honest, "casa/v1/kind/air/a/x", payload->str, -1, 1, FALSE);
    }
    for (guint burst = 0; attack->write && burst < 50 && m < now / 1000 * attack->per_s / 1000; burst++) {
      attack->write(topic, payload, m++, crowd_ms);
      bytes += topic->len + payload->len;
      test_publisher_send(hostile, topic->str, payload->str, (gssize)payload->len, 1, FALSE);
    }
    g_usleep(500);
  }
  test_publisher_flush(honest, 60);
  test_publisher_flush(hostile, 60);
  gint64 until_us = g_get_monotonic_time() + 90 * (gint64)G_USEC_PER_SEC;
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaReader) reader = casa_reader_open(look->path, &error);
  for (gboolean all = FALSE; !all && g_get_monotonic_time() < until_us; g_usleep(20000)) {
    g_autoptr(GArray) latest = casa_reader_latest(reader, &error);
    for (guint i = 0; latest && i < latest->len; i++)
      all |= g_array_index(latest, CasaLatest, i).value == HONEST + n - 1;
  }
  return bytes;
}

/* Fills the second half of two minutes around now, and waits until that is sealed. */
static gint64
crowd(const char *url, const char *path)
{
  g_autoptr(TestPublisher) publisher = test_publisher_new(url);
  g_autoptr(GString) payload = g_string_new(NULL);
  gint64 from_ms = casa_clock_now_ms() - 2000;
  for (guint i = 0; i < CROWDED; i += 500) {
    g_string_assign(payload, "[");
    for (guint k = i; k < i + 500; k++)
      g_string_append_printf(payload, "%s{\"t\":%" G_GINT64_FORMAT ",\"x\":%u}", k > i ? "," : "", from_ms + k, k % 1000);
    g_string_append_c(payload, ']');
    test_publisher_send(publisher, "casa/v1/mal/air/a", payload->str, (gssize)payload->len, 1, FALSE);
  }
  test_publisher_flush(publisher, 60);
  g_usleep(4 * G_USEC_PER_SEC); /* upkeep looks every second */
  return from_ms;
}

static int
compare_double(gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void
report(const char *casa, const Attack *attack, double *quiet_cpu_s)
{
  g_autoptr(TestBroker) broker = test_broker_new("max_inflight_messages 200\n");
  g_autofree char *dir = test_dir_new(), *path = g_build_filename(dir, "pulse.db", NULL);
  const char *argv[] = { casa, "record", "--broker", test_broker_url(broker), "--store", path, NULL };
  g_autoptr(TestProcess) recorder = test_process_start(dir, "recorder", argv);
  if (!test_process_wait_err(recorder, "connected to", 60))
    g_error("the recorder is not connected");
  gint64 crowd_ms = crowd(test_broker_url(broker), path);
  Look look = { .path = path, .waits = g_array_new(FALSE, FALSE, sizeof(double)) };
  double cpu_s = test_process_cpu_s(recorder);
  gsize bytes = play(attack, test_broker_url(broker), &look, crowd_ms);
  cpu_s = test_process_cpu_s(recorder) - cpu_s;
  g_atomic_int_set(&look.stop, 1);
  g_thread_join(look.thread);
  g_array_sort(look.waits, compare_double);
  const double *w = (const double *)(void *)look.waits->data;
  guint n = look.waits->len;
  if (!attack->write)
    *quiet_cpu_s = cpu_s;
  if (n == 0)
    g_error("no honest message was stored");
  printf("  %-42s p50 %6.1f ms  p99 %7.1f ms  max %7.1f ms  %3u rows", attack->name, w[n / 2], w[n * 99 / 100], w[n - 1], n);
  if (bytes > 0)
    printf("  %8.3f us a byte, %5.1f MB", MAX(cpu_s - *quiet_cpu_s, 0) * 1e6 / (double)bytes, (double)bytes / 1e6);
  putchar('\n');
  fflush(stdout);
  g_array_unref(look.waits);
  test_process_signal(recorder, SIGTERM);
  test_process_wait(recorder, 30);
  test_dir_remove(dir);
}

int
main(int argc, char **argv)
{
  const char *casa = argc > 1 ? argv[1] : g_getenv("CASA_PROGRAM");
  double quiet_cpu_s = 0;
  if (!casa)
    g_error("usage: bench-hostile CASA");
  printf("20 messages/s of one team, %d s, beside another's attack: from publishing to the row\n", SECONDS);
  for (guint i = 0; i < G_N_ELEMENTS(attacks); i++)
    report(casa, &attacks[i], &quiet_cpu_s);
  return 0;
}
