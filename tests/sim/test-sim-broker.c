/* SPDX-License-Identifier: Apache-2.0 */
/* casa-sim against a real broker: what it says it published is what a subscriber gets. */
#include <MQTTAsync.h>
#include <signal.h>
#include <string.h>

#include "casa-build.h"
#include "broker.h"
#include "process.h"

#define PATIENCE 60 /* seconds; slow machines under sanitizers */

/* Collects everything under casa/v1. */
typedef struct {
  MQTTAsync client;
  GMutex lock;
  gint subscribed;                                    /* atomic */
  GHashTable *readings;                               /* "topic\tpayload" → count; guarded by lock */
  GHashTable *last_time;                              /* topic → gint64*; guarded by lock */
  GHashTable *events;                                 /* topic → last payload; guarded by lock */
  guint n_readings, n_descriptors, backwards, n_over; /* n_over: events that were told to be over; guarded by lock */
  char *reply;                                        /* last answer to a command; guarded by lock */
  char *status;                                       /* last $status; guarded by lock */
} Listener;

static void
note_reading(Listener *l, const char *topic, const char *payload)
{
  g_autofree char *line = g_strdup_printf("%s\t%s", topic, payload);
  gint64 t = g_ascii_strtoll(payload + strlen("{\"t\":"), NULL, 10);
  gint64 *last = g_hash_table_lookup(l->last_time, topic);
  if (!last)
    g_hash_table_insert(l->last_time, g_strdup(topic), g_memdup2(&t, sizeof t));
  else if (t <= *last)
    l->backwards++;
  else
    *last = t;
  guint count = GPOINTER_TO_UINT(g_hash_table_lookup(l->readings, line));
  g_hash_table_insert(l->readings, g_steal_pointer(&line), GUINT_TO_POINTER(count + 1));
  l->n_readings++;
}

static int
arrived_cb(void *context, char *topic, int topic_len, MQTTAsync_message *message)
{
  Listener *l = context;
  g_autofree char *payload = g_strndup(message->payload, (gsize)message->payloadlen);
  g_mutex_lock(&l->lock);
  if (g_str_has_suffix(topic, "/$status")) {
    g_free(l->status);
    l->status = g_strdup(payload);
  } else if (strstr(topic, "/$control/")) {
    if (g_str_has_suffix(topic, "/reply")) {
      g_assert_false(message->retained);
      g_free(l->reply);
      l->reply = g_strdup(payload);
    }
  } else if (strstr(topic, "/$event/")) {
    l->n_over += *payload == '\0';
    g_hash_table_insert(l->events, g_strdup(topic), g_strdup(payload));
  } else if (strstr(topic, "/$station/")) {
    l->n_descriptors++;
  } else {
    note_reading(l, topic, payload);
  }
  g_mutex_unlock(&l->lock);
  MQTTAsync_freeMessage(&message);
  MQTTAsync_free(topic);
  return 1;
}

static void
subscribed_cb(void *context, MQTTAsync_successData *data)
{
  g_atomic_int_set(&((Listener *)context)->subscribed, 1);
}

static void
connected_cb(void *context, char *cause)
{
  Listener *l = context;
  MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
  options.onSuccess = subscribed_cb;
  options.context = l;
  MQTTAsync_subscribe(l->client, "casa/v1/#", 1, &options);
}

static gboolean
is_set(gpointer flag)
{
  return g_atomic_int_get((gint *)flag) != 0;
}

static Listener *
listen_to(TestBroker *broker)
{
  Listener *l = g_new0(Listener, 1);
  MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer;
  g_autofree char *uri = g_strdup_printf("tcp://127.0.0.1:%u", test_broker_port(broker));
  g_mutex_init(&l->lock);
  l->readings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  l->events = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  l->last_time = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_assert_cmpint(MQTTAsync_create(&l->client, uri, "listener", MQTTCLIENT_PERSISTENCE_NONE, NULL), ==, MQTTASYNC_SUCCESS);
  MQTTAsync_setCallbacks(l->client, l, NULL, arrived_cb, NULL);
  MQTTAsync_setConnected(l->client, l, connected_cb);
  options.cleansession = 0; /* the broker keeps what comes while it restarts */
  options.automaticReconnect = 1;
  options.minRetryInterval = 1;
  options.maxRetryInterval = 1;
  g_assert_cmpint(MQTTAsync_connect(l->client, &options), ==, MQTTASYNC_SUCCESS);
  g_assert_true(test_wait_for(is_set, &l->subscribed, PATIENCE));
  return l;
}

