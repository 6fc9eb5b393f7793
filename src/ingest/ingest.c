/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest-private.h"

#include <math.h>
#include <string.h>

#define NOTICED_LATE_MS 10000

/* How often it is looked whether a flood that has ended is still to be reported. */
#define QUOTA_LOOK_US G_USEC_PER_SEC

/* If no message at all arrives for this long, we count it as our own outage. */
#define ABSENCE_US (2 * G_USEC_PER_SEC)

/* How often it is looked whether feeds.conf was saved. */
#define FEEDS_LOOK_US G_USEC_PER_SEC

static void resume_dropped(CasaIngest *self);

/* A mistake in feeds.conf leaves the feeds as they were, and all other messages are still read. It is read again once it was
 * saved. */
static void
look_at_feeds(CasaIngest *self)
{
  g_autofree char *path = g_build_filename(self->config->dir, "feeds.conf", NULL);
  g_autoptr(GError) error = NULL;
  self->next_feeds_look_us = g_get_monotonic_time() + FEEDS_LOOK_US;
  if (casa_file_stamp_look(&self->feeds_stamp, path) && !casa_decoder_load_feeds(self->decoder, self->config->dir, &error))
    g_warning("%s: the feeds stay as they were", error->message);
}

CasaIngest *
casa_ingest_new(const CasaConfig *config, const CasaMetrics *metrics, CasaStore *store, CasaHub *hub, CasaCounters *counters)
{
  CasaIngest *self = g_new0(CasaIngest, 1);
  self->config = config;
  self->metrics = metrics;
  self->store = store;
  self->hub = hub;
  self->counters = counters;
  self->limits = casa_wire_limits(config);
  self->clock = casa_clock_real();
  self->decoder = casa_decoder_new(metrics, &self->limits);
  look_at_feeds(self);
  self->decoded = casa_decoded_new();
  self->put.fields = g_array_new(FALSE, FALSE, sizeof(CasaPutField));
  self->feedback = casa_feedback_new(config->root);
  self->coverage = casa_coverage_new(config->root, store);
  self->drops = casa_drops_new();
  resume_dropped(self);
  self->quota = casa_quota_new(config);
  self->series_limiter = casa_series_limiter_new(config, casa_store_catalogue(store));
  self->backlog = casa_backlog_new(casa_clock_ms(self->clock));
  self->last_before_ms = casa_store_last_received(store);
  gint64 away_ms = self->last_before_ms > 0 ? MAX(casa_clock_ms(self->clock) - self->last_before_ms, 0) : 0;
  self->last_message_us = casa_clock_away_us(self->clock) - away_ms * 1000;
  self->link.since_ms = casa_clock_ms(self->clock);
  g_mutex_init(&self->lock);
  g_cond_init(&self->wake);
  return self;
}

void
casa_ingest_set_clock(CasaIngest *self, const CasaClock *clock)
{
  self->clock = clock;
  self->last_message_us = casa_clock_away_us(clock);
  self->link.since_ms = casa_clock_ms(clock);
  casa_backlog_hold(self->backlog, self->link.since_ms);
}

void
casa_ingest_free(CasaIngest *self)
{
  if (!self)
    return;
  casa_feedback_free(self->feedback);
  casa_decoder_free(self->decoder);
  casa_decoded_free(self->decoded);
  casa_coverage_free(self->coverage);
  casa_drops_free(self->drops);
  g_free(self->dropped_key);
  g_free(self->dropped_since_key);
  g_array_unref(self->put.fields);
  casa_quota_free(self->quota);
  casa_series_limiter_free(self->series_limiter);
  casa_backlog_free(self->backlog);
  g_free(self->said);
  g_mutex_clear(&self->lock);
  g_cond_clear(&self->wake);
  g_free(self);
}

void
casa_ingest_set_feedback(CasaIngest *self, CasaSource *source)
{
  self->source = source;
}

/* --- One message ------------------------------------------------------------------------------------------------- */

