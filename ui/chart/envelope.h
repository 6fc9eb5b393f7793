/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "series/pyramid.h"

G_BEGIN_DECLS

/* The ink of a thick line, told as its top and bottom at every half pixel. Pure.
 *
 * A stroke with round ends and joins is the line widened by a disc. Told at knots half a pixel apart (sides and middles of the
 * pixel columns) that is a minimum and a maximum over the few knots that the disc reaches, whatever the number of samples. */

typedef struct {
  float top, bottom; /* pixels, downwards; top ≤ bottom */
} CasaInk;

typedef struct {
  gint64 from_ms, to_ms; /* what all pixel columns together show */
  guint columns;
  double low, high; /* values at the bottom and at the top of @height */
  double height;    /* pixels */
  gint64 gap_ms;    /* samples further apart are not joined; 0: always joined */
} CasaEnvelopeView;

typedef struct _CasaEnvelope CasaEnvelope;

/* A part without a break: @knots[@begin] … @knots[@end - 1], knot k at k/2 pixels from the left; begin may be negative. */
typedef void (*CasaEnvelopeRun)(const CasaInk *knots, gint begin, gint end, gpointer data);

/* @data as @view shows it. (transfer full) */
CasaEnvelope *casa_envelope_new(const CasaPyramid *data, const CasaEnvelopeView *view);
void casa_envelope_free(CasaEnvelope *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaEnvelope, casa_envelope_free)

/* The line itself, without thickness. */
void casa_envelope_foreach_run(const CasaEnvelope *self, CasaEnvelopeRun run, gpointer data);

/* The ink of a stroke @width pixels wide. @dash and @pause in pixels along the time axis, anchored in time so that they move
 * with the data; @dash 0 is a solid line. */
void casa_envelope_foreach_stroke(const CasaEnvelope *self, double width, double dash, double pause, CasaEnvelopeRun run,
                                  gpointer data);

G_END_DECLS
