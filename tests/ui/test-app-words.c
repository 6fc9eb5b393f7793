/* SPDX-License-Identifier: Apache-2.0 */
#include "process.h"
#include "ui/kit/power.h"
#include "ui/text/lang.h"
#include "ui/stage/keys.h"
#include "ui/text/fault-messages.h"
#include "ui/text/phrases.h"
#include <glib/gstdio.h>
#include <math.h>

static CasaSummary
healthy(void)
{
  CasaSummary s = { .now_ms = 1779385327120, .sensors_alive = 48, .sensors_known = 48, .simulated = TRUE };

  s.live_ms = s.newest_ms = s.now_ms - 400;
  s.patience_ms = 3000;
  s.link.state = CASA_LINK_UP;
  s.counts.rate = 1512;
  s.counts.latency_ms = s.counts.latency_p50_ms = 41;
  return s;
}

/* Every badge's words, joined: "EN DIRECT|SIMULÉ". */
static void
assert_badges(const CasaSummary *s, const char *wanted)
{
  CasaBadgeWords words[CASA_BADGES_MAX];
  guint n = casa_phrases_badges(s, words);
  g_autoptr(GString) all = g_string_new(NULL);

  for (guint i = 0; i < n; i++) {
    g_string_append_printf(all, "%s%s", i ? "|" : "", words[i].text);
    g_free(words[i].text);
  }
  g_assert_cmpstr(all->str, ==, wanted);
}

#define NB "\u00a0"

static void
test_badges(void)
{
  CasaSummary s = healthy();

  casa_lang_set("fr");
  assert_badges(&s, "EN DIRECT|SIMULÉ");
  s.live_ms = s.newest_ms = s.now_ms - 42000;
  assert_badges(&s, "MUET · 42" NB "s|DERNIÈRE VALEUR · 42" NB "s|SIMULÉ");
  s.link.state = CASA_LINK_LOST;
  s.link.since_ms = s.now_ms - 5000;
  assert_badges(&s, "LIAISON PERDUE · 5" NB "s|DERNIÈRE VALEUR · 42" NB "s|SIMULÉ");
  s.link.state = CASA_LINK_REFUSED;
  assert_badges(&s, "ACCÈS REFUSÉ|DERNIÈRE VALEUR · 42" NB "s|SIMULÉ");
  /* Only what the broker kept: never live. */
  s.link.state = CASA_LINK_UP;
  s.live_ms = 0;
  s.simulated = FALSE;
  assert_badges(&s, "MUET|DERNIÈRE VALEUR · 42" NB "s");
}

/* A replay is never called live; what is wrong with what is recorded meanwhile is said beside it. */
static void
test_replay(void)
{
  CasaSummary s = healthy();

  casa_lang_set("fr");
  s.replaying = TRUE;
  s.replay = (CasaReplayState){ .state = CASA_LINK_UP, .speed = 60 };
  assert_badges(&s, "REJEU ×60|SIMULÉ");
  s.replay.speed = 0.5;
  assert_badges(&s, "REJEU ×0,5|SIMULÉ");
  s.link.state = CASA_LINK_REFUSED;
  assert_badges(&s, "REJEU ×0,5|ACCÈS REFUSÉ|DERNIÈRE VALEUR · 0" NB "s|SIMULÉ");
  s.link.state = CASA_LINK_UP;
  s.live_ms = s.newest_ms = s.now_ms - 42000;
  assert_badges(&s, "REJEU ×0,5|MUET · 42" NB "s|DERNIÈRE VALEUR · 42" NB "s|SIMULÉ");
  /* One that has just begun has not been silent before. */
  s.live_ms = 0;
  s.replay.from_ms = s.now_ms - 2000;
  assert_badges(&s, "REJEU ×0,5|SIMULÉ");
  s.replay.from_ms = s.now_ms - 4000;
  assert_badges(&s, "REJEU ×0,5|MUET|DERNIÈRE VALEUR · 42" NB "s|SIMULÉ");
  s.replay.state = CASA_LINK_OFF;
  s.live_ms = s.newest_ms = s.now_ms;
  assert_badges(&s, "REJEU TERMINÉ|SIMULÉ");
  s.replay.state = CASA_LINK_REFUSED;
  assert_badges(&s, "REJEU INTERROMPU|SIMULÉ");
}

