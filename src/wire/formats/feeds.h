/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/payload.h"

G_BEGIN_DECLS

/* config/feeds.conf: where station, metrics, units and time stand in messages that no format knows. A path is written as in
 * Home Assistant's templates, without {{ value_json. }}: data.t, list[0]['x'], data.t * 0.1 (see template.h). */

#define CASA_FEED_VALUES_MAX 64

typedef struct {
  char *metric, *template, *unit; /* unit NULL: the metric's own */
} CasaFeedValue;

typedef struct {
  char *name;                 /* of the group, for words */
  char *topic;                /* pattern of the kit's own topic, + and # as in MQTT's filters */
  char *station;              /* template; NULL: station_level */
  int station_level;          /* of the kit's own topic, from 0; -1: the whole topic */
  char *each, *time, *domain; /* templates but for domain; NULL: none */
  guint n_values;
  CasaFeedValue values[CASA_FEED_VALUES_MAX];
} CasaFeed;

typedef struct _CasaFeeds CasaFeeds; /* immutable after load */

/* Reads @dir/feeds.conf; there need be none. Errors: CASA_ERROR_CONFIG with file, line, key. */
CasaFeeds *casa_feeds_load(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_feeds_free(CasaFeeds *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaFeeds, casa_feeds_free)

/* The first whose topic is like the payload's; NULL: none. */
const CasaFeed *casa_feeds_find(const CasaFeeds *self, const CasaPayload *payload);

G_END_DECLS
