/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/label.h"
#include "ui/scenes/banner.h"
#include "ui/scenes/happening-flags.h"
#include "ui/scenes/parts.h"
#include "ui/scenes/story.h"
#include "ui/scenes/unusual-words.h"
#include <math.h>

/* What happens: a banner while an event lasts, else one sentence. */
typedef struct {
  CasaModel *model;
  CasaPageNotice *notice; /* the page's */
  CasaStoryteller *teller;
  GtkWidget *label;
  CasaBanner *banner;
  char **domains;
  const CasaTheme *theme; /* NULL: not styled yet */
} StoryPart;

static void
story_free(gpointer data)
{
  StoryPart *self = data;

  casa_storyteller_free(self->teller);
  casa_banner_free(self->banner);
  g_strfreev(self->domains);
  g_free(self);
}

static guint16
channel(double v)
{
  return (guint16)lround(v * 65535);
}

/* Numbers have the colour of their domain; the label's own text is never markup. */
static PangoAttrList *
colours(StoryPart *self, const CasaStory *story)
{
  PangoAttrList *list = pango_attr_list_new();

  for (guint i = 0; i < story->n_numbers; i++) {
    const CasaStoryNumber *number = &story->numbers[i];
    const CasaCityDomain *domain = casa_indicators_domain(casa_model_indicators(self->model), number->domain);
    if (!domain)
      continue;
    CasaRgb c =
      casa_rgb_readable(casa_rgb_from_hex(casa_city_domain_colours(domain, self->theme->id)->first), self->theme->ground, 4.5);
    PangoAttribute *colour = pango_attr_foreground_new(channel(c.r), channel(c.g), channel(c.b));
    colour->start_index = number->start;
    colour->end_index = number->end;
    pango_attr_list_insert(list, colour);
  }
  return list;
}

static void
update(CasaPart *part)
{
  StoryPart *self = part->state;
  CasaStory story;

  if (!self->theme)
    return;
  g_autoptr(GArray) happenings = casa_happenings_read(self->model, self->notice);
  casa_happening_flags_put(self->model, happenings);
  casa_unusual_flags_put(self->model);
  gboolean told = casa_banner_update(self->banner, self->notice, happenings);
  casa_storyteller_read(self->teller, self->model, self->notice, (const char *const *)self->domains, &story);
  g_autoptr(PangoAttrList) attributes = colours(self, &story);
  casa_label_set(self->label, story.text);
  gtk_label_set_attributes(GTK_LABEL(self->label), attributes);
  gtk_widget_set_visible(self->label, !told);
  casa_story_clear(&story);
}

static void
restyle(CasaPart *part, const CasaLook *look)
{
  StoryPart *self = part->state;

  self->theme = look->theme;
  casa_banner_restyle(self->banner, look);
  update(part);
}

static void
build(CasaPart *part, const CasaPartSpec *spec, const CasaPartContext *context)
{
  StoryPart *self = part->state = g_new0(StoryPart, 1);

  part->free_state = story_free;
  self->model = context->model;
  self->notice = context->notice;
  self->teller = casa_storyteller_new();
  self->domains = casa_part_spec_list(spec, "domains");
  self->label = casa_label_new("casa-story");
  gtk_label_set_wrap(GTK_LABEL(self->label), TRUE);
  gtk_label_set_lines(GTK_LABEL(self->label), 2);
  gtk_widget_set_valign(self->label, GTK_ALIGN_START);
  part->widget = casa_fraction_layout_new();
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(part->widget), self->label, (CasaFractions){ 0, 0, 1, 1 });
  self->banner = casa_banner_new(self->model);
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(part->widget), casa_banner_widget(self->banner), (CasaFractions){ 0, 0, 1, 1 });
  part->update = update;
  part->restyle = restyle;
}

static const CasaPartOption OPTIONS[] = { { "domains", CASA_OPTION_DOMAINS, TRUE }, { NULL } };
const CasaPartClass casa_part_story = { "story", OPTIONS, build };
