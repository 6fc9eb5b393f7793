/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "ui/text/lang.h"
#include "ui/text/mo.h"
#include <math.h>
#include <string.h>

#define NN "\u202f"
#define NB "\u00a0"
#define MAY_21 G_GINT64_CONSTANT(1779385327120)  /* 2026-05-21T17:42:07.120Z, a Thursday, 18:42 in Casablanca */
#define RAMADAN G_GINT64_CONSTANT(1772625600000) /* 2026-03-04T12:00Z: Ramadan, UTC+0 */

static void
assert_taken(char *got, const char *want)
{
  g_assert_cmpstr(got, ==, want);
  g_free(got);
}

static void
test_numbers(void)
{
  casa_lang_set("fr");
  assert_taken(casa_lang_number(1512, 0), "1" NN "512");
  assert_taken(casa_lang_number(27.44, 1), "27,4");
  assert_taken(casa_lang_number(3215935, 0), "3" NN "215" NN "935");
  assert_taken(casa_lang_number(999.96, 1), "1" NN "000,0");
  assert_taken(casa_lang_number(-3.4, 1), "\u22123,4");
  assert_taken(casa_lang_number(-0.04, 1), "0,0");
  assert_taken(casa_lang_number(NAN, 1), "–");
  assert_taken(casa_lang_number(INFINITY, 0), "–");
  casa_lang_set("en");
  assert_taken(casa_lang_number(-1512.5, 1), "\u22121,512.5");
  casa_lang_set("ar");
  assert_taken(casa_lang_number(1512.5, 1), "\u20661" NB "512,5\u2069");
  assert_taken(casa_lang_number(214000, 0), "\u2066214" NB "000\u2069");
  assert_taken(casa_lang_number(-26.5, 1), "\u2066\u221226,5\u2069");
  g_free(casa_lang_number(DBL_MAX, 9)); /* 309 digits and more fit */
  casa_lang_set("fr");
}

/* One spelling of a unit, whoever writes it. */
static void
test_units(void)
{
  casa_lang_set("ar");
  g_assert_cmpstr(casa_lang_unit("km/h"), ==, "كم/س");
  g_assert_cmpstr(casa_lang_unit("µg/m³"), ==, "ميكروغرام/م³");
  g_assert_cmpstr(casa_lang_unit("°C"), ==, "°C");
  g_assert_cmpstr(casa_lang_local("Anfa", "أنفا"), ==, "أنفا");
  g_assert_cmpstr(casa_lang_local("Anfa", ""), ==, "Anfa");
  casa_lang_set("en");
  g_assert_cmpstr(casa_lang_unit("véh/h"), ==, "veh/h");
  casa_lang_set("fr");
  g_assert_cmpstr(casa_lang_unit("km/h"), ==, "km/h");
  g_assert_cmpstr(casa_lang_local("Anfa", "أنفا"), ==, "Anfa");
}

static void
test_dates(void)
{
  casa_lang_set("fr");
  assert_taken(casa_lang_clock(MAY_21, TRUE), "18:42:07");
  assert_taken(casa_lang_clock(MAY_21, FALSE), "18:42");
  assert_taken(casa_lang_hour(MAY_21), "18" NB "h" NB "42");
  assert_taken(casa_lang_hour(MAY_21 - 42 * 60000), "18" NB "h");
  assert_taken(casa_lang_date(MAY_21), "jeu. 21 mai");
  casa_lang_set("en");
  assert_taken(casa_lang_hour(MAY_21 - 42 * 60000), "18:00");
  assert_taken(casa_lang_date(MAY_21), "Thu 21 May");
  casa_lang_set("ar");
  assert_taken(casa_lang_date(MAY_21), "الخميس 21 ماي");
  assert_taken(casa_lang_clock(RAMADAN, FALSE), "12:00");
  casa_lang_set("fr");
  assert_taken(casa_lang_clock(-1, TRUE), "23:59:59"); /* Morocco was at UTC on 31 December 1969 */
  g_free(casa_lang_clock(G_MAXINT64, TRUE));
  g_free(casa_lang_date(G_MININT64));
}

