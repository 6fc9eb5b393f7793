/* SPDX-License-Identifier: Apache-2.0 */
/* What several `casa record` on one broker store together, and what each of Debian's brokers carries: the numbers of
 * docs/SCALING.md. Everything runs on this machine, so the processors are shared as well. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "broker.h"
#include "publisher.h"
#include "other-broker.h"
#include "process.h"

#define TOPICS 500
#define MEMBERS_MAX 3
#define DEADLINE_S 300

typedef struct {
  TestProcess *member[MEMBERS_MAX];
  guint n;
  guint64 wanted;
} Group;

/* The count @key of the newest whole line of what `casa record` prints. */
static guint64
count_of(TestProcess *member, const char *key)
{
  g_autofree char *out = test_process_out(member), *name = g_strdup_printf("\"%s\":", key);
  char *end = strrchr(out, '\n');
  if (!end)
    return 0;
  *end = '\0';
  char *line = strrchr(out, '\n'), *at = strstr(line ? line : out, name);
  return at ? g_ascii_strtoull(at + strlen(name), NULL, 10) : 0;
}

static gboolean
all_stored(gpointer data)
{
  Group *group = data;
  guint64 stored = 0;
  for (guint i = 0; i < group->n; i++)
    stored += count_of(group->member[i], "stored");
  return stored >= group->wanted;
}

static TestProcess *
start_member(const char *dir, guint i, const char *url, gboolean share)
{
  g_autofree char *name = g_strdup_printf("part-%u", i), *store = g_strdup_printf("%s/%s.db", dir, name);
  const char *argv[] = { g_getenv("CASA_PROGRAM"), "record", "--broker", url, "--store", store, "--stats", "0.05",
                         share ? "--share" : NULL, "hall",   NULL };
  TestProcess *member = test_process_start(dir, name, argv);
  if (!test_process_wait_err(member, "connected to", 60))
    g_error("%s is not connected", name);
  return member;
}

/* Messages a second, from the first that is published to the last that is stored. */
static double
one_round(const char *url, guint16 port, guint members, gboolean share, guint messages)
{
  g_autofree char *dir = test_dir_new();
  Group group = { .n = members, .wanted = messages };
  Publisher publisher = {
    .port = port, .messages = messages, .topics = TOPICS, .values = 1, .first_ms = casa_clock_now_ms() - 3600000
  };
  for (guint i = 0; i < members; i++)
    group.member[i] = start_member(dir, i, url, share);
  gint64 began_us = casa_clock_mono_us();
  publisher_run(&publisher);
  if (!test_wait_for(all_stored, &group, DEADLINE_S))
    g_error("not everything was stored");
  double seconds = (double)(casa_clock_mono_us() - began_us) / G_USEC_PER_SEC;
  for (guint i = 0; i < members; i++)
    test_process_free(group.member[i]);
  test_dir_remove(dir);
  return messages / seconds;
}

static int
compare(gconstpointer a, gconstpointer b)
{
  const double *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

static double
print_row(const char *name, double *rates, guint rounds, double beside)
{
  qsort(rates, rounds, sizeof *rates, compare);
  double median = rates[rounds / 2];
  printf("  %-28s %8.0f messages/s  (%.0f to %.0f)", name, median, rates[0], rates[rounds - 1]);
  if (beside > 0)
    printf("  ratio %.2f", median / beside);
  putchar('\n');
  fflush(stdout);
  return median;
}

/* A fresh broker each time; one, two and three members in turn, so that what else the machine does hits all alike. */
static double
mosquitto(guint messages, guint rounds)
{
  g_autofree double *rates = g_new0(double, MEMBERS_MAX *rounds);
  double first = 0;
  for (guint r = 0; r < rounds; r++)
    for (guint n = 1; n <= MEMBERS_MAX; n++) {
      g_autoptr(TestBroker) broker = test_broker_new("max_inflight_messages 200\n");
      rates[(n - 1) * rounds + r] = one_round(test_broker_url(broker), test_broker_port(broker), n, TRUE, messages);
    }
  for (guint n = 1; n <= MEMBERS_MAX; n++) {
    g_autofree char *name = g_strdup_printf("mosquitto, %u in the share", n);
    double median = print_row(name, rates + (n - 1) * rounds, rounds, first);
    first = n == 1 ? median : first;
  }
  return first;
}

static void
other(const char *name, OtherBroker *(*start)(void), guint messages, guint rounds, double beside)
{
  g_autofree double *rates = g_new0(double, rounds);
  for (guint r = 0; r < rounds; r++) {
    g_autoptr(OtherBroker) broker = start();
    if (!broker) {
      printf("  %-28s not installed\n", name);
      return;
    }
    guint16 port = (guint16)g_ascii_strtoull(strrchr(other_broker_url(broker), ':') + 1, NULL, 10);
    rates[r] = one_round(other_broker_url(broker), port, 1, FALSE, messages);
  }
  print_row(name, rates, rounds, beside);
}

int
main(int argc, char **argv)
{
  guint messages = argc > 1 ? (guint)g_ascii_strtoull(argv[1], NULL, 10) : 60000;
  guint rounds = argc > 2 ? MAX(1, (guint)g_ascii_strtoull(argv[2], NULL, 10)) : 5;
  if (!g_getenv("CASA_PROGRAM"))
    g_error("CASA_PROGRAM: the path of casa");
  printf("%u messages of 1 value, %u topics, QoS 1, median of %u, %u processors\n", messages, TOPICS, rounds,
         g_get_num_processors());
  double one = mosquitto(messages, rounds);
  other("RabbitMQ, 1 recorder", other_broker_new_rabbitmq, messages / 4, MIN(rounds, 3), one);
  other("NATS, 1 recorder", other_broker_new_nats, messages / 4, MIN(rounds, 3), one);
  return 0;
}
