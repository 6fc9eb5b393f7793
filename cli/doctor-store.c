/* SPDX-License-Identifier: Apache-2.0 */
#include "doctor-store.h"

#include "base/clock.h"
#include "base/time-units.h"

#include <string.h>

#define TELL_MAX 10
/* 2026-01-01: before this program was written. */
#define FIRST_MS G_GINT64_CONSTANT(1767225600000)
/* A clock that NTP steps, or somebody sets by hand, is off by less. */
#define LEAD_MS (10 * 60 * 1000)

static char *
ago(gint64 ms)
{
  gint64 s = MAX(ms, 0) / 1000;
  return s < 120 ? g_strdup_printf("%" G_GINT64_FORMAT " s ago", s) : g_strdup_printf("%" G_GINT64_FORMAT " min ago", s / 60);
}

static char *
sentence(const CasaRefusal *refusal, gint64 now_ms)
{
  g_autofree char *when = ago(now_ms - refusal->newest_ms);
  const char *who = *refusal->source ? refusal->source : "somebody";
  if (strcmp(refusal->code, "quota") == 0)
    return g_strdup_printf("%s floods, last seen %s: %s", who, when, refusal->reason);
  return g_strdup_printf("%s: %s%u message%s not stored in full within the hour, the last %s: %s", who,
                         refusal->more ? "at least " : "", refusal->n, refusal->n == 1 ? "" : "s", when, refusal->reason);
}

/* One sender with a wrong clock is its own affair; of several, they are more likely right, and this machine wrong. (transfer
 * full); NULL: no such thing */
static char *
clock_suspicion(const GPtrArray *refusals, gint64 now_ms)
{
  g_autoptr(GHashTable) sources = g_hash_table_new(g_str_hash, g_str_equal);
  char now[32];
  for (guint i = 0; i < refusals->len; i++) {
    const CasaRefusal *refusal = refusals->pdata[i];
    if (*refusal->source && (strcmp(refusal->code, "time-past") == 0 || strcmp(refusal->code, "time-future") == 0))
      g_hash_table_add(sources, refusal->source);
  }
  if (g_hash_table_size(sources) < 2)
    return NULL;
  return g_strdup_printf(
    "%u senders are refused for their times, while this machine believes it is %s: compare that with a watch "
    "first, and set it if it is wrong (timedatectl set-ntp true, or date -s)",
    g_hash_table_size(sources), casa_time_format(now_ms, now));
}

GPtrArray *
cli_doctor_refusals(const CasaConfig *config, CasaReader *reader, gint64 now_ms, GError **error)
{
  g_autoptr(GPtrArray) refusals = casa_reader_refusals(reader, config->root, now_ms - CASA_HOUR_MS, error);
  if (!refusals)
    return NULL;
  GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
  char *suspicion = clock_suspicion(refusals, now_ms);
  if (suspicion)
    g_ptr_array_add(lines, suspicion);
  for (guint i = 0; i < refusals->len && i < TELL_MAX; i++)
    g_ptr_array_add(lines, sentence(refusals->pdata[i], now_ms));
  if (refusals->len > TELL_MAX)
    g_ptr_array_add(lines, g_strdup_printf("and %u more: see the view \"rejection\" of the store", refusals->len - TELL_MAX));
  return lines;
}

char *
cli_doctor_dropped(CasaReader *reader, gint64 now_ms)
{
  gint64 at_ms = 0;
  if (!casa_reader_dropped(reader, &at_ms, NULL) || at_ms < now_ms - CASA_DAY_MS)
    return NULL;
  g_autofree char *when = ago(now_ms - at_ms);
  return g_strdup_printf(
    "the broker threw away messages that it had acknowledged, last %s: see the view \"gap\" of the store; raise "
    "max_queued_bytes and max_queued_messages in mosquitto.conf, or find who floods",
    when);
}

gint64
cli_doctor_newest(CasaReader *reader)
{
  g_autoptr(GArray) latest = reader ? casa_reader_latest(reader, NULL) : NULL;
  gint64 newest_ms = 0;
  for (guint i = 0; latest && i < latest->len; i++)
    newest_ms = MAX(newest_ms, g_array_index(latest, CasaLatest, i).received_ms);
  return newest_ms;
}

char *
cli_doctor_clock(CasaReader *reader, gint64 now_ms)
{
  char now[32], then[32];
  gint64 newest_ms = cli_doctor_newest(reader);
  casa_time_format(now_ms, now);
  casa_time_format(newest_ms, then);
  if (now_ms < FIRST_MS)
    return g_strdup_printf("this machine believes it is %s: what has a right time would be refused as \"time-future\"; set the "
                           "clock (timedatectl set-ntp true, or date -s)",
                           now);
  if (newest_ms > now_ms + LEAD_MS)
    return g_strdup_printf("this machine believes it is %s, but the store took samples at %s: one of the two clocks was wrong; "
                           "compare with a watch, and set it (timedatectl set-ntp true, or date -s)",
                           now, then);
  return NULL;
}
