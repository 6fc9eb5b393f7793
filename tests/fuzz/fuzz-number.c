/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"
#include "wire/reading.h"
#include "wire/number.h"

#include <math.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  const char *text = (const char *)data;
  double value = 12345;
  gint64 ms;
  g_assert_cmpuint(casa_number_scan(text, size), <=, size);
  CasaNumberResult result = casa_number_parse(text, size, &value);
  if (result != CASA_NUMBER_OK) {
    g_assert_true(value == 12345);
    return 0;
  }
  /* The quick path must round as strtod does, to the last bit. */
  g_autofree char *copy = g_strndup(text, size);
  g_assert_true(isfinite(value) && value == g_ascii_strtod(copy, NULL) && !(value == 0 && signbit(value)));
  if (casa_epoch_to_ms(value, &ms))
    g_assert_true(value >= 1e9 && ms >= G_GINT64_CONSTANT(5000000000)); /* the least: 5e9 read as milliseconds */
  return 0;
}
