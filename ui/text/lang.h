/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Language of the screen, switchable while running and independent of the locales installed on the machine (a bare Debian
 * has none): catalogues are ordinary gettext .mo files, looked up here. Source language of the strings: French.
 * GTK thread only. Numbers and dates follow the language; digits stay Western. */

/* The language of the application: that of windows to come. @id "fr", "ar", "en"; unknown gives "fr". Loads the catalogue from
 * CASA_LOCALEDIR, or the build tree when run from there. Also sets GTK's default text direction; a window gives its own
 * widgets theirs (see ui/kit/direction.h). */
void casa_lang_set(const char *id);
const char *casa_lang_get(void); /* of the moment: see below. Static. */

/* Windows may speak different languages at once. Whatever a window does (it is told of news, draws, hears a key), it does in
 * its own: enter it, and leave it with what enter gave. The default text direction stays. Nests. */
const char *casa_lang_enter(const char *id); /* the language that was, for casa_lang_leave(); static */
void casa_lang_leave(const char *before);    /* @before: what casa_lang_enter() gave */
typedef const char *CasaLangBefore;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(CasaLangBefore, casa_lang_leave, NULL)
/* …until the end of the block. */
#define CASA_LANG_SCOPE(id) g_auto(CasaLangBefore) G_GNUC_UNUSED casa_lang_before_ = casa_lang_enter(id)
gboolean casa_lang_rtl(void); /* Whether the language of the moment is written from right to left */

/* @msgid (French) in the language of the moment; itself where there is no translation. (transfer none) */
const char *casa_tr(const char *msgid) G_GNUC_FORMAT(1);
/* The same, where one word has several meanings. */
const char *casa_tr_ctx(const char *ctx, const char *msgid) G_GNUC_FORMAT(2);
/* The same, in the plural form for @n. */
const char *casa_tr_n(const char *one, const char *many, gulong n) G_GNUC_FORMAT(1) G_GNUC_FORMAT(2);
#define _(s) casa_tr(s)
#define N_(s) (s)
#define C_(c, s) casa_tr_ctx(c, s)

/* Numbers for people: fr "1 512", "27,4" (narrow no-break space U+202F), en "1,512" "27.4", ar as Morocco writes them, "1 512"
 * (no-break space U+00A0) "27,4" in Western digits, bidi-isolated. Not finite → "–". (transfer full) */
char *casa_lang_number(double value, guint decimals);
/* A name as the city writes it: the Arabic one in Arabic, if there is one, else @fr. (transfer none: one of the two) */
const char *casa_lang_local(const char *fr, const char *ar);
/* A unit as metrics.conf writes it, in the spelling of the language: "km/h" is "كم/س" in Arabic, headings and axes alike.
 * Itself where there is none. (transfer none) */
const char *casa_lang_unit(const char *unit);
/* "18:42:07" / "18:42" in the city's zone (Africa/Casablanca, GTimeZone). (transfer full) */
char *casa_lang_clock(gint64 t_ms, gboolean seconds);
/* Axis label: fr "18 h" or "18 h 30", en "18:00", ar "18:00". (transfer full) */
char *casa_lang_hour(gint64 t_ms);
/* "mer. 21 mai", "Wed 21 May", "الأربعاء 21 ماي". (transfer full) */
char *casa_lang_date(gint64 t_ms);
/* "42 s", "5 min", "3 h", "2 j": an age. (transfer full) */
char *casa_lang_age(gint64 age_ms);
/* "42 ms", "1,4 s", "14 s": how long something takes, at least a millisecond. (transfer full) */
char *casa_lang_delay(double ms);
/* The city's zone of today. (transfer none) */
GTimeZone *casa_lang_zone(void);

G_END_DECLS
