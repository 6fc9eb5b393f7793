/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/scene-file.h"
#include "ui/text/lang.h"

#include <glib/gstdio.h>
#include <string.h>

static const char *const DOMAINS[] = { "mobility", "energy", "air", "water", "waste", "civic", NULL };
static const char *const INDICATORS[] = { "vehicles",
                                          "delay",
                                          "flow",
                                          "speed",
                                          "load",
                                          "solar",
                                          "solar-share",
                                          "lighting",
                                          "pm10",
                                          "pm2_5",
                                          "no2",
                                          "o3",
                                          "pm10-day",
                                          "no2-hour",
                                          "wind",
                                          "wind-direction",
                                          "air-index",
                                          "teams",
                                          "water-flow",
                                          "water-pressure",
                                          "water-night",
                                          "reservoirs",
                                          "waste-fill",
                                          "waste-full",
                                          "waste-overflow",
                                          "reports-day",
                                          "reports-open",
                                          "reports-investigating",
                                          "reports-scheduled",
                                          "reports-fixed",
                                          "reports-closed",
                                          "reports-cleanliness",
                                          "reports-lamps",
                                          "reports-streets",
                                          "reports-sewers",
                                          "reports-other",
                                          NULL };
static const char *const EVENTS[] = { "power-cut", "chergui", NULL };
static const char *const PLACES[] = { "maarif", "t1", NULL };
static const CasaCity CITY = { .min = { -7.72, 33.49 }, .max = { -7.44, 33.66 } };
static const CasaSceneWorld WORLD = { DOMAINS, INDICATORS, EVENTS, PLACES, &CITY };

static CasaSceneFile *
parse(const char *text)
{
  CasaSceneFault fault;
  CasaSceneFile *file = casa_scene_file_parse(text, strlen(text), "/etc/casa/scenes.conf", &WORLD, &fault);

  if (!file)
    g_error("refused: %s", fault.message);
  return file;
}

static void
test_right(void)
{
  g_autoptr(CasaSceneFile) file = parse("[scene one]\n"
                                        "title_fr = Un\n"
                                        "title_ar = واحد\n"
                                        "grid = 16 9\n"
                                        "tiles = tiles 0 0 16 4.5 indicators=delay,teams\n"
                                        "ground = map 0 0 16 9 under=yes\n"
                                        "words = text 0 4.5 16 4.5\n"
                                        "words.text_fr = Deux mots\n"
                                        "words.text_en = Two words\n"
                                        "[scene two]\n"
                                        "title_fr = Deux\n"
                                        "letters = large\n"
                                        "p = panel 0 0 1 1 domain=air\n"
                                        "[scene two narrow]\n"
                                        "grid = 2 2\n"
                                        "p = panel 0 0 2 1 domain=air\n"
                                        "r = ribbon 0 1 2 1 indicators=delay\n");
  const CasaScene *one = casa_scene_file_get(file, 0), *two = casa_scene_file_get(file, 1);
  g_autofree char *ids = casa_scene_file_ids(file);

  g_assert_cmpuint(casa_scene_file_n(file), ==, 2);
  g_assert_cmpstr(ids, ==, "one, two");
  g_assert_cmpuint(casa_scene_file_find(file, "two"), ==, 1);
  g_assert_cmpuint(casa_scene_file_find(file, "three"), ==, G_MAXUINT);
  g_assert_cmpuint(one->parts->len, ==, 3);
  const CasaPartSpec *ground = g_ptr_array_index(one->parts, 0), *tiles = g_ptr_array_index(one->parts, 1);
  const CasaPartSpec *words = g_ptr_array_index(one->parts, 2);
  g_assert_cmpstr(ground->name, ==, "ground"); /* what others stand on is drawn first */
  g_assert_true(ground->under);
  g_assert_cmpfloat(tiles->slot.h, ==, 0.5);
  g_assert_cmpfloat(tiles->slot.w, ==, 1);
  g_auto(GStrv) indicators = casa_part_spec_list(tiles, "indicators");
  g_assert_cmpuint(g_strv_length(indicators), ==, 2);
  g_assert_cmpstr(indicators[1], ==, "teams");
  g_assert_true(casa_scene_parts(one, TRUE) == casa_scene_parts(one, FALSE));
  g_assert_cmpuint(casa_scene_parts(two, FALSE)->len, ==, 1);
  g_assert_cmpuint(casa_scene_parts(two, TRUE)->len, ==, 2);
  g_assert_false(one->large);
  g_assert_true(two->large);
  casa_lang_set("en");
  g_assert_cmpstr(casa_part_spec_text(words, "text"), ==, "Two words");
  g_assert_cmpstr(casa_scene_title(one), ==, "Un"); /* nothing in English: the French */
  casa_lang_set("ar");
  g_assert_cmpstr(casa_part_spec_text(words, "text"), ==, "Deux mots");
  g_assert_cmpstr(casa_scene_title(one), ==, "واحد");
  casa_lang_set("fr");
}