static void
listener_free(Listener *l)
{
  MQTTAsync_destroy(&l->client);
  g_hash_table_unref(l->readings);
  g_hash_table_unref(l->last_time);
  g_hash_table_unref(l->events);
  g_mutex_clear(&l->lock);
  g_free(l->status);
  g_free(l->reply);
  g_free(l);
}

typedef struct {
  Listener *listener;
  GHashTable *expected; /* set of "topic\tpayload" */
  guint at_least;
  const char *status;
} Wanted;

static gboolean
has_all(gpointer data)
{
  const Wanted *w = data;
  gboolean all = TRUE;
  GHashTableIter iter;
  gpointer line;
  g_mutex_lock(&w->listener->lock);
  g_hash_table_iter_init(&iter, w->expected);
  while (all && g_hash_table_iter_next(&iter, &line, NULL))
    all = g_hash_table_contains(w->listener->readings, line);
  g_mutex_unlock(&w->listener->lock);
  return all;
}

static gboolean
has_many(gpointer data)
{
  const Wanted *w = data;
  g_mutex_lock(&w->listener->lock);
  gboolean many = w->listener->n_readings >= w->at_least;
  g_mutex_unlock(&w->listener->lock);
  return many;
}

static gboolean
has_reply(gpointer data)
{
  const Wanted *w = data;
  g_mutex_lock(&w->listener->lock);
  gboolean is = w->listener->reply && strstr(w->listener->reply, w->status);
  g_mutex_unlock(&w->listener->lock);
  return is;
}

static gboolean
has_status(gpointer data)
{
  const Wanted *w = data;
  g_mutex_lock(&w->listener->lock);
  gboolean is = g_strcmp0(w->listener->status, w->status) == 0;
  g_mutex_unlock(&w->listener->lock);
  return is;
}

static TestProcess *
start_sim(TestBroker *broker, const char *arguments)
{
  g_autofree char *line = g_strdup_printf("%s --config %s/config --broker %s %s", CASA_SIM_PATH, CASA_SOURCE_ROOT,
                                          test_broker_url(broker), arguments);
  g_auto(GStrv) argv = NULL;
  g_assert_true(g_shell_parse_argv(line, NULL, &argv, NULL));
  return test_process_start(test_broker_dir(broker), "sim", (const char *const *)argv);
}

/* The readings that --stdout prints for the same run. */
static GHashTable *
expected_of(const char *arguments)
{
  g_autofree char *line = g_strdup_printf("%s --config %s/config --stdout %s", CASA_SIM_PATH, CASA_SOURCE_ROOT, arguments);
  g_auto(GStrv) argv = NULL;
  g_autofree char *out = NULL;
  GHashTable *set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_assert_true(g_shell_parse_argv(line, NULL, &argv, NULL));
  g_assert_cmpint(test_run((const char *const *)argv, NULL, &out, NULL), ==, 0);
  g_auto(GStrv) lines = test_lines(out);
  for (char **l = lines; *l; l++) {
    if (**l && !strstr(*l, "/$station/") && !strstr(*l, "/$event/"))
      g_assert_true(g_hash_table_add(set, g_strdup(*l))); /* no reading twice */
  }
  return set;
}

static guint64
number_after(const char *text, const char *words)
{
  const char *at = g_strrstr(text, words);
  g_assert_nonnull(at);
  return g_ascii_strtoull(at + strlen(words), NULL, 10);
}

static void
check_summary(TestProcess *sim, guint messages)
{
  g_autofree char *err = test_process_err(sim);
  g_assert_cmpuint(number_after(err, " samples in "), ==, messages);
  g_assert_cmpuint(number_after(err, "acknowledged "), ==, messages);
  g_assert_cmpuint(number_after(err, "refused "), ==, 0);
  g_assert_cmpuint(number_after(err, "unanswered "), ==, 0);
}

#define RUN "--seed 3 --start 2026-05-21T17:00:00Z --backfill 2h --duration 30s"

