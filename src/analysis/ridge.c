/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/ridge.h"
#include <math.h>
#include <string.h>

/* Measured on hourly loads, flows and air (bench-forecast): so small, it lets features that nearly repeat one another still be
 * told apart. */
#define RIDGE 0.05
#define RIDGE_OF_CONSTANT 1e-4
#define USUAL_MEMORY 0.99 /* of the usual error */
#define BEFORE_HUBER 300  /* examples: until then an error says more of the weights than of the example */

struct _CasaRidge {
  guint n, n_learned;
  double memory;
  float usual_error;
  float *products; /* x xᵀ: row by row, the lower triangle */
  float *targets;  /* x y */
  float *weights;
};

CasaRidge *
casa_ridge_new(guint n, double memory)
{
  CasaRidge *self = g_new0(CasaRidge, 1);

  g_assert(n > 0 && n <= CASA_RIDGE_MOST);
  self->n = n;
  self->memory = memory;
  self->products = g_new0(float, n *(n + 1) / 2);
  self->targets = g_new0(float, n);
  self->weights = g_new0(float, n);
  return self;
}

void
casa_ridge_free(CasaRidge *self)
{
  if (!self)
    return;
  g_free(self->products);
  g_free(self->targets);
  g_free(self->weights);
  g_free(self);
}

static double
weight_of_error(CasaRidge *self, double error)
{
  self->usual_error = (float)(USUAL_MEMORY * self->usual_error + (1 - USUAL_MEMORY) * fabs(error));
  if (self->n_learned <= BEFORE_HUBER || fabs(error) <= self->usual_error)
    return 1;
  return self->usual_error / fabs(error);
}

void
casa_ridge_learn(CasaRidge *self, const double *x, double y)
{
  double told = 0;
  float *row = self->products;

  for (guint i = 0; i < self->n; i++)
    told += x[i] * (double)self->weights[i];
  const double weight = weight_of_error(self, y - told);
  for (guint i = 0; i < self->n; i++) {
    const double share = weight * x[i];
    for (guint k = 0; k <= i; k++)
      row[k] = (float)(self->memory * (double)row[k] + share * x[k]);
    row += i + 1;
    self->targets[i] = (float)(self->memory * (double)self->targets[i] + share * y);
  }
  self->n_learned++;
}

/* Cholesky, in double precision. FALSE: rounding has left no answer. */
static gboolean
decompose(const CasaRidge *self, double lower[][CASA_RIDGE_MOST])
{
  const float *row = self->products;

  for (guint i = 0; i < self->n; row += ++i)
    for (guint k = 0; k <= i; k++) {
      double rest = (double)row[k];
      if (k == i)
        rest += i == 0 ? RIDGE_OF_CONSTANT : RIDGE;
      for (guint j = 0; j < k; j++)
        rest -= lower[i][j] * lower[k][j];
      if (k < i)
        lower[i][k] = rest / lower[k][k];
      else if (rest <= 0)
        return FALSE;
      else
        lower[i][i] = sqrt(rest);
    }
  return TRUE;
}

void
casa_ridge_solve(CasaRidge *self)
{
  double lower[CASA_RIDGE_MOST][CASA_RIDGE_MOST], half[CASA_RIDGE_MOST], whole[CASA_RIDGE_MOST];

  if (!decompose(self, lower))
    return;
  for (guint i = 0; i < self->n; i++) {
    half[i] = (double)self->targets[i];
    for (guint k = 0; k < i; k++)
      half[i] -= lower[i][k] * half[k];
    half[i] /= lower[i][i];
  }
  for (guint i = self->n; i-- > 0;) {
    whole[i] = half[i];
    for (guint k = i + 1; k < self->n; k++)
      whole[i] -= lower[k][i] * whole[k];
    whole[i] /= lower[i][i];
    self->weights[i] = (float)whole[i];
  }
}

const float *
casa_ridge_weights(const CasaRidge *self)
{
  return self->weights;
}

guint
casa_ridge_n_learned(const CasaRidge *self)
{
  return self->n_learned;
}