static void
test_cues(void)
{
  g_autoptr(CasaSceneFile) file = parse("[scene a]\ntitle_fr = A\nm = map 0 0 1 1\nlanguage = ar\nleave = calm\n"
                                        "event = power-cut place=maarif strength=0.9 minutes=20\n"
                                        "[scene b]\ntitle_fr = B\nm = map 0 0 1 1\nevent = chergui\n"
                                        "[scene c]\ntitle_fr = C\nm = map 0 0 1 1\nreplay = 18:30\nspeed = 60\n"
                                        "[scene d]\ntitle_fr = D\nm = map 0 0 1 1\nreplay = day\n");
  const CasaScene *a = casa_scene_file_get(file, 0), *b = casa_scene_file_get(file, 1), *c = casa_scene_file_get(file, 2);

  g_assert_cmpstr(a->cues.event, ==, "power-cut");
  g_assert_cmpstr(a->cues.place, ==, "maarif");
  g_assert_cmpfloat(a->cues.strength, ==, 0.9);
  g_assert_cmpuint(a->cues.minutes, ==, 20);
  g_assert_cmpstr(a->cues.language, ==, "ar");
  g_assert_true(a->cues.calm);
  g_assert_cmpstr(b->cues.event, ==, "chergui");
  g_assert_null(b->cues.place);
  g_assert_cmpfloat(b->cues.strength, ==, 0.7);
  g_assert_cmpuint(b->cues.minutes, ==, 30);
  g_assert_null(b->cues.language);
  g_assert_false(b->cues.calm);
  g_assert_null(c->cues.event);
  g_assert_cmpint(c->replay_minute, ==, 18 * 60 + 30);
  g_assert_cmpfloat(c->replay_speed, ==, 60);
  g_assert_cmpint(casa_scene_file_get(file, 3)->replay_minute, ==, CASA_REPLAY_WHOLE_DAY);
}

/* Where the maps of a scene look, and how long a time its charts show. */
static void
test_look(void)
{
  g_autoptr(CasaSceneFile) file = parse("[scene a]\ntitle_fr = A\nm = map 0 0 1 1\n"
                                        "[scene b]\ntitle_fr = B\nm = map 0 0 1 1\ncamera = maarif\nrange = 1h\n"
                                        "[scene c]\ntitle_fr = C\nm = map 0 0 1 1\ncamera = -7.62  33.59 4.5\nrange = 7d\n"
                                        "[scene d]\ntitle_fr = D\nm = map 0 0 1 1\ncamera = whole\n");
  const CasaScene *a = casa_scene_file_get(file, 0), *b = casa_scene_file_get(file, 1), *c = casa_scene_file_get(file, 2);

  g_assert_null(a->camera.place);
  g_assert_cmpfloat(a->camera.zoom, ==, 0);
  g_assert_cmpint(a->range, ==, CASA_PRESET_24_H);
  g_assert_cmpstr(b->camera.place, ==, "maarif");
  g_assert_cmpint(b->range, ==, CASA_PRESET_1_H);
  g_assert_null(c->camera.place);
  g_assert_cmpfloat(c->camera.at.lon, ==, -7.62);
  g_assert_cmpfloat(c->camera.at.lat, ==, 33.59);
  g_assert_cmpfloat(c->camera.zoom, ==, 4.5);
  g_assert_cmpint(c->range, ==, CASA_PRESET_7_D);
  g_assert_null(casa_scene_file_get(file, 3)->camera.place);
  g_assert_cmpfloat(casa_scene_file_get(file, 3)->camera.zoom, ==, 0);
}

#define TITLE "[scene a]\ntitle_fr=A\n"