/* What was promised decides, and not how much still comes. */
static void
test_promise(void)
{
  CasaSummary s = healthy();

  s.counts.rate = 0;
  s.live_ms = s.newest_ms = s.now_ms - 8000;
  assert_badges(&s, "MUET · 8" NB "s|DERNIÈRE VALEUR · 8" NB "s|SIMULÉ");
  s.patience_ms = 30000; /* a few calm sensors */
  assert_badges(&s, "EN DIRECT|SIMULÉ");
}

static void
assert_status(const CasaSummary *s, const char *part)
{
  g_autofree char *text = casa_phrases_status(s, FALSE);

  if (!strstr(text, part))
    g_error("\"%s\" does not say \"%s\"", text, part);
}

static void
test_status(void)
{
  CasaSummary s = healthy();

  casa_lang_set("fr");
  g_autofree char *all = casa_phrases_status(&s, FALSE);
  g_assert_cmpstr(all, ==,
                  "1\u202f512 mesures/s · capteur → stockage en 41" NB "ms · 0 rejetée · 48 / 48 capteurs · stockage local ✓");
  g_strlcpy(s.config_fault, "indicators.conf:14", sizeof s.config_fault);
  assert_status(&s, "indicators.conf:14 : version précédente");
  s.config_fault[0] = '\0';
  s.counts.latency_p95_ms = 118;
  assert_status(&s, "capteur → stockage en 41" NB "ms (95 % sous 118" NB "ms)");
  s.counts.latency_p95_ms = 1400;
  assert_status(&s, "41" NB "ms (95 % sous 1,4" NB "s)");
  s.counts.latency_p50_ms = 0.5;
  assert_status(&s, "en 1" NB "ms (");
  s.counts.latency_p50_ms = s.counts.latency_p95_ms = 41;
  assert_status(&s, "stockage en 41" NB "ms · "); /* not twice the same */
  s.counts.rejected = 3;
  assert_status(&s, "3 rejetées");
  s.forward.state = CASA_FORWARD_OK;
  assert_status(&s, "InfluxDB ✓");
  s.forward.state = CASA_FORWARD_RETRYING;
  s.counts.pending = 12300;
  assert_status(&s, "InfluxDB injoignable, 12\u202f300 en attente");
  s.counts.dropped_display = 7;
  assert_status(&s, "7 non affichées");
  s.counts.dropped_display = s.counts.rejected = 0;
  s.counts.quarantined = 4;
  assert_status(&s, "4 refusées par InfluxDB");
  s.blocked.code = CASA_FAULT_STORE_FULL;
  assert_status(&s, "rien n'est perdu, le courtier garde : disque plein, libérez de la place");
  assert_badges(&s, "STOCKAGE BLOQUÉ|DERNIÈRE VALEUR · 0" NB "s|SIMULÉ");
  s.link.state = CASA_LINK_LOST;
  assert_status(&s, "liaison MQTT perdue");
  /* Never reached: where it was looked for, in the language of the screen. */
  s.link.state = CASA_LINK_CONNECTING;
  assert_status(&s, "connexion au courtier MQTT");
  s.link.fault.code = CASA_FAULT_LINK_NO_ANSWER;
  g_strlcpy(s.link.peer, "127.0.0.1:1883", sizeof s.link.peer);
  assert_status(&s, "aucun courtier MQTT ne répond à 127.0.0.1:1883");
  casa_lang_set("en");
  assert_status(&s, "no MQTT broker answers at 127.0.0.1:1883");
  casa_lang_set("fr");
}

/* Who sends too much is named, with the limit that it came up against. */
static void
test_quotas(void)
{
  CasaSummary s = healthy();

  casa_lang_set("fr");
  s.counts.over_quota = 12000;
  assert_status(&s, "12\u202f000 hors quota");
  s.n_over = 2;
  s.over[0] = (CasaQuotaTally){ .source = "equipe-7", .over = 9000, .limit = 5000 };
  s.over[1] = (CasaQuotaTally){ .source = "equipe-9", .over = 3000, .limit = 4000000, .kind = CASA_QUOTA_BYTES };
  assert_status(&s, "12\u202f000 hors quota : equipe-7 (5\u202f000/s), equipe-9 (4 Mo/s)");
  s.over[1].kind = CASA_QUOTA_WORK;
  s.over[1].limit = 400;
  assert_status(&s, "12\u202f000 hors quota : equipe-7 (5\u202f000/s), equipe-9 (400 ms de calcul/s)");
  s.flooding = TRUE;
  g_autofree char *brief = casa_phrases_status(&s, TRUE);
  g_assert_nonnull(strstr(brief, "hors quota : equipe-7 (5\u202f000/s)"));
  g_assert_null(strstr(brief, "equipe-9"));
  s.flooding = FALSE;
  s.counts.over_quota = 0;
  s.crowded = (CasaSeriesTally){ .source = "equipe-7", .refused = 312, .limit = 20000 };
  assert_status(&s, "equipe-7 a ses 20\u202f000 séries, 312 refus");
  s.crowded_hidden = TRUE;
  assert_status(&s, "une équipe a ses 20\u202f000 séries, 312 refus");
  s.crowded_hidden = FALSE;
  casa_lang_set("en");
  assert_status(&s, "equipe-7 has its 20,000 series, 312 refused");
  s.crowded.source[0] = '\0';
  assert_status(&s, "the store has its 20,000 series, 312 refused");
  casa_lang_set("fr");
}

