/* SPDX-License-Identifier: Apache-2.0 */
#include "stub-influx.h"

#include "line-reader.h"

#include <math.h>
#include <string.h>

#define CHECK "casa_pulse,check=write "
#define EXPORT "/api/v1/export?match[]=%7B__name__%3D%22casa_pulse_ok%22%2Ccheck%3D%22write%22%2Ctry"
#define VICTORIA                                                                                                               \
  "{\"results\":[{\"statement_id\":0,\"series\":[{\"name\":\"databases\",\"columns\":[\"name\"],\"values\":["                  \
  "[\"_internal\"]]}]}]}"

/* What a version wants to see in a request. */
typedef struct {
  const char *parameters, *write_target, *read_prefix, *scheme;
} Version;

static const Version versions[] = {
  [CASA_INFLUX_V1] = { "?db=casa", "/write?db=casa&precision=ms", "/query?db=casa&epoch=ms&", "Token" },
  [CASA_INFLUX_V2] = { "?org=Ville%20de%20Casa&bucket=b", "/api/v2/write?org=Ville%20de%20Casa&bucket=b&precision=ms",
                       "/query?db=b&epoch=ms&", "Token" },
  [CASA_INFLUX_V3] = { "?database=d", "/api/v3/write_lp?db=d&precision=millisecond", "/query?db=d&epoch=ms&", "Bearer" },
};

struct _StubInflux {
  CasaInfluxApi api;
  char *address, *authorization; /* NULL: none is wanted */
  StubHttp *http;
  GMutex lock;
  StubMood mood;             /* guarded by lock */
  GHashTable *kept;          /* guarded by lock; "domain/station/metric@t" → double */
  guint n_arrived, n_writes; /* guarded by lock */
  char *check;               /* guarded by lock; the check's last sample, as "[t,value]" */
  char *reply;               /* of the request under way; the server's thread only */
  char *fault;               /* guarded by lock; first breach of the version's rules */
};

static void
note_fault(StubInflux *self, const char *what, const char *where)
{
  if (!self->fault)
    self->fault = g_strdup_printf("%s: %s", what, where);
}

static void
check_header(StubInflux *self, const StubRequest *request, const char *name, const char *wanted)
{
  g_autofree char *value = stub_http_header(request, name);

  if (g_strcmp0(value, wanted) != 0)
    note_fault(self, name, value ? value : "(absent)");
}

static char *
key_of(const char *domain, const char *station, const char *metric, gint64 t_ms)
{
  return g_strdup_printf("%s/%s/%s@%" G_GINT64_FORMAT, domain, station, metric, t_ms);
}

static void
keep_line(StubInflux *self, const LineRead *line)
{
  for (guint i = 0; i < line->n; i++) {
    double *value = g_new(double, 1);
    *value = line->values[i];
    g_hash_table_replace(self->kept, key_of(line->measurement, line->station, line->fields[i], line->t_ms), value);
  }
}

static gboolean
has_older(const char *body, gint64 oldest_ms)
{
  while (*body) {
    g_auto(LineRead) line = { NULL };
    if (line_read(&body, &line) || line.t_ms < oldest_ms)
      return TRUE;
  }
  return FALSE;
}

/* Reads all lines; keeps those it should. */
static void
take_lines(StubInflux *self, const char *body, gboolean keep)
{
  for (const char *p = body; *p;) {
    g_auto(LineRead) line = { NULL };
    g_autofree char *text = g_strndup(p, strcspn(p, "\n"));
    const char *fault = line_read(&p, &line);
    if (fault) {
      note_fault(self, fault, text);
      return;
    }
    self->n_arrived += line.n;
    if (keep && line.t_ms >= self->mood.oldest_ms && !(self->mood.bad && strstr(text, self->mood.bad)))
      keep_line(self, &line);
  }
}

static StubAnswer
answer_check(StubInflux *self, const StubRequest *request)
{
  const char *value = request->body + strlen(CHECK "ok=");
  char *time = strchr(value, ' ');
  gboolean taken = self->mood.write.mode == STUB_ANSWER && self->mood.write.status == 204 && !self->mood.forgets;

  if (!time) {
    note_fault(self, "a check without a time", request->body);
    return (StubAnswer){ .status = 400 };
  }
  if (taken) {
    g_free(self->check);
    self->check = g_strdup_printf("[%.*s,%.*s]", (int)strcspn(time + 1, "\n"), time + 1, (int)(time - value), value);
  }
  /* A mood of bad lines and large bodies leaves the check alone: it is neither. */
  return self->mood.write;
}

static StubAnswer
answer_write(StubInflux *self, const StubRequest *request)
{
  const StubMood *mood = &self->mood;
  StubAnswer answer = mood->write;

  if (!request->gzip)
    note_fault(self, "the body is not packed", request->target);
  check_header(self, request, "Content-Type", "text/plain; charset=utf-8");
  check_header(self, request, "Expect", NULL);
  if (g_str_has_prefix(request->body, CHECK))
    return answer_check(self, request);
  self->n_writes++;
  if (mood->too_large && strlen(request->body) > mood->too_large)
    return (StubAnswer){ .status = 413 };
  if (mood->bad && strstr(request->body, mood->bad))
    answer = (StubAnswer){ .status = 400, .body = "{\"error\":\"partial write: field type conflict dropped=0\"}" };
  else if (mood->oldest_ms && has_older(request->body, mood->oldest_ms))
    answer = (StubAnswer){ .status = 400, .body = "{\"error\":\"partial write: points beyond retention policy dropped=1\"}" };
  gboolean good = answer.mode == STUB_ANSWER && answer.status == 204;
  take_lines(self, request->body, (good || mood->bad || mood->oldest_ms || mood->keeps) && !mood->forgets);
  return answer;
}

