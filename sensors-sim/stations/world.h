/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/air.h"
#include "model/report.h"
#include "model/transit.h"

G_BEGIN_DECLS

/* Every station that publishes, and what it says. One thread. */
typedef struct _CasaSimWorld CasaSimWorld;

/* Who publishes: the level after the root. */
#define CASA_SIM_SOURCE "city"

/* Its topic root. */
const char *casa_sim_world_root(const CasaSimWorld *self);

/* @root: topic root ("casa/v1"). @n_stations 0: the catalogue as it is; fewer: a part of every kind; more: small made-up
 * air sensors are added. No station's readings depend on @n_stations. @model outlives the world. */
CasaSimWorld *casa_sim_world_new(CasaSimModel *model, const char *root, guint n_stations);
/* Keeps of the stations only those of part @part, 0 to @n_parts - 1; they are dealt in turn, so that several programs, each
 * with a part, make one city between them. Before the first report. */
void casa_sim_world_keep_part(CasaSimWorld *self, guint part, guint n_parts);
void casa_sim_world_free(CasaSimWorld *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSimWorld, casa_sim_world_free)

/* How many stations; each by its index, in the catalogue's order; and what the world was made of (transfer none). */
guint casa_sim_world_size(const CasaSimWorld *self);
const CasaSimStation *casa_sim_world_station(const CasaSimWorld *self, guint i); /* @i less than the size */
CasaSimModel *casa_sim_world_model(CasaSimWorld *self);                          /* What it was made from */
CasaSimTransit *casa_sim_world_transit(CasaSimWorld *self);                      /* Its vehicles and stops */

/* How often stations of a kind report when nothing else is asked for, ms. */
gint64 casa_sim_kind_interval_ms(CasaSimKind kind);

/* The retained `$station` message. */
void casa_sim_world_descriptor(const CasaSimWorld *self, guint i, GString *topic, GString *payload);

/* Sets the moment of the reports that follow. */
void casa_sim_world_set_time(CasaSimWorld *self, gint64 t_ms);

/* What the sensors of the reports that follow do to the values (CasaSimFault bits); clean unless set. */
void casa_sim_world_set_faults(CasaSimWorld *self, guint faults);

/* Air over district @district (the city's index) at the moment set, at an ordinary site in its middle and without any
 * sensor. */
void casa_sim_world_air(CasaSimWorld *self, guint district, CasaSimAir *out);

/* Writes station @i's payload for that moment; counters cover (@since_ms, now]. Returns the number of values; 0: it has
 * nothing to say now (a vehicle in the depot) and @payload must not be published. */
guint casa_sim_world_report(CasaSimWorld *self, guint i, gint64 since_ms, GString *payload);

G_END_DECLS
