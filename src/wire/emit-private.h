/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/emit.h"

G_BEGIN_DECLS

/* How many names a time can have: `t` and its aliases. */
#define CASA_EMIT_TIME_NAMES 4
/* And other words that are one if a time stands there: `datetime`, `created_at`… */
#define CASA_EMIT_TIME_WORDS 21

G_END_DECLS
