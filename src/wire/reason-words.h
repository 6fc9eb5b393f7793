/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/reason.h"

G_BEGIN_DECLS

/* The sentences of reason.c in French and Arabic, with the same places for arguments; by CasaWhy. */
typedef struct {
  const char *what, *cure;
} CasaReasonWords;

extern const CasaReasonWords casa_reason_fr[CASA_WHY_N];
extern const CasaReasonWords casa_reason_ar[CASA_WHY_N];

G_END_DECLS
