/* SPDX-License-Identifier: Apache-2.0 */
#include "maths.h"

#include <math.h> /* floor, sqrt, fabs: exact by IEEE 754 */
#include <string.h>

#define LN2_HI 6.93147180369123816490e-01 /* 33 significant bits, so that k * LN2_HI is exact */
#define LN2_LO 1.90821492927058770002e-10
#define HALF_PI_HI 1.57079632673412561417e+00
#define HALF_PI_LO 6.07710050650619224932e-11

static double
power_of_two(int k)
{
  guint64 bits = (guint64)(k + 1023) << 52;
  double out;
  memcpy(&out, &bits, sizeof out);
  return out;
}

double
casa_sim_exp(double x)
{
  x = CLAMP(x, -700, 700);
  double k = floor(x / (LN2_HI + LN2_LO) + 0.5);
  /* |r| <= ln2 / 2: 13 Taylor terms reach 1e-16. */
  static const double inverse[14] = {
    1.,        1.,         1. / 2,      1. / 6,       1. / 24,       1. / 120,       1. / 720,
    1. / 5040, 1. / 40320, 1. / 362880, 1. / 3628800, 1. / 39916800, 1. / 479001600, 1. / 6227020800.
  };
  double r = (x - k * LN2_HI) - k * LN2_LO, sum = inverse[13];
  for (int n = 12; n >= 0; n--)
    sum = sum * r + inverse[n];
  return sum * power_of_two((int)k);
}

double
casa_sim_log(double x)
{
  if (!(x > 0))
    return -745;
  guint64 bits;
  memcpy(&bits, &x, sizeof bits);
  int k = (int)(bits >> 52) - 1023;
  bits = (bits & G_GUINT64_CONSTANT(0x000fffffffffffff)) | ((guint64)1023 << 52);
  double m;
  memcpy(&m, &bits, sizeof m);
  if (m > 1.41421356) {
    m /= 2;
    k++;
  }
  double s = (m - 1) / (m + 1), s2 = s * s, sum = 0; /* |s| < 0.172: terms to s^17 */
  for (int n = 17; n >= 1; n -= 2)
    sum = sum * s2 + 1.0 / n;
  return 2 * s * sum + k * LN2_LO + k * LN2_HI;
}

double
casa_sim_pow(double x, double y)
{
  return x > 0 ? casa_sim_exp(y * casa_sim_log(x)) : 0;
}

static double
sin_series(double r)
{
  double r2 = r * r, sum = 1; /* |r| <= pi/4 */
  for (int n = 15; n >= 3; n -= 2)
    sum = 1 - sum * r2 / (n * (n - 1));
  return r * sum;
}

static double
cos_series(double r)
{
  double r2 = r * r, sum = 1;
  for (int n = 16; n >= 2; n -= 2)
    sum = 1 - sum * r2 / (n * (n - 1));
  return sum;
}

double
casa_sim_sin(double rad)
{
  double k = floor(rad / (HALF_PI_HI + HALF_PI_LO) + 0.5);
  double r = (rad - k * HALF_PI_HI) - k * HALF_PI_LO;
  switch ((int)(k - 4 * floor(k / 4))) {
  case 0: return sin_series(r);
  case 1: return cos_series(r);
  case 2: return -sin_series(r);
  default: return -cos_series(r);
  }
}

double
casa_sim_cos(double rad)
{
  return casa_sim_sin(rad + CASA_SIM_PI / 2);
}

/* 0 <= x <= 1 */
static double
atan_unit(double x)
{
  double base = 0;
  if (x > 0.41421356237309503) { /* tan(pi/8) */
    base = CASA_SIM_PI / 4;
    x = (x - 1) / (x + 1);
  }
  double x2 = x * x, sum = 0;
  for (int n = 33; n >= 1; n -= 2)
    sum = 1.0 / n - sum * x2;
  return base + x * sum;
}

double
casa_sim_atan2(double y, double x)
{
  double ay = fabs(y), ax = fabs(x);
  if (ax == 0 && ay == 0)
    return 0;
  double a = ay <= ax ? atan_unit(ay / ax) : CASA_SIM_PI / 2 - atan_unit(ax / ay);
  if (x < 0)
    a = CASA_SIM_PI - a;
  return y < 0 ? -a : a;
}

double
casa_sim_acos(double x)
{
  x = CLAMP(x, -1, 1);
  return casa_sim_atan2(sqrt(1 - x * x), x);
}

double
casa_sim_bump(double hour, double centre, double width)
{
  double d = hour - centre;
  d -= 24 * floor(d / 24 + 0.5);
  double z = d / width;
  return z > 6 || z < -6 ? 0 : casa_sim_exp(-0.5 * z * z);
}

double
casa_sim_ramp(double x, double from, double to)
{
  double u = CLAMP((x - from) / (to - from), 0, 1);
  return u * u * (3 - 2 * u);
}
