/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"
#include "wire/stage-command.h"

#include <string.h>

/* Whatever a companion sends: a verdict with a reason, and an answer that is one line of JSON with its id. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  CasaStageCommand command;
  char why[CASA_STAGE_REASON_SIZE] = "";
  gboolean ok = casa_stage_command_parse(data, size, &command, why);
  g_assert_true(ok || *why);
  g_assert_true(!ok || size <= CASA_STAGE_COMMAND_BYTES);
  g_assert_true(memchr(command.name, 0, sizeof command.name) && memchr(command.id, 0, sizeof command.id));
  g_assert_cmpuint(command.number, <=, 999);
  g_autofree char *answer = casa_stage_answer(&command, ok ? NULL : why, NULL);
  g_assert_true(g_str_has_prefix(answer, ok ? "{\"ok\":true" : "{\"ok\":false") && !strchr(answer, '\n'));
  g_assert_true(g_utf8_validate(answer, -1, NULL));
  return 0;
}
