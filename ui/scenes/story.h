/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/scenes/story-figures.h"

G_BEGIN_DECLS

/* What happens in the city, in one sentence, by the rules of config/stories.conf and from the same figures as the panels. */

#define CASA_STORY_NUMBERS 3
#define CASA_STORY_STAYS_MS (25 * 1000) /* a sentence gives way to the next that is true as well after so long */

typedef struct {
  guint start, end; /* bytes of the text */
  char *domain;     /* whose colour it has */
} CasaStoryNumber;

typedef struct {
  char *text; /* "" while there is nothing to tell */
  CasaStoryNumber numbers[CASA_STORY_NUMBERS];
  guint n_numbers;
} CasaStory;

/* Who tells: remembers what was said last, so that nothing is said for minutes on end while something else is true too. */
typedef struct _CasaStoryteller CasaStoryteller;

CasaStoryteller *casa_storyteller_new(void);       /* (transfer full) */
void casa_storyteller_free(CasaStoryteller *self); /* NULL is fine */
/* In the language of the moment. @domains: see CasaStoryMoment. While an event lasts or anything unusual is true, nothing calm
 * is said; who says so (a simulator, a source, the wall itself) stands behind it. */
void casa_storyteller_read(CasaStoryteller *self, CasaModel *model, CasaPageNotice *notice, const char *const *domains,
                           CasaStory *out);
/* @template with its figures. FALSE: one of them is not known now; @out is then untouched. */
gboolean casa_story_write(const CasaStoryMoment *moment, const char *template, CasaStory *out);
/* What has befallen a district that takes @share (0…1) of the current that is usual, in few words. (transfer full) */
char *casa_story_dark_words(double share);
void casa_story_clear(CasaStory *self); /* Frees what it holds, not itself */

G_END_DECLS
