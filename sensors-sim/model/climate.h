/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "calendar.h"

G_BEGIN_DECLS

/* Appends to @events (GArray of CasaSimEvent) the rain and the chergui that @day brings of itself under @seed: as many
 * rainy days as the month has on average, mostly when the sky is full of fronts, and a few to a dozen dust winds a year.
 * Pure. */
void casa_sim_climate_events(guint64 seed, const CasaSimDay *day, GArray *events);

G_END_DECLS
