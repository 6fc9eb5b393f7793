/* SPDX-License-Identifier: Apache-2.0 */
/* A decoder with a fault, for self-test.sh: it dies of a brace that follows a brace. */
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  for (size_t i = 1; i < size; i++)
    g_assert_false(data[i - 1] == '{' && data[i] == '{');
  return 0;
}
