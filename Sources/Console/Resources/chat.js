"use strict";
(() => {
  const page = document.body.dataset;
  const $ = (id) => document.getElementById(id);
  const lines = $("lines"), log = $("log"), composer = $("composer"), text = $("composer-text");
  const limit = Number(page.limit);

  let conversation = page.conversation;
  let antiForgery = page.antiForgery;
  let member = page.member ? JSON.parse(page.member) : null;
  let lastID = 0;
  let live = false; // the history is there; what comes now is news
  let unread = 0;

  // ---- What survives a reload: the draft, and messages that the server has not confirmed.

  const kept = {
    get key() { return "greenroom.chat." + conversation; },
    read() {
      try {
        const value = JSON.parse(localStorage.getItem(this.key) || "{}");
        return { draft: String(value.draft || ""), unsent: Array.isArray(value.unsent) ? value.unsent : [] };
      } catch { return { draft: "", unsent: [] }; }
    },
    change(edit) {
      const value = this.read();
      edit(value);
      try {
        if (value.draft || value.unsent.length) localStorage.setItem(this.key, JSON.stringify(value));
        else localStorage.removeItem(this.key);
      } catch { /* Private windows may have no room: the page works on without. */ }
    },
  };

  // ---- Talking to the server.

  class Refusal extends Error {
    constructor(status, code, detail, retryAfter) {
      super(detail);
      Object.assign(this, { status, code, retryAfter });
    }
    get mayPass() { return this.status >= 500 || this.status === 429 || this.status === 408; }
  }

  async function post(path, body) {
    const answer = await fetch(path, {
      method: "POST", credentials: "same-origin", redirect: "error",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": antiForgery },
      body: JSON.stringify(body),
    });
    const value = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      throw new Refusal(answer.status, value.code, value.detail || "The server could not do that.",
        Number(answer.headers.get("Retry-After")) || 0);
    }
    return value;
  }

  // ---- Lines on the page.

  const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
  const calendar = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
  const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });

  function element(tag, properties, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  function time(at) {
    return element("time", { dateTime: at.toISOString(), title: moment.format(at) }, clock.format(at));
  }

  function bubbleOf(line) {
    const bubble = element("div", { className: "bubble", dir: "auto" });
    // Only what the server has made from Markdown in safe mode is HTML; typed text never is.
    if (line.html !== undefined) bubble.innerHTML = line.html;
    else bubble.textContent = line.text;
    for (const table of bubble.querySelectorAll("table, pre")) table.tabIndex = 0;
    return bubble;
  }

  function show(line) {
    const at = new Date(line.at);
    const mine = line.from === "member";
    const item = element("li", { className: "line " + (mine ? "mine" : line.from) });
    item.dataset.id = line.id;
    item.dataset.from = mine ? "member" : line.from + "/" + line.name;
    item.dataset.day = at.toDateString();
    if (mine) {
      item.append(element("span", { className: "unseen" }, "You wrote:"));
    } else {
      const badge = line.from === "bot" ? "Automated" : "Support team";
      item.append(element("p", { className: "who" }, element("bdi", {}, line.name),
        element("span", { className: "badge" }, badge)));
    }
    const foot = element("p", { className: "foot" }, time(at));
    if (mine) foot.append(element("span", { className: "state" }, "Sent"));
    item.append(bubbleOf(line), foot);
    place(item);
    return item;
  }

  /** What stood there as being sent is sent; it stays the same element, so that it is not read out twice. */
  function confirm(item, line) {
    const at = new Date(line.at);
    const state = element("span", { className: "state" }, "Sent");
    item.className = "line mine";
    item.dataset.id = line.id;
    item.dataset.day = at.toDateString();
    item.querySelector(".foot").replaceChildren(time(at), state);
    const misplaced = [...lines.querySelectorAll("li.line[data-id]")].some((other) => other !== item &&
      (Number(other.dataset.id) < line.id) !== !!(other.compareDocumentPosition(item) & 4));
    if (misplaced) place(item);
    else arrange();
    return item;
  }

  /** By id; lines without one, which the server has not confirmed, stay below. */
  function place(item) {
    const id = Number(item.dataset.id);
    const below = [...lines.querySelectorAll("li.line")].reverse().find((other) => Number(other.dataset.id) < id);
    if (below) below.after(item);
    else lines.prepend(item);
    arrange();
  }

  /** Days, who speaks on, and which of one's own lines still says "Sent". */
  function arrange() {
    const days = new Set();
    let before = null;
    for (const item of lines.querySelectorAll("li.line")) {
      if (!before || before.dataset.day !== item.dataset.day) {
        // What stays is not made anew: a screen reader would read it out again.
        let day = item.previousElementSibling;
        if (!day || day.dataset.name !== item.dataset.day) {
          day = element("li", { className: "day" }, dayName(new Date(item.dataset.day)));
          day.dataset.name = item.dataset.day;
          item.before(day);
        }
        days.add(day);
        before = null;
      }
      item.classList.toggle("same", !!before && before.dataset.from === item.dataset.from);
      before = item;
    }
    for (const day of lines.querySelectorAll("li.day")) if (!days.has(day)) day.remove();
    const sent = [...lines.querySelectorAll("li.mine[data-id] .state")];
    sent.forEach((state, index) => { state.hidden = index !== sent.length - 1; });
    $("welcome").hidden = !!before && lines.querySelectorAll("li.line").length > 2;
  }

  function dayName(day) {
    const days = Math.round((new Date(new Date().toDateString()) - day) / 86400000);
    return days === 0 ? "Today" : days === 1 ? "Yesterday" : calendar.format(day);
  }

  const atBottom = () => log.scrollHeight - log.scrollTop - log.clientHeight < 120;
  function toBottom() {
    log.scrollTop = log.scrollHeight;
    $("newest").hidden = true;
  }
  $("newest").addEventListener("click", () => { toBottom(); text.focus(); });
  log.addEventListener("scroll", () => { if (atBottom()) $("newest").hidden = true; }, { passive: true });

  // ---- Receiving.

  function receive(event) {
    const line = JSON.parse(event.data);
    lastID = Math.max(lastID, line.id);
    if (lines.querySelector(`li[data-id="${line.id}"]`)) return;
    const follow = atBottom();
    const waiting = line.from === "member" && [...lines.querySelectorAll("li.mine:not([data-id])")]
      .find((item) => item.dataset.inFlight && item.querySelector(".bubble").textContent === line.text);
    const item = waiting ? confirm(waiting, line) : show(line);
    if (!live) return;
    item.classList.add("arriving");
    if (follow || line.from === "member") toBottom();
    else $("newest").hidden = false;
    if (document.hidden && line.from !== "member") document.title = `(${++unread}) Chat · ${page.workspace}`;
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    unread = 0;
    document.title = `Chat · ${page.workspace}`;
  });

  // ---- The connection. The browser comes back by itself from most losses, and the server goes on after the last id.

  const connection = {
    source: null, timer: 0, bannerTimer: 0, failures: 0,
    open() {
      this.close();
      const source = this.source = new EventSource("/chat/events?after=" + lastID);
      source.addEventListener("open", () => this.good());
      source.addEventListener("message", receive);
      source.addEventListener("ready", () => {
        if (!live) toBottom();
        live = true;
        log.setAttribute("aria-live", "polite");
        outbox.flush();
      });
      source.addEventListener("error", () => {
        if (source !== this.source) return;
        this.lost(600);
        if (source.readyState === EventSource.CLOSED) this.later();
      });
    },
    close() {
      clearTimeout(this.timer);
      if (this.source) this.source.close();
      this.source = null;
    },
    later() {
      const wait = Math.min(30000, 1000 * 2 ** this.failures++) * (0.5 + Math.random() / 2);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.open(), wait);
    },
    good() {
      this.failures = 0;
      clearTimeout(this.bannerTimer);
      this.bannerTimer = 0;
      $("banner").hidden = true;
    },
    /** A blip that heals at once is not worth a word. */
    lost(patience) {
      if (this.bannerTimer || !$("banner").hidden) return;
      this.bannerTimer = setTimeout(() => {
        this.bannerTimer = 0;
        $("banner").hidden = false;
        $("banner").textContent = "Connection lost, trying again…";
      }, patience);
    },
  };
  addEventListener("offline", () => connection.lost(0));
  addEventListener("online", () => { if (member) { connection.open(); outbox.flush(); } });
  addEventListener("pageshow", (event) => { if (event.persisted && member) connection.open(); });
  addEventListener("pagehide", () => connection.close());

  // ---- Sending. A message has its client id from the start: however often it is sent, it stands there once.

  const outbox = {
    busy: false, timer: 0, failures: 0,
    add(content) {
      const message = { client: newID(), text: content, at: new Date().toISOString() };
      kept.change((value) => value.unsent.push(message));
      this.show(message);
      toBottom();
      this.flush();
    },
    restore() {
      for (const message of kept.read().unsent) this.show(message);
    },
    show(message) {
      const at = new Date(message.at);
      const item = element("li", { className: "line mine waiting" });
      item.dataset.client = message.client;
      item.dataset.from = "member";
      item.dataset.day = at.toDateString();
      item.append(element("span", { className: "unseen" }, "You wrote:"), bubbleOf({ text: message.text }),
        element("p", { className: "foot" }));
      lines.append(item);
      this.state(message, message.refused ? "failed" : "sending", message.refused);
      arrange();
    },
    item(message) { return lines.querySelector(`li[data-client="${message.client}"]`); },
    state(message, state, detail) {
      const item = this.item(message);
      if (!item) return;
      item.className = "line mine " + (state === "sending" ? "waiting" : "failed");
      const words = { sending: "Sending…", failed: "Not sent" }[state];
      const foot = item.querySelector(".foot");
      foot.replaceChildren(element("span", { className: "state" }, detail ? `${words}: ${detail}` : words));
      if (state === "sending") return;
      const again = element("button", { type: "button" }, "Try again");
      again.addEventListener("click", () => {
        kept.change((value) => value.unsent.filter((one) => one.client === message.client)
          .forEach((one) => { delete one.refused; }));
        this.state(message, "sending");
        text.focus();
        this.flush();
      });
      foot.append(again);
      if (detail) {
        const drop = element("button", { type: "button" }, "Edit");
        drop.addEventListener("click", () => {
          this.forget(message);
          item.remove();
          arrange();
          text.value = text.value ? message.text + "\n" + text.value : message.text;
          grow();
          text.focus();
        });
        foot.append(drop);
      }
      arrange();
    },
    forget(message) {
      kept.change((value) => { value.unsent = value.unsent.filter((one) => one.client !== message.client); });
    },
    /** In the order in which they were written; one that is refused for good does not hold up the others. */
    async flush() {
      clearTimeout(this.timer);
      if (this.busy) return;
      this.busy = true;
      try {
        for (let message; (message = kept.read().unsent.find((one) => !one.refused));) {
          if (!(await this.send(message))) break;
        }
      } finally {
        this.busy = false;
      }
    },
    async send(message) {
      const item = this.item(message), sentIn = conversation;
      if (item) item.dataset.inFlight = "yes";
      this.state(message, "sending");
      try {
        const line = await post("/chat/messages", { client_id: message.client, text: message.text });
        if (sentIn !== conversation) return false;
        this.failures = 0;
        this.forget(message);
        this.confirm(message, line);
        return true;
      } catch (error) {
        if (sentIn !== conversation) return false;
        if (item) delete item.dataset.inFlight;
        if (error instanceof Refusal && !error.mayPass) {
          kept.change((value) => value.unsent.filter((one) => one.client === message.client)
            .forEach((one) => { one.refused = error.message; }));
          this.state(message, "failed", error.message);
          $("announcer").textContent = "Message not sent. " + error.message;
          if (error.code === "unknown-member") introduce(true);
          return true;
        }
        this.state(message, "failed", error instanceof Refusal && error.status === 429 ? error.message : "");
        $("announcer").textContent = "Message not sent yet. It is sent again by itself.";
        const wait = error.retryAfter ? error.retryAfter * 1000 : Math.min(30000, 1500 * 2 ** this.failures++);
        this.timer = setTimeout(() => this.flush(), wait * (1 + Math.random() / 4));
        return false;
      }
    },
    confirm(message, line) {
      const item = this.item(message);
      const there = lines.querySelector(`li[data-id="${line.id}"]`);
      if (there && item && there !== item) item.remove();
      else if (item && !there) confirm(item, line);
      else if (!there) show({ id: line.id, from: "member", text: message.text, at: line.at });
      arrange();
      if (live) toBottom();
    },
  };

  function newID() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // ---- The message field.

  function grow() {
    text.style.height = "auto";
    text.style.height = text.scrollHeight + "px";
    const length = [...text.value].length;
    const count = $("composer-count");
    count.hidden = length < limit * 0.9;
    count.classList.toggle("over", length > limit);
    count.textContent = `${length} of ${limit} characters`;
    $("send").setAttribute("aria-disabled", String(!text.value.trim() || length > limit));
    kept.change((value) => { value.draft = text.value; });
  }
  text.addEventListener("input", grow);
  text.addEventListener("keydown", (event) => {
    // While an input method is composing, Enter picks a word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    composer.requestSubmit();
  });
  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    if ($("send").getAttribute("aria-disabled") === "true") { text.focus(); return; }
    const content = text.value.trim();
    text.value = "";
    grow();
    outbox.add(content);
    text.focus();
  });

  // ---- Who are you?

  const form = $("member-form");

  function introduce(again) {
    $("introduction").hidden = false;
    $("chat").hidden = true;
    $("bar-actions").hidden = true;
    $("member-cancel").hidden = !again || !member;
    $("member-submit").textContent = again ? "Save" : "Start chatting";
    $("form-title").textContent = again ? "Your details" : "Who are you?";
    (again ? $("form-title") : $("name")).focus();
  }

  function enter() {
    $("introduction").hidden = true;
    $("chat").hidden = false;
    $("bar-actions").hidden = false;
    $("subtitle").textContent = `${member.name} · ${member.network}`;
    $("welcome-title").textContent = `Hello ${member.name}, how can we help?`;
    if (!connection.source) connection.open();
    grow();
    toBottom();
    text.focus({ preventScroll: true });
  }

  function complain(field, wrong) {
    field.setAttribute("aria-invalid", String(wrong));
    $(field.id + "-problem").hidden = !wrong;
    return wrong;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    $("form-problem").hidden = true;
    const wrong = [form.elements.name, form.elements.network].filter((field) => complain(field, !field.value.trim()));
    if (wrong.length) { wrong[0].focus(); return; }
    $("member-submit").disabled = true;
    try {
      const answer = await post("/chat/session", {
        name: form.elements.name.value, network: form.elements.network.value,
        region: form.elements.region.value, language: form.elements.language.value,
      });
      member = answer.member;
      enter();
      outbox.flush();
    } catch (error) {
      $("form-problem").textContent =
        error instanceof Refusal ? error.message : "The server cannot be reached. Please try again.";
      $("form-problem").hidden = false;
    } finally {
      $("member-submit").disabled = false;
    }
  });
  $("edit-details").addEventListener("click", () => introduce(true));
  $("member-cancel").addEventListener("click", () => {
    form.reset();
    enter();
    $("edit-details").focus();
  });

  // ---- Start a new conversation.

  const dialog = $("start-over-dialog");
  $("start-over").addEventListener("click", () => { dialog.returnValue = ""; dialog.showModal(); });
  dialog.addEventListener("close", async () => {
    if (dialog.returnValue !== "yes") return;
    try {
      const answer = await post("/chat/new", {});
      connection.close();
      clearTimeout(outbox.timer);
      // What was not sent yet goes along as a draft.
      const left = [...kept.read().unsent.map((message) => message.text), text.value].filter(Boolean).join("\n");
      kept.change((value) => { value.draft = ""; value.unsent = []; });
      text.value = left;
      conversation = answer.conversation;
      antiForgery = answer.anti_forgery;
      lastID = 0;
      live = false;
      log.setAttribute("aria-live", "off");
      lines.replaceChildren();
      $("welcome").hidden = false;
      $("announcer").textContent = "A new conversation has begun.";
      enter();
    } catch (error) {
      $("announcer").textContent = "";
      $("banner").hidden = false;
      $("banner").textContent = "A new conversation could not be started. " +
        (error instanceof Refusal ? error.message : "The server cannot be reached.");
    }
  });

  // ---- Begin.

  text.value = kept.read().draft;
  if (member) {
    outbox.restore();
    enter();
  } else introduce(false);
})();
