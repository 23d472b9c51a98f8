// The few helpers that every module shares.
export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
export const on = (type, handler, options) => document.addEventListener(type, handler, options);
export const plain = text => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/đ/g, 'd').replace(/Đ/g, 'D').toLowerCase();

// Runs on what the page holds now and on everything htmx brings later.
export const each = (selector, setUp) => {
  const run = root => { if (root.matches?.(selector)) setUp(root); $$(selector, root).forEach(setUp); };
  run(document);
  on('htmx:load', event => run(event.detail.elt));
};

export const icon = name => {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg'), use = document.createElementNS(svg.namespaceURI, 'use');
  svg.setAttribute('class', 'ico');
  svg.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', `${$('meta[name=khue-sprite]').content}#${name}`);
  svg.append(use);
  return svg;
};
