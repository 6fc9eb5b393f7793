/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"

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
 * is well, else the worst. */
void casa_story_read(CasaModel *model, const char *const *domains, CasaStory *out);
void casa_story_clear(CasaStory *self); /* Frees what it holds, not itself */

G_END_DECLS
