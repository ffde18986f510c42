/*
 * Says in words that the page could not start: a browser too old to read its scripts, or a script
 * that did not arrive, for which it loads the page again, once. Not bundled, and written for
 * browsers of ten years ago: no newer syntax here.
 */
(function () {
  var lost = false;
  window.addEventListener(
    "error",
    function (event) {
      // Of a script that was not delivered, not of one that has gone wrong.
      if (event.target.tagName === "SCRIPT") lost = true;
    },
    true,
  );
  window.addEventListener("load", function () {
    if (document.documentElement.hasAttribute("data-started")) return;
    document.getElementById(lost ? "script-lost" : "browser-old").removeAttribute("hidden");
    if (lost) tryAgain();
  });

  // Once, and only if the site answers: without an answer not even these words would be left.
  function tryAgain() {
    if (!window.fetch || performance.navigation.type === performance.navigation.TYPE_RELOAD) return;
    fetch(location.href).then(
      function (response) {
        if (response.ok) location.reload();
      },
      function () {},
    );
  }
})();
