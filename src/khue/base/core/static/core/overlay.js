// Dialogs, drawers, popovers (native elements) and toasts. An overlay with data-src is filled when it opens; #id in the address opens it.
import { $, each, on } from './dom.js';

const UNDO_SECONDS = 10;
let opener = null;

const place = (pop, button) => {
  const box = button.getBoundingClientRect(), margin = 12;
  const x = Math.max(margin, Math.min(box.left, innerWidth - pop.offsetWidth - margin));
  const below = box.bottom + pop.offsetHeight + 8 < innerHeight;
  const y = below ? box.bottom + 6 : Math.max(margin, box.top - pop.offsetHeight - 6);
  pop.style.setProperty('--x', `${x}px`);
  pop.style.setProperty('--y', `${y}px`);
};

// Fills an overlay once an address; the place is measured again when the content has come.
const fill = (overlay, src) => {
  if (!src || overlay.dataset.filled === src) return;
  overlay.dataset.filled = src;
  const body = $('.body', overlay) ?? overlay;
  body.replaceChildren();
  body.setAttribute('aria-busy', 'true');
  htmx.ajax('GET', src, { target: body, swap: 'innerHTML' }).then(() => {
    body.removeAttribute('aria-busy');
    if (overlay.matches(':popover-open') && opener) place(overlay, opener);
  }).catch(() => { delete overlay.dataset.filled; });
};

// A figure is a door: what is behind it is at its own address.
const address = button => button?.matches('a.door') ? button.href : '';

export const open = (id, button = null) => {
  const overlay = document.getElementById(id);
  if (!overlay?.matches('dialog, [popover]')) return false;
  opener = button;
  fill(overlay, button?.dataset.src ?? overlay.dataset.src ?? address(button));
  if (overlay.matches('[popover]')) overlay.showPopover();
  else if (!overlay.open) overlay.showModal();
  overlay.dispatchEvent(new CustomEvent('khue:opened', { bubbles: true }));
  return true;
};

export const toast = (text, undo = '') => {
  const item = $('#toast-mau').content.firstElementChild.cloneNode(true), form = $('form', item);
  $('span', item).textContent = text;
  if (undo) {
    form.action = undo;
    const token = document.createElement('input');
    Object.assign(token, { type: 'hidden', name: 'csrfmiddlewaretoken', value: $('meta[name=csrf-token]').content });
    if (!$('[name=csrfmiddlewaretoken]', form)) form.append(token);
  } else form.remove();
  $('.toasts').append(item);
  fade(item);
};

on('toggle', event => {
  const pop = event.target;
  if (!pop.matches?.('[popover]')) return;
  const button = opener?.dataset.open === pop.id ? opener : $(`[popovertarget="${CSS.escape(pop.id)}"]`);
  if (event.newState === 'open' && pop.dataset.src) fill(pop, button?.dataset.src ?? pop.dataset.src);
  if (!button) return;
  if (button.hasAttribute('aria-expanded')) button.setAttribute('aria-expanded', event.newState === 'open');
  if (event.newState === 'open') place(pop, button);
}, true);

const outside = (dialog, event) => {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
};

const reveal = button => {
  const input = document.getElementById(button.dataset.reveal), hidden = input.type === 'password';
  input.type = hidden ? 'text' : 'password';
  button.setAttribute('aria-pressed', hidden);
};

on('click', event => {
  if (event.target.matches('dialog') && event.detail && outside(event.target, event)) event.target.close();
  const button = event.target.closest('[data-open], [data-close], [data-reveal], [data-print]');
  if (!button) return;
  if ('close' in button.dataset) button.closest('dialog').close();
  if ('print' in button.dataset) print();
  if (button.dataset.reveal) reveal(button);
  if (button.dataset.open && !event.ctrlKey && !event.metaKey) {
    button.closest('[popover]')?.hidePopover();
    if (open(button.dataset.open, button)) event.preventDefault();
  }
});

// {"toast": {"text": "…", "undo": "/…/"}} in the header HX-Trigger of an answer shows a toast.
on('toast', event => toast(event.detail.text ?? event.detail.value, event.detail.undo));
const fade = item => setTimeout(() => item.remove(), UNDO_SECONDS * 1000);
each('.toast', fade);

const byAddress = () => { const id = decodeURIComponent(location.hash.slice(1)); if (id && id !== 'noi-dung') open(id); };
addEventListener('hashchange', byAddress);
if (document.readyState === 'complete') byAddress(); else addEventListener('load', byAddress);
on('close', event => { if (event.target.matches?.('dialog') && location.hash === `#${event.target.id}`) history.replaceState(null, '', location.pathname + location.search); }, true);