/* History, then live, each reading once, every station's times only forwards: no seam, no overlap. */
static void
test_published_is_received(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(GHashTable) expected = expected_of(RUN);
  Listener *listener = listen_to(broker);
  g_autoptr(TestProcess) sim = start_sim(broker, RUN " --speed 15");
  g_assert_cmpint(test_process_wait(sim, PATIENCE), ==, 0);
  Wanted w = { .listener = listener, .expected = expected, .status = "offline" };
  g_assert_true(test_wait_for(has_all, &w, PATIENCE));
  g_assert_true(test_wait_for(has_status, &w, PATIENCE));
  check_summary(sim, g_hash_table_size(expected));
  g_mutex_lock(&listener->lock);
  g_assert_cmpuint(listener->n_readings, ==, g_hash_table_size(expected));
  g_assert_cmpuint(g_hash_table_size(listener->readings), ==, g_hash_table_size(expected));
  g_assert_cmpuint(listener->backwards, ==, 0);
  g_assert_cmpuint(listener->n_descriptors, >, 300);
  g_mutex_unlock(&listener->lock);
  listener_free(listener);
}

/* A broker that is stopped in the middle and comes back: nothing is missing. */
static void
test_restart_loses_nothing(void)
{
  const char *run = "--seed 3 --start 2026-05-21T17:00:00Z --backfill 30min --duration 2min";
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(GHashTable) expected = expected_of(run);
  Listener *listener = listen_to(broker);
  g_autofree char *arguments = g_strconcat(run, " --speed 20", NULL);
  g_autoptr(TestProcess) sim = start_sim(broker, arguments);
  Wanted w = { .listener = listener, .expected = expected, .at_least = 3000 };
  g_assert_true(test_wait_for(has_many, &w, PATIENCE));
  test_broker_stop(broker);
  g_assert_true(test_process_wait_err(sim, "lost the connection", PATIENCE));
  test_broker_start(broker);
  g_assert_cmpint(test_process_wait(sim, PATIENCE), ==, 0);
  g_assert_true(test_wait_for(has_all, &w, PATIENCE));
  check_summary(sim, g_hash_table_size(expected));
  listener_free(listener);
}

static void
test_waits_for_a_broker(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  test_broker_stop(broker);
  g_autoptr(TestProcess) sim = start_sim(broker, "--seed 1");
  g_assert_true(test_process_wait_err(sim, "cannot connect to the broker", PATIENCE));
  g_assert_true(test_process_wait_err(sim, "trying again in 1.0 s", PATIENCE));
  test_broker_start(broker);
  g_assert_true(test_process_wait_err(sim, "connected to", PATIENCE));
  Listener *listener = listen_to(broker);
  Wanted w = { .listener = listener, .at_least = 20, .status = "online" };
  g_assert_true(test_wait_for(has_many, &w, PATIENCE));
  g_assert_true(test_wait_for(has_status, &w, PATIENCE));
  test_process_signal(sim, SIGTERM);
  g_assert_cmpint(test_process_wait(sim, PATIENCE), ==, 0);
  w.status = "offline";
  g_assert_true(test_wait_for(has_status, &w, PATIENCE));
  g_autofree char *err = test_process_err(sim);
  g_assert_cmpuint(number_after(err, " samples in "), ==, number_after(err, "acknowledged "));
  listener_free(listener);
}

/* Killed, it cannot say goodbye: the broker does. */
static void
test_will(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  Listener *listener = listen_to(broker);
  g_autoptr(TestProcess) sim = start_sim(broker, "");
  Wanted w = { .listener = listener, .status = "online" };
  g_assert_true(test_wait_for(has_status, &w, PATIENCE));
  test_process_signal(sim, SIGKILL);
  w.status = "offline";
  g_assert_true(test_wait_for(has_status, &w, PATIENCE));
  test_process_wait(sim, PATIENCE);
  listener_free(listener);
}

/* A narrow broker (5 messages at once) must not be overrun: it would cut the connection. */
static void
test_respects_receive_maximum(void)
{
  const char *run = "--start 2026-05-21T17:00:00Z --backfill 30min --duration 1s";
  g_autoptr(TestBroker) broker = test_broker_new("max_inflight_messages 5\n");
  g_autoptr(GHashTable) expected = expected_of(run);
  g_autoptr(TestProcess) sim = start_sim(broker, run);
  g_assert_cmpint(test_process_wait(sim, PATIENCE), ==, 0);
  check_summary(sim, g_hash_table_size(expected));
  g_autofree char *err = test_process_err(sim);
  g_assert_null(strstr(err, "lost the connection"));
}

