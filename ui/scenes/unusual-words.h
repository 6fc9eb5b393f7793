/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"

G_BEGIN_DECLS

/* How what is unusual is told, in the language of the moment; soberly, and never as a banner. All strings (transfer full). GTK
 * thread only. */

char *casa_unusual_place(const CasaCity *city, const CasaUnusualAlert *alert); /* "Maârif", "T1"; "" the whole city */
char *casa_unusual_rarity(const CasaUnusualAlert *alert);                      /* "1 vendredi sur 12" */
/* What it coincides with: events that are told there or of its domain, other places; or that there is none. */
char *casa_unusual_with(CasaModel *model, const CasaUnusualAlert *alert);
char *casa_unusual_not(const CasaUnusualAlert *alert); /* Whether it may be a sensor that is wrong */
/* All of it on one line: "charge · Maârif : 12 au lieu de 47 MW depuis 19:35, …". */
char *casa_unusual_line(CasaModel *model, const CasaUnusualAlert *alert);

/* A mark on every chart of the domain of each alert. */
void casa_unusual_flags_put(CasaModel *model);

G_END_DECLS