static const struct {
  const char *text;
  guint line;
  const char *key, *says;
} WRONG[] = {
  { "", 0, NULL, "no [scene NAME]" },
  { "nonsense", 1, NULL, ":1: " },
  { TITLE "minutes = soon\nm = map 0 0 1 1\n", 3, "minutes", "such as 2.5" },
  { TITLE "stay = 1\nm = map 0 0 1 1\n", 3, "stay", "from 3" },
  { TITLE "notes_en = Only English\nm = map 0 0 1 1\n", 3, "notes_en", "notes_fr" },
  { "[scene a]\ntitle_fr=A\n", 1, NULL, "0 parts" },
  { "[scene a]\nm = map 0 0 1 1\n", 1, "title_fr", "missing" },
  { TITLE "m = map 0 0 1 1\n[scene b narrow]\nm = map 0 0 1 1\n", 4, NULL, "no [scene b] above it" },
  { TITLE "m = map 0 0 1 1\n[scene a narrow]\ntitle_fr = B\nm = map 0 0 1 1\n", 5, "title_fr", "belongs into [scene a]" },
  { TITLE "m = map 0 0 1 1\n[scene a narrow]\nm = map 0 0 1 2\n", 5, "m", "out of the screen" },
  { "[scane a]\ntitle_fr=A\nm = map 0 0 1 1\n", 1, NULL, "unknown group" },
  { "[scene A b]\ntitle_fr=A\n", 1, NULL, "small letters" },
  { TITLE "grid = wide\nm = map 0 0 1 1\n", 3, "grid", "\"wide\"" },
  { TITLE "grid = 0 9\nm = map 0 0 1 1\n", 3, "grid", "1920 1080" },
  { TITLE "replay = week\nm = map 0 0 1 1\n", 3, "replay", "known: day" },
  { TITLE "replay = day\nspeed = 2000\nm = map 0 0 1 1\n", 4, "speed", "from 1 to 1440" },
  { TITLE "speed = 60\nm = map 0 0 1 1\n", 3, "speed", "replay = day" },
  { TITLE "replay = 24:00\nm = map 0 0 1 1\n", 3, "replay", "such as 18:30" },
  { TITLE "replay = 18:30h\nm = map 0 0 1 1\n", 3, "replay", "such as 18:30" },
  { TITLE "event = flood\nm = map 0 0 1 1\n", 3, "event", "no event \"flood\"; known: power-cut, chergui" },
  { TITLE "event = power-cut place=paris\nm = map 0 0 1 1\n", 3, "event", "no place \"paris\"" },
  { TITLE "event = power-cut place=\"x\nm = map 0 0 1 1\n", 3, "event", "no id" },
  { TITLE "event = power-cut strength=2\nm = map 0 0 1 1\n", 3, "event", "strength: \"2\"" },
  { TITLE "event = power-cut minutes=0.5\nm = map 0 0 1 1\n", 3, "event", "minutes: \"0.5\"" },
  { TITLE "event = power-cut soon\nm = map 0 0 1 1\n", 3, "event", "\"soon\": wanted place=ID" },
  { TITLE "event = power-cut when=now\nm = map 0 0 1 1\n", 3, "event", "known: place=" },
  { TITLE "replay = day\nevent = power-cut\nm = map 0 0 1 1\n", 4, "event", "does not go with replay" },
  { TITLE "camera = paris\nm = map 0 0 1 1\n", 3, "camera", "no place \"paris\"" },
  { TITLE "camera = line:t1\nm = map 0 0 1 1\n", 3, "camera", "no place \"line:t1\"" },
  { TITLE "camera = 2.35 48.85 4\nm = map 0 0 1 1\n", 3, "camera", "outside of the city: longitude -7.72 to -7.44" },
  { TITLE "camera = 33.59 -7.62 4\nm = map 0 0 1 1\n", 3, "camera", "outside of the city" },
  { TITLE "camera = -7.62 33.59 90\nm = map 0 0 1 1\n", 3, "camera", "zoom 90" },
  { TITLE "camera = -7.62 33.59\nm = map 0 0 1 1\n", 3, "camera", "three numbers" },
  { TITLE "camera = -7.62 33.59 near\nm = map 0 0 1 1\n", 3, "camera", "three numbers" },
  { TITLE "range = 2h\nm = map 0 0 1 1\n", 3, "range", "known: 10min, 1h, 24h" },
  { TITLE "m = map 0 0 1 1\n[scene a narrow]\ncamera = t1\nm = map 0 0 1 1\n", 5, "camera", "belongs into [scene a]" },
  { TITLE "language = de\nm = map 0 0 1 1\n", 3, "language", "none of fr, ar, en" },
  { TITLE "leave = rain\nm = map 0 0 1 1\n", 3, "leave", "known: calm" },
  { TITLE "m = map 0 0 1 1\n[scene a narrow]\nevent = chergui\nm = map 0 0 1 1\n", 5, "event", "belongs into [scene a]" },
  { TITLE "letters = huge\nm = map 0 0 1 1\n", 3, "letters", "neither large nor normal" },
  { TITLE "m = mep 0 0 1 1\n", 3, "m", "no kind of part \"mep\"; known: column, " },
  { TITLE "M = map 0 0 1 1\n", 3, "M", "small letters" },
  { TITLE "m = map 0 0 1\n", 3, "m", "four numbers" },
  { TITLE "m = map 0 0 1 one\n", 3, "m", "\"one\"" },
  { TITLE "m = map 0 0 0 1\n", 3, "m", "more than 0" },
  { TITLE "grid = 10 10\nm = map 5 0 6 10\n", 4, "m", "out of the screen: 5 + 6 of 10 across" },
  { TITLE "m = map 0 -0.1 1 1\n", 3, "m", "out of the screen" },
  { TITLE "m = map 0 0 1 nan\n", 3, "m", "\"nan\"" },
  { TITLE "m = map 0 0 1 1\nh = header 0 0 1 0.1\n", 4, "h", "stands on m" },
  { TITLE "m = map 0 0 1 1 zoom=3\n", 3, "m", "a map has no option \"zoom\"; known here: under, room, domain" },
  { TITLE "m = map 0 0 1 1 zoom\n", 3, "m", "name=value" },
  { TITLE "m = map 0 0 1 1 under=maybe\n", 3, "m", "neither yes nor no" },
  { TITLE "p = panel 0 0 1 1\n", 3, "p", "needs domain=" },
  { TITLE "p = panel 0 0 1 1 domain=sea\n", 3, "p", "no domain \"sea\" in indicators.conf; known: mobility, energy, air" },
  { TITLE "p = panel 0 0 1 1 domain=air domain=air\n", 3, "p", "twice" },
  { TITLE "t = tiles 0 0 1 1 indicators=delay,late\n", 3, "t", "no indicator \"late\"" },
  { TITLE "t = tiles 0 0 1 1 indicators=,\n", 3, "t", "from 1 to 24" },
  { TITLE "r = ranking 0 0 1 1 indicator=delay by=colour\n", 3, "r", "by: \"colour\" is none of line, district, station" },
  { TITLE "r = ranking 0 0 1 1 indicator=late by=line\n", 3, "r", "no indicator \"late\"" },
  { TITLE "r = ranking 0 0 1 1 by=line\n", 3, "r", "needs indicator=" },
  { TITLE "s = scatter 0 0 1 1 x=delay\n", 3, "s", "needs y=" },
  { TITLE "m = map 0 0 1 1 domain=sea\n", 3, "m", "no domain \"sea\"" },
  { TITLE "m = map 0 0 1 1 room=0,0,1\n", 3, "m", "left,top,width,height" },
  { TITLE "s = status 0 0 1 1 short=maybe\n", 3, "s", "neither yes nor no" },
  { TITLE "p = panel 0 0 1 1 domain=energy ahead=25\n", 3, "p", "hours from 1 to 24" },
  { TITLE "p = panel 0 0 1 1 domain=energy ahead=1.5\n", 3, "p", "hours from 1 to 24" },
  { TITLE "c = column 0 0 1 1 domains=air,sea\n", 3, "c", "no domain \"sea\"" },
  { TITLE "t = text 0 0 1 1\n", 3, "t", "needs text_fr=" },
  { TITLE "t = text 0 0 1 1\nt.text_fr = A\nt.text_de = B\n", 5, "t.text_de", "no option" },
  { TITLE "m = map 0 0 1 1\nn.text_fr = A\n", 4, "n.text_fr", "no part" },
  { TITLE "m = map 0 0 1 1\nm = map 0 0 1 1\n", 4, "m", ":4: [scene a] m: written twice" },
  { TITLE "m = map 0 0 1 1\n[scene a]\n", 4, NULL, ":4: " },
  { "[scene a]\ntitle_fr=\xff\n", 2, NULL, "UTF-8" },
};

