// Shows a picture of the guest's screen, and another one after it as long as the page is looked at.
(function () {
  const PAUSE_MS = 1000;

  async function ask() {
    try {
      return await fetch("picture", { cache: "no-store" });
    } catch (e) {
      return null;
    }
  }

  async function show() {
    const picture = document.getElementById("virtainers-screen");
    const missing = document.getElementById("virtainers-screen-missing");
    const answer = await ask();
    if (answer === null) {
      missing.textContent = "Jenkins does not answer.";
    } else if (answer.ok) {
      const before = picture.src;
      picture.src = URL.createObjectURL(await answer.blob());
      picture.hidden = false;
      URL.revokeObjectURL(before);
      missing.textContent = "";
    } else {
      missing.textContent = answer.status === 503 ? await answer.text() : "This machine is gone.";
    }
  }

  async function keepShowing() {
    if (!document.hidden) {
      await show();
    }
    setTimeout(keepShowing, PAUSE_MS);
  }

  document.addEventListener("DOMContentLoaded", keepShowing);
})();
