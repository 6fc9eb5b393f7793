/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/indicators.h"

G_BEGIN_DECLS

/* How is told what happens in the city: config/stories.conf, whose own comments say what each key means. Immutable after load:
 * any thread may read. All pointers live as long as the set that they come from. */

typedef enum { CASA_AT_LEAST, CASA_AT_MOST, CASA_ABOVE, CASA_BELOW } CasaTermOperator;

/* "pm10:times >= 2" */
typedef struct {
  char *figure;
  CasaTermOperator operator;
  double bound;
} CasaStoryTerm;

typedef struct {
  char *id;
  char *of;      /* kind of event that it is about; NULL: about figures */
  GArray *terms; /* CasaStoryTerm; all must be true */
  guint weight;
  CasaText text; /* with figures in braces */
} CasaStoryRule;

#define CASA_STORY_UNUSUAL 50 /* weight from which a sentence is of something unusual, beside which none is told that is not */

#define CASA_EVENT_FIGURES 6
#define CASA_EVENT_FIGURES_SHOWN 3 /* the first ones that are known */

/* How an event of one kind is told. */
typedef struct {
  char *kind;
  guint gravity; /* 1 to 3 */
  char *domain;  /* NULL: none */
  char *sign;    /* "bolt"…; never NULL */
  char **also;   /* kinds of what the wall may notice because of it; NULL-terminated */
  CasaText title, anywhere, what;
  char *figures[CASA_EVENT_FIGURES]; /* as in texts, without braces; NULL: no more */
  CasaText words[CASA_EVENT_FIGURES];
} CasaEventWords;

/* What the wall notices by itself. */
#define CASA_NOTICED_DARK "dark"               /* a district takes less than half of its usual current */
#define CASA_NOTICED_LINE_STANDS "line-stands" /* more than half of what runs on a line stands */
#define CASA_NOTICED_LINK_LOST "link-lost"
#define CASA_NOTICED_UNUSUAL                                                                                                   \
  "unusual" /* a figure is far from what is usual at its hour: told in a sentence, without a banner */
#define CASA_NOTICED_SILENCE "silence" /* a tenth of the sensors or more is not heard */

typedef struct _CasaStories CasaStories;

/* Reads @dir/stories.conf; where it is missing or wrong, what was built into the program, and *@out_fault (transfer full) says
 * why; NULL: nothing was wrong, or there is no such file. (transfer full) */
CasaStories *casa_stories_load(const char *dir, GError **out_fault);
void casa_stories_free(CasaStories *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaStories, casa_stories_free)

guint casa_stories_n(const CasaStories *self);                           /* How many sentences there are */
const CasaStoryRule *casa_stories_get(const CasaStories *self, guint i); /* The heaviest first; i < casa_stories_n() */
/* Of @kind, else of all that have no group of their own. Never NULL in the shipped file; NULL: there is neither. */
const CasaEventWords *casa_stories_event(const CasaStories *self, const char *kind);
guint casa_stories_n_events(const CasaStories *self);                           /* How many kinds have a group */
const CasaEventWords *casa_stories_nth_event(const CasaStories *self, guint i); /* In file order; i < that many */
gboolean casa_stories_is_commanded(const char *kind); /* Neither noticed by the wall itself, nor the group of all others */

G_END_DECLS
