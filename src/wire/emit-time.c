/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/emit-private.h"

#include "base/clock.h"

#include <math.h>
#include <string.h>

/* 2^53: every sequence number below it is exact as a double. */
#define SEQ_MAX 9007199254740992.0

static const char *const time_names[CASA_EMIT_TIME_NAMES] = { "t", "ts", "time", "timestamp" };

gboolean
casa_epoch_to_ms(double epoch, gint64 *out_ms)
{
  if (!isfinite(epoch) || epoch < 1e9)
    return FALSE;
  double ms = epoch < 5e9 ? epoch * 1e3 : epoch < 5e12 ? epoch : epoch < 5e15 ? epoch / 1e3 : epoch / 1e6;
  *out_ms = (gint64)floor(MIN(ms, 9e15) + 0.5); /* the year 287,000: far enough to be refused as future */
  return TRUE;
}

/* "/Date(1779385327120)/", also with an offset, which says only where that was: milliseconds, as .NET writes them. */
static gboolean
parse_dotnet(const char *text, gsize len, gint64 *t_ms)
{
  static const char before[] = "/Date(", after[] = ")/";
  double ms;
  if (len < strlen("/Date(0)/") || memcmp(text, before, strlen(before)) != 0 || memcmp(text + len - 2, after, 2) != 0)
    return FALSE;
  const char *number = text + strlen(before);
  gsize n = casa_number_scan(number, len - strlen(before) - 2), rest = len - strlen(before) - 2 - n;
  if (n == 0 || n > 15 || (rest > 0 && (rest != 5 || !strchr("+-", number[n]))) || memchr(number, '.', n) ||
      casa_number_parse(number, n, &ms) != CASA_NUMBER_OK)
    return FALSE;
  *t_ms = (gint64)ms;
  return TRUE;
}

/* A moment that a text tells. */
static gboolean
parse_moment(const CasaMember *member, gint64 *t_ms)
{
  return member->type == CASA_MEMBER_TEXT &&
         (casa_time_parse_rfc3339(member->text, member->text_len, t_ms) ||
          casa_time_parse_mail(member->text, member->text_len, t_ms) || parse_dotnet(member->text, member->text_len, t_ms));
}

static void
set_time(CasaEmit *self, gint64 t_ms, CasaTimeSource source)
{
  self->time_bad = self->wall = FALSE;
  self->head.t_ms = t_ms;
  self->head.time_source = source;
}

static void
set_bad_time(CasaEmit *self, const CasaMember *member)
{
  char name[CASA_QUOTE_SIZE], text[CASA_QUOTE_SIZE];
  self->time_bad = TRUE;
  self->wall = FALSE;
  casa_reason_quote(name, member->name, member->name_len);
  if (member->type == CASA_MEMBER_TEXT)
    casa_reason_set(&self->time_why, CASA_WHY_TIME_TEXT, .field = name,
                    .got = casa_reason_quote(text, member->text, member->text_len));
  else
    casa_reason_set(&self->time_why, CASA_WHY_TIME_TYPE, .field = name, .got = casa_member_type_name(member));
}

/* A clock that says no zone: one may stand beside it, behind it in the message. */
static void
set_wall(CasaEmit *self, const CasaMember *member, gint64 wall_ms, gboolean word)
{
  char name[CASA_QUOTE_SIZE], text[CASA_QUOTE_SIZE];
  set_time(self, self->now_ms, CASA_TIME_ARRIVAL);
  self->wall = TRUE;
  self->wall_word = word;
  self->wall_ms = wall_ms;
  casa_reason_set(&self->time_why, CASA_WHY_TIME_ZONE, .field = casa_reason_quote(name, member->name, member->name_len),
                  .got = casa_reason_quote(text, member->text, member->text_len));
}

static void
take_time(CasaEmit *self, const CasaMember *member, gboolean word)
{
  double epoch;
  gint64 t_ms;
  if (member->type == CASA_MEMBER_NULL) {
    set_time(self, self->now_ms, CASA_TIME_ARRIVAL);
  } else if (member->type != CASA_MEMBER_BOOL && casa_member_number(member, &epoch) == CASA_NUMBER_OK) {
    if (casa_epoch_to_ms(epoch, &t_ms))
      set_time(self, t_ms, CASA_TIME_PAYLOAD);
    else
      set_time(self, self->now_ms, CASA_TIME_UPTIME);
  } else if (parse_moment(member, &t_ms)) {
    set_time(self, t_ms, CASA_TIME_PAYLOAD);
  } else if (member->type == CASA_MEMBER_TEXT && casa_time_parse_wall(member->text, member->text_len, &t_ms)) {
    set_wall(self, member, t_ms, word);
  } else {
    set_bad_time(self, member);
  }
}