static void
test_ages(void)
{
  casa_lang_set("fr");
  assert_taken(casa_lang_age(42000), "42" NB "s");
  assert_taken(casa_lang_age(5 * 60000 + 59999), "5" NB "min");
  assert_taken(casa_lang_age(3 * 3600000), "3" NB "h");
  assert_taken(casa_lang_age(G_GINT64_CONSTANT(172800000)), "2" NB "j");
  assert_taken(casa_lang_age(-5), "0" NB "s");
  assert_taken(casa_lang_delay(0.5), "1" NB "ms");
  assert_taken(casa_lang_delay(999.4), "999" NB "ms");
  assert_taken(casa_lang_delay(1440), "1,4" NB "s");
  assert_taken(casa_lang_delay(9949), "9,9" NB "s");
  assert_taken(casa_lang_delay(14387), "14" NB "s");
  casa_lang_set("ar");
  assert_taken(casa_lang_age(42000), "42" NB "ث");
  casa_lang_set("fr");
}

static void
test_switching(void)
{
  casa_lang_set("ar");
  g_assert_true(casa_lang_rtl());
  g_assert_cmpstr(casa_tr("sans donnée"), ==, "بدون بيانات");
  casa_lang_set("en");
  g_assert_false(casa_lang_rtl());
  g_assert_cmpstr(casa_tr("sans donnée"), ==, "no data");
  casa_lang_set("klingon");
  g_assert_cmpstr(casa_lang_get(), ==, "fr");
  g_assert_cmpstr(casa_tr("sans donnée"), ==, "sans donnée");
}

static void
test_plurals_without_a_catalogue(void)
{
  casa_lang_set("fr");
  g_assert_cmpstr(casa_tr_n("cheval", "chevaux", 0), ==, "cheval");
  g_assert_cmpstr(casa_tr_n("cheval", "chevaux", 1), ==, "cheval");
  g_assert_cmpstr(casa_tr_n("cheval", "chevaux", 2), ==, "chevaux");
}

/* A .mo file of @n messages, written by the book. Each part may hold NULs: sizes beside it. */
typedef struct {
  const char *key, *value;
  guint key_len, value_len;
} Message;

static void
put(GByteArray *out, guint32 v, gboolean swap)
{
  if (swap)
    v = GUINT32_SWAP_LE_BE(v);
  g_byte_array_append(out, (const guint8 *)&v, 4);
}

static GBytes *
write_mo(const Message *messages, guint n, gboolean swap)
{
  GByteArray *out = g_byte_array_new();
  guint32 at = 28 + 16 * n;

  put(out, 0x950412de, swap);
  put(out, 0, swap);
  put(out, n, swap);
  put(out, 28, swap);
  put(out, 28 + 8 * n, swap);
  put(out, 0, swap);
  put(out, at, swap);
  for (guint i = 0; i < n; at += messages[i].key_len + 1, i++) {
    put(out, messages[i].key_len, swap);
    put(out, at, swap);
  }
  for (guint i = 0; i < n; at += messages[i].value_len + 1, i++) {
    put(out, messages[i].value_len, swap);
    put(out, at, swap);
  }
  for (guint i = 0; i < n; i++)
    g_byte_array_append(out, (const guint8 *)messages[i].key, messages[i].key_len + 1);
  for (guint i = 0; i < n; i++)
    g_byte_array_append(out, (const guint8 *)messages[i].value, messages[i].value_len + 1);
  return g_byte_array_free_to_bytes(out);
}

#define MESSAGE(k, v)                                                                                                          \
  {                                                                                                                            \
    k, v, sizeof(k) - 1, sizeof(v) - 1                                                                                         \
  }
