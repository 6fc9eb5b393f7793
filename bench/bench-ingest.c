/* SPDX-License-Identifier: Apache-2.0 */
/* How many QoS 1 messages a second are durably stored, beside a subscriber that only counts: the same broker, publisher
 * and library, one after the other in one run. Medians; the ratio is what to look at, the machine is shared. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "broker.h"
#include "publisher.h"
#include "process.h"
#include "pulse.h"
#include "source/mqtt/mqtt-source.h"

#define TOPICS 500
#define ROUNDS 5
#define DEADLINE_US (60 * G_USEC_PER_SEC)
/* How often a subscriber is looked at, in a second or so: reading all counts costs some 20 us, which ten times as often were
 * to be seen in the rate. */
#define POLL_US 5000

/* What a subscriber measured of itself. */
typedef struct {
  double per_s, cpu_us, rss_mb; /* messages a second; processor time a message; largest resident size */
  guint64 samples;
} Measured;

static double
cpu_us(void)
{
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

/* --- The subscribers, each a process of its own (this program again) --- */

/* What a subscriber is asked about itself. */
typedef struct {
  guint64 (*messages)(gpointer data), (*samples)(gpointer data);
  void (*link)(gpointer data, CasaLink *out);
  gpointer data;
} Subject;

static gboolean
is_up(gpointer data)
{
  Subject *subject = data;
  CasaLink link;
  subject->link(subject->data, &link);
  return link.state == CASA_LINK_UP;
}

static int
fail(const Subject *subject, guint64 n)
{
  CasaLink link;
  subject->link(subject->data, &link);
  fprintf(stderr, "only %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " messages came; connections so far: %u; link: %s\n",
          subject->messages(subject->data), n, link.connections, casa_link_text(&link));
  return 1;
}

/* Waits until it is subscribed (SUBACK: what is published before reaches nobody), says "ready", waits for message number
 * @n, and prints the measurement. */
static int
measure(Subject *subject, guint64 n)
{
  gint64 first = 0, deadline = casa_clock_mono_us() + DEADLINE_US;
  double cpu = 0;
  if (!test_wait_for(is_up, subject, 20))
    return fail(subject, n);
  puts("ready");
  fflush(stdout);
  while (subject->messages(subject->data) < n) {
    if (casa_clock_mono_us() > deadline)
      return fail(subject, n);
    if (first == 0 && subject->messages(subject->data) > 0) {
      first = casa_clock_mono_us();
      cpu = cpu_us();
    }
    g_usleep(POLL_US);
  }
  struct rusage u;
  double s = (double)(casa_clock_mono_us() - first) / 1e6;
  cpu = cpu_us() - cpu;
  getrusage(RUSAGE_SELF, &u);
  char a[G_ASCII_DTOSTR_BUF_SIZE], b[G_ASCII_DTOSTR_BUF_SIZE], c[G_ASCII_DTOSTR_BUF_SIZE];
  printf("%s %s %s %" G_GUINT64_FORMAT "\n", g_ascii_dtostr(a, sizeof a, (double)n / s),
         g_ascii_dtostr(b, sizeof b, cpu / (double)n), g_ascii_dtostr(c, sizeof c, (double)u.ru_maxrss / 1024),
         subject->samples(subject->data));
  fflush(stdout);
  return 0;
}

typedef struct {
  gint received; /* atomic */
  GMutex lock;
  CasaLink link; /* lock */
} Counter;

static gboolean
count_cb(const CasaMessage *message, gpointer data)
{
  Counter *self = data;
  g_atomic_int_inc(&self->received);
  return TRUE;
}

static void
link_cb(const CasaLink *link, gpointer data)
{
  Counter *self = data;
  g_mutex_lock(&self->lock);
  self->link = *link;
  g_mutex_unlock(&self->lock);
}

static guint64
counted(gpointer data)
{
  Counter *self = data;
  return (guint64)g_atomic_int_get(&self->received);
}

static void
counter_link(gpointer data, CasaLink *out)
{
  Counter *self = data;
  g_mutex_lock(&self->lock);
  *out = self->link;
  g_mutex_unlock(&self->lock);
}

static int
count_only(const char *url, guint64 n)
{
  static Counter counter;
  static const char *const filters[] = { "casa/v1/#", NULL };
  g_autoptr(GError) error = NULL;
  CasaMqttOptions options = {
    .url = url,
    .client_id = "bench-count",
    .filters = filters,
    .keepalive_s = 60,
    .clean_session = TRUE,
    .receiver = { count_cb, link_cb, &counter },
  };
  CasaSource *source = casa_mqtt_source_new(&options, &error);
  if (!source || !casa_source_start(source, &error))
    g_error("%s", error->message);
  Subject subject = { counted, counted, counter_link, &counter };
  int status = measure(&subject, n);
  casa_source_stop(source, 2000);
  casa_source_free(source);
  return status;
}

static guint64
stored(gpointer data)
{
  CasaCounts counts;
  casa_pulse_read_counts(data, &counts);
  return counts.stored;
}

static guint64
stored_samples(gpointer data)
{
  CasaCounts counts;
  casa_pulse_read_counts(data, &counts);
  return counts.samples;
}

static void
pulse_link(gpointer data, CasaLink *out)
{
  casa_pulse_read_link(data, out, NULL);
}

/* The pipeline of `casa record`. */
static int
record(const char *url, const char *path, guint64 n)
{
  g_autoptr(GError) error = NULL;
  CasaConfigOverrides overrides = { .broker = url, .store = path };
  g_autoptr(CasaConfig) config = casa_config_load(&overrides, &error);
  g_autoptr(CasaPulse) pulse = config ? casa_pulse_new(config, FALSE, &error) : NULL;
  if (!pulse || !casa_pulse_start(pulse, &error))
    g_error("%s", error->message);
  Subject subject = { stored, stored_samples, pulse_link, pulse };
  int status = measure(&subject, n);
  casa_pulse_stop(pulse);
  return status;
}

/* --- The conductor --- */

/* A fresh broker and a fresh store each time: a session left behind would go on collecting messages. */
static Measured
one_round(const char *self, gboolean durable, Publisher *publisher)
{
  g_autoptr(TestBroker) broker = test_broker_new("max_inflight_messages 200\n");
  publisher->port = test_broker_port(broker);
  g_autofree char *dir = test_dir_new(), *n = g_strdup_printf("%u", publisher->messages);
  g_autofree char *path = g_build_filename(dir, "pulse.db", NULL);
  const char *argv[] = { self, durable ? "--record" : "--count", test_broker_url(broker), path, n, NULL };
  g_autoptr(TestProcess) child = test_process_start(dir, "subscriber", argv);
  if (test_process_wait_out(child, "ready", 30))
    publisher_run(publisher);
  int status = test_process_wait(child, 90);
  g_autofree char *out = test_process_out(child), *err = test_process_err(child);
  if (status != 0)
    g_error("the subscriber that %s failed: %s", durable ? "stores" : "counts", err);
  g_auto(GStrv) words = g_strsplit(strchr(out, '\n') + 1, " ", 4);
  Measured m = { g_ascii_strtod(words[0], NULL), g_ascii_strtod(words[1], NULL), g_ascii_strtod(words[2], NULL),
                 g_ascii_strtoull(words[3], NULL, 10) };
  test_dir_remove(dir);
  return m;
}

static int
compare_rates(gconstpointer a, gconstpointer b)
{
  const Measured *x = a, *y = b;
  return (x->per_s > y->per_s) - (x->per_s < y->per_s);
}

static void
print_row(const char *name, Measured *rounds, guint n, double ratio)
{
  const Measured *m = &rounds[n / 2];
  printf("  %-22s %9.0f messages/s  (%.0f to %.0f)  %6.1f us CPU a message  %6.1f MB", name, m->per_s, rounds[0].per_s,
         rounds[n - 1].per_s, m->cpu_us, m->rss_mb);
  if (ratio > 0)
    printf("  ratio %.2f", ratio);
  putchar('\n');
}

static int
compare_double(gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Alternating, so that what else the machine does hits both alike; the ratio is the median of those of each pair. */
static void
compare(const char *self, Publisher publisher, guint rounds)
{
  g_autofree Measured *count = g_new0(Measured, rounds), *store = g_new0(Measured, rounds);
  g_autofree double *ratios = g_new0(double, rounds);
  for (guint i = 0; i < rounds; i++) {
    publisher.first_ms = casa_clock_now_ms() - 3600000;
    count[i] = one_round(self, FALSE, &publisher);
    store[i] = one_round(self, TRUE, &publisher);
    ratios[i] = store[i].per_s / count[i].per_s;
    if (store[i].samples != (guint64)publisher.messages * publisher.values)
      g_error("%" G_GUINT64_FORMAT " samples stored of %u sent", store[i].samples, publisher.messages * publisher.values);
  }
  qsort(count, rounds, sizeof *count, compare_rates);
  qsort(store, rounds, sizeof *store, compare_rates);
  qsort(ratios, rounds, sizeof *ratios, compare_double);
  printf("%u value%s a message, %u messages, %u topics, QoS 1, median of %u\n", publisher.values,
         publisher.values > 1 ? "s" : "", publisher.messages, publisher.topics, rounds);
  print_row("counting only", count, rounds, 0);
  print_row("stored durably", store, rounds, ratios[rounds / 2]);
  fflush(stdout);
}

int
main(int argc, char **argv)
{
  if (argc == 5 && strcmp(argv[1], "--count") == 0)
    return count_only(argv[2], g_ascii_strtoull(argv[4], NULL, 10));
  if (argc == 5 && strcmp(argv[1], "--record") == 0)
    return record(argv[2], argv[3], g_ascii_strtoull(argv[4], NULL, 10));
  guint messages = argc > 1 ? (guint)g_ascii_strtoull(argv[1], NULL, 10) : 100000;
  guint rounds = argc > 2 ? MAX(1, (guint)g_ascii_strtoull(argv[2], NULL, 10)) : ROUNDS;
  Publisher publisher = { .messages = messages, .topics = TOPICS, .values = 1 };
  compare(argv[0], publisher, rounds);
  publisher.values = 3;
  compare(argv[0], publisher, rounds);
  return 0;
}