#define SHORT_LETTERS 34 /* what the short line of the wall shows without shrinking it */

/* While all is well, the corner says how much comes in and where it goes, in letters that are read. */
static void
test_short_calm(void)
{
  static const char *const languages[] = { "fr", "en", "ar" };
  CasaSummary s = healthy();

  s.counts.latency_p50_ms = 85;
  s.counts.latency_p95_ms = 150;
  for (guint i = 0; i < G_N_ELEMENTS(languages); i++) {
    casa_lang_set(languages[i]);
    g_autofree char *text = casa_phrases_status(&s, TRUE), *all = casa_phrases_status(&s, FALSE);
    g_assert_cmpint(g_utf8_strlen(text, -1), <=, SHORT_LETTERS + 4);
    g_assert_null(strstr(text, "85"));
    g_assert_nonnull(strstr(all, "85"));
  }
  casa_lang_set("fr");
}

/* Without a broker, what is wrong, where, and what is done about it are read in turn where one line is too short. */
static void
test_short_link(void)
{
  static const struct {
    const char *language, *says[3];
  } cases[] = { { "fr", { "aucun courtier MQTT", "attendu à 192.168.100.100:8883", "nouvel essai en cours" } },
                { "en", { "no MQTT broker", "expected at 192.168.100.100:8883", "trying again" } },
                { "ar", { "لا وسيط MQTT", "يُنتظر على 192.168.100.100:8883", "جارٍ إعادة المحاولة" } } };
  CasaSummary s = healthy();

  s.link = (CasaLink){ .state = CASA_LINK_CONNECTING, .fault.code = CASA_FAULT_LINK_NO_ANSWER };
  g_strlcpy(s.link.peer, "192.168.100.100:8883", sizeof s.link.peer);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    casa_lang_set(cases[i].language);
    for (guint turn = 0; turn < 6; turn++) {
      s.now_ms = 12000000 + turn * 4000;
      g_autofree char *text = casa_phrases_status(&s, TRUE);
      g_assert_cmpstr(text, ==, cases[i].says[turn % 3]);
      g_assert_cmpint(g_utf8_strlen(text, -1), <=, SHORT_LETTERS);
    }
  }
  casa_lang_set("fr");
  s.now_ms = 12000000;
  s.link.state = CASA_LINK_LOST;
  g_autofree char *lost = casa_phrases_status(&s, TRUE), *all = casa_phrases_status(&s, FALSE);
  g_assert_cmpstr(lost, ==, "liaison MQTT perdue");
  g_assert_nonnull(strstr(all, "liaison MQTT perdue, nouvel essai en cours"));
}

/* However much goes wrong at once, the line is read without a magnifying glass, and the worst is in it. */
static void
test_crowded(void)
{
  static const char *const languages[] = { "fr", "en", "ar" };
  CasaSummary s = healthy();

  s.counts.rejected = s.counts.over_quota = s.counts.pending = s.counts.dropped_display = s.counts.quarantined = 1234567;
  s.counts.latency_p95_ms = 60000;
  s.forward.state = CASA_FORWARD_RETRYING;
  for (guint i = 0; i < 2 * G_N_ELEMENTS(languages); i++) {
    casa_lang_set(languages[i / 2]);
    g_autofree char *calm = casa_phrases_status(&s, i % 2), *blocked = NULL;
    g_assert_cmpint(g_utf8_strlen(calm, -1), <=, i % 2 ? 66 : 104);
    g_assert_nonnull(strstr(calm, "InfluxDB"));
    s.blocked.code = CASA_FAULT_STORE_FULL;
    blocked = casa_phrases_status(&s, i % 2);
    g_assert_nonnull(strstr(blocked, casa_fault_message(s.blocked.code)));
    g_assert_cmpint(g_utf8_strlen(blocked, -1), <=, 104);
    s.blocked.code = CASA_FAULT_NONE;
  }
  casa_lang_set("fr");
}

