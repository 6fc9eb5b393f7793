/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/label.h"
#include "ui/kit/shrink-bin.h"
#include "ui/scenes/parts.h"

/* A line in the presenter's own words, smaller when its slot has no room for it. */
static void
build(CasaPart *part, const CasaPartSpec *spec, const CasaPartContext *context)
{
  GtkWidget *label = casa_label_new(context->large ? "casa-name" : "casa-title");

  casa_label_set(label, casa_part_spec_text(spec, "text"));
  part->widget = casa_shrink_bin_new(label, 0, 0.5);
}

static const CasaPartOption OPTIONS[] = { { "text", CASA_OPTION_TEXT, TRUE }, { NULL } };
const CasaPartClass casa_part_text = { "text", OPTIONS, build };
