/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/emit-private.h"

#include "base/clock.h"
#include "city/city-zone.h"

#include <math.h>
#include <string.h>

void
casa_emit_init(CasaEmit *self, const CasaMetrics *metrics, const CasaWireLimits *limits, const CasaTopic *topic, gint64 now_ms,
               CasaMemory *memory, CasaDecoded *out)
{
  self->metrics = metrics;
  self->limits = limits;
  self->topic = topic;
  self->now_ms = now_ms;
  self->memory = memory;
  self->out = out;
  self->format = "";
  self->open = self->full = FALSE;
  self->zone = NULL;
  self->n_over = 0;
  g_strlcpy(self->domain, topic->domain, sizeof self->domain);
  g_strlcpy(self->station, topic->station, sizeof self->station);
}

void
casa_emit_refuse(CasaEmit *self, guint values, const CasaReason *why)
{
  casa_decoded_refuse(self->out, self->open ? self->station : NULL, values, why);
}

void
casa_emit_understood(CasaEmit *self)
{
  self->out->understood = TRUE;
}

/* --- A reading --------------------------------------------------------------------------------------------------- */

/* Each value is a row, so readings that have many of them may be fewer. */
static gboolean
has_values_enough(const CasaEmit *self)
{
  return self->out->fields->len / CASA_VALUES_PER_READING >= MAX(self->limits->max_readings, 1);
}

static gboolean
is_full(const CasaEmit *self)
{
  return self->out->readings->len >= MAX(self->limits->max_readings, 1) || has_values_enough(self);
}

void
casa_emit_over(CasaEmit *self, guint n)
{
  self->full |= n > 0;
  self->n_over += n;
}

gboolean
casa_emit_begin(CasaEmit *self)
{
  casa_emit_end(self);
  g_clear_pointer(&self->zone, g_time_zone_unref);
  if (is_full(self)) {
    casa_emit_over(self, 1);
    return FALSE;
  }
  self->open = TRUE;
  self->head.t_ms = self->now_ms;
  self->head.time_source = CASA_TIME_ARRIVAL;
  self->head.has_seq = FALSE;
  self->head.seq = 0;
  self->first = self->out->fields->len;
  self->n = 0;
  self->first_refusal = self->out->refusals->len;
  self->time_rank = CASA_EMIT_TIME_NAMES + CASA_EMIT_TIME_WORDS;
  self->time_bad = self->wall = FALSE;
  self->zone_bad[0] = '\0';
  return TRUE;
}

static CasaField *
field_at(const CasaEmit *self, guint i)
{
  return &g_array_index(self->out->fields, CasaField, self->first + i);
}

static void
remove_field(CasaEmit *self, guint i)
{
  memmove(&self->known[i], &self->known[i + 1], (self->n - i - 1) * sizeof *self->known);
  g_array_remove_index(self->out->fields, self->first + i);
  self->n--;
}

static guint
find_field(const CasaEmit *self, const char *id)
{
  for (guint i = 0; i < self->n; i++)
    if (strcmp(field_at(self, i)->metric, id) == 0)
      return i;
  return G_MAXUINT;
}

/* Receivers without a fix say 0, 0: a place in the Gulf of Guinea. */
static void
drop_no_fix(CasaEmit *self)
{
  guint lat = self->has_place ? find_field(self, "lat") : G_MAXUINT,
        lon = self->has_place ? find_field(self, "lon") : G_MAXUINT;
  if (lat == G_MAXUINT || lon == G_MAXUINT || field_at(self, lat)->value != 0 || field_at(self, lon)->value != 0)
    return;
  CasaReason why;
  casa_reason_set(&why, CASA_WHY_NO_FIX);
  remove_field(self, MAX(lat, lon));
  remove_field(self, MIN(lat, lon));
  casa_emit_refuse(self, 2, &why);
}

/* A time that says no zone is of that which stands beside it, or of the stated one, or is told. */
static void
settle_time(CasaEmit *self)
{
  GTimeZone *zone = self->zone && self->zone_city ? casa_city_zone(self->wall_ms) : self->zone;
  if (self->wall && self->zone_bad[0])
    casa_reason_set(&self->time_why, CASA_WHY_TIME_PLACE, .field = self->zone_name, .got = self->zone_bad);
  else if (!zone)
    zone = self->limits->zone;
  if (self->wall && zone) {
    self->head.t_ms = casa_time_of_wall(zone, self->wall_ms);
    self->head.time_source = CASA_TIME_PAYLOAD;
  } else if (self->wall && self->wall_word) {
    casa_emit_refuse(self, 1, &self->time_why);
  } else if (self->wall) {
    self->time_bad = TRUE;
  }
  self->wall = FALSE;
  g_clear_pointer(&self->zone, g_time_zone_unref);
}

