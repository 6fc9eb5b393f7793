/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "world.h"

G_BEGIN_DECLS

/* Who reports when. Time is cut into steps; step n is at n * step ms since 1970. A station reports every whole number of
 * steps, at a phase told by its id: the broker sees an even flow, and a station reports at the same moments in every
 * run. Immutable. */
typedef struct _CasaSimSchedule CasaSimSchedule;

/* @rate_hz > 0: every station reports that often, else by its kind. An interval below a step becomes one step. */
CasaSimSchedule *casa_sim_schedule_new(const CasaSimWorld *world, gint64 step_ms, double rate_hz);
void casa_sim_schedule_free(CasaSimSchedule *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSimSchedule, casa_sim_schedule_free)

/* As it was made with; and how many groups of stations with one interval there are. */
gint64 casa_sim_schedule_step_ms(const CasaSimSchedule *self);
guint casa_sim_schedule_n_groups(const CasaSimSchedule *self); /* Groups are numbered from 0 */

/* Stations of @group due at @step, as indexes into the world. @out_interval_ms: since their last report. */
const guint *casa_sim_schedule_due(const CasaSimSchedule *self, guint group, gint64 step, guint *out_n,
                                   gint64 *out_interval_ms);

/* Messages a second, all stations speaking. */
double casa_sim_schedule_rate(const CasaSimSchedule *self);

G_END_DECLS
