// SPDX-License-Identifier: Apache-2.0
// The districts as outlines, and a cross that is put by touch, mouse or arrow keys. Data: districts.geojson, beside this file.
"use strict";

class PlaceMap { // eslint-disable-line no-unused-vars
  constructor(canvas, onPlace) {
    this.canvas = canvas;
    this.onPlace = onPlace;
    this.rings = [];
    this.place = null; // {lon, lat}
    canvas.addEventListener("pointerdown", (event) => this.touch(event));
    canvas.addEventListener("keydown", (event) => this.key(event));
    fetch("districts.geojson").then((answer) => answer.json()).then((data) => this.load(data)).catch(() => this.draw());
  }

  load(data) {
    for (const { geometry } of data.features) {
      const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
      for (const polygon of polygons) this.rings.push(polygon[0]);
    }
    const all = this.rings.flat();
    const lons = all.map((point) => point[0]), lats = all.map((point) => point[1]);
    this.west = Math.min(...lons); this.east = Math.max(...lons);
    this.south = Math.min(...lats); this.north = Math.max(...lats);
    const squeeze = Math.cos((this.south + this.north) / 2 * Math.PI / 180); // a degree of longitude is shorter
    this.scale = Math.min(this.canvas.width * 0.96 / ((this.east - this.west) * squeeze), this.canvas.height * 0.96 / (this.north - this.south));
    this.squeeze = squeeze;
    this.draw();
  }

  x(lon) { return this.canvas.width / 2 + (lon - (this.west + this.east) / 2) * this.squeeze * this.scale; }
  y(lat) { return this.canvas.height / 2 - (lat - (this.south + this.north) / 2) * this.scale; }

  put(lon, lat) {
    this.place = { lon: Math.min(Math.max(lon, this.west), this.east), lat: Math.min(Math.max(lat, this.south), this.north) };
    this.draw();
    this.onPlace(this.place);
  }

  touch(event) {
    if (!this.scale) return;
    const box = this.canvas.getBoundingClientRect();
    const x = (event.clientX - box.left) * this.canvas.width / box.width, y = (event.clientY - box.top) * this.canvas.height / box.height;
    this.put((this.west + this.east) / 2 + (x - this.canvas.width / 2) / this.scale / this.squeeze,
      (this.south + this.north) / 2 - (y - this.canvas.height / 2) / this.scale);
  }

  key(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!steps || !this.scale) return;
    event.preventDefault();
    const at = this.place || { lon: (this.west + this.east) / 2, lat: (this.south + this.north) / 2 };
    this.put(at.lon + steps[0] * 0.002, at.lat + steps[1] * 0.002);
  }

  draw() {
    const pen = this.canvas.getContext("2d"), style = getComputedStyle(document.body);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    pen.strokeStyle = style.getPropertyValue("--muted");
    pen.fillStyle = style.getPropertyValue("--line");
    pen.lineWidth = 1.5;
    for (const ring of this.rings) {
      pen.beginPath();
      ring.forEach(([lon, lat], i) => (i ? pen.lineTo(this.x(lon), this.y(lat)) : pen.moveTo(this.x(lon), this.y(lat))));
      pen.closePath();
      pen.fill();
      pen.stroke();
    }
    if (!this.place) return;
    const x = this.x(this.place.lon), y = this.y(this.place.lat);
    pen.strokeStyle = style.getPropertyValue("--accent");
    pen.lineWidth = 4;
    pen.beginPath();
    for (const [dx, dy] of [[16, 0], [0, 16]]) { pen.moveTo(x - dx, y - dy); pen.lineTo(x + dx, y + dy); }
    pen.arc(x, y, 9, 0, 7);
    pen.stroke();
  }
}
