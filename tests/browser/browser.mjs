// Finds the browsers and starts them so that no request can leave this
// machine: Chromium knows no host name but 127.0.0.1, and Firefox sends what
// goes elsewhere to a proxy that is not there.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';

const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-proxy-server',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];
const FIREFOX = ['firefox-esr', 'firefox'];

/** The path of the first of `names` that is in PATH. */
function find(names, packages) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not here.
      }
    }
  }
  throw new Error(`no ${names[0]} in PATH; ./test.sh installs it, or: apt-get install ${packages}`);
}

const findChromium = () => find(CHROMIUM, 'chromium fonts-dejavu-core');

/** Chromium as Playwright drives it, for all tests that do not say otherwise. */
export const startBrowser = () => chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGUMENTS });

/** Chromium as Puppeteer drives it, which is what Lighthouse asks for. */
export const startForLighthouse = () => puppeteer.launch({ executablePath: findChromium(), args: CHROMIUM_ARGUMENTS });

/** Firefox as Puppeteer drives it, over WebDriver BiDi. Whether scripts run is
 * for the whole browser: Firefox has no command for a single page. */
export const startFirefox = ({ scripts }) => puppeteer.launch({
  browser: 'firefox',
  protocolTimeout: 20_000,
  executablePath: find(FIREFOX, 'firefox-esr fonts-dejavu-core'),
  extraPrefsFirefox: {
    'javascript.enabled': scripts,
    'dom.serviceWorkers.enabled': false, // As in the tests with Chromium, but for those that are about it.
    'layout.css.prefers-color-scheme.content-override': 1, // Light.
    // Port 9 discards, or is closed; the loopback needs no proxy.
    'network.proxy.type': 1,
    'network.proxy.http': '127.0.0.1',
    'network.proxy.http_port': 9,
    'network.proxy.ssl': '127.0.0.1',
    'network.proxy.ssl_port': 9,
  },
});
