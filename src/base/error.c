/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

G_DEFINE_QUARK(casa - error - quark, casa_error)

int
casa_error_exit_status(const GError *error)
{
  if (!error)
    return 0;
  if (g_error_matches(error, CASA_ERROR, CASA_ERROR_USAGE) || g_error_matches(error, CASA_ERROR, CASA_ERROR_CONFIG) ||
      g_error_matches(error, CASA_ERROR, CASA_ERROR_ZONE))
    return 2;
  if (error->domain == G_OPTION_ERROR)
    return 2;
  return 1;
}
