/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/chart.h"

G_BEGIN_DECLS

/* Wheel, pinch, drag, pointer, click and keys on a chart move its viewport; the chart must have one
 * (casa_chart_set_viewport()).
 *
 * Wheel: zoom around the pointer; Shift + wheel, or sideways: pan. Pinch: zoom. Drag: pan. Click: pins the cursor, on the pin
 * takes it off. ← →: cursor by a sample of the selected line, with Shift by ten. ↑ ↓: line. + −: zoom. 0: all there is. End:
 * follow. Ctrl + 1 to 6: presets. Escape, when there is a pin: takes it off; while the range stands still, the last day again;
 * else it is not ours. */
void casa_chart_gestures_attach(CasaChart *chart);

G_END_DECLS
