// SPDX-License-Identifier: Apache-2.0
// What a team does from a browser: see its numbers come in, send one, count, report. Everything goes to the broker that served
// the page, and only there.
"use strict";

const ROOT = "casa/v1", PLACES = [8, 7, 6, 5, 4, 3, 2], CURVE = 120, SHORT_MS = 15000;
const $ = (id) => document.getElementById(id);
let lang = "fr", link = null, login = null, place = 0, since = 0, taps = 0, map = null, shake = null;
const series = new Map(), waiting = new Map();

/* --- Words --- */
const word = (key) => WORDS[lang][key] || WORDS.fr[key];

function fill(select, options) {
  const kept = select.value;
  select.replaceChildren(...Object.entries(options).map(([value, text]) => new Option(text, value)));
  if (kept) select.value = kept;
}

function speak(id) {
  lang = WORDS[id] ? id : "fr";
  document.documentElement.lang = lang;
  document.documentElement.dir = lang === "ar" ? "rtl" : "ltr";
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = word(node.dataset.word);
  for (const button of document.querySelectorAll("[data-lang]")) button.setAttribute("aria-pressed", button.dataset.lang === lang);
  fill($("service"), word("services"));
  fill($("metric"), word("metrics"));
  say(state.key, state.kind);
  for (const id of ["number_said", "phone_said", "report_said", "new_said"]) $(id).textContent = "";
  if (!window.isSecureContext) $("phone_said").textContent = word("no_motion");
}

const state = { key: "", kind: "off" };
function say(key, kind) {
  Object.assign(state, { key, kind });
  $("state").className = kind;
  $("state").textContent = key ? (kind === "good" ? "● " : "○ ") + word(key) : "";
}

/* --- The link --- */
const address = () => location.href.replace(/^http/, "ws").replace(/[^/]*(\?.*)?(#.*)?$/, "mqtt");

function connect() {
  const user = place === 0 ? login.team : `${login.team}.${PLACES[(place - 1) % PLACES.length]}`;
  say("connecting", "off");
  link = new Mqtt(address(), user, login.password, {
    up() {
      since = Date.now();
      say("up", "good");
      $("join").hidden = true;
      $("new").hidden = true;
      $("inside").hidden = false;
      $("who").textContent = login.team;
      link.subscribe(`${ROOT}/${login.team}/#`);
    },
    refused() {
      say("refused", "bad");
      $("join").hidden = false;
      $("inside").hidden = true;
    },
    down(wasUp) { // another device of the team may have taken this place: then the next one
      const short = wasUp && Date.now() - since < SHORT_MS;
      if (short || wasUp) place++;
      say(short ? "busy" : "down", "bad");
      setTimeout(connect, short ? 300 : 2000);
    },
    message: show,
    acknowledged(id) {
      const output = waiting.get(id);
      waiting.delete(id);
      if (output) output.textContent = word("stored");
    },
    denied() { say("refused", "bad"); },
  });
}

function send(topic, payload, output) {
  if (!link || !link.up) return;
  output.textContent = word("sending");
  waiting.set(link.publish(`${ROOT}/${login.team}/${topic}`, typeof payload === "string" ? payload : JSON.stringify(payload)), output);
}

/* --- What came in --- */
function show(topic, text) {
  const levels = topic.split("/").slice(3);
  if (levels[0] === "$feedback") return verdict(text);
  if (levels[0].startsWith("$")) return undefined;
  let data;
  try { data = JSON.parse(text); } catch { data = text; }
  const base = levels.join(" / ");
  if (typeof data === "number") return note(base, data);
  if (data && typeof data === "object")
    for (const [key, value] of Object.entries(data).slice(0, 64)) if (typeof value === "number" && !["t", "ts", "seq"].includes(key)) note(`${base} / ${key}`, value);
  return undefined;
}

function note(name, value) {
  let one = series.get(name);
  if (!one) {
    if (series.size >= 40) return;
    const row = document.createElement("li"), label = document.createElement("bdi"), number = document.createElement("b"), curve = document.createElement("canvas");
    label.textContent = name;
    curve.width = 600; curve.height = 60; curve.setAttribute("aria-hidden", "true");
    row.append(label, number, curve);
    $("live").append(row);
    one = { number, curve, values: [] };
    series.set(name, one);
    $("none").hidden = true;
  }
  one.values.push(value);
  if (one.values.length > CURVE) one.values.shift();
  one.number.textContent = value.toLocaleString(lang === "ar" ? "ar-MA-u-nu-latn" : lang, { maximumFractionDigits: 3 });
  draw(one);
}

function draw({ curve, values }) {
  const pen = curve.getContext("2d"), low = Math.min(...values), span = Math.max(...values) - low || 1;
  pen.clearRect(0, 0, curve.width, curve.height);
  pen.strokeStyle = getComputedStyle(document.body).getPropertyValue("--good");
  pen.lineWidth = 3;
  pen.beginPath();
  values.forEach((value, i) => {
    const x = 4 + i / Math.max(values.length - 1, 1) * (curve.width - 8), y = 54 - (value - low) / span * 48;
    if (i) pen.lineTo(x, y); else pen.moveTo(x, y);
  });
  if (values.length === 1) pen.arc(6, 30, 3, 0, 7);
  pen.stroke();
}

function verdict(text) {
  let said;
  try { said = JSON.parse(text); } catch { return; }
  const row = document.createElement("li");
  row.className = "bad";
  row.dir = "ltr"; // topics and the reasons are English
  row.textContent = `✕ ${said.topic || ""} ${said.reason || text}`;
  $("verdicts").prepend(row);
  while ($("verdicts").children.length > 5) $("verdicts").lastChild.remove();
}

/* --- What goes out --- */
$("number").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("value").value.trim().replace(",", "."), value = Number(text);
  if (text === "" || !Number.isFinite(value)) {
    $("number_said").textContent = word("no_number") + $("value").value;
    return;
  }
  send(`air/${$("station").value}/${$("metric").value}`, String(value), $("number_said"));
});