/* The declared domains in which the station is known; NULL-terminated. */
static void
known_domains(CasaIngest *self, const CasaDescriptor *d, GPtrArray *out)
{
  CasaCatalogue *catalogue = casa_store_catalogue(self->store);
  const char *const *domains = casa_metrics_domains(self->metrics);
  for (guint i = 0; domains[i]; i++)
    if (casa_catalogue_find_station(catalogue, d->source, domains[i], d->station) != G_MAXUINT)
      g_ptr_array_add(out, (gpointer)domains[i]);
  g_ptr_array_add(out, NULL);
}

static gboolean
take_descriptor(CasaIngest *self, CasaPassage *p)
{
  const CasaMessage *m = p->message;
  CasaDescriptor descriptor;
  if (m->payload_len == 0) /* clears a retained descriptor; what was measured stays */
    return TRUE;
  if (!casa_decode_descriptor(self->metrics, &self->limits, &p->topic, m->payload, m->payload_len, &descriptor, &p->why))
    return casa_ingest_reject(self, p);
  g_autoptr(GPtrArray) known = g_ptr_array_new();
  known_domains(self, &descriptor, known);
  if (!casa_descriptor_settle(self->metrics, (const char *const *)known->pdata, &descriptor, &p->why))
    return casa_ingest_reject(self, p);
  if (!casa_series_limiter_admit_station(self->series_limiter, &descriptor, &p->why))
    return casa_ingest_reject(self, p);
  gboolean changed;
  if (!casa_ingest_put_descriptor(self, p, &descriptor, &changed))
    return FALSE;
  p->outcome = changed ? CASA_OUTCOME_STORED : CASA_OUTCOME_DUPLICATE;
  return TRUE;
}

static gboolean
take_event(CasaIngest *self, CasaPassage *p)
{
  const CasaMessage *m = p->message;
  CasaEvent event;
  if (!casa_decode_event(&self->limits, &p->topic, m->payload, m->payload_len, p->now_ms, &event, &p->why))
    return casa_ingest_reject(self, p);
  gboolean changed = FALSE;
  guint wait_ms = 0;
  GError *error = NULL;
  while (!casa_store_put_event(self->store, &event, p->now_ms, &changed, &error))
    if (!casa_ingest_wait_for_store(self, &wait_ms, g_steal_pointer(&error)))
      return FALSE;
  casa_ingest_store_took(self, wait_ms);
  p->outcome = changed ? CASA_OUTCOME_STORED : CASA_OUTCOME_DUPLICATE;
  return TRUE;
}

static gboolean
take_report(CasaIngest *self, CasaPassage *p)
{
  const CasaMessage *m = p->message;
  CasaReport report;
  if (!casa_decode_report(&self->limits, &p->topic, m->payload, m->payload_len, &report, &p->why))
    return casa_ingest_reject(self, p);
  gboolean changed = FALSE;
  guint wait_ms = 0;
  GError *error = NULL;
  while (!casa_store_put_report(self->store, &report, p->now_ms, &changed, &error))
    if (!casa_ingest_wait_for_store(self, &wait_ms, g_steal_pointer(&error)))
      return FALSE;
  casa_ingest_store_took(self, wait_ms);
  p->outcome = changed ? CASA_OUTCOME_STORED : CASA_OUTCOME_DUPLICATE;
  return TRUE;
}

/* A flood must be cheap to refuse: right after the topic, before the payload is looked at. */
static gboolean
within_quota(CasaIngest *self, CasaPassage *p)
{
  const char *source = p->topic.source[0] ? p->topic.source : CASA_QUOTA_NOBODY;
  CasaReason over = { 0 };
  const CasaMessage *m = p->message;
  if (casa_quota_take(self->quota, source, m->topic_len + m->payload_len + m->extra_len, p->now_us, &over))
    return TRUE;
  p->outcome = CASA_OUTCOME_OVER_QUOTA;
  p->why = over;
  return FALSE;
}

