/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"

G_BEGIN_DECLS

/* The file's name, without folders. @which < CASA_N_CITY_FILES */
const char *casa_city_file_name(CasaCityFile which);
/* Reads @dir/stories.conf, palette.conf or map.conf again. What is wrong leaves what there was, or, where nothing was yet,
 * what is built in; casa_city_fault() then says where it is. Only from the thread that shows the city. TRUE: it was right. */
gboolean casa_city_read_again(CasaCity *self, const char *dir, CasaCityFile which);
/* What is wrong with the first of those files that is; NULL: nothing. (transfer none) */
const GError *casa_city_fault(const CasaCity *self);

G_END_DECLS
