/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/indicators.h"

G_BEGIN_DECLS

/* A scenario of the simulated city that the wall offers as a future: config/scenarios/NAME.conf with a group [future]
 * (docs/SIMULATOR.md, "What if"). Immutable. */
typedef struct {
  char *id; /* NAME */
  CasaText title, limits;
  char *source;   /* who says what it assumes, in a few words; "" nobody */
  char **figures; /* ids of indicators that show it, NULL-terminated */
} CasaFuture;

/* Those of @dir/scenarios, by their ids. A file that cannot be read, or that has no title, is passed over: the simulator
 * says what is wrong with it. (element-type CasaFuture) (transfer full) */
GPtrArray *casa_futures_load(const char *dir);

G_END_DECLS
