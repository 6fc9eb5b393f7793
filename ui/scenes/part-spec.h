/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/kit/fraction-layout.h"

G_BEGIN_DECLS

/* One part of a scene, as scenes.conf has it. Immutable once read. */
typedef struct {
  char *name;          /* its key: "map" */
  char *type;          /* of casa_part_classes(): "panel" */
  CasaFractions slot;  /* of the window */
  gboolean under;      /* others may stand on it */
  CasaFractions box;   /* of an option that is one; all 0: not given */
  GHashTable *options; /* char * → char *; not empty */
} CasaPartSpec;

/* Takes @name and @type. (transfer full) */
CasaPartSpec *casa_part_spec_new(char *name, char *type);
void casa_part_spec_free(CasaPartSpec *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaPartSpec, casa_part_spec_free)

/* NULL: not given. (transfer none) */
const char *casa_part_spec_get(const CasaPartSpec *self, const char *option);
/* An option that lists, parted by ',': never NULL, maybe empty. (transfer full) */
char **casa_part_spec_list(const CasaPartSpec *self, const char *option);
/* @option in the language of the moment, else in French: "text" looks for text_ar, then text_fr. NULL: not given. */
const char *casa_part_spec_text(const CasaPartSpec *self, const char *option);

G_END_DECLS