void
casa_emit_time(CasaEmit *self, const CasaMember *member)
{
  take_time(self, member, FALSE);
}

void
casa_emit_time_ms(CasaEmit *self, gint64 t_ms)
{
  set_time(self, t_ms, CASA_TIME_PAYLOAD);
}

/* T alone stands for a temperature as often as for a time. */
static gboolean
is_time_name(const CasaMember *member, guint i)
{
  return i == 0 ? casa_member_is(member, time_names[i]) : casa_member_is_like(member, time_names[i]);
}

static gboolean
is_time_word(const CasaMember *member, guint *rank)
{
  static const char *const words[CASA_EMIT_TIME_WORDS] = {
    "datetime",     "date_time",   "timestamp_ms", "time_ms",    "epoch",     "unixtime",    "unix_time", "epoch_ms",
    "measured_at",  "measuredAt",  "observed_at",  "created_at", "createdAt", "recorded_at", "utc",       "date",
    "published_at", "received_at", "event_time",   "eventTime",  "dt",        "time_utc",
  };
  for (guint i = 0; i < CASA_EMIT_TIME_WORDS; i++)
    if (casa_member_is_like(member, words[i])) {
      *rank = CASA_EMIT_TIME_NAMES + i;
      return TRUE;
    }
  return FALSE;
}

/* {"datetime":"2026-05-21T17:42:07Z"}, if it is one; a clock without a zone is told, and the rest of the reading taken. */
static gboolean
take_time_word(CasaEmit *self, const CasaMember *member)
{
  double epoch;
  gint64 t_ms;
  guint rank;
  if (!is_time_word(member, &rank))
    return FALSE;
  gboolean number = member->type != CASA_MEMBER_BOOL && casa_member_number(member, &epoch) == CASA_NUMBER_OK &&
                    casa_epoch_to_ms(epoch, &t_ms),
           said = parse_moment(member, &t_ms),
           wall = member->type == CASA_MEMBER_TEXT && !said && casa_time_parse_wall(member->text, member->text_len, &t_ms);
  if ((number || said || wall) && rank < self->time_rank) {
    self->time_rank = rank;
    take_time(self, member, TRUE);
  }
  return number || said || wall;
}

gboolean
casa_emit_time_named(CasaEmit *self, const CasaMember *member)
{
  if (member->name_len >= 2 && strchr("cCdDeEgGmMoOpPrRtTuUzZ", member->name[0]) &&
      (take_time_word(self, member) || casa_emit_zone_named(self, member)))
    return TRUE;
  if (member->name_len == 0 || (member->name[0] != 't' && member->name[0] != 'T'))
    return FALSE;
  for (guint i = 0; i < CASA_EMIT_TIME_NAMES; i++) {
    if (!is_time_name(member, i))
      continue;
    if (i < self->time_rank) {
      self->time_rank = i;
      casa_emit_time(self, member);
    }
    return TRUE;
  }
  return FALSE;
}

gboolean
casa_emit_seq_named(CasaEmit *self, const CasaMember *member)
{
  double seq;
  CasaReason why;
  if (member->name_len != strlen("seq") || !casa_member_is_like(member, "seq"))
    return FALSE;
  if (member->type != CASA_MEMBER_BOOL && casa_member_number(member, &seq) == CASA_NUMBER_OK && seq >= 0 && seq < SEQ_MAX &&
      seq == floor(seq)) {
    self->head.has_seq = TRUE;
    self->head.seq = (gint64)seq;
    return TRUE;
  }
  casa_reason_set(&why, CASA_WHY_SEQ, .field = "seq");
  casa_emit_refuse(self, 1, &why);
  return TRUE;
}

/* What casa_emit_time_named(), casa_emit_seq_named() and formats/units.c keep for themselves. */
gboolean
casa_emit_is_reserved_member(const CasaMember *member)
{
  static const char *const others[] = { "seq", "unit", "units", "uom", "unit_of_measurement", "value" };
  if (member->name_len == 0 || !strchr("tsuvTSUV", member->name[0]))
    return FALSE;
  for (guint i = 0; i < CASA_EMIT_TIME_NAMES; i++)
    if (is_time_name(member, i))
      return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS(others); i++)
    if (casa_member_is_like(member, others[i]))
      return TRUE;
  return FALSE;
}

gboolean
casa_emit_is_reserved(const char *name)
{
  CasaMember member = { .name = name, .name_len = strlen(name) };
  return casa_emit_is_reserved_member(&member);
}
