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

/* Reads an RFC 3339 time with zone ("2026-05-21T17:42:07.120Z", "…+01:00"; a space may stand for the T).
 * @text need not end in NUL: @len bytes are read. Returns TRUE and UTC ms in @out_ms, else FALSE. No allocation.
 * Accepts 1 to 9 fraction digits (truncated to ms) and leap second 60 (read as 59.999). Any thread. */
gboolean casa_time_parse_rfc3339(const char *text, gsize len, gint64 *out_ms);

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