/* The status line of a wall whose store or link has this fault, with @detail for the log. (transfer full) */
static char *
status_with(CasaFaultCode code, const char *detail)
{
  CasaSummary s = healthy();
  CasaFault fault = { .code = code };

  g_strlcpy(fault.peer, "10.0.0.1:8883", sizeof fault.peer);
  g_strlcpy(fault.detail, detail, sizeof fault.detail);
  if (code <= CASA_FAULT_STORE_OTHER) {
    s.blocked = fault;
  } else {
    s.link.state = CASA_LINK_REFUSED;
    s.link.fault = fault;
  }
  return casa_phrases_status(&s, FALSE);
}

/* Every fault is told in every language by its code alone: however the log words it, the screen says the same, without paths
 * and addresses. */
static void
test_faults(void)
{
  static const char *const languages[] = { "fr", "en", "ar" };
  static const char *const details[] = {
    "", "store /home/a/pulse.db: cannot write: database is locked; another program holds it locked: end it",
    "user name or password is wrong; set [broker] password_file", "its certificate has expired", "database or disk is full"
  };

  for (guint l = 0; l < G_N_ELEMENTS(languages); l++)
    for (CasaFaultCode code = CASA_FAULT_STORE_FULL; code < CASA_N_FAULTS; code++) {
      casa_lang_set(languages[l]);
      g_autofree char *plain = status_with(code, "");
      g_assert_nonnull(strstr(plain, casa_fault_message(code)));
      g_assert_cmpuint(strlen(casa_fault_message(code)), >, 0);
      for (guint i = 0; i < G_N_ELEMENTS(details); i++) {
        g_autofree char *text = status_with(code, details[i]);
        g_assert_cmpstr(text, ==, plain);
      }
      g_assert_null(strstr(plain, "10.0.0.1"));
    }
  casa_lang_set("fr");
  g_assert_nonnull(strstr(casa_fault_message(CASA_FAULT_STORE_LOCKED), "verrouillée"));
  g_assert_nonnull(strstr(casa_fault_message(CASA_FAULT_STORE_DISK), "disque refuse"));
  g_assert_nonnull(strstr(casa_fault_message(CASA_FAULT_LINK_PASSWORD), "mot de passe faux"));
  g_assert_nonnull(strstr(casa_fault_message(CASA_FAULT_LINK_CERTIFICATE), "certificat"));
}

