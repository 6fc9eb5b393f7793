/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "analysis/city-indicators.h"
#include "analysis/city-past.h"

G_BEGIN_DECLS

/* What works out each kind of yardstick. Private to src/analysis. Each fills value, covered, period and place of @out, whose
 * yardstick is set; state and judgement follow from them. A value that stays NAN is none. */

typedef void (*CasaFindFunc)(CasaCityPast *past, CasaFinding *out);

void casa_find_exceedance(CasaCityPast *past, CasaFinding *out);    /* air-limits.c */
void casa_find_mean(CasaCityPast *past, CasaFinding *out);          /* air-limits.c */
void casa_find_noise(CasaCityPast *past, CasaFinding *out);         /* air-limits.c */
void casa_find_access(CasaCityPast *past, CasaFinding *out);        /* transit-quality.c */
void casa_find_on_time(CasaCityPast *past, CasaFinding *out);       /* transit-quality.c */
void casa_find_bunched(CasaCityPast *past, CasaFinding *out);       /* transit-quality.c */
void casa_find_lost(CasaCityPast *past, CasaFinding *out);          /* transit-quality.c */
void casa_find_interruptions(CasaCityPast *past, CasaFinding *out); /* grid-quality.c: DURATION, too */
void casa_find_share(CasaCityPast *past, CasaFinding *out);         /* grid-quality.c */
void casa_find_energy(CasaCityPast *past, CasaFinding *out);        /* grid-quality.c */
void casa_find_night_flow(CasaCityPast *past, CasaFinding *out);    /* grid-quality.c */
void casa_find_way_home(CasaCityPast *past, CasaFinding *out);      /* way-home.c */

/* The last whole days of the city before the moment: first and one past the last, and the finding's period. */
void casa_finding_whole_days(const CasaCityPast *past, CasaFinding *out, gint64 *out_first, gint64 *out_end);
/* The hours before the moment: 24 of them where the period is a day, else as many as its days have; sets the finding's period.
 * Returns when they begin. */
gint64 casa_finding_last_hours(const CasaCityPast *past, CasaFinding *out);
/* @hours of the last hours are known. */
void casa_finding_covered_hours(CasaFinding *out, double hours);
/* @all have something in the period; any of them may say that it is simulated. */
void casa_finding_provenance(const CasaCityPast *past, CasaFinding *out, const GPtrArray *all);
/* The station of @series is where the figure is from. */
void casa_finding_place(const CasaCityPast *past, CasaFinding *out, const CasaPastSeries *series);

double casa_median_of(GArray *values); /* Of doubles, which it sorts; NAN: there is none */

G_END_DECLS
