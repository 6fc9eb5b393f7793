/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"
#include "ui/scenes/part.h"

G_BEGIN_DECLS

/* What happens in the city, in one sentence with at most two numbers, from the same figures as the panels. */

typedef struct {
  guint start, end; /* bytes of the text */
  char *domain;     /* whose colour it has */
} CasaStoryNumber;

typedef struct {
  char *text; /* "" while there is nothing to tell */
  CasaStoryNumber numbers[2];
  guint n_numbers;
} CasaStory;

/* In the language of the moment. @domains: ids of indicators.conf, NULL at the end; the first two that have a figure are told when all
 * is well, else the worst; before them what the map noticed (@notice), so that no sentence is calm beside a dark district. */
void casa_story_read(CasaModel *model, const CasaPageNotice *notice, const char *const *domains, CasaStory *out);
/* What has befallen a district that takes @share (0…1) of the current that is usual, in few words. (transfer full) */
char *casa_story_dark_words(double share);
void casa_story_clear(CasaStory *self); /* Frees what it holds, not itself */

G_END_DECLS
