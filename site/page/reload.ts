/** In development only: reload when the server has built the site anew, or has come back. */
let connected = false;
const events = new EventSource("/-/events");
events.addEventListener("open", () => {
  if (connected) location.reload();
  connected = true;
});
events.addEventListener("built", () => location.reload());