/* The broker brings back to us what we tell a source, who need not pay for that. */
static gboolean
is_our_verdict(CasaIngest *self, const CasaPassage *p)
{
  return p->topic.kind == CASA_TOPIC_OWN && p->topic.source[0] && p->message->payload_len <= self->limits.max_payload &&
         casa_feedback_is_echo(self->feedback, p->topic.source);
}

/* $status, $feedback, $control: nothing to store, but no way round the bounds either, for not every broker has casa-guard. */
static gboolean
take_service(CasaIngest *self, CasaPassage *p)
{
  char got[CASA_QUOTE_SIZE], most[CASA_QUOTE_SIZE];
  const CasaMessage *m = p->message;
  if (m->payload_len > self->limits.max_payload) {
    casa_reason_set(&p->why, CASA_WHY_SIZE, .got = casa_reason_count(got, m->payload_len),
                    .wanted = casa_reason_count(most, self->limits.max_payload));
    return casa_ingest_reject(self, p);
  }
  if (p->topic.kind == CASA_TOPIC_OWN)
    casa_coverage_take(self->coverage, m, self->source);
  else if (!m->retained)
    casa_backlog_hold_source(self->backlog, p->topic.source, p->now_ms);
  return TRUE;
}

/* What cannot be read is as good as unsaid: nothing is stored of it either way. */
static void
take_toll(CasaIngest *self, const CasaPassage *p)
{
  CasaToll toll;
  if (!casa_decode_toll(&self->limits, p->message->payload, p->message->payload_len, &toll))
    return;
  g_mutex_lock(&self->lock);
  casa_tolls_keep(self->tolls, &self->n_tolls, &toll);
  g_mutex_unlock(&self->lock);
}

/* What would be without the events, and what they cost: of the city's own source alone. A team's would be told to the hall as
 * the city's. */
static gboolean
take_without(CasaIngest *self, CasaPassage *p)
{
  if (strcmp(p->topic.source, self->config->own) != 0) {
    casa_reason_set(&p->why, CASA_WHY_TOPIC_SPECIAL, .got = "\"$twin\"");
    return casa_ingest_reject(self, p);
  }
  if (p->topic.kind == CASA_TOPIC_TWIN)
    return casa_ingest_take_twin(self, p);
  take_toll(self, p);
  return TRUE;
}

/* A message without many values costs little; what is above that is the disk's, or upkeep's. Only of those with many the
 * processor's own clock is asked, which takes half a microsecond. */
#define LIGHT_BYTES 1024
#define LIGHT_MOST_US 500

static gint64
processor_us(void)
{
  struct timespec t;
  return clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) == 0 ? t.tv_sec * G_USEC_PER_SEC + t.tv_nsec / 1000 : 0;
}

static gint64
work_begin(const CasaMessage *m)
{
  return m->payload_len > LIGHT_BYTES ? processor_us() : g_get_monotonic_time();
}

static gint64
work_end(const CasaMessage *m, gint64 begun_us)
{
  return m->payload_len > LIGHT_BYTES ? processor_us() - begun_us : MIN(g_get_monotonic_time() - begun_us, LIGHT_MOST_US);
}

static gboolean
take_data(CasaIngest *self, CasaPassage *p)
{
  if (p->topic.kind == CASA_TOPIC_STATUS || p->topic.kind == CASA_TOPIC_OWN)
    return take_service(self, p);
  if (p->topic.kind == CASA_TOPIC_TOLL || p->topic.kind == CASA_TOPIC_TWIN)
    return take_without(self, p);
  if (p->topic.kind == CASA_TOPIC_DESCRIPTOR)
    return take_descriptor(self, p);
  if (p->topic.kind == CASA_TOPIC_REPORT)
    return take_report(self, p);
  return p->topic.kind == CASA_TOPIC_EVENT ? take_event(self, p) : casa_ingest_take_readings(self, p);
}

#define WORK_TOPIC "$casa-guard/work"

/* What a message costs us, casa-guard (broker/) cannot know. It is told, and lets less of whoever is dear pass: what it holds
 * back so was not acknowledged, and comes later. */
