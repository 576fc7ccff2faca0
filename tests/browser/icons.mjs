// The icons that are pictures show what static/favicon.svg shows. After a
// change of that: UPDATE_ICONS=1 node tests/browser/run.mjs PLAIN BASED icons

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from './harness.mjs';

const STATIC = join(import.meta.dirname, '../../static');

/** Each icon: its width, how much of that the drawing takes, and whether the
 * ground reaches the edge, because the system cuts the corners itself. What a
 * mask keeps for sure is a circle of four fifths. */
const ICONS = {
  'icons/180.png': { size: 180, part: 1, bleeds: true },
  'icons/192.png': { size: 192, part: 1, bleeds: false },
  'icons/512.png': { size: 512, part: 0.9, bleeds: true },
  'favicon.ico': { size: 32, part: 1, bleeds: false },
};

/** An icon as the browser draws it, as a PNG. */
async function drawn(page, { size, part, bleeds }) {
  const svg = readFileSync(join(STATIC, 'favicon.svg'), 'utf8');
  const ground = svg.match(/fill="(#\w+)"/)[1];
  const inset = (size * (1 - part)) / 2;
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>
    body { margin: 0; background: ${bleeds ? ground : 'transparent'} }
    svg { position: absolute; left: ${inset}px; top: ${inset}px; width: ${size * part}px; height: ${size * part}px }
  </style>${svg}`);
  return page.screenshot({ omitBackground: true });
}

/** The file of an icon of one size that holds a PNG. */
function ico(png, size) {
  const head = Buffer.alloc(22);
  head.writeUInt16LE(1, 2); // an icon
  head.writeUInt16LE(1, 4); // one picture
  head.writeUInt8(size, 6);
  head.writeUInt8(size, 7);
  head.writeUInt16LE(1, 10); // planes
  head.writeUInt16LE(32, 12); // bits of a pixel
  head.writeUInt32LE(png.length, 14);
  head.writeUInt32LE(head.length, 18);
  return Buffer.concat([head, png]);
}

/** How far the pixels of two pictures are apart on average, of 255. */
const distance = (page, ...pictures) => page.evaluate(async (pictures) => {
  const pixels = await Promise.all(pictures.map(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    return { width: image.width, data: context.getImageData(0, 0, image.width, image.height).data };
  }));
  if (pixels[0].width !== pixels[1].width) return Infinity;
  const [one, other] = pixels.map(({ data }) => data);
  return one.reduce((sum, value, i) => sum + Math.abs(value - other[i]), 0) / one.length;
}, pictures.map((picture) => picture.toString('base64')));

test('the icons that are pictures show the drawing', async (place) => {
  const page = await place.browser.newPage();
  try {
    for (const [file, icon] of Object.entries(ICONS)) {
      const fresh = await drawn(page, icon);
      const isIco = file.endsWith('.ico');
      if (process.env.UPDATE_ICONS) {
        mkdirSync(dirname(join(STATIC, file)), { recursive: true });
        writeFileSync(join(STATIC, file), isIco ? ico(fresh, icon.size) : fresh);
        continue;
      }
      const bytes = readFileSync(join(place.site, file));
      const apart = await distance(page, fresh, isIco ? bytes.subarray(22) : bytes);
      assert.ok(apart < 1, `${file} is ${apart.toFixed(2)} apart from the drawing; UPDATE_ICONS=1 draws it again`);
    }
  } finally {
    await page.close();
  }
}, { only: 'from disk' });
