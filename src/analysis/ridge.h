/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Linear regression that learns one example at a time: least squares with a ridge (Hoerl and Kennard 1970), whose old examples
 * fade (exponential forgetting) and whose outliers weigh less (Huber 1964), so that it tends to the median of what may come.
 * Kept as the normal equations in single precision, one triangle: n (n + 3) / 2 numbers. Not safe from several threads. */
typedef struct _CasaRidge CasaRidge;

#define CASA_RIDGE_MOST 64 /* features */

/* @n: features, 1 to CASA_RIDGE_MOST; the first is expected to be the constant 1 and bears no ridge.
 * @memory: what is left of an example's weight when the next one is learned, above 0 and at most 1. (transfer full) */
CasaRidge *casa_ridge_new(guint n, double memory);
void casa_ridge_free(CasaRidge *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaRidge, casa_ridge_free)

/* Learns that @x (n numbers, all finite) went with @y. Errors of more than the usual one count in proportion to it only. */
void casa_ridge_learn(CasaRidge *self, const double *x, double y);

/* The weights that fit what was learned best, kept until casa_ridge_solve() is called again; zeros before. (transfer none) */
const float *casa_ridge_weights(const CasaRidge *self);

/* Works the weights out: n³ / 6 multiplications. Keeps the former ones where the equations have no answer. */
void casa_ridge_solve(CasaRidge *self);

guint casa_ridge_n_learned(const CasaRidge *self); /* Examples, faded ones too */

G_END_DECLS
