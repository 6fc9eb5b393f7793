/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/feedback.h"

#include "base/clock.h"
#include "wire/encode.h"

/* A flood of invented source names must not become a flood of memory. */
#define SOURCES_MAX 4096

/* Whoever tries one thing after the other gets an answer to each; only what goes on like that is kept back. */
#define AT_ONCE 5

/* Refusals of one message that are told one by one: a verdict is not to become longer than what it is about. */
#define TOLD_MAX 16

/* Where the broker brings none back, nobody saves up more than these. */
#define ECHOES_MAX 64

typedef struct {
  gint64 paid_us; /* each verdict takes a second of what has gone by, or of AT_ONCE that are lent */
  guint suppressed;
  guint echoes; /* verdicts that the broker may bring back to us */
} Quota;

struct _CasaFeedback {
  char *root;
  GHashTable *quotas; /* source → Quota */
  GString *topic, *payload;
};

CasaFeedback *
casa_feedback_new(const char *root)
{
  CasaFeedback *self = g_new0(CasaFeedback, 1);
  self->root = g_strdup(root);
  self->quotas = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  self->topic = g_string_new(NULL);
  self->payload = g_string_new(NULL);
  return self;
}

void
casa_feedback_free(CasaFeedback *self)
{
  if (!self)
    return;
  g_free(self->root);
  g_hash_table_unref(self->quotas);
  g_string_free(self->topic, TRUE);
  g_string_free(self->payload, TRUE);
  g_free(self);
}

static Quota *
quota_of(CasaFeedback *self, const char *source)
{
  Quota *quota = g_hash_table_lookup(self->quotas, source);
  if (quota)
    return quota;
  if (g_hash_table_size(self->quotas) >= SOURCES_MAX)
    g_hash_table_remove_all(self->quotas);
  quota = g_new0(Quota, 1);
  g_hash_table_insert(self->quotas, g_strdup(source), quota);
  return quota;
}

static void
append_text(GString *out, const char *key, const char *text)
{
  g_string_append_printf(out, ",\"%s\":", key);
  casa_encode_string(out, text);
}

static void
append_refused(GString *out, const GArray *refused)
{
  if (!refused || refused->len == 0)
    return;
  for (guint i = 0; i < MIN(refused->len, TOLD_MAX); i++) {
    g_string_append(out, i ? "," : ",\"refused\":[");
    casa_encode_refused(out, &g_array_index(refused, CasaRefused, i));
  }
  g_string_append_c(out, ']');
}

const char *
casa_feedback_verdict(CasaFeedback *self, const char *source, const CasaMessage *message, const CasaReason *why,
                      const GArray *refused, guint refused_fields, gint64 now_us, const char **topic_out)
{
  char quoted[CASA_QUOTE_SIZE], words[CASA_REASON_SIZE];
  Quota *quota = quota_of(self, source);
  if (quota->paid_us > now_us + (AT_ONCE - 1) * G_USEC_PER_SEC) {
    quota->suppressed++;
    return NULL;
  }
  casa_encode_begin(self->payload, casa_clock_now_ms());
  append_text(self->payload, "topic", casa_reason_quote(quoted, message->topic, message->topic_len));
  append_text(self->payload, "verdict", refused_fields ? "partly stored" : "rejected");
  append_text(self->payload, "code", why->code);
  append_text(self->payload, "reason", casa_reason_text(why, words));
  append_refused(self->payload, refused);
  g_string_append_printf(self->payload, ",\"refused_fields\":%u,\"suppressed\":%u}", refused_fields, quota->suppressed);
  g_string_printf(self->topic, "%s/%s/$feedback", self->root, source);
  quota->paid_us = MAX(quota->paid_us, now_us) + G_USEC_PER_SEC;
  quota->suppressed = 0;
  quota->echoes = MIN(quota->echoes + 1, ECHOES_MAX);
  *topic_out = self->topic->str;
  return self->payload->str;
}

gboolean
casa_feedback_is_echo(CasaFeedback *self, const char *source)
{
  Quota *quota = g_hash_table_lookup(self->quotas, source);
  if (!quota || quota->echoes == 0)
    return FALSE;
  quota->echoes--;
  return TRUE;
}
