// SPDX-License-Identifier: Apache-2.0
// MQTT 3.1.1 over a WebSocket, as much of it as this page needs: QoS 0 both ways, QoS 1 outwards.
// Standard: OASIS mqtt-v3.1.1-os; the numbers of its sections stand beside the code.
"use strict";

const KEEPALIVE_S = 30;

function utf8(text) { return new TextEncoder().encode(text); }

function field(text) { // 1.5.3: a string behind its length
  const bytes = utf8(text);
  return [bytes.length >> 8, bytes.length & 255, ...bytes];
}

function packet(head, body) { // 2.2.3: the remaining length, seven bits a byte
  const out = [head];
  let left = body.length;
  do {
    out.push((left & 127) | (left > 127 ? 128 : 0));
    left >>= 7;
  } while (left > 0);
  return new Uint8Array([...out, ...body]);
}

// on: {up(), refused(code), down(), message(topic, text), acknowledged(id), denied()}
class Mqtt { // eslint-disable-line no-unused-vars
  constructor(url, user, password, on) {
    this.on = on;
    this.buffer = new Uint8Array(0);
    this.nextId = 0;
    this.up = false;
    this.socket = new WebSocket(url, "mqtt");
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.send(packet(0x10, [ // 3.1: clean session, user, password
      ...field("MQTT"), 4, 0xc2, KEEPALIVE_S >> 8, KEEPALIVE_S & 255, ...field("page"), ...field(user), ...field(password)]));
    this.socket.onmessage = (event) => this.take(new Uint8Array(event.data));
    this.socket.onclose = () => this.end();
  }

  send(bytes) { if (this.socket.readyState === WebSocket.OPEN) this.socket.send(bytes); }

  end() {
    clearInterval(this.timer);
    if (this.ended) return;
    this.ended = true;
    this.on.down(this.up);
  }

  close() {
    this.ended = true;
    this.send(packet(0xe0, [])); // 3.14
    this.socket.close();
    clearInterval(this.timer);
  }

  id() {
    this.nextId = this.nextId % 65535 + 1;
    return this.nextId;
  }

  subscribe(filter) { // 3.8
    const id = this.id();
    this.send(packet(0x82, [id >> 8, id & 255, ...field(filter), 0]));
  }

  publish(topic, text) { // 3.3, QoS 1; returns its number, which comes back in acknowledged()
    const id = this.id();
    this.send(packet(0x32, [...field(topic), id >> 8, id & 255, ...utf8(text)]));
    return id;
  }

  take(bytes) { // a frame may hold part of a packet, or several
    const all = new Uint8Array(this.buffer.length + bytes.length);
    all.set(this.buffer);
    all.set(bytes, this.buffer.length);
    let at = 0;
    for (;;) {
      let length = 0, shift = 0, i = at + 1;
      for (; i < all.length && all[i] & 128; i++, shift += 7) length |= (all[i] & 127) << shift;
      if (i >= all.length || shift > 21) break;
      length |= all[i] << shift;
      if (i + 1 + length > all.length) break;
      this.handle(all[at], all.subarray(i + 1, i + 1 + length));
      at = i + 1 + length;
    }
    this.buffer = all.slice(at);
  }

  handle(head, body) {
    switch (head >> 4) {
    case 2: // CONNACK
      if (body[1] !== 0) {
        this.ended = true;
        this.socket.close();
        this.on.refused(body[1]);
        return;
      }
      this.up = true;
      this.timer = setInterval(() => this.send(packet(0xc0, [])), KEEPALIVE_S * 500);
      this.on.up();
      break;
    case 3: { // PUBLISH
      const length = body[0] << 8 | body[1];
      const from = 2 + length + (head & 6 ? 2 : 0);
      const words = new TextDecoder();
      this.on.message(words.decode(body.subarray(2, 2 + length)), words.decode(body.subarray(from)));
      break;
    }
    case 4: this.on.acknowledged(body[0] << 8 | body[1]); break;
    case 9: if (body[2] === 128) this.on.denied(); break; // SUBACK
    }
  }
}