/* Every mistake is told with file, line and key. */
static void
test_wrong(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(WRONG); i++) {
    CasaSceneFault fault;
    const char *text = WRONG[i].text;
    CasaSceneFile *file = casa_scene_file_parse(text, strlen(text), "/etc/casa/scenes.conf", &WORLD, &fault);
    if (file)
      g_error("taken: %s", text);
    if (!strstr(fault.message, WRONG[i].says) || !g_str_has_prefix(fault.message, "/etc/casa/scenes.conf"))
      g_error("\"%s\" does not say \"%s\"", fault.message, WRONG[i].says);
    g_assert_cmpstr(fault.file, ==, "scenes.conf");
    g_assert_cmpuint(fault.line, ==, WRONG[i].line);
    g_assert_cmpstr(fault.key, ==, WRONG[i].key);
    casa_scene_fault_clear(&fault);
  }
}

static void
test_missing(void)
{
  CasaSceneFault fault;
  CasaSceneFile *file = casa_scene_file_load("/nowhere/scenes.conf", &WORLD, &fault);

  g_assert_null(file);
  g_assert_nonnull(strstr(fault.message, "/nowhere/scenes.conf"));
  casa_scene_fault_clear(&fault);
}

/* A folder's scenes.conf has behind its own scenes those of the files of domains; a talk has its own alone. */
static void
test_of_domains(void)
{
  g_autofree char *dir = g_dir_make_tmp("casa-scenes-XXXXXX", NULL), *domains = g_build_filename(dir, "domains", NULL);
  g_autofree char *own = g_build_filename(dir, "scenes.conf", NULL), *talk = g_build_filename(dir, "talk.conf", NULL),
                  *more = g_build_filename(domains, "trees.conf", NULL);
  CasaSceneFault fault;

  g_assert_cmpint(g_mkdir(domains, 0700), ==, 0);
  g_assert_true(g_file_set_contents(own, TITLE "m = map 0 0 1 1\n", -1, NULL));
  g_assert_true(g_file_set_contents(talk, TITLE "m = map 0 0 1 1\n", -1, NULL));
  g_assert_true(
    g_file_set_contents(more, "[canopy_pct]\ndomain=trees\n[scene trees]\ntitle_fr = Arbres\nm = map 0 0 1 1\n", -1, NULL));
  g_autoptr(CasaSceneFile) both = casa_scene_file_load(own, &WORLD, &fault), alone = casa_scene_file_load(talk, &WORLD, &fault);
  g_autofree char *of_both = casa_scene_file_ids(both), *of_talk = casa_scene_file_ids(alone);
  g_assert_cmpstr(of_both, ==, "a, trees");
  g_assert_cmpstr(of_talk, ==, "a");

  g_assert_true(g_file_set_contents(more, "[scene trees]\ntitle_fr = Arbres\nm = mep 0 0 1 1\n", -1, NULL));
  g_assert_null(casa_scene_file_load(own, &WORLD, &fault));
  g_assert_cmpstr(fault.file, ==, "trees.conf");
  g_assert_cmpuint(fault.line, ==, 3);
  g_assert_cmpstr(fault.key, ==, "m");
  casa_scene_fault_clear(&fault);
  g_unlink(more);
  g_unlink(own);
  g_unlink(talk);
  g_rmdir(domains);
  g_rmdir(dir);
}

