/**
 * Have a service worker keep the site for times without a network.
 *
 * `release` is this page's; `onNewer` is called when the site has another one.
 */
export async function keepForOffline(
  siteRoot: string,
  release: string,
  onNewer: () => void,
): Promise<void> {
  // Browsers have none where the site comes from another machine without encryption.
  if (!("serviceWorker" in navigator)) return;
  try {
    // Only now: it is wanted when the page has all that it needs itself.
    const { messageSW, Workbox } = await import("workbox-window");
    const workbox = new Workbox(`${siteRoot}service-worker.js`);
    workbox.addEventListener("waiting", async ({ sw }) => {
      // After a reload this page may be of the new release already.
      if (sw && (await messageSW(sw, { ask: "release" })) !== release) onNewer();
    });
    await workbox.register();
    document.addEventListener("visibilitychange", () => {
      // Who comes back to a tab of last week hears of a new release. Without a network, later.
      if (document.visibilityState === "visible") workbox.update().catch(() => {});
    });
  } catch (error) {
    console.warn(`The site cannot be kept for times without a network: ${error}`);
  }
}
