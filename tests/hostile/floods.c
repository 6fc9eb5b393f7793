/* SPDX-License-Identifier: Apache-2.0 */
/* Attacks that are messages: each function makes the i-th of a flood. */
#include "hostile.h"

#include <string.h>
#include <zlib.h>

static gint64
now_ms(void)
{
  return g_get_real_time() / 1000;
}

static void
fill(GString *to, gsize size, char with)
{
  gsize from = to->len;
  g_string_set_size(to, from + size);
  memset(to->str + from, with, size);
}

/* What an honest kit sends, to compare with. */
static void
make_ordinary(Hostile *self, guint i, Message *message)
{
  g_string_printf(message->topic, "air/roof-%u", i % 8);
  g_string_printf(message->payload, "{\"t\":%" G_GINT64_FORMAT ",\"temp_c\":%.1f,\"humidity\":%u}", now_ms(),
                  20 + (i % 100) / 10.0, 40 + i % 30);
}

static void
make_garbage(Hostile *self, guint i, Message *message)
{
  g_string_printf(message->topic, "air/garbage-%u", i % 50);
  gsize size = g_rand_int_range(self->rand, 1, 16000);
  for (gsize n = 0; n < size; n++)
    g_string_append_c(message->payload, (char)g_rand_int(self->rand));
}

static void
make_deep(Hostile *self, guint i, Message *message)
{
  g_string_assign(message->topic, "air/deep");
  fill(message->payload, 8000, i % 2 ? '[' : '{');
}

/* 16 MB of zeros in 16 KB; a kit's payload may be compressed. */
static void
make_gzip(Hostile *self, guint i, Message *message)
{
  static guint8 bomb[32768];
  static gsize size;
  if (size == 0) {
    g_autofree guint8 *zeros = g_malloc0(16 << 20);
    z_stream z = { .next_in = zeros, .avail_in = 16 << 20, .next_out = bomb, .avail_out = sizeof bomb };
    if (deflateInit2(&z, 9, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY) == Z_OK) {
      deflate(&z, Z_FINISH);
      size = z.total_out;
      deflateEnd(&z);
    }
  }
  g_string_assign(message->topic, i % 2 ? "air/bomb" : "kit/bomb");
  g_string_append_len(message->payload, (const char *)bomb, (gssize)size);
}

/* Arrays that claim 2^32 members, each inside the other. */
static void
make_cbor(Hostile *self, guint i, Message *message)
{
  g_string_assign(message->topic, "kit/senml");
  for (guint n = 0; n < (i % 2 ? 1 : 3000); n++)
    g_string_append_len(message->payload, "\x9a\xff\xff\xff\xff", 5);
}

/* A Sparkplug message of metrics that claim to be long, or are empty and many. */
static void
make_protobuf(Hostile *self, guint i, Message *message)
{
  g_string_assign(message->topic, "kit/spBv1.0/g/DDATA/n/d");
  if (i % 2)
    g_string_append_len(message->payload, "\x12\xff\xff\xff\xff\x0f\x0a", 7);
  else
    for (guint n = 0; n < 8000; n++)
      g_string_append_len(message->payload, "\x12\x00", 2);
}

static void
make_stations(Hostile *self, guint i, Message *message)
{
  g_string_printf(message->topic, "air/st-%u", i % 100000);
  g_string_printf(message->payload, "{\"temp_c\":%u}", i % 40);
}

static void
make_series(Hostile *self, guint i, Message *message)
{
  g_string_printf(message->topic, "air/many-%u", i % 1000);
  g_string_append_c(message->payload, '{');
  for (guint n = 0; n < 64; n++)
    g_string_append_printf(message->payload, "%s\"m_%u\":%u", n ? "," : "", i * 64 + n, n);
  g_string_append_c(message->payload, '}');
}

static void
make_retained(Hostile *self, guint i, Message *message)
{
  g_string_printf(message->topic, "$station/r-%u", i % 3000);
  g_string_printf(message->payload, "{\"name\":\"r-%u", i);
  fill(message->payload, 60000, 'x');
  g_string_append(message->payload, "\"}");
  message->retain = TRUE;
}

static void
make_status(Hostile *self, guint i, Message *message)
{
  g_string_assign(message->topic, "$status");
  fill(message->payload, 60000, (char)('a' + i % 26));
}