static const Message book[] = {
  MESSAGE("", "Content-Type: text/plain; charset=UTF-8\n"),
  MESSAGE("Air", "الهواء"),
  MESSAGE("carte\004Air", "Air (map)"),
  MESSAGE("%d tram\0%d trams", "zero %d\0one %d\0two %d\0few %d"),
  MESSAGE("il y a %s", "%d ago"),
  MESSAGE("%s à %d", "%2$d at %1$s"),
  MESSAGE("12 % de l'an", "12% of a year"),
};

static void
test_mo(void)
{
  for (int swap = 0; swap < 2; swap++) {
    g_autoptr(GBytes) bytes = write_mo(book, G_N_ELEMENTS(book), swap);
    g_autoptr(GError) error = NULL;
    g_autoptr(CasaMo) mo = casa_mo_new(bytes, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(casa_mo_size(mo), ==, G_N_ELEMENTS(book));
    g_assert_cmpstr(casa_mo_lookup(mo, NULL, "Air", 0), ==, "الهواء");
    g_assert_cmpstr(casa_mo_lookup(mo, "carte", "Air", 0), ==, "Air (map)");
    g_assert_null(casa_mo_lookup(mo, "autre", "Air", 0));
    g_assert_null(casa_mo_lookup(mo, NULL, "", 0));
    g_assert_cmpstr(casa_mo_lookup(mo, NULL, "%d tram", 2), ==, "two %d");
    g_assert_cmpstr(casa_mo_lookup(mo, NULL, "%d tram", 5), ==, "few %d");
    g_assert_null(casa_mo_lookup(mo, NULL, "il y a %s", 0)); /* would crash printf */
    g_assert_cmpstr(casa_mo_lookup(mo, NULL, "%s à %d", 0), ==, "%2$d at %1$s");
    g_assert_cmpstr(casa_mo_lookup(mo, NULL, "12 % de l'an", 0), ==, "12% of a year");
  }
}

static void
assert_refused(GBytes *bytes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaMo) mo = casa_mo_new(bytes, &error);

  g_assert_null(mo);
  g_assert_error(error, CASA_ERROR, CASA_ERROR_DATA);
}

/* Cut anywhere, or any byte changed: refused, or readable to the end without a crash (sanitizers watch). */
static void
test_mo_garbage(void)
{
  g_autoptr(GBytes) bytes = write_mo(book, G_N_ELEMENTS(book), FALSE);
  gsize size;
  const guint8 *data = g_bytes_get_data(bytes, &size);

  for (gsize n = 0; n < size; n++) {
    g_autofree guint8 *cut = g_memdup2(data, n); /* exact allocation: one byte too far is seen */
    g_autoptr(GBytes) part = g_bytes_new_static(cut, n);

    assert_refused(part);
  }
  for (gsize i = 0; i < size * 4; i++) {
    g_autofree guint8 *copy = g_memdup2(data, size);
    g_autoptr(GBytes) bad = g_bytes_new_static(copy, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(CasaMo) mo = NULL;

    copy[i / 4] = (guint8[]){ 0x00, 0xff, 0x7f, (guint8)(copy[i / 4] + 1) }[i % 4];
    mo = casa_mo_new(bad, &error);
    g_assert_true((mo == NULL) == (error != NULL));
    for (guint m = 0; mo != NULL && m < G_N_ELEMENTS(book); m++) {
      const char *text = casa_mo_lookup(mo, NULL, book[m].key, 3);

      g_assert_true(text == NULL || g_utf8_validate(text, -1, NULL));
    }
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/lang/numbers", test_numbers);
  g_test_add_func("/lang/units", test_units);
  g_test_add_func("/lang/dates", test_dates);
  g_test_add_func("/lang/ages", test_ages);
  g_test_add_func("/lang/switching", test_switching);
  g_test_add_func("/lang/plurals-without-a-catalogue", test_plurals_without_a_catalogue);
  g_test_add_func("/mo/reads", test_mo);
  g_test_add_func("/mo/garbage", test_mo_garbage);
  return g_test_run();
}
