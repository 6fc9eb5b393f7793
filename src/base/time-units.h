/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Spans of time in milliseconds, gint64. A day is one of 24 hours, as in UTC. */
#define CASA_MINUTE_MS G_GINT64_CONSTANT(60000)
#define CASA_HOUR_MS (60 * CASA_MINUTE_MS)
#define CASA_DAY_MS (24 * CASA_HOUR_MS)