static void
make_feedback(Hostile *self, guint i, Message *message)
{
  g_string_assign(message->topic, "$feedback");
  fill(message->payload, 30000, 'f');
}

/* Every millisecond around now is taken; then samples come that bring no time of their own. */
static void
make_full(Hostile *self, guint i, Message *message)
{
  g_string_assign(message->topic, "air/full");
  if (i % 12 >= 6) {
    g_string_printf(message->payload, "{\"temp_c\":%u.5}", i % 30);
    return;
  }
  gint64 from = now_ms() - 2000 + (gint64)(i % 12) * 1000;
  g_string_append_c(message->payload, '[');
  for (guint n = 0; n < 1000; n++)
    g_string_append_printf(message->payload, "%s{\"t\":%" G_GINT64_FORMAT ",\"temp_c\":%u}", n ? "," : "", from + n, n % 40);
  g_string_append_c(message->payload, ']');
}

/* A thousand values without a time in each message: all of a moment that is taken soon. */
static void
make_timeless(Hostile *self, guint i, Message *message)
{
  g_string_assign(message->topic, "air/timeless");
  g_string_append_c(message->payload, '[');
  for (guint n = 0; n < 1000; n++)
    g_string_append_printf(message->payload, "%s{\"x\":%u}", n ? "," : "", i + n);
  g_string_append_c(message->payload, ']');
}

/* An hour long ago, second by second; then other values for random moments of it. */
static void
make_corrections(Hostile *self, guint i, Message *message)
{
  gint64 from = (now_ms() / 1000 - 10 * 86400) * 1000;
  g_string_assign(message->topic, "air/corrected");
  g_string_append_c(message->payload, '[');
  for (guint n = 0; n < (i < 36 ? 1000 : 20); n++) {
    gint64 t = from + 1000 * (i < 36 ? (gint64)(i * 1000 + n) : g_rand_int_range(self->rand, 0, 36000));
    g_string_append_printf(message->payload, "%s{\"t\":%" G_GINT64_FORMAT ",\"temp_c\":%u}", n ? "," : "", t, (n + i) % 40);
  }
  g_string_append_c(message->payload, ']');
}

static void
make_refusals(Hostile *self, guint i, Message *message)
{
  g_string_printf(message->topic, "air/refused-%u", i % 1000);
  g_string_printf(message->payload, "{\"pm10\":\"%u", i);
  fill(message->payload, 12000, 'n');
  g_string_append(message->payload, "\"}");
}

static void
make_renames(Hostile *self, guint i, Message *message)
{
  g_string_assign(message->topic, "$station/renamed");
  g_string_printf(message->payload, "{\"name\":\"name %u of many", i);
  fill(message->payload, 400, (char)('a' + i % 26));
  g_string_append(message->payload, "\"}");
}

static void
make_reserved(Hostile *self, guint i, Message *message)
{
  static const char *const names[] = { "station", "source", "domain", "time", "host", "_field", "_measurement", "name" };
  g_string_printf(message->topic, "air/reserved/%s", names[i % G_N_ELEMENTS(names)]);
  g_string_printf(message->payload, "%u", i % 100);
}

static void
make_invisible(Hostile *self, guint i, Message *message)
{
  static const char *const names[] = { "\u200b\u200b\u200b", "\u2060", "\u202e\u202c", "\ufeff", "\u00ad\u00ad", "   " };
  g_string_printf(message->topic, "$station/ghost-%u", i % 100);
  g_string_printf(message->payload, "{\"name\":\"%s\",\"domain\":\"air\",\"lat\":33.57,\"lon\":-7.59}",
                  names[i % G_N_ELEMENTS(names)]);
}

static void
make_markup(Hostile *self, guint i, Message *message)
{
  static const char *const names[] = {
    "<b><span size='99999'>big</span>", "&lt;&#0;&bogus;", "%s%n%n%n%d", "\\u202eevil\\u0007",
    "'; DROP TABLE sample; --",         "a,b=c d\\\\"
  };
  g_string_printf(message->topic, "$station/markup-%u", i % 100);
  g_string_printf(message->payload, "{\"name\":\"%s\",\"domain\":\"air\",\"lat\":33.57,\"lon\":-7.59}",
                  names[i % G_N_ELEMENTS(names)]);
}

