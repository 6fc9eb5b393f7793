/* SPDX-License-Identifier: Apache-2.0 */
#include "doctor-store.h"
#include "cli.h"

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
  return s < 120 ? g_strdup_printf(
                     cli_said("%" G_GINT64_FORMAT " s ago", "il y a %" G_GINT64_FORMAT " s", "قبل %" G_GINT64_FORMAT " ث"), s)
                 : g_strdup_printf(
                     cli_said("%" G_GINT64_FORMAT " min ago", "il y a %" G_GINT64_FORMAT " min", "قبل %" G_GINT64_FORMAT " د"),
                     s / 60);
}

static char *
sentence(const CasaRefusal *refusal, gint64 now_ms)
{
  g_autofree char *when = ago(now_ms - refusal->newest_ms);
  const char *who = *refusal->source ? refusal->source : cli_said("somebody", "quelqu'un", "أحدهم");
  if (strcmp(refusal->code, "quota") == 0)
    return g_strdup_printf(
      cli_said("%s floods, last seen %s: %s", "%s inonde, vu la dernière fois %s : %s", "%s يُغرق، شوهد آخر مرة %s: %s"), who,
      when, refusal->reason);
  if (refusal->n == 1 && !refusal->more)
    return g_strdup_printf(cli_said("%s: 1 message not stored in full within the hour, the last %s: %s",
                                    "%s : 1 message pas entièrement stocké depuis une heure, le dernier %s : %s",
                                    "%s: رسالة واحدة لم تُحفظ كاملة خلال ساعة، آخرها %s: %s"),
                           who, when, refusal->reason);
  return g_strdup_printf(cli_said("%s: %s%u messages not stored in full within the hour, the last %s: %s",
                                  "%s : %s%u messages pas entièrement stockés depuis une heure, le dernier %s : %s",
                                  "%s: %s%u رسالة لم تُحفظ كاملة خلال ساعة، آخرها %s: %s"),
                         who, refusal->more ? cli_said("at least ", "au moins ", "على الأقل ") : "", refusal->n, when,
                         refusal->reason);
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
    cli_said("%u senders are refused for their times, while this machine believes it is %s: compare that with a watch "
             "first, and set it if it is wrong (timedatectl set-ntp true, or date -s)",
             "%u émetteurs sont refusés pour leurs heures, alors que cette machine croit qu'il est %s : comparez d'abord à une "
             "montre, et réglez-la si elle a tort (timedatectl set-ntp true, ou date -s)",
             "يُرفض %u مرسلين بسبب أوقاتهم، وهذا الجهاز يظن أن الساعة %s: قارنوا بساعة يد أولًا واضبطوها إن كانت خاطئة "
             "(timedatectl set-ntp true أو date -s)"),
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
    g_ptr_array_add(lines, g_strdup_printf(cli_said("and %u more: see the view \"rejection\" of the store",
                                                    "et %u autres : voir la vue « rejection » de la base",
                                                    "و%u أخرى: انظروا العرض «rejection» في القاعدة"),
                                           refusals->len - TELL_MAX));
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
    cli_said(
      "the broker threw away messages that it had acknowledged, last %s: see the view \"gap\" of the store; raise "
      "max_queued_bytes and max_queued_messages in mosquitto.conf, or find who floods",
      "le broker a jeté des messages qu'il avait acceptés, la dernière fois %s : voir la vue « gap » de la base ; augmentez "
      "max_queued_bytes et max_queued_messages dans mosquitto.conf, ou trouvez qui inonde",
      "رمى الوسيط رسائل كان قد قبلها، آخرها %s: انظروا العرض «gap» في القاعدة؛ ارفعوا max_queued_bytes "
      "وmax_queued_messages في mosquitto.conf، أو ابحثوا عمن يُغرق"),
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
    return g_strdup_printf(
      cli_said("this machine believes it is %s: what has a right time would be refused as \"time-future\"; set the "
               "clock (timedatectl set-ntp true, or date -s)",
               "cette machine croit qu'il est %s : ce qui est à l'heure serait refusé comme « time-future » ; réglez l'horloge "
               "(timedatectl set-ntp true, ou date -s)",
               "يظن هذا الجهاز أن الساعة %s: سيُرفض ما وقته صحيح بوصفه «time-future»؛ اضبطوا الساعة "
               "(timedatectl set-ntp true أو date -s)"),
      now);
  if (newest_ms > now_ms + LEAD_MS)
    return g_strdup_printf(
      cli_said(
        "this machine believes it is %s, but the store took samples at %s: one of the two clocks was wrong; "
        "compare with a watch, and set it (timedatectl set-ntp true, or date -s)",
        "cette machine croit qu'il est %s, mais la base a pris des mesures à %s : l'une des deux horloges avait tort ; comparez "
        "à une montre, et réglez-la (timedatectl set-ntp true, ou date -s)",
        "يظن هذا الجهاز أن الساعة %s، لكن القاعدة تلقت قياسات عند %s: إحدى الساعتين كانت خاطئة؛ قارنوا بساعة يد "
        "واضبطوها (timedatectl set-ntp true أو date -s)"),
      now, then);
  return NULL;
}