/* What is built in can always be shown, or a line stands for it. */
static void
test_shipped(void)
{
  static const char *const none[] = { NULL };
  CasaSceneFault fault;
  g_autoptr(CasaSceneFile) file = casa_scene_file_shipped(&WORLD, &fault), bare = casa_scene_file_bare();
  g_autofree char *ids = casa_scene_file_ids(file);

  g_assert_true(g_str_has_prefix(ids, "wall, mobility, ")); /* what a hall sees first; the file says what follows */
  g_assert_null(casa_scene_file_shipped(&(CasaSceneWorld){ .domains = none, .indicators = none }, &fault));
  g_assert_nonnull(strstr(fault.message, "no domain"));
  casa_scene_fault_clear(&fault);
  g_assert_cmpuint(casa_scene_file_n(bare), ==, 1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  casa_lang_set("fr");
  g_test_add_func("/scene-file/right", test_right);
  g_test_add_func("/scene-file/cues", test_cues);
  g_test_add_func("/scene-file/look", test_look);
  g_test_add_func("/scene-file/wrong", test_wrong);
  g_test_add_func("/scene-file/missing", test_missing);
  g_test_add_func("/scene-file/of-domains", test_of_domains);
  g_test_add_func("/scene-file/shipped", test_shipped);
  return g_test_run();
}