static void
tell_work(CasaIngest *self)
{
  char source[CASA_NAME_MAX + 1], payload[CASA_NAME_MAX + 32];
  gint64 spent_us = self->source ? casa_quota_take_untold(self->quota, source) : 0;
  if (spent_us == 0 || strcmp(source, self->config->own) == 0)
    return;
  g_snprintf(payload, sizeof payload, "%s %" G_GINT64_FORMAT, source, spent_us);
  casa_source_publish(self->source, WORK_TOPIC, payload);
}

static gboolean
take_message(CasaIngest *self, CasaPassage *p)
{
  gboolean sound = casa_topic_parse(self->config->root, p->message->topic, p->message->topic_len, &p->topic, &p->why);
  if (sound && is_our_verdict(self, p))
    return TRUE;
  if (!within_quota(self, p))
    return TRUE;
  gint64 begun_us = work_begin(p->message);
  gboolean kept = sound ? take_data(self, p) : casa_ingest_reject(self, p);
  casa_quota_charge(self->quota, work_end(p->message, begun_us));
  tell_work(self);
  return kept;
}

/* Floods are named in `rejection` too, a row every ten seconds each; should the disk be full, only there it is missing. */
static void
report_floods(CasaIngest *self, const CasaPassage *p)
{
  char source[CASA_NAME_MAX + 1], words[CASA_REASON_SIZE];
  CasaReason why;
  if (p->outcome != CASA_OUTCOME_OVER_QUOTA && p->now_us < self->next_quota_look_us)
    return;
  self->next_quota_look_us = p->now_us + QUOTA_LOOK_US;
  if (!casa_quota_report(self->quota, p->now_us, source, &why))
    return;
  g_autofree char *topic = g_strdup_printf("%s/%s", self->config->root, source);
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) args = g_string_new("[");
  casa_reason_append_json(&why, args);
  g_string_append_c(args, ']');
  casa_reason_text(&why, words);
  g_message("%s", words);
  if (!casa_store_put_rejection(self->store, p->now_ms, topic, strlen(topic), "", 0, why.code, words, args->str, &error))
    g_message("that was not written down: %s", error->message);
}

static void
answer(CasaIngest *self, const CasaPassage *p)
{
  if (!self->source || !p->why.code || p->topic.source[0] == '\0')
    return;
  guint refused = p->outcome == CASA_OUTCOME_REJECTED ? 0 : p->fields_rejected;
  const char *topic;
  const char *payload =
    casa_feedback_verdict(self->feedback, p->topic.source, p->message, &p->why, p->refused, refused, p->now_us, &topic);
  if (payload)
    casa_source_publish(self->source, topic, payload);
}

/* After an outage of ours (the link was down, the disk full, the program stopped) the broker sends at once what it kept for us,
 * even before the link is reported as up. That is no flood: the quotas are credited with the time of the outage. */
static void
credit_absence(CasaIngest *self, gint64 now_us)
{
  gint64 heard_us = casa_clock_away_us(self->clock), silent_us = heard_us - self->last_message_us;
  self->last_message_us = heard_us;
  if (silent_us > ABSENCE_US)
    casa_quota_credit(self->quota, silent_us, now_us);
}

/* What was acknowledged and thrown away stands in `gap`, and is said. */
static gboolean
note_dropped(CasaIngest *self, const CasaDropped *dropped)
{
  g_autofree char *cause =
    g_strdup_printf(CASA_GAP_DROPPED " %" G_GUINT64_FORMAT " messages, of any client whose queue was full", dropped->n);
  guint wait_ms = 0;
  GError *error = NULL;
  while (!casa_store_put_gap(self->store, dropped->start_ms, dropped->end_ms, cause, &error))
    if (!casa_ingest_wait_for_store(self, &wait_ms, g_steal_pointer(&error)))
      return FALSE;
  casa_ingest_store_took(self, wait_ms);
  casa_counters_add_gap(self->counters);
  casa_counters_add_broker_dropped(self->counters, dropped->n);
  g_message("%s: messages may be missing; raise max_queued_bytes and max_queued_messages, or find who floods", cause);
  return TRUE;
}

