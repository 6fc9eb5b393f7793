/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/application.h"

int
main(int argc, char **argv)
{
  return casa_application_run(argc, argv);
}