/* Only what reads the check back is understood; everything else has no rows. */
static StubAnswer
answer_read(StubInflux *self, const StubRequest *request)
{
  gboolean found = self->check && strstr(request->target, "casa_pulse");

  if (!g_str_equal(request->method, "GET"))
    note_fault(self, "read by", request->method);
  if (self->mood.read.status)
    return self->mood.read;
  if (self->mood.victoria.status)
    return (StubAnswer){ .status = 200, .body = VICTORIA };
  g_free(self->reply);
  self->reply = found ? g_strdup_printf("{\"results\":[{\"statement_id\":0,\"series\":[{\"name\":\"casa_pulse\",\"columns\":"
                                        "[\"time\",\"ok\"],\"values\":[%s]}]}]}\n",
                                        self->check)
                      : g_strdup("{\"results\":[{\"statement_id\":0}]}\n");
  return (StubAnswer){ .status = 200, .body = self->reply };
}

static StubAnswer
answer_export(StubInflux *self, const StubRequest *request)
{
  StubAnswer answer = self->mood.victoria;

  if (answer.status == 0)
    note_fault(self, "no InfluxDB has this path", request->target);
  if (!answer.body)
    answer.body = self->check ? self->check : "";
  return answer;
}

static StubAnswer
judge_cb(const StubRequest *request, guint number, gpointer data)
{
  StubInflux *self = data;
  const Version *version = &versions[self->api];
  StubAnswer answer = { .status = 404 };

  g_mutex_lock(&self->lock);
  check_header(self, request, "Authorization", self->authorization);
  if (g_str_equal(request->target, version->write_target) && g_str_equal(request->method, "POST"))
    answer = answer_write(self, request);
  else if (g_str_has_prefix(request->target, version->read_prefix))
    answer = answer_read(self, request);
  else if (self->api == CASA_INFLUX_V1 && g_str_has_prefix(request->target, EXPORT))
    answer = answer_export(self, request);
  else if (self->api == CASA_INFLUX_V1 && g_str_equal(request->target, "/query") &&
           g_str_equal(request->body, "q=CREATE%20DATABASE%20%22casa%22"))
    answer = (StubAnswer){ .status = 200, .body = "{\"results\":[{\"statement_id\":0}]}\n" };
  else if (self->mood.victoria.status && g_str_equal(request->target, "/metrics"))
    answer = self->mood.metrics.status ? self->mood.metrics : answer;
  else
    note_fault(self, "a path this version does not have", request->target);
  g_mutex_unlock(&self->lock);
  return answer;
}

StubInflux *
stub_influx_new(CasaInfluxApi api, const char *token)
{
  StubInflux *self = g_new0(StubInflux, 1);

  self->api = api;
  self->authorization = token ? g_strdup_printf("%s %s", versions[api].scheme, token) : NULL;
  self->mood.write.status = 204;
  self->kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_mutex_init(&self->lock);
  self->http = stub_http_new(judge_cb, self);
  self->address = g_strdup_printf("http://127.0.0.1:%u", stub_http_port(self->http));
  return self;
}

void
stub_influx_free(StubInflux *self)
{
  if (!self)
    return;
  stub_http_free(self->http);
  g_assert_cmpstr(self->fault, ==, NULL);
  g_hash_table_unref(self->kept);
  g_mutex_clear(&self->lock);
  g_free(self->address);
  g_free(self->authorization);
  g_free(self->check);
  g_free(self->reply);
  g_free(self);
}

const char *
stub_influx_address(StubInflux *self)
{
  return self->address;
}

const char *
stub_influx_parameters(StubInflux *self)
{
  return versions[self->api].parameters;
}

void
stub_influx_set(StubInflux *self, StubMood mood)
{
  g_mutex_lock(&self->lock);
  self->mood = mood;
  g_mutex_unlock(&self->lock);
}

void
stub_influx_answer(StubInflux *self, int status)
{
  stub_influx_set(self, (StubMood){ .write = { .status = status } });
}

guint
stub_influx_n_samples(StubInflux *self)
{
  g_mutex_lock(&self->lock);
  guint n = g_hash_table_size(self->kept);
  g_mutex_unlock(&self->lock);
  return n;
}

guint
stub_influx_n_arrived(StubInflux *self)
{
  g_mutex_lock(&self->lock);
  guint n = self->n_arrived;
  g_mutex_unlock(&self->lock);
  return n;
}

guint
stub_influx_n_writes(StubInflux *self)
{
  g_mutex_lock(&self->lock);
  guint n = self->n_writes;
  g_mutex_unlock(&self->lock);
  return n;
}

double
stub_influx_value(StubInflux *self, const char *domain, const char *station, const char *metric, gint64 t_ms)
{
  g_autofree char *key = key_of(domain, station, metric, t_ms);

  g_mutex_lock(&self->lock);
  const double *kept = g_hash_table_lookup(self->kept, key);
  double value = kept ? *kept : NAN;
  g_mutex_unlock(&self->lock);
  return value;
}

StubHttp *
stub_influx_http(StubInflux *self)
{
  return self->http;
}