/* Commands are obeyed and answered while the city runs; wrong ones are answered too. */
/* One of several programs that ends does not say that the city has. */
static void
test_shard_leaves_status(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  Listener *listener = listen_to(broker);
  g_autoptr(TestProcess) first = start_sim(broker, "--shard 1/2"), second = start_sim(broker, "--shard 2/2");
  Wanted w = { .listener = listener, .at_least = 60, .status = "online" };
  g_assert_true(test_wait_for(has_status, &w, PATIENCE));
  g_assert_true(test_wait_for(has_many, &w, PATIENCE));
  test_process_signal(second, SIGKILL);
  test_process_wait(second, PATIENCE);
  w.status = "\"error\":\"there is no event \\\"flood\\\"";
  test_broker_publish(broker, "casa/v1/$control/sim", "{\"event\":\"flood\"}"); /* what the broker says later comes later */
  g_assert_true(test_wait_for(has_reply, &w, PATIENCE));
  w.status = "online";
  g_assert_true(has_status(&w));
  test_process_signal(first, SIGTERM);
  g_assert_cmpint(test_process_wait(first, PATIENCE), ==, 0);
  w.status = "offline";
  g_assert_true(test_wait_for(has_status, &w, PATIENCE));
  listener_free(listener);
}

static void
test_control(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  Listener *listener = listen_to(broker);
  g_autoptr(TestProcess) sim = start_sim(broker, "--seed 1");
  Wanted w = { .listener = listener, .at_least = 20, .status = "\"error\":\"there is no event \\\"flood\\\"" };
  g_assert_true(test_wait_for(has_many, &w, PATIENCE));
  test_broker_publish(broker, "casa/v1/$control/sim", "{\"event\":\"flood\"}");
  g_assert_true(test_wait_for(has_reply, &w, PATIENCE));
  w.status = "{\"ok\":true,\"event\":\"power-cut\",\"intensity\":1.00";
  test_broker_publish(broker, "casa/v1/$control/sim",
                      "{\"event\":\"power-cut\",\"intensity\":1,\"minutes\":5,\"place\":\"anfa\"}");
  g_assert_true(test_wait_for(has_reply, &w, PATIENCE));
  w.status = "{\"ok\":true,\"sensors\":\"field\"}";
  test_broker_publish(broker, "casa/v1/$control/sim", "{\"sensors\":\"field\"}");
  g_assert_true(test_wait_for(has_reply, &w, PATIENCE));
  w.status = "\"error\":\"sensors \\\"rusty\\\": write clean, field";
  test_broker_publish(broker, "casa/v1/$control/sim", "{\"sensors\":\"rusty\"}");
  g_assert_true(test_wait_for(has_reply, &w, PATIENCE));
  w.status = "{\"ok\":true,\"sensors\":\"late,duplicates\"}";
  test_broker_publish(broker, "casa/v1/$control/sim", "{\"sensors\":\"duplicates,late\"}");
  g_assert_true(test_wait_for(has_reply, &w, PATIENCE));
  w.status = "\"ended\":1";
  test_broker_publish(broker, "casa/v1/$control/sim", "{\"event\":\"calm\"}");
  g_assert_true(test_wait_for(has_reply, &w, PATIENCE));
  test_process_signal(sim, SIGTERM);
  g_assert_cmpint(test_process_wait(sim, PATIENCE), ==, 0);
  listener_free(listener);
}

typedef struct {
  Listener *listener;
  const char *topic, *payload; /* parts of them; payload "": the event is over */
} WantedEvent;

static gboolean
has_event(gpointer data)
{
  const WantedEvent *w = data;
  GHashTableIter iter;
  gpointer topic, payload;
  gboolean found = FALSE;
  g_mutex_lock(&w->listener->lock);
  g_hash_table_iter_init(&iter, w->listener->events);
  while (!found && g_hash_table_iter_next(&iter, &topic, &payload))
    found = strstr(topic, w->topic) && (*w->payload ? strstr(payload, w->payload) != NULL : *(char *)payload == '\0');
  g_mutex_unlock(&w->listener->lock);
  return found;
}

/* What is played is told, with its end when that changes, and as over when it is; what a killed run left is cleared by the
 * next. */