static gboolean
check_time(CasaEmit *self, CasaReason *why)
{
  char at[32], n[CASA_QUOTE_SIZE];
  gint64 t_ms = self->head.t_ms, ahead_ms = t_ms - self->now_ms;
  if (self->time_bad) {
    *why = self->time_why;
    return FALSE;
  }
  if (self->head.time_source != CASA_TIME_PAYLOAD)
    return TRUE;
  if (ahead_ms > self->limits->future_ms) {
    casa_reason_set(why, CASA_WHY_TIME_FUTURE, .got = casa_time_format(t_ms, at),
                    .more = casa_reason_count(n, (guint64)(ahead_ms / 1000)));
    return FALSE;
  }
  if (self->limits->retention_ms > 0 && -ahead_ms > self->limits->retention_ms) {
    casa_reason_set(why, CASA_WHY_TIME_PAST, .got = casa_time_format(t_ms, at),
                    .more = casa_reason_count(n, (guint64)(self->limits->retention_ms / 3600000)));
    return FALSE;
  }
  return TRUE;
}

/* All of the reading goes; why stands before what else was refused of it. */
static void
refuse_reading(CasaEmit *self, const CasaReason *why)
{
  GArray *refusals = self->out->refusals;
  guint n = self->n;
  g_array_set_size(self->out->fields, self->first);
  self->n = 0;
  if (refusals->len >= CASA_REFUSALS_KEPT) {
    self->out->n_refused += n;
    return;
  }
  CasaRefused refusal = { .why = *why, .values = n };
  g_strlcpy(refusal.station, self->station, sizeof refusal.station);
  g_array_insert_val(refusals, self->first_refusal, refusal);
  self->out->n_refused += n;
}

static void
push(CasaEmit *self, const char *domain, guint first, guint n)
{
  GArray *readings = self->out->readings;
  g_array_set_size(readings, readings->len + 1);
  CasaReading *reading = casa_decoded_reading(self->out, readings->len - 1);
  *reading = self->head;
  g_strlcpy(reading->source, self->topic->source, sizeof reading->source);
  g_strlcpy(reading->domain, domain, sizeof reading->domain);
  g_strlcpy(reading->station, self->station, sizeof reading->station);
  reading->n_fields = n;
  reading->fields = NULL; /* casa_emit_finish() */
  g_array_append_val(self->out->first, first);
}

static const char *
own_domain(const CasaMetric *metric)
{
  return metric && strcmp(metric->domain, "any") != 0 ? metric->domain : NULL;
}

/* Metrics of any domain, such as a position, go with the others of their reading. */
static const char *
main_domain(const CasaEmit *self)
{
  for (guint i = 0; i < self->n; i++)
    if (own_domain(self->known[i]))
      return own_domain(self->known[i]);
  return CASA_KIT_DOMAIN;
}

/* Each metric to its own domain: as many readings as there are domains. */
static void
push_by_domain(CasaEmit *self)
{
  CasaField fields[CASA_FIELDS_MAX];
  const char *domains[CASA_FIELDS_MAX], *with = main_domain(self);
  guint n = self->n, written = self->first;
  for (guint i = 0; i < n; i++) {
    fields[i] = *field_at(self, i);
    domains[i] = own_domain(self->known[i]);
    if (!domains[i])
      domains[i] = self->known[i] ? with : CASA_KIT_DOMAIN;
  }
  for (guint i = 0; i < n; i++) {
    const char *domain = domains[i];
    guint first = written;
    for (guint k = i; domain && k < n; k++)
      if (domains[k] && strcmp(domains[k], domain) == 0) {
        g_array_index(self->out->fields, CasaField, written++) = fields[k];
        domains[k] = NULL;
      }
    if (domain)
      push(self, domain, first, written - first);
  }
}

/* About a metric that is known, or one that should have been named. */
static gboolean
matters(const CasaEmit *self, const CasaReason *why)
{
  return why->why == CASA_WHY_OF_WHICH || casa_metrics_find(self->metrics, why->field, strlen(why->field));
}

/* Of what a reading lacks, that comes first which it was sent for: not a label that stands before it. Else in their order. */
static void
order_refusals(CasaEmit *self)
{
  GArray *refusals = self->out->refusals;
  guint first = self->first_refusal;
  for (guint i = first; i < refusals->len; i++) {
    CasaRefused refused = g_array_index(refusals, CasaRefused, i);
    if (!matters(self, &refused.why))
      continue;
    for (guint k = i; k > first; k--)
      g_array_index(refusals, CasaRefused, k) = g_array_index(refusals, CasaRefused, k - 1);
    g_array_index(refusals, CasaRefused, first++) = refused;
  }
}

void
casa_emit_end(CasaEmit *self)
{
  CasaReason why;
  if (!self->open)
    return;
  drop_no_fix(self);
  settle_time(self);
  if (self->out->refusals->len > self->first_refusal + 1)
    order_refusals(self);
  if (!check_time(self, &why)) {
    refuse_reading(self, &why);
  } else if (self->n > 0 && self->station[0] == '\0') {
    casa_reason_set(&why, CASA_WHY_STATION_NAME, .field = "station");
    refuse_reading(self, &why);
  } else if (self->n > 0 && self->domain[0]) {
    push(self, self->domain, self->first, self->n);
  } else if (self->n > 0) {
    push_by_domain(self);
  }
  self->open = self->has_place = FALSE;
}

