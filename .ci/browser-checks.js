// SPDX-License-Identifier: MIT
// Evaluated in a page by Browser.java: an array of sentences about what is wrong.
(() => {
  const found = [];
  const visible = e => e.getClientRects().length > 0 && getComputedStyle(e).visibility === 'visible';
  const shown = e => e.outerHTML.replace(/\s+/g, ' ').slice(0, 90);
  const report = (list, what) => {
    if (list.length) found.push(what + ': ' + list.length + ', the first ' + shown(list[0]));
  };
  const all = s => [...document.querySelectorAll(s)];

  // Size: nothing may be wider than the screen, except inside a box that scrolls by itself.
  const width = document.documentElement.clientWidth;
  const page = Math.max(document.documentElement.scrollWidth, document.body.scrollWidth);
  if (page > width) found.push('the page is ' + page + ' pixels wide, the screen ' + width);
  const scrolls = e => {
    for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) {
      if (/auto|scroll|hidden/.test(getComputedStyle(p).overflowX)) return true;
    }
    return false;
  };
  report(all('body *').filter(e => visible(e) && !e.closest('svg svg') && !scrolls(e)
    && (e.getBoundingClientRect().right > width + 0.5 || e.getBoundingClientRect().left < -0.5)),
    'outside the screen');
  report(all('svg text').filter(e => {
    const t = e.getBoundingClientRect(), s = e.closest('svg:not(svg svg)').getBoundingClientRect();
    return visible(e) && (t.left < s.left - 1 || t.right > s.right + 1 || t.top < s.top - 1 || t.bottom > s.bottom + 1);
  }), 'text cut off by its drawing');

  // The document.
  if (!document.documentElement.lang) found.push('the page has no lang');
  if (!document.title.trim()) found.push('the page has no title');
  const ids = all('[id]').map(e => e.id), twice = ids.filter((id, i) => ids.indexOf(id) !== i);
  if (twice.length) found.push('duplicate id: ' + twice[0]);
  const headings = all('h1, h2, h3, h4, h5, h6');
  if (all('h1').length !== 1) found.push('expected one h1, found ' + all('h1').length);
  headings.forEach((e, i) => {
    const level = +e.tagName[1], before = i ? +headings[i - 1].tagName[1] : 0;
    if (level > before + 1) found.push('a heading skips a level: ' + shown(e));
  });
  report(headings.filter(e => !e.textContent.trim()), 'heading without text');

  // Names.
  const named = e => {
    const by = e.getAttribute('aria-labelledby');
    const label = by ? document.getElementById(by) : null;
    return !!(e.getAttribute('aria-label') || '').trim() || !!(label && label.textContent.trim());
  };
  const hidden = e => !!e.closest('[aria-hidden="true"]');
  report(all('img').filter(e => !hidden(e) && !e.hasAttribute('alt')), 'image without alt text');
  report(all('svg').filter(e => !e.parentElement.closest('svg') && !hidden(e)
    && !(e.getAttribute('role') === 'img' && (named(e) || e.querySelector(':scope > title')))),
    'drawing without a name');
  report(all('input, select, textarea').filter(e => e.type !== 'hidden' && !named(e)
    && !(e.labels && e.labels.length)), 'form control without a label');
  report(all('button, a[href]').filter(e => !named(e) && !e.textContent.trim() && !e.querySelector('img[alt]')),
    'control without a name');
  report(all('table').filter(e => !e.querySelector('th')), 'table without headers');

  // Contrast (WCAG 2): 4.5, and 3 for text of at least 24 px, or 18.66 px in bold.
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = color => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const d = canvas.getImageData(0, 0, 1, 1).data;
    return [d[0], d[1], d[2], d[3] / 255];
  };
  const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
  const luminance = c => {
    const l = c.slice(0, 3).map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * l[0] + 0.7152 * l[1] + 0.0722 * l[2];
  };
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const background = e => {
    const layers = [];
    for (let p = e; p; p = p.parentElement) layers.push(rgba(getComputedStyle(p).backgroundColor));
    return layers.reverse().reduce((b, l) => over(l, b), dark ? [18, 18, 18, 1] : [255, 255, 255, 1]);
  };
  const low = [];
  for (const e of all('body *')) {
    const text = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!text || !visible(e) || hidden(e) || e.closest('title, style, script')) continue;
    const style = getComputedStyle(e), size = parseFloat(style.fontSize), bold = +style.fontWeight >= 600;
    const b = background(e), c = over(rgba(e.closest('svg') ? style.fill : style.color), b);
    const [x, y] = [luminance(b), luminance(c)], ratio = (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
    if (ratio < (size >= 24 || bold && size >= 18.66 ? 3 : 4.5) - 0.005) low.push([ratio, e]);
  }
  if (low.length) {
    low.sort((a, b) => a[0] - b[0]);
    found.push('low contrast: ' + low.length + ', the worst ' + low[0][0].toFixed(2) + ' in ' + shown(low[0][1]));
  }
  return found;
})()