static void
test_events_are_told(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  Listener *listener = listen_to(broker);
  g_autoptr(TestProcess) sim = start_sim(broker, "--seed 1");
  Wanted many = { .listener = listener, .at_least = 20 };
  WantedEvent cut = { listener, "casa/v1/city/$event/power-cut-anfa-",
                      "{\"event\":\"power-cut\",\"place\":\"anfa\",\"district\":\"anfa\"," };
  g_assert_true(test_wait_for(has_many, &many, PATIENCE));
  test_broker_publish(broker, "casa/v1/$control/sim", "{\"event\":\"power-cut\",\"minutes\":60,\"ramp\":0,\"place\":\"anfa\"}");
  g_assert_true(test_wait_for(has_event, &cut, PATIENCE));
  test_broker_publish(broker, "casa/v1/$control/sim", "{\"event\":\"tram-incident\",\"minutes\":60,\"place\":\"t2\"}");
  WantedEvent tram = { listener, "/tram-incident-t2-", "\"place\":\"t2\",\"line\":\"t2\"," };
  g_assert_true(test_wait_for(has_event, &tram, PATIENCE));
  /* Calm ends the cut at once, for it has no ramp; the trams take theirs. */
  test_broker_publish(broker, "casa/v1/$control/sim", "{\"event\":\"calm\"}");
  cut.payload = "";
  g_assert_true(test_wait_for(has_event, &cut, PATIENCE));
  g_assert_true(test_wait_for(has_event, &tram, PATIENCE));
  test_process_signal(sim, SIGKILL);
  test_process_wait(sim, PATIENCE);
  g_assert_true(has_event(&tram));
  g_autoptr(TestProcess) next = start_sim(broker, "--seed 1");
  tram.payload = "";
  g_assert_true(test_wait_for(has_event, &tram, PATIENCE));
  /* And one that ends in order takes its events with it. */
  WantedEvent rain = { listener, "/rain-", "\"simulated\":true}" };
  test_broker_publish(broker, "casa/v1/$control/sim", "{\"event\":\"rain\",\"minutes\":60}");
  g_assert_true(test_wait_for(has_event, &rain, PATIENCE));
  test_process_signal(next, SIGTERM);
  g_assert_cmpint(test_process_wait(next, PATIENCE), ==, 0);
  rain.payload = "";
  g_assert_true(test_wait_for(has_event, &rain, PATIENCE));
  listener_free(listener);
}

static guint
count_over(Listener *listener)
{
  g_mutex_lock(&listener->lock);
  const guint n = listener->n_over;
  g_mutex_unlock(&listener->lock);
  return n;
}

static gboolean
is_dark(gpointer data)
{
  Listener *l = data;
  GHashTableIter iter;
  gpointer line;
  gboolean found = FALSE;
  g_mutex_lock(&l->lock);
  g_hash_table_iter_init(&iter, l->readings);
  while (!found && g_hash_table_iter_next(&iter, &line, NULL))
    found = strstr(line, "/energy/") && strstr(line, "anfa") && strstr(line, "\"voltage_v\":0");
  g_mutex_unlock(&l->lock);
  return found;
}

/* Killed in the middle of what was commanded, the simulator comes back with it: nobody hears that it was over, the past that is
 * filled in on the way included, and calm still ends it. */