void
casa_emit_finish(CasaEmit *self)
{
  CasaDecoded *out = self->out;
  casa_emit_end(self);
  g_clear_pointer(&self->zone, g_time_zone_unref);
  if (self->full) {
    char got[CASA_QUOTE_SIZE], wanted[CASA_QUOTE_SIZE];
    CasaReason why;
    guint most = has_values_enough(self) ? out->readings->len : self->limits->max_readings;
    casa_reason_set(&why, CASA_WHY_BATCH, .got = casa_reason_count(got, out->readings->len + self->n_over),
                    .wanted = casa_reason_count(wanted, most));
    casa_decoded_refuse(out, NULL, self->n_over, &why);
  }
  for (guint i = 0; i < out->readings->len; i++)
    casa_decoded_reading(out, i)->fields = &g_array_index(out->fields, CasaField, g_array_index(out->first, guint, i));
}

/* --- Whose, and what it is --------------------------------------------------------------------------------------- */

/* Small letters without accents, digits and _; - for all else, never two, none at the ends. */
static void
clean_station(const char *name, gsize len, GString *out)
{
  g_autofree char *apart = g_utf8_normalize(name, (gssize)len, G_NORMALIZE_ALL);
  const char *text = apart ? apart : name, *end = text + (apart ? strlen(apart) : len);
  for (const char *p = text; p < end; p++) {
    guchar c = (guchar)*p;
    if (g_ascii_isalnum(c) || c == '_')
      g_string_append_c(out, g_ascii_tolower((char)c));
    else if (apart && c == 0xCC) /* U+0300 … U+033F: accents that the letters before them wore */
      p++;
    else if (out->len > 0 && out->str[out->len - 1] != '-')
      g_string_append_c(out, '-');
  }
  while (out->len > 0 && out->str[out->len - 1] == '-')
    g_string_truncate(out, out->len - 1);
}

/* What is cut is told apart by a number made of it all. */
#define STATION_CUT (CASA_NAME_MAX - 9)

gboolean
casa_emit_station(CasaEmit *self, const char *name, gsize len)
{
  g_autoptr(GString) clean = g_string_sized_new(CASA_NAME_MAX);
  clean_station(name, len, clean);
  if (clean->len == 0)
    return FALSE;
  if (clean->len > CASA_NAME_MAX) {
    guint hash = g_str_hash(clean->str);
    g_string_truncate(clean, STATION_CUT);
    g_string_append_printf(clean, "-%08x", hash);
  }
  g_strlcpy(self->station, clean->str, sizeof self->station);
  return TRUE;
}

const char *
casa_emit_whose(const CasaEmit *self)
{
  return self->station;
}

void
casa_emit_domain(CasaEmit *self, const char *domain)
{
  if (self->topic->kind != CASA_TOPIC_KIT)
    return;
  gboolean known = domain && casa_metrics_has_domain(self->metrics, domain);
  g_strlcpy(self->domain, known ? domain : "", sizeof self->domain);
}

/* Copies a text for people, cut at a character; what cannot be printed becomes a space. */
static void
copy_words(const char *text, char *out, gsize size)
{
  gsize n = 0;
  for (const char *p = text, *next; p && *p; p = next) {
    gunichar c = g_utf8_get_char_validated(p, -1);
    gboolean sound = c != (gunichar)-1 && c != (gunichar)-2;
    next = sound ? g_utf8_next_char(p) : p + 1;
    gsize k = sound && !g_unichar_iscntrl(c) ? (gsize)(next - p) : 1;
    if (n + k >= size)
      break;
    if (sound && !g_unichar_iscntrl(c))
      memcpy(out + n, p, k);
    else
      out[n] = ' ';
    n += k;
  }
  out[n] = '\0';
}

void
casa_emit_describe(CasaEmit *self, const char *station, const char *name, const char *kind, double lat, double lon)
{
  char before[CASA_NAME_MAX + 1];
  g_strlcpy(before, self->station, sizeof before);
  if (self->out->descriptors->len >= MAX(self->limits->max_readings, 1) || !casa_emit_station(self, station, strlen(station)))
    return;
  CasaDescriptor d = { 0 };
  g_strlcpy(d.source, self->topic->source, sizeof d.source);
  g_strlcpy(d.station, self->station, sizeof d.station);
  g_strlcpy(d.domain, self->topic->domain, sizeof d.domain);
  g_strlcpy(self->station, before, sizeof self->station);
  copy_words(name, d.name, sizeof d.name);
  if (kind && strlen(kind) <= CASA_NAME_MAX && strspn(kind, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(kind))
    g_strlcpy(d.kind, kind, sizeof d.kind);
  d.has_position = fabs(lat) <= 90 && fabs(lon) <= 180 && (lat != 0 || lon != 0);
  if (d.has_position) {
    d.lat = lat;
    d.lon = lon;
  }
  g_array_append_val(self->out->descriptors, d);
}

void
casa_emit_remember(CasaEmit *self, const char *key, const void *bytes, gsize len)
{
  casa_memory_put(self->memory, self->topic->source, self->format, key, bytes, len);
}

const char *
casa_emit_recall(CasaEmit *self, const char *key, gsize *len)
{
  return casa_memory_get(self->memory, self->topic->source, self->format, key, len);
}