static void
test_without_paths(void)
{
  static const struct {
    const char *text, *wanted;
  } cases[] = {
    { "store /home/a/.local/pulse.db: the file is damaged", "store pulse.db: the file is damaged" },
    { "cannot read \"/etc/casa/pulse.conf\", line 3", "cannot read \"pulse.conf\", line 3" },
    { "and/or 12 km/h", "and/or 12 km/h" },
    { "give --store=/srv/x.db; or ~/y/z.db.", "give --store=x.db; or z.db." },
    { "", "" },
    { "/", "/" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = casa_text_without_paths(cases[i].text);
    g_assert_cmpstr(text, ==, cases[i].wanted);
  }
}

/* Of yesterday's next hours @values, when what came after them was @since at most. */
static gboolean
peak_before(const double *values, guint n, double since, gint64 *t_ms)
{
  g_autoptr(CasaPyramid) yesterday = casa_pyramid_new(64), curve = casa_pyramid_new(64);
  const gint64 day = 24 * 3600000;

  for (guint i = 0; i < n; i++)
    casa_pyramid_add(curve, (i + 1) * 600000 - day, values[i]);
  casa_pyramid_add(curve, -6 * 3600000, since);
  for (guint i = 0; i < n; i++)
    casa_pyramid_add(yesterday, (i + 1) * 600000, values[i]);
  return casa_phrases_peak(curve, yesterday, t_ms);
}

static gboolean
peak_of(const double *values, guint n, gint64 *t_ms)
{
  return peak_before(values, n, 300, t_ms);
}

/* A peak of yesterday's next hours has a way up and a way down. */
static void
test_peak(void)
{
  static const double peak[] = { 600, 640, 700, 720, 690 }, rising[] = { 600, 640, 700, 720 }, falling[] = { 600, 580, 500 },
                      flat[] = { 600, 605, 610, 604 };
  gint64 t = 0;

  g_assert_true(peak_of(peak, 5, &t));
  g_assert_cmpint(t, ==, 4 * 600000);
  g_assert_false(peak_of(rising, 4, &t));
  g_assert_false(peak_of(falling, 3, &t));
  g_assert_false(peak_of(flat, 4, &t));
  g_assert_false(peak_of(peak, 0, &t));
  g_assert_false(peak_before(peak, 5, 860, &t)); /* noon's is not the day's: that was in the evening */
}

/* What a badge means, and how to mend it, can be asked for. */
static void
test_hints(void)
{
  static const char *const languages[] = { "fr", "en", "ar" };

  for (guint l = 0; l < G_N_ELEMENTS(languages); l++) {
    casa_lang_set(languages[l]);
    for (guint k = CASA_BADGE_LIVE; k <= CASA_BADGE_LOST; k++)
      g_assert_cmpint(strlen(casa_badge_hint(k)), >, 20);
    g_assert_nonnull(strstr(casa_badge_hint(CASA_BADGE_REHEARSAL), "CASA_CLOCK_SHIFT"));
  }
  casa_lang_set("fr");
}

/* A machine is on its battery when one of its own is being emptied; a mouse's does not count, nor one that is full. */
static void
test_battery(void)
{
  static const struct {
    const char *type, *status, *scope;
    gboolean frugal;
  } cases[] = { { "Battery\n", "Discharging\n", NULL, TRUE },
                { "Battery\n", "Charging\n", NULL, FALSE },
                { "Battery\n", "Discharging\n", "Device\n", FALSE },
                { "Mains\n", "Discharging\n", NULL, FALSE } };

  g_assert_false(casa_power_on_battery("/nonexistent"));
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *dir = test_dir_new();
    g_autofree char *supply = g_build_filename(dir, "BAT0", NULL), *type = g_build_filename(supply, "type", NULL);
    g_autofree char *status = g_build_filename(supply, "status", NULL), *scope = g_build_filename(supply, "scope", NULL);
    g_assert_cmpint(g_mkdir(supply, 0700), ==, 0);
    g_assert_true(g_file_set_contents(type, cases[i].type, -1, NULL));
    g_assert_true(g_file_set_contents(status, cases[i].status, -1, NULL));
    if (cases[i].scope)
      g_assert_true(g_file_set_contents(scope, cases[i].scope, -1, NULL));
    g_assert_cmpint(casa_power_on_battery(dir), ==, cases[i].frugal);
    test_dir_remove(dir);
  }
  casa_power_set_frugal(TRUE);
  g_assert_true(casa_power_is_frugal());
  casa_power_set_frugal(FALSE);
}

