// Makes pages nicer; every one of them works without it. It sends a form again over a bad network with the same key, reads
// aloud, looks for codes with the camera, and remembers nothing.
(() => {
  "use strict";
  const say = (name) => document.body.dataset[name] || "";
  const message = (text) => {
    const box = document.getElementById("message");
    if (!box) return;
    box.textContent = text;
    box.hidden = !text;
  };
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));

  // A form goes out again until there is an answer: the key in it makes that safe.
  async function send(form, button) {
    const data = new FormData(form, button);
    const plain = form.enctype !== "multipart/form-data";
    const buttons = form.querySelectorAll("button");
    form.dataset.busy = "1";
    buttons.forEach((b) => b.setAttribute("aria-disabled", "true"));
    message(say("sending"));
    for (let attempt = 0; attempt < 6; attempt++) {
      try {
        const body = plain ? new URLSearchParams(data) : data;
        const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
        if (answer.status !== 503 || attempt === 5) {
          if (answer.redirected) return void location.assign(answer.url);
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          document.title = page.title;
          document.body.replaceWith(page.body);
          window.scrollTo(0, 0);
          begin();
          const first = document.querySelector("[role=alert]") || document.getElementById("content");
          if (first) { first.tabIndex = -1; first.focus(); }
          return;
        }
      } catch (_) { /* no network: again */ }
      message(say("resending"));
      await wait(Math.min(1000 * 2 ** attempt, 8000));
    }
    message(say("notSent"));
    delete form.dataset.busy;
    buttons.forEach((b) => b.removeAttribute("aria-disabled"));
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.busy) return event.preventDefault();
    // What answers with a file is left to the browser.
    if (form.method !== "post" || !form.elements.key || "file" in form.dataset || !window.fetch || !window.DOMParser) return;
    event.preventDefault();
    send(form, event.submitter);
  });

  // Plus and minus beside a number.
  document.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    if (!step) return;
    const input = step.parentElement.querySelector("input");
    const next = (parseInt(input.value, 10) || 0) + Number(step.dataset.step);
    input.value = Math.max(Number(input.min || 0), Math.min(Number(input.max || 1e6), next));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // Reads what matters.
  function offerToRead() {
    if (!("speechSynthesis" in window)) return;
    document.querySelectorAll("[data-speak]").forEach((button) => {
      button.hidden = false;
      button.textContent = "🔊 " + say("read");
    });
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-speak]");
    if (!button) return;
    if (speechSynthesis.speaking) {
      speechSynthesis.cancel();
      button.textContent = "🔊 " + say("read");
      return;
    }
    const text = [...document.querySelectorAll("[data-aloud]")].map((part) => part.innerText).join("。");
    const speech = new SpeechSynthesisUtterance(text);
    speech.lang = document.documentElement.lang;
    speech.rate = 0.9;
    speech.onend = () => { button.textContent = "🔊 " + say("read"); };
    button.textContent = "⏹ " + say("hush");
    speechSynthesis.speak(speech);
  });

  // A photo that was chosen goes on its way by itself where the form says so.
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type === "file" && input.files.length) {
      message(say("photo"));
      if (input.form && "go" in input.form.dataset) input.form.requestSubmit();
    }
    if (input.matches("select[data-go]")) input.form.requestSubmit();
  });

  // The camera, live, where the browser can read codes by itself.
  let stream = null;
  async function look(button) {
    const field = document.getElementById(button.dataset.scan);
    const video = document.createElement("video");
    video.playsInline = true;
    video.muted = true;
    button.before(video);
    button.hidden = true;
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.srcObject = stream;
    await video.play();
    const detector = new BarcodeDetector();
    while (stream) {
      const [found] = await detector.detect(video).catch(() => []);
      if (found) {
        stream.getTracks().forEach((track) => track.stop());
        stream = null;
        video.remove();
        button.hidden = false;
        field.value = found.rawValue;
        if (field.form) field.form.requestSubmit();
        return;
      }
      await wait(200);
    }
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-scan]");
    if (button) look(button).catch(() => { button.hidden = false; });
  });
  function offerToScan() {
    if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return;
    document.querySelectorAll("[data-scan]").forEach((button) => { button.hidden = false; });
  }

  // The nearest first, if the browser tells where it is; rounded to about a hundred metres.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-near]");
    if (!button) return;
    navigator.geolocation.getCurrentPosition((at) => {
      const to = new URL(location.href);
      to.searchParams.set("lat", at.coords.latitude.toFixed(3));
      to.searchParams.set("lon", at.coords.longitude.toFixed(3));
      location.assign(to);
    }, () => { button.hidden = true; });
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  // What stands at a door turns itself over. When nobody answers it says so, and goes on asking.
  function turnOver() {
    const after = Number(document.body.dataset.renew);
    if (after) setTimeout(async () => {
      try {
        const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
        if (!answer.ok) throw answer;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        document.body.replaceWith(page.body);
        begin();
      } catch (_) {
        message(say("stale"));
        turnOver();
      }
    }, after * 1000);
  }

  function begin() {
    turnOver();
    offerToRead();
    offerToScan();
    if ("geolocation" in navigator) document.querySelectorAll("[data-near]").forEach((b) => { b.hidden = false; });
    document.querySelectorAll("[data-print]").forEach((b) => { b.hidden = false; });
  }
  begin();
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/worker.js").catch(() => {});
})();
