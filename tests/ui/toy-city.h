/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"

/* Four square districts a b / c d (north first), sea in the north, one line "X1" from west to east along the north of
 * the southern pair. Static: never free it. */
const CasaCity *toy_city(void);