static void
test_kept_events(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  Listener *listener = listen_to(broker);
  g_autofree char *file = g_build_filename(test_broker_dir(broker), "kept.events", NULL);
  g_autofree char *first = g_strdup_printf("--seed 1 --keep %s", file);
  g_autofree char *second = g_strdup_printf("--seed 1 --backfill 30min --keep %s", file);
  g_autoptr(TestProcess) sim = start_sim(broker, first);
  Wanted many = { .listener = listener, .at_least = 20 };
  WantedEvent cut = { listener, "casa/v1/city/$event/power-cut-anfa-", "\"district\":\"anfa\"," };
  g_assert_true(test_wait_for(has_many, &many, PATIENCE));
  test_broker_publish(broker, "casa/v1/$control/sim", "{\"event\":\"power-cut\",\"minutes\":60,\"ramp\":0,\"place\":\"anfa\"}");
  g_assert_true(test_wait_for(has_event, &cut, PATIENCE));
  g_assert_true(test_wait_for(is_dark, listener, PATIENCE));
  test_process_signal(sim, SIGKILL);
  test_process_wait(sim, PATIENCE);
  g_mutex_lock(&listener->lock);
  g_hash_table_remove_all(listener->events);
  g_hash_table_remove_all(listener->readings);
  g_mutex_unlock(&listener->lock);
  g_autoptr(TestProcess) next = start_sim(broker, second);
  g_assert_true(test_wait_for(has_event, &cut, PATIENCE));
  g_assert_true(test_wait_for(is_dark, listener, PATIENCE));
  g_mutex_lock(&listener->lock);
  g_assert_cmpuint(g_hash_table_size(listener->events), ==, 1);
  g_mutex_unlock(&listener->lock);
  /* Ended in order, it is only away for a moment. */
  test_process_signal(next, SIGTERM);
  g_assert_cmpint(test_process_wait(next, PATIENCE), ==, 0);
  g_autoptr(TestProcess) last = start_sim(broker, first);
  Wanted reply = { .listener = listener, .status = "\"ended\":1" };
  g_mutex_lock(&listener->lock);
  many.at_least = listener->n_readings + 20;
  g_mutex_unlock(&listener->lock);
  g_assert_true(test_wait_for(has_many, &many, PATIENCE));
  g_assert_cmpuint(count_over(listener), ==, 0);
  test_broker_publish(broker, "casa/v1/$control/sim", "{\"event\":\"calm\"}");
  g_assert_true(test_wait_for(has_reply, &reply, PATIENCE));
  cut.payload = "";
  g_assert_true(test_wait_for(has_event, &cut, PATIENCE));
  test_process_signal(last, SIGTERM);
  g_assert_cmpint(test_process_wait(last, PATIENCE), ==, 0);
  listener_free(listener);
}

/* Ten thousand stations: what was asked, sent and acknowledged is told while it runs. */
static void
test_load_is_reported(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(TestProcess) sim =
    start_sim(broker, "--start 2026-05-21T17:00:00Z --stations 10000 --rate 0.05 --duration 4s --report 500ms");
  g_assert_cmpint(test_process_wait(sim, 2 * PATIENCE), ==, 0);
  g_autofree char *err = test_process_err(sim);
  g_assert_nonnull(strstr(err, "casa-sim: asked "));
  guint64 asked = number_after(err, "casa-sim: asked ");
  g_assert_cmpuint(asked, >, 300); /* 500 a second, without the vehicles in the depot */
  g_assert_cmpuint(asked, <, 700);
  g_assert_nonnull(strstr(err, "/s, refused 0/s, on their way "));
  g_assert_cmpuint(number_after(err, " samples in "), ==, number_after(err, "acknowledged "));
}

static void
test_qos_0(void)
{
  const char *run = "--start 2026-05-21T17:00:00Z --duration 20s";
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(GHashTable) expected = expected_of(run);
  Listener *listener = listen_to(broker);
  g_autofree char *arguments = g_strconcat(run, " --speed 20 --qos 0", NULL);
  g_autoptr(TestProcess) sim = start_sim(broker, arguments);
  g_assert_cmpint(test_process_wait(sim, PATIENCE), ==, 0);
  Wanted w = { .listener = listener, .expected = expected };
  g_assert_true(test_wait_for(has_all, &w, PATIENCE));
  listener_free(listener);
}

int
main(int argc, char **argv)
{
  g_unsetenv("http_proxy"); /* paho would ask it for 127.0.0.1 */
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/broker/published-is-received", test_published_is_received);
  g_test_add_func("/sim/broker/restart-loses-nothing", test_restart_loses_nothing);
  g_test_add_func("/sim/broker/waits-for-a-broker", test_waits_for_a_broker);
  g_test_add_func("/sim/broker/will", test_will);
  g_test_add_func("/sim/broker/shard-leaves-status", test_shard_leaves_status);
  g_test_add_func("/sim/broker/respects-receive-maximum", test_respects_receive_maximum);
  g_test_add_func("/sim/broker/control", test_control);
  g_test_add_func("/sim/broker/events-are-told", test_events_are_told);
  g_test_add_func("/sim/broker/kept-events", test_kept_events);
  g_test_add_func("/sim/broker/load-is-reported", test_load_is_reported);
  g_test_add_func("/sim/broker/qos-0", test_qos_0);
  return g_test_run();
}
