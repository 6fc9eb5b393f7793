/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "guard-team.h"

G_BEGIN_DECLS

/* How much a team may subscribe to: mosquitto keeps each filter, level by level, and bounds neither. One thread:
 * mosquitto's. */

/* @user of @team subscribes. What is too much, in words, or NULL when it may. */
const char *casa_guard_filters_add(CasaGuardTeam *team, const char *user, const char *filter);
void casa_guard_filters_remove(CasaGuardTeam *team, const char *user, const char *filter);
/* Its session is over. */
void casa_guard_filters_clear(CasaGuardTeam *team, const char *user);

G_END_DECLS
