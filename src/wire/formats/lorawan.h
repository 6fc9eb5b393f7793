/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/emit.h"

G_BEGIN_DECLS

/* What the network servers of LoRaWAN share. */

/* The readings of one uplink: @decoded is what the server made of the device's bytes (an object, or Cayenne's list; anything
 * else: nobody decoded them, which is told), @time its moment as for casa_kit_time(), @gateways a list whose first says rssi
 * and snr. */
void casa_lorawan_take_uplink(CasaEmit *emit, json_t *decoded, json_t *time, json_t *gateways);

G_END_DECLS
