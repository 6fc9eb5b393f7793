/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics-page.h"

#include "base/error.h"
#include "casa-build.h"

#include <arpa/inet.h>
#include <math.h>
#include <microhttpd.h>
#include <string.h>

#define MAX_CLIENTS 8 /* Prometheus is one */
#define IDLE_S 10

struct _CliMetricsPage {
  CasaPulse *pulse;
  struct MHD_Daemon *daemon;
};

static void
head(GString *out, const char *name, const char *type, const char *help)
{
  g_string_append_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
one(GString *out, const char *name, const char *type, const char *help, guint64 value)
{
  head(out, name, type, help);
  g_string_append_printf(out, "%s %" G_GUINT64_FORMAT "\n", name, value);
}

static void
labelled(GString *out, const char *name, const char *label, const char *value, guint64 n)
{
  g_string_append_printf(out, "%s{%s=\"%s\"} %" G_GUINT64_FORMAT "\n", name, label, value, n);
}

/* Seconds from @ms; nothing where it is not known, as Prometheus wants it. */
static void
quantile(GString *out, const char *name, const char *q, double ms)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (isfinite(ms))
    g_string_append_printf(out, "%s{quantile=\"%s\"} %s\n", name, q, g_ascii_formatd(number, sizeof number, "%.6g", ms / 1000));
}

static void
write_counts(GString *out, const CasaCounts *c)
{
  const char *messages = "casa_messages_total", *values = "casa_values_total", *latency = "casa_latency_seconds";

  head(out, messages, "counter", "Messages received, by what became of them.");
  labelled(out, messages, "outcome", "stored", c->stored);
  labelled(out, messages, "outcome", "duplicate", c->duplicates);
  labelled(out, messages, "outcome", "rejected", c->rejected);
  labelled(out, messages, "outcome", "ignored", c->ignored);
  one(out, "casa_messages_over_quota_total", "counter", "Of the ignored: those over their source's quota.", c->over_quota);
  head(out, values, "counter", "Values in messages that could be read, by what became of them.");
  labelled(out, values, "outcome", "stored", c->samples);
  labelled(out, values, "outcome", "duplicate", c->samples_duplicate);
  labelled(out, values, "outcome", "refused", c->fields_rejected);
  one(out, "casa_forwarded_total", "counter", "Values that the database acknowledged.", c->forwarded);
  one(out, "casa_forward_pending", "gauge", "Values that wait for the database.", c->pending);
  one(out, "casa_quarantined_total", "counter", "Values that the database refused for good.", c->quarantined);
  one(out, "casa_reconnects_total", "counter", "Connections to the broker after the first.", c->reconnects);
  one(out, "casa_gaps_total", "counter", "Gaps written: times from which messages may lack.", c->gaps);
  one(out, "casa_broker_dropped_total", "counter", "Messages that the broker says it threw away, of any client.",
      c->broker_dropped);
  head(out, latency, "summary", "From a sensor's time to the store, over the last minute.");
  quantile(out, latency, "0.5", c->latency_p50_ms);
  quantile(out, latency, "0.95", c->latency_p95_ms);
  quantile(out, latency, "0.99", c->latency_p99_ms);
}

static GString *
page(CliMetricsPage *self)
{
  GString *out = g_string_sized_new(4096);
  CasaCounts counts;
  CasaFault blocked;
  CasaLink link;

  casa_pulse_read_counts(self->pulse, &counts);
  casa_pulse_read_link(self->pulse, &link, &blocked);
  head(out, "casa_build_info", "gauge", "Always 1.");
  g_string_append_printf(out, "casa_build_info{version=\"%s\"} 1\n", CASA_VERSION);
  one(out, "casa_up", "gauge", "Whether the broker is connected.", link.state == CASA_LINK_UP);
  one(out, "casa_store_waits", "gauge", "Whether the store takes nothing now, and messages wait unacknowledged.",
      *blocked.detail != '\0');
  write_counts(out, &counts);
  return out;
}

static enum MHD_Result
send_page(struct MHD_Connection *connection, guint status, const char *type, GString *text)
{
  const gsize len = text->len;
  struct MHD_Response *response = MHD_create_response_from_buffer(len, g_string_free(text, FALSE), MHD_RESPMEM_MUST_FREE);
  enum MHD_Result result;

  MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
  result = MHD_queue_response(connection, status, response);
  MHD_destroy_response(response);
  return result;
}

static enum MHD_Result
answer_cb(void *data, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
          const char *upload, size_t *upload_len, void **state)
{
  static int begun;

  if (!*state || *upload_len > 0) { /* headers only so far, or what somebody uploads, which nobody looks at */
    *state = &begun;
    *upload_len = 0;
    return MHD_YES;
  }
  if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
    return send_page(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "text/plain", g_string_new("GET /metrics\n"));
  if (strcmp(url, "/metrics") != 0)
    return send_page(connection, MHD_HTTP_NOT_FOUND, "text/plain", g_string_new("the counters are at /metrics\n"));
  return send_page(connection, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8", page(data));
}

CliMetricsPage *
cli_metrics_page_new(CasaPulse *pulse, guint16 port, GError **error)
{
  g_autoptr(CliMetricsPage) self = g_new0(CliMetricsPage, 1);
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

  self->pulse = pulse;
  self->daemon =
    MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL, port, NULL, NULL, answer_cb, self, MHD_OPTION_SOCK_ADDR,
                     &address, MHD_OPTION_CONNECTION_LIMIT, MAX_CLIENTS, MHD_OPTION_CONNECTION_TIMEOUT, IDLE_S,
                     MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)16384, MHD_OPTION_END);
  if (self->daemon)
    return g_steal_pointer(&self);
  g_set_error(error, CASA_ERROR, CASA_ERROR_IO,
              "--metrics-port %u: nothing can listen on 127.0.0.1:%u; is the port taken? choose another", port, port);
  return NULL;
}

void
cli_metrics_page_free(CliMetricsPage *self)
{
  if (!self)
    return;
  if (self->daemon)
    MHD_stop_daemon(self->daemon);
  g_free(self);
}