/* The broker counts on while we do not run: what we know of its count is kept for the next start. A disk that is full is told
 * by what does not fit besides. */
static void
keep_dropped(CasaIngest *self)
{
  guint64 n;
  gint64 since_ms;
  g_autoptr(GError) error = NULL;
  if (!casa_drops_known(self->drops, &n, &since_ms))
    return;
  if (!casa_store_put_number(self->store, self->dropped_key, (gint64)n, &error) ||
      !casa_store_put_number(self->store, self->dropped_since_key, since_ms, &error))
    g_debug("%s", error->message);
}

static void
resume_dropped(CasaIngest *self)
{
  gint64 n, since_ms;
  self->dropped_key = g_strdup_printf("broker_dropped %s", self->config->broker_url);
  self->dropped_since_key = g_strdup_printf("broker_dropped_since %s", self->config->broker_url);
  if (casa_store_get_number(self->store, self->dropped_key, &n) && n >= 0 &&
      casa_store_get_number(self->store, self->dropped_since_key, &since_ms) && since_ms > 0)
    casa_drops_resume(self->drops, (guint64)n, since_ms);
}

static gboolean
take_dropped(CasaIngest *self, const CasaDropped *dropped)
{
  if (dropped->n > 0 && !note_dropped(self, dropped))
    return FALSE;
  keep_dropped(self);
  return TRUE;
}

/* What casa-guard says of whom it holds back; like a message over quota it is told to the hall. */
static void
note_held(CasaIngest *self, const CasaMessage *m, gint64 now_us)
{
  static const char *const kinds[] = {
    [CASA_QUOTA_MESSAGES] = "messages", [CASA_QUOTA_BYTES] = "bytes", [CASA_QUOTA_WORK] = "work"
  };
  g_autofree char *text = g_strndup(m->payload, MIN(m->payload_len, 200));
  g_auto(GStrv) words = g_strsplit(text, " ", 3);
  g_autofree char *status = g_strdup_printf("%s/%s/$status", self->config->root, words[0] ? words[0] : "");
  guint64 limit;
  CasaTopic topic;
  CasaReason why;
  if (g_strv_length(words) != 3 || !g_ascii_string_to_unsigned(words[2], 10, 1, G_MAXUINT32, &limit, NULL) ||
      !casa_topic_parse(self->config->root, status, strlen(status), &topic, &why))
    return;
  for (guint kind = 0; kind < G_N_ELEMENTS(kinds); kind++)
    if (strcmp(words[1], kinds[kind]) == 0) {
      casa_quota_note_held(self->quota, topic.source, kind, (guint)limit, now_us);
      casa_counters_message(self->counters, &(CasaMessageCount){ .outcome = CASA_OUTCOME_OVER_QUOTA, .latency_ms = NAN });
    }
}

static gboolean
is_held(const CasaMessage *m)
{
  return m->topic_len == strlen(CASA_HELD_TOPIC) && memcmp(m->topic, CASA_HELD_TOPIC, m->topic_len) == 0;
}

gboolean
casa_ingest_message(const CasaMessage *message, gpointer data)
{
  CasaIngest *self = data;
  CasaPassage p = {
    .message = message,
    .now_ms = casa_clock_ms(self->clock),
    .now_us = casa_clock_us(self->clock),
    .outcome = CASA_OUTCOME_IGNORED,
    .latency_ms = NAN,
  };
  CasaDropped dropped;
  if (casa_drops_take(self->drops, message, p.now_ms, &dropped))
    return take_dropped(self, &dropped);
  if (is_held(message)) {
    note_held(self, message, p.now_us);
    return TRUE;
  }
  credit_absence(self, p.now_us);
  if (g_get_monotonic_time() >= self->next_feeds_look_us)
    look_at_feeds(self);
  if (!take_message(self, &p))
    return FALSE;
  casa_counters_message(self->counters, &(CasaMessageCount){ .outcome = p.outcome,
                                                             .samples = p.samples,
                                                             .duplicates = p.duplicates,
                                                             .refused = p.fields_rejected,
                                                             .latency_ms = p.latency_ms });
  answer(self, &p);
  report_floods(self, &p);
  return TRUE;
}

