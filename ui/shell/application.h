/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define CASA_APPLICATION_ID "io.github.casapulse.CasaPulse"

/* All of casa-pulse; returns its exit status (0 done, 1 failed, 2 wrong usage or configuration). */
int casa_application_run(int argc, char **argv);

G_END_DECLS