$("tap").addEventListener("click", () => {
  $("taps").textContent = ++taps;
  send("civic/telephone", { passages: taps }, $("phone_said"));
});

$("motion").addEventListener("click", async () => {
  if (!window.isSecureContext) { $("phone_said").textContent = word("no_motion"); return; }
  const ask = window.DeviceMotionEvent && DeviceMotionEvent.requestPermission;
  if (!window.DeviceMotionEvent || (ask && await ask.call(DeviceMotionEvent) !== "granted")) { $("phone_said").textContent = word("no_sensor"); return; }
  if (shake) return;
  shake = { most: 0 };
  window.addEventListener("devicemotion", ({ acceleration: a }) => {
    if (a && a.x !== null) shake.most = Math.max(shake.most, Math.hypot(a.x, a.y, a.z));
  });
  setInterval(() => {
    send("civic/telephone", { secousse: Math.round(shake.most * 100) / 100 }, $("phone_said"));
    shake.most = 0;
  }, 1000);
});

$("report").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!map.place) { $("report_said").textContent = word("no_place"); return; }
  const id = `r${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`;
  send(`$report/${id}`, { service: $("service").value, lat: Number(map.place.lat.toFixed(5)), lon: Number(map.place.lon.toFixed(5)),
    text: $("text").value, status: "open" }, $("report_said"));
});

/* --- A team of one's own --- */
let event = "";
const chance = Math.floor(Math.random() * 9000 + 1000);

function offer(secret) {
  event = secret;
  $("new").hidden = !event;
  $("join").hidden = Boolean(event);
}

function showCard(said) {
  const rows = { user: said.user, password: said.password, topic: `${said.topic}air/capteur-1/temp_c`, kit: `${said.topic}kit`, address: said.address };
  $("card").querySelector("dl").replaceChildren(...Object.entries(rows).filter(([, text]) => text).flatMap(([key, text]) => {
    const name = document.createElement("dt"), value = document.createElement("dd");
    name.textContent = key;
    value.textContent = text;
    return [name, value];
  }));
  $("card").hidden = false;
}

function enter(team, password) {
  login = { team, password };
  sessionStorage.setItem("login", JSON.stringify(login));
  place = 1 + Math.floor(Math.random() * PLACES.length);
  if (link) link.close();
  connect();
}

$("title").addEventListener("input", () => { $("name_shown").textContent = teamName($("title").value, chance); });
$("new").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  const title = $("title").value.trim(), team = teamName(title, chance);
  if (!team) {
    $("new_said").textContent = word("join_errors").name;
    return;
  }
  $("new_said").textContent = word("making");
  askForTeam(address(), event, { team, title }, (said) => {
    $("new_said").textContent = "";
    showCard(said);
    enter(said.user, said.password);
  }, (error) => { $("new_said").textContent = word("join_errors")[error] || word("join_errors").busy; });
});
$("have").addEventListener("click", () => offer(""));

/* --- Coming and going --- */
$("join").addEventListener("submit", (event) => {
  event.preventDefault();
  enter($("team").value.trim(), $("password").value.trim());
});
$("leave").addEventListener("click", () => {
  sessionStorage.removeItem("login");
  location.replace(location.pathname);
});
for (const button of document.querySelectorAll("[data-lang]")) button.addEventListener("click", () => speak(button.dataset.lang));

map = new PlaceMap($("map"), ({ lon, lat }) => { $("place").textContent = `${lat.toFixed(4)}, ${lon.toFixed(4)}`; });
const card = new URLSearchParams(location.hash.slice(1)); // a card's QR: what is behind # stays in the browser
speak(card.get("lang") || (navigator.language || "fr").slice(0, 2));
const kept = card.get("team") ? { team: card.get("team"), password: card.get("password") || "" } : JSON.parse(sessionStorage.getItem("login") || "null");
if (card.get("team") || card.get("event")) history.replaceState(null, "", location.pathname);
if (kept) {
  $("team").value = kept.team;
  $("password").value = kept.password;
  if (kept.password) $("join").requestSubmit();
} else if (card.get("event")) {
  offer(card.get("event"));
}
