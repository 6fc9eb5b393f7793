/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Elementary functions made only of IEEE 754 additions, multiplications, divisions and square roots, which every
 * conforming machine rounds alike (the build forbids contraction to fused operations). The C library's own versions
 * differ in the last digit between machines, and the simulator promises equal bytes. Relative error about 1e-13: far
 * below any sensor's resolution. Pure; any thread. */

#define CASA_SIM_PI 3.14159265358979323846

double casa_sim_exp(double x);             /* |x| > 700 saturates */
double casa_sim_log(double x);             /* x > 0 */
double casa_sim_pow(double x, double y);   /* x >= 0; 0 for x = 0 */
double casa_sim_sin(double rad);           /* |rad| up to about 1e6 */
double casa_sim_cos(double rad);           /* As casa_sim_sin() */
double casa_sim_atan2(double y, double x); /* (-pi, pi]; 0 for (0, 0) */
double casa_sim_acos(double x);            /* clamps to [-1, 1] */

/* 1 at @centre, falling as a Gaussian of standard deviation @width, on a clock face of 24 hours. */
double casa_sim_bump(double hour, double centre, double width);

/* 0 below @from, 1 above @to, smooth (cubic) between. */
double casa_sim_ramp(double x, double from, double to);

G_END_DECLS
