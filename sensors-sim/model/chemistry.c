/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "box-model.h"
#include "maths/maths.h"

/* NO + O3 → NO2 + O2: k = 1.4e-12 exp(-1310 K / T) cm3/s (Atkinson et al., Atmos. Chem. Phys. 4, 1461, 2004).
 * NO2 + light → NO + O: J = 0.01165 cos(z)^0.244 exp(-0.267 / cos(z)) /s under a clear sky (Saunders et al., Atmos. Chem.
 * Phys. 3, 161, 2003: MCM v3), less under clouds (the share: an estimate). */
double
casa_sim_leighton_ppb(const CasaSimWeather *w)
{
  const double per_ppb = 2.46e10; /* molecules per cm3 and ppb at 25 °C, 1013 hPa */
  if (w->sun <= 0.01)
    return 0;
  double j = 0.01165 * casa_sim_pow(w->sun, 0.244) * casa_sim_exp(-0.267 / w->sun) * (1 - 0.6 * casa_sim_pow(w->cloud, 3.4));
  double k = 1.4e-12 * casa_sim_exp(-1310 / (w->temp_c + 273.15)) * per_ppb;
  return j / k;
}

/* With x = NO2: k (NOx - x)(Ox - x) = J x. In the dark all goes as far as one of the two reaches. */
void
casa_sim_nitrogen(double nox, double ox, double leighton, CasaSimNitrogen *out)
{
  double b = nox + ox + leighton, c = nox * ox;
  out->no2 = b > 0 ? 2 * c / (b + sqrt(MAX(b * b - 4 * c, 0))) : 0;
  out->no = nox - out->no2;
  out->o3 = ox - out->no2;
}
