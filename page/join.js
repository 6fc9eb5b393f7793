// SPDX-License-Identifier: Apache-2.0
// A team of one's own, with the secret that the hall's code has: the broker lets this in for one question, under a name that
// nobody guesses, and answers with a user and a password.
"use strict";

const PATIENCE_MS = 20000;

// As it stands in topics: "Les Dunes" is les-dunes; a name without Latin letters gets one by chance.
function teamName(title, chance) { // eslint-disable-line no-unused-vars
  const name = title.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40);
  return name || (/[\p{L}\p{N}]/u.test(title) ? `equipe-${chance}` : "");
}

function nonce() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Calls done({user, password, …}) or failed(error), once.
function askForTeam(url, secret, question, done, failed) { // eslint-disable-line no-unused-vars
  const own = nonce(), topic = `$casa-join/${own}`;
  let over = false;
  const end = (what, with_) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    link.close();
    what(with_);
  };
  const timer = setTimeout(() => end(failed, "busy"), PATIENCE_MS);
  const link = new Mqtt(url, `join.${own}`, secret, {
    up() {
      link.subscribe(`${topic}/reply`);
      link.publish(topic, JSON.stringify(question));
    },
    message(_, text) {
      let said = {};
      try { said = JSON.parse(text); } catch { /* as no answer */ }
      if (said.ok) end(done, said); else end(failed, said.error || "busy");
    },
    acknowledged() {},
    refused() { end(failed, "refused"); },
    denied() { end(failed, "refused"); },
    down() { end(failed, "busy"); },
  });
}
