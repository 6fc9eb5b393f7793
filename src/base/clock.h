/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Wall clock, UTC milliseconds since 1970. For stamping data, never for intervals. Any thread. */
gint64 casa_clock_now_ms(void);

/* How far the clock is shifted for a rehearsal, milliseconds; 0 on every ordinary day. From the environment variable
 * CASA_CLOCK_SHIFT (seconds, may be negative, within a year), read once: all programs of a rehearsal get the same, so that
 * simulator, store and screen agree on what time it is. A screen that shows a shifted clock says so. Any thread. */
gint64 casa_clock_shift_ms(void);

/* Monotonic clock, microseconds. For intervals and animation. Any thread. */
gint64 casa_clock_mono_us(void);

/* The same with the time that the machine slept (a closed lid), which monotonic clocks leave out: for how long we were away,
 * microseconds. Any thread. */
gint64 casa_clock_boot_us(void);

/* A clock that can be handed to whoever judges ages, silences and quotas, so that a replay of yesterday is judged by
 * yesterday's time. Three kinds: the real one (the functions above), one shifted from it, and one that a replay moves.
 * Data that is stored for good is stamped by the real one. All functions but move and free: any thread. */
typedef struct _CasaClock CasaClock;

CasaClock *casa_clock_real(void);                   /* (transfer none) never freed */
CasaClock *casa_clock_new_shifted(gint64 shift_ms); /* @shift_ms besides CASA_CLOCK_SHIFT (transfer full) */
/* Stands at @now_ms until it is moved; @speed: how many of its seconds go into one of ours, > 0. (transfer full) */
CasaClock *casa_clock_new_replayed(gint64 now_ms, double speed);
void casa_clock_free(CasaClock *self); /* NULL and the real one are left alone */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaClock, casa_clock_free)

gint64 casa_clock_ms(const CasaClock *self); /* what time it is there: UTC milliseconds */
/* For intervals and animation in that clock's own time, microseconds: never goes back, even when the clock is set back. */
gint64 casa_clock_us(const CasaClock *self);
/* The same with the time that the machine slept: for how long nothing was heard. */
gint64 casa_clock_away_us(const CasaClock *self);
gboolean casa_clock_is_replayed(const CasaClock *self); /* Whether a replay moves it */
double casa_clock_speed(const CasaClock *self);         /* 1 unless replayed */
/* Moves a replayed clock to @now_ms; back only when a replay begins again. One thread: the replay's. */
void casa_clock_move(CasaClock *self, gint64 now_ms);
/* Sets a replayed clock to @now_ms, from where it goes on at @speed; nothing passed in between. While no thread moves it: what
 * judges by it in other threads has ended. */
void casa_clock_jump(CasaClock *self, gint64 now_ms, double speed);

/* Reads an RFC 3339 time with zone ("2026-05-21T17:42:07.120Z", "…+01:00"; a space may stand for the T; +0100, +01,
 * " UTC" and " GMT" are taken too, and ISO 8601's basic form 20260521T174207Z). @text need not end in NUL: @len bytes
 * are read. Returns TRUE and UTC ms in @out_ms, else FALSE. No allocation. Accepts 1 to 9 fraction digits (truncated to
 * ms) and leap second 60 (read as 59.999). Any thread. */
gboolean casa_time_parse_rfc3339(const char *text, gsize len, gint64 *out_ms);

/* The same of the form that mail and HTTP have: "Thu, 21 May 2026 17:42:07 GMT", "21 May 2026 17:42:07 +0100" (RFC 5322). */
gboolean casa_time_parse_mail(const char *text, gsize len, gint64 *out_ms);

/* The same without a zone: what a clock on the wall shows, as if it were UTC. */
gboolean casa_time_parse_wall(const char *text, gsize len, gint64 *out_ms);
/* The moment at which clocks in @zone show that. Of an hour that comes twice, the one by winter time. */
gint64 casa_time_of_wall(GTimeZone *zone, gint64 wall_ms);

/* Reads what a user types for a moment: RFC 3339, "YYYY-MM-DD", "now", "now-2h" or "-2h" (before now).
 * A date without zone is midnight UTC. */
gboolean casa_time_parse(const char *text, gint64 *out_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same where "now" is @now_ms: for several times of one command, which must mean the same moment. */
gboolean casa_time_parse_at(const char *text, gint64 now_ms, gint64 *out_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes UTC ms as "2026-05-21T17:42:07.120Z" into @buf of at least 32 bytes and returns @buf. Any thread. */
char *casa_time_format(gint64 t_ms, char *buf);

/* Reads a duration a user types: a number and a unit ms, s, m|min, h, d ("90s", "1.5h", "7d"); a bare number is
 * seconds. Must be finite and >= 0. @out_ms in milliseconds. */
gboolean casa_duration_parse(const char *text, gint64 *out_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
