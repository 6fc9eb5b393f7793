/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/stage/aside.h"

struct _CasaAside {
  char *said, *held; /* NULL: nothing */
  gint64 said_us;
};

CasaAside *
casa_aside_new(void)
{
  return g_new0(CasaAside, 1);
}

void
casa_aside_free(CasaAside *self)
{
  if (!self)
    return;
  g_free(self->said);
  g_free(self->held);
  g_free(self);
}

void
casa_aside_say(CasaAside *self, const char *text, gint64 now_us)
{
  g_message("to the presenter: %s", text);
  g_free(self->said);
  self->said = g_strdup(text);
  self->said_us = now_us;
}

void
casa_aside_hold(CasaAside *self, const char *text)
{
  g_free(self->held);
  self->held = text && *text ? g_strdup(text) : NULL;
}

char *
casa_aside_text(const CasaAside *self, gint64 now_us)
{
  const char *said = self->said && now_us - self->said_us < CASA_ASIDE_US ? self->said : NULL;

  if (said && self->held)
    return g_strconcat(self->held, "\n", said, NULL);
  return g_strdup(said ? said : self->held ? self->held : "");
}
