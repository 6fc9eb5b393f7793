/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/story.h"
#include "ui/text/lang.h"
#include "ui/text/name.h"
#include "ui/text/phrases.h"
#include <math.h>
#include <string.h>

/* A sentence that is true now. */
typedef struct {
  const CasaStoryRule *rule;
  const CasaHappening *happening; /* NULL: about figures */
  char *key;                      /* rule and event */
} Candidate;

struct _CasaStoryteller {
  char *key;        /* of what is said; NULL: nothing yet */
  gint64 since_ms;  /* when it was first said */
  GHashTable *said; /* key → gint64 *, when it was last begun; of those that are true */
};

CasaStoryteller *
casa_storyteller_new(void)
{
  CasaStoryteller *self = g_new0(CasaStoryteller, 1);

  self->said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
casa_storyteller_free(CasaStoryteller *self)
{
  if (!self)
    return;
  g_hash_table_unref(self->said);
  g_free(self->key);
  g_free(self);
}

static void
mark(CasaStory *out, guint start, guint end, const char *domain)
{
  if (!domain || out->n_numbers == CASA_STORY_NUMBERS)
    return;
  out->numbers[out->n_numbers++] = (CasaStoryNumber){ start, end, g_strdup(domain) };
}

/* One figure with its unit. FALSE: it is not known. */
static gboolean
write_figure(const CasaStoryMoment *moment, const char *name, GString *text, CasaStory *out)
{
  CasaStoryFigure figure;
  guint start = (guint)text->len;

  if (!casa_story_figure(moment, name, &figure))
    return FALSE;
  g_string_append_printf(text, "%s%s%s", figure.text, *figure.unit ? "\u00a0" : "", figure.unit);
  mark(out, start, (guint)text->len, figure.domain);
  casa_story_figure_clear(&figure);
  return TRUE;
}

gboolean
casa_story_write(const CasaStoryMoment *moment, const char *template, CasaStory *out)
{
  g_autoptr(GString) text = g_string_new(NULL);
  CasaStory story = { 0 };

  for (const char *p = template; *p;) {
    const char *open = strchr(p, '{'), *close = open ? strchr(open, '}') : NULL;
    if (!close) {
      g_string_append(text, p);
      break;
    }
    g_autofree char *name = g_strndup(open + 1, (gsize)(close - open - 1));
    g_string_append_len(text, p, open - p);
    if (!write_figure(moment, name, text, &story)) {
      casa_story_clear(&story);
      return FALSE;
    }
    p = close + 1;
  }
  *out = story;
  out->text = g_strdup(text->str);
  return TRUE;
}

/* Before the last full stop: who says so. */
static void
say_who(const CasaHappening *happening, CasaStory *story)
{
  g_autofree char *source = casa_name_tame(happening->source), *who = NULL;
  gsize len = strlen(story->text);

  if (happening->from == CASA_HAPPENING_ANNOUNCED)
    /* TR: after a sentence, in brackets: who says that an event is on */
    who = g_strdup_printf(_("annoncé par %s"), source);
  else
    /* TR: after a sentence, in brackets: an event that a simulator plays; one that the wall sees in what is measured */
    who = g_strdup(happening->from == CASA_HAPPENING_SIMULATED ? _("simulation") : _("constaté par les capteurs"));
  gboolean stop = g_str_has_suffix(story->text, ".");
  char *text = g_strdup_printf("%.*s (%s)%s", (int)(len - stop), story->text, who, stop ? "." : "");
  g_free(story->text);
  story->text = text;
}

static gboolean
write_candidate(const CasaStoryMoment *now, const Candidate *candidate, CasaStory *out)
{
  CasaStoryMoment moment = *now;

  moment.happening = candidate->happening;
  if (!casa_story_write(&moment, casa_phrases_text(&candidate->rule->text), out))
    return FALSE;
  if (candidate->happening)
    say_who(candidate->happening, out);
  return TRUE;
}

static gboolean
is_true(const CasaStoryMoment *now, const CasaStoryRule *rule, const CasaHappening *happening)
{
  CasaStoryMoment moment = *now;
  CasaStory story;

  moment.happening = happening;
  for (guint i = 0; i < rule->terms->len; i++)
    if (!casa_story_term_is_true(&moment, &g_array_index(rule->terms, CasaStoryTerm, i)))
      return FALSE;
  if (!casa_story_write(&moment, casa_phrases_text(&rule->text), &story))
    return FALSE;
  casa_story_clear(&story);
  return TRUE;
}

static void
candidate_clear(gpointer data)
{
  g_free(((Candidate *)data)->key);
}

static void
add_if_true(const CasaStoryMoment *now, const CasaStoryRule *rule, const CasaHappening *happening, GArray *out)
{
  if (!is_true(now, rule, happening))
    return;
  Candidate candidate = { rule, happening, NULL };
  candidate.key =
    happening ? g_strdup_printf("%s %s %" G_GINT64_FORMAT, rule->id, happening->kind, happening->start_ms) : g_strdup(rule->id);
  g_array_append_val(out, candidate);
}

/* The heaviest first. Beside an event, and beside anything unusual, nothing calm is true enough. */
static GArray *
candidates(const CasaStoryMoment *now, const GArray *happenings)
{
  const CasaStories *stories = casa_model_city(now->model)->stories;
  GArray *out = g_array_new(FALSE, FALSE, sizeof(Candidate));
  gboolean unusual = FALSE;

  g_array_set_clear_func(out, candidate_clear);
  for (guint h = 0; h < happenings->len; h++)
    unusual |= !g_array_index(happenings, CasaHappening, h).over;
  for (guint i = 0; stories && i < casa_stories_n(stories); i++) {
    const CasaStoryRule *rule = casa_stories_get(stories, i);
    if (rule->weight < CASA_STORY_UNUSUAL &&
        (unusual || (out->len > 0 && g_array_index(out, Candidate, 0).rule->weight >= CASA_STORY_UNUSUAL)))
      break;
    if (!rule->of)
      add_if_true(now, rule, NULL, out);
    for (guint h = 0; rule->of && h < happenings->len; h++) {
      const CasaHappening *happening = &g_array_index(happenings, CasaHappening, h);
      if (!happening->over && g_str_equal(rule->of, happening->words->kind))
        add_if_true(now, rule, happening, out);
    }
  }
  return out;
}

static const Candidate *
find(const GArray *all, const char *key)
{
  for (guint i = 0; key && i < all->len; i++)
    if (g_str_equal(g_array_index(all, Candidate, i).key, key))
      return &g_array_index(all, Candidate, i);
  return NULL;
}

static gint64
said_ms(CasaStoryteller *self, const Candidate *candidate)
{
  const gint64 *at = g_hash_table_lookup(self->said, candidate->key);

  return at ? *at : 0;
}

static gboolean
forget_cb(gpointer key, gpointer value, gpointer all)
{
  return find(all, key) == NULL;
}

/* What was not said for longest, the heaviest of several; a weightier one that is new has the word at once. */
static const Candidate *
choose(CasaStoryteller *self, const GArray *all, gint64 now_ms)
{
  const Candidate *current = find(all, self->key), *next = NULL;

  for (guint i = 0; i < all->len; i++) {
    const Candidate *candidate = &g_array_index(all, Candidate, i);
    if (candidate != current && (!next || said_ms(self, candidate) < said_ms(self, next)))
      next = candidate;
  }
  if (!next)
    return current;
  if (!current)
    return next;
  if (said_ms(self, next) == 0 && next->rule->weight > current->rule->weight)
    return next;
  return ABS(now_ms - self->since_ms) >= CASA_STORY_STAYS_MS ? next : current;
}

static void
remember(CasaStoryteller *self, const Candidate *chosen, gint64 now_ms)
{
  if (g_strcmp0(self->key, chosen->key) == 0)
    return;
  g_free(self->key);
  self->key = g_strdup(chosen->key);
  self->since_ms = now_ms;
  gint64 *at = g_new(gint64, 1);
  *at = MAX(now_ms, 1);
  g_hash_table_insert(self->said, g_strdup(chosen->key), at);
}

void
casa_storyteller_read(CasaStoryteller *self, CasaModel *model, CasaPageNotice *notice, const char *const *domains,
                      CasaStory *out)
{
  g_autoptr(GArray) happenings = casa_happenings_read(model, notice);
  const CasaStoryMoment now = { model, notice, NULL, domains };
  g_autoptr(GArray) all = candidates(&now, happenings);
  gint64 now_ms = casa_model_summary(model)->now_ms;
  const Candidate *chosen = choose(self, all, now_ms);

  *out = (CasaStory){ 0 };
  g_hash_table_foreach_remove(self->said, forget_cb, all);
  if (chosen)
    remember(self, chosen, now_ms);
  if (!chosen || !write_candidate(&now, chosen, out))
    out->text = g_strdup("");
}

char *
casa_story_dark_words(double share)
{
  g_autofree char *percent = casa_lang_number(round((1 - share) * 100), 0);

  if (share < 0.05)
    return g_strdup(_("sans courant"));
  /* TR: a district takes so many percent less current than is usual now */
  return g_strdup_printf(_("charge −%s %%"), percent);
}

void
casa_story_clear(CasaStory *self)
{
  for (guint i = 0; i < self->n_numbers; i++)
    g_free(self->numbers[i].domain);
  g_free(self->text);
  *self = (CasaStory){ 0 };
}