/* --- The link ---------------------------------------------------------------------------------------------------- */

static void
put_gap(CasaIngest *self, gint64 start_ms, const char *cause)
{
  guint wait_ms = 0;
  GError *error = NULL;
  gint64 now_ms = MAX(casa_clock_ms(self->clock), start_ms);
  while (!casa_store_put_gap(self->store, start_ms, now_ms, cause, &error))
    if (!casa_ingest_wait_for_store(self, &wait_ms, g_steal_pointer(&error)))
      return;
  casa_ingest_store_took(self, wait_ms);
  casa_counters_add_gap(self->counters);
}

/* Writes a gap where the broker had no session for us, because it then kept nothing of what was published meanwhile. */
static void
on_up(CasaIngest *self, const CasaLink *link)
{
  gboolean anew = link->connections != self->connections;
  self->connections = link->connections;
  /* Counted before the gap is written: whoever sees the gap also sees the reconnection that it came with. */
  if (anew && !link->first)
    casa_counters_add_reconnect(self->counters);
  if (anew && link->session_lost && self->last_before_ms > 0)
    put_gap(self, self->last_before_ms, link->first ? "program not running" : "session lost");
}

/* A loss is noticed seconds late; the last message tells better when it began, unless messages are rare. */
static gint64
gap_start(CasaIngest *self, gint64 noticed_ms)
{
  return CLAMP(casa_store_last_received(self->store), noticed_ms - NOTICED_LATE_MS, noticed_ms);
}

static void
say_link(CasaIngest *self, const CasaLink *link)
{
  g_autofree char *text = casa_link_text(link);
  if (g_strcmp0(text, self->said) == 0)
    return;
  g_message("%s", text);
  g_free(self->said);
  self->said = g_steal_pointer(&text);
}

void
casa_ingest_link(const CasaLink *link, gpointer data)
{
  CasaIngest *self = data;
  gboolean up = link->state == CASA_LINK_UP;
  g_mutex_lock(&self->lock);
  self->link = *link;
  g_mutex_unlock(&self->lock);
  say_link(self, link);
  if (self->was_up != up) /* what the broker kept comes before the link is said to be up */
    casa_backlog_hold(self->backlog, up ? casa_clock_ms(self->clock) : G_MAXINT64);
  if (self->was_up && !up)
    self->last_before_ms = gap_start(self, link->since_ms);
  if (up)
    on_up(self, link);
  self->was_up = up;
}

void
casa_ingest_read_link(CasaIngest *self, CasaLink *out, CasaFault *blocked)
{
  g_mutex_lock(&self->lock);
  *out = self->link;
  if (blocked)
    *blocked = self->blocked;
  g_mutex_unlock(&self->lock);
}

guint
casa_ingest_read_over_quota(CasaIngest *self, CasaQuotaTally *out, guint max)
{
  return casa_quota_read(self->quota, out, max);
}

guint
casa_ingest_read_over_series(CasaIngest *self, CasaSeriesTally *out, guint max)
{
  return casa_series_limiter_read(self->series_limiter, out, max);
}

guint
casa_ingest_read_tolls(CasaIngest *self, CasaToll *out)
{
  g_mutex_lock(&self->lock);
  const guint n = self->n_tolls;
  memcpy(out, self->tolls, n * sizeof *out);
  g_mutex_unlock(&self->lock);
  return n;
}

void
casa_ingest_stop(CasaIngest *self)
{
  g_mutex_lock(&self->lock);
  self->stopping = TRUE;
  g_cond_broadcast(&self->wake);
  g_mutex_unlock(&self->lock);
  casa_coverage_stop(self->coverage);
}
