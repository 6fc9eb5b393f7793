/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/indicators.h"

G_BEGIN_DECLS

/* Looks after indicators.conf, metrics.conf and feeds.conf of a folder, and reads them again when one of them was saved, in
 * place or by renaming another over it. GTK thread only. */
typedef struct _CasaIndicatorsWatch CasaIndicatorsWatch;

/* @set (transfer none): what the files say now; NULL: they are wrong, @fault says where. */
typedef void (*CasaIndicatorsFunc)(CasaIndicators *set, const GError *fault, gpointer data);

/* @func is called when they have changed, never at once. */
CasaIndicatorsWatch *casa_indicators_watch_new(const char *dir, CasaIndicatorsFunc func, gpointer data);
void casa_indicators_watch_free(CasaIndicatorsWatch *self); /* NULL is fine */
/* Looks now; it does so by itself once a second. */
void casa_indicators_watch_check(CasaIndicatorsWatch *self);
/* What is wrong with the files as they are saved, also from the beginning; NULL: nothing. (transfer none) */
const GError *casa_indicators_watch_fault(CasaIndicatorsWatch *self);

G_END_DECLS