static void
test_keys(void)
{
  guint scene = 99;

  g_assert_cmpint(casa_key_meaning(GDK_KEY_Page_Down, 0, FALSE, &scene), ==, CASA_KEY_NEXT);
  g_assert_cmpint(casa_key_meaning(GDK_KEY_Page_Up, 0, FALSE, &scene), ==, CASA_KEY_PREVIOUS);
  g_assert_cmpint(casa_key_meaning(GDK_KEY_period, 0, FALSE, &scene), ==, CASA_KEY_BLACK);
  g_assert_cmpint(casa_key_meaning(GDK_KEY_B, GDK_SHIFT_MASK, FALSE, &scene), ==, CASA_KEY_BLACK);
  g_assert_cmpint(casa_key_meaning(GDK_KEY_comma, 0, FALSE, &scene), ==, CASA_KEY_FREEZE);
  g_assert_cmpint(casa_key_meaning(GDK_KEY_f, 0, FALSE, &scene), ==, CASA_KEY_FREEZE);
  g_assert_cmpint(casa_key_meaning(GDK_KEY_w, 0, FALSE, &scene), ==, CASA_KEY_FREEZE);
  g_assert_cmpint(casa_key_meaning(GDK_KEY_W, GDK_SHIFT_MASK, FALSE, &scene), ==, CASA_KEY_WHITE);
  g_assert_cmpint(casa_key_meaning(GDK_KEY_k, 0, FALSE, &scene), ==, CASA_KEY_TURN_TEAM);
  g_assert_cmpint(casa_key_meaning(casa_key_at_place(GDK_KEY_Arabic_noon, 45), 0, FALSE, &scene), ==, CASA_KEY_TURN_TEAM);
  g_assert_cmpint(casa_key_meaning(GDK_KEY_a, 0, FALSE, &scene), ==, CASA_KEY_COMPARE);
  g_assert_cmpint(casa_key_meaning(casa_key_at_place(GDK_KEY_Arabic_sheen, 38), 0, FALSE, &scene), ==, CASA_KEY_COMPARE);
  g_assert_cmpint(casa_key_meaning(casa_key_at_place(GDK_KEY_Arabic_lam, 42), 0, FALSE, &scene), ==, CASA_KEY_TEAM);
  g_assert_cmpint(casa_key_meaning(GDK_KEY_F5, GDK_SHIFT_MASK, FALSE, &scene), ==, CASA_KEY_SHOW);
  g_assert_cmpint(casa_key_meaning(GDK_KEY_Escape, 0, FALSE, &scene), ==, CASA_KEY_LEAVE);
  /* Arrows pan the map, unless the show has the screen. */
  g_assert_cmpint(casa_key_meaning(GDK_KEY_Right, 0, FALSE, &scene), ==, CASA_KEY_NONE);
  g_assert_cmpint(casa_key_meaning(GDK_KEY_Right, 0, TRUE, &scene), ==, CASA_KEY_NEXT);
  g_assert_cmpint(casa_key_meaning(GDK_KEY_q, GDK_CONTROL_MASK, FALSE, &scene), ==, CASA_KEY_NONE);
  g_assert_cmpint(casa_key_meaning(GDK_KEY_0, 0, FALSE, &scene), ==, CASA_KEY_HOME);
  g_assert_cmpint(casa_key_meaning(GDK_KEY_KP_0, 0, FALSE, &scene), ==, CASA_KEY_HOME);
  g_assert_cmpint(casa_key_at_place(GDK_KEY_agrave, 19), ==, GDK_KEY_0); /* of a French keyboard */
  g_assert_cmpint(casa_key_meaning(GDK_KEY_e, 0, FALSE, &scene), ==, CASA_KEY_PALETTE);
  g_assert_cmpint(casa_key_meaning(GDK_KEY_3, 0, FALSE, &scene), ==, CASA_KEY_NUMBER);
  g_assert_cmpuint(scene, ==, 3);
  g_assert_cmpint(casa_key_meaning(GDK_KEY_2, GDK_ALT_MASK, FALSE, &scene), ==, CASA_KEY_SCENE);
  g_assert_cmpuint(scene, ==, 2);
  g_assert_cmpint(casa_key_meaning(GDK_KEY_2, GDK_ALT_MASK | GDK_CONTROL_MASK, FALSE, &scene), ==, CASA_KEY_NONE);
}

/* A clicker, and a French or Arabic keyboard: what counts is where the key is. */
static void
test_layouts(void)
{
  g_assert_cmpuint(casa_key_at_place(GDK_KEY_b, 56), ==, GDK_KEY_b);
  g_assert_cmpuint(casa_key_at_place(GDK_KEY_Arabic_zain, 60), ==, GDK_KEY_period);
  g_assert_cmpuint(casa_key_at_place(GDK_KEY_Arabic_meem, 46), ==, GDK_KEY_l);
  g_assert_cmpuint(casa_key_at_place(GDK_KEY_ampersand, 10), ==, GDK_KEY_1);
  g_assert_cmpuint(casa_key_at_place(GDK_KEY_eacute, 11), ==, GDK_KEY_2);
  g_assert_cmpuint(casa_key_at_place(GDK_KEY_z, 25), ==, GDK_KEY_z); /* a Latin letter means itself */
  g_assert_cmpuint(casa_key_at_place(GDK_KEY_Page_Down, 117), ==, GDK_KEY_Page_Down);
  g_assert_cmpuint(casa_key_at_place(GDK_KEY_Arabic_teh, 44), ==, GDK_KEY_Arabic_teh);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/app/words/badges", test_badges);
  g_test_add_func("/app/words/replay", test_replay);
  g_test_add_func("/app/words/promise", test_promise);
  g_test_add_func("/app/words/status", test_status);
  g_test_add_func("/app/words/quotas", test_quotas);
  g_test_add_func("/app/words/crowded", test_crowded);
  g_test_add_func("/app/words/short-link", test_short_link);
  g_test_add_func("/app/words/short-calm", test_short_calm);
  g_test_add_func("/app/words/faults", test_faults);
  g_test_add_func("/app/words/without-paths", test_without_paths);
  g_test_add_func("/app/words/layouts", test_layouts);
  g_test_add_func("/app/words/peak", test_peak);
  g_test_add_func("/app/words/hints", test_hints);
  g_test_add_func("/app/words/keys", test_keys);
  g_test_add_func("/app/words/battery", test_battery);
  return g_test_run();
}
