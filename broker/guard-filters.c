/* SPDX-License-Identifier: Apache-2.0 */
#include "guard-filters.h"

#include <string.h>

/* Each level of a filter is some 400 bytes of the broker's memory, for as long as the session lasts, and is written to
 * disk with it. A device wants one or two of a handful of levels, Home Assistant a hundred. */
#define FILTER_BYTES 200
#define FILTER_LEVELS 12
#define USER_FILTERS 200
#define TEAM_FILTERS 300

static guint
levels(const char *filter)
{
  guint n = 1;
  for (; *filter; filter++)
    n += *filter == '/';
  return n;
}

const char *
casa_guard_filters_add(CasaGuardTeam *team, const char *user, const char *filter)
{
  CasaGuardUser *own = g_hash_table_lookup(team->users, user);
  if (strlen(filter) > FILTER_BYTES || levels(filter) > FILTER_LEVELS)
    return "to something longer than a team may";
  if (!own)
    return NULL;
  if (!own->filters)
    own->filters = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  if (g_hash_table_contains(own->filters, filter))
    return NULL;
  if (g_hash_table_size(own->filters) >= USER_FILTERS || team->n_filters >= TEAM_FILTERS)
    return "to more than a team may";
  g_hash_table_add(own->filters, g_strdup(filter));
  team->n_filters++;
  return NULL;
}

void
casa_guard_filters_remove(CasaGuardTeam *team, const char *user, const char *filter)
{
  CasaGuardUser *own = g_hash_table_lookup(team->users, user);
  if (own && own->filters && g_hash_table_remove(own->filters, filter))
    team->n_filters--;
}

void
casa_guard_filters_clear(CasaGuardTeam *team, const char *user)
{
  CasaGuardUser *own = g_hash_table_lookup(team->users, user);
  if (!own || !own->filters)
    return;
  team->n_filters -= g_hash_table_size(own->filters);
  g_clear_pointer(&own->filters, g_hash_table_unref);
}