/* Looks like the city's: its kinds, its names, its stations' ids, and a value that would scale every axis. */
static void
make_badges(Hostile *self, guint i, Message *message)
{
  guint n = i / 2 % 40;
  if (i % 2) {
    g_string_printf(message->topic, "$station/veh-t1-9%02u", n);
    g_string_printf(message->payload,
                    "{\"name\":\"T1\",\"domain\":\"mobility\",\"kind\":\"tram\",\"line\":\"t1\",\"lat\":33.%u,\"lon\":-7.59}",
                    50 + n);
  } else {
    g_string_printf(message->topic, n % 2 ? "air/air-x" : "mobility/veh-t1-9%02u", n);
    g_string_append(message->payload, "{\"pm10\":9999,\"temp_c\":9999,\"occupancy_pct\":100,\"lat\":33.57,\"lon\":-7.59}");
  }
}

static void
make_topics(Hostile *self, guint i, Message *message)
{
  static const char *const below[] = { "$unknown", "x", "a/b/c/d/e/f/g", "$station", "$event/e", "", "A/B/C", "$share/g/x" };
  g_string_assign(message->topic, below[i % G_N_ELEMENTS(below)]);
  fill(message->payload, 2000, 't');
}

/* Of others, of the wall, of the broker: nothing of it may arrive. */
static void
make_foreign(Hostile *self, guint i, Message *message)
{
  static const char *const topics[] = { "/casa/v1/city/air/stolen",      "/casa/v1/$control/sim", "/$SYS/broker/uptime",
                                        "/$CONTROL/dynamic-security/v1", "/casa/v1/pulse/air/x",  "/casa/v1/city/$feedback" };
  g_string_assign(message->topic, topics[i % G_N_ELEMENTS(topics)]);
  g_string_append(message->payload, "{\"temp_c\":1}");
}

static void
make_properties(Hostile *self, guint i, Message *message)
{
  g_string_assign(message->topic, "air/props");
  g_string_append(message->payload, "{\"temp_c\":20}");
  for (guint n = 0; n < 5000; n++)
    g_byte_array_append(message->properties, (const guint8 *)"\x26\0\x04name\0\x03val", 12);
}

static void
make_wide(Hostile *self, guint i, Message *message)
{
  g_string_assign(message->topic, "air/wide");
  g_string_append(message->payload, "{\"temp_c\":20");
  for (guint n = 0; message->payload->len < 15000; n++)
    g_string_append_printf(message->payload, ",\"k%u\":\"v\"", n);
  g_string_append_c(message->payload, '}');
}

const Attack hostile_floods[] = {
  { "ordinary", "readings like an honest kit's, as fast as they go", make_ordinary },
  { "garbage", "random bytes as readings", make_garbage },
  { "deep", "JSON of a depth of 8,000", make_deep },
  { "gzip-bomb", "16 MB of zeros in 16 KB", make_gzip },
  { "cbor-bomb", "SenML in CBOR that claims 2^32 members", make_cbor },
  { "protobuf-bomb", "Sparkplug that claims 4 GB, or has 8,000 metrics", make_protobuf },
  { "wide", "one object of two thousand keys", make_wide },
  { "stations", "a hundred thousand stations", make_stations },
  { "series", "64 new metrics in every message", make_series },
  { "retained", "three thousand retained messages of 60 KB", make_retained },
  { "status", "60 KB to the team's own $status", make_status },
  { "feedback", "30 KB to the team's own $feedback", make_feedback },
  { "full-milliseconds", "samples without a time where every millisecond is taken", make_full },
  { "timeless", "a thousand values without a time in each message", make_timeless },
  { "corrections", "other values for random moments of long ago", make_corrections },
  { "refusals", "readings of 12 KB that must be refused and kept", make_refusals },
  { "renames", "a station that changes its name with every message", make_renames },
  { "reserved-names", "metrics with the names of tags", make_reserved },
  { "invisible-names", "stations whose names show nothing", make_invisible },
  { "markup", "names that are markup, formats, SQL", make_markup },
  { "badges", "stations that look like the city's, with values beyond every scale", make_badges },
  { "topics", "topics that are none, below the team's name", make_topics },
  { "foreign", "topics of others, of the wall and of the broker", make_foreign },
  { "properties", "60 KB of user properties around a reading", make_properties, NULL, 5 },
  { NULL },
};
