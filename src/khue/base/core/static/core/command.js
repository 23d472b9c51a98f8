// "/" opens the box from anywhere; arrows choose, Enter goes, Ctrl+Enter opens a new tab. Answers come from the server through htmx.
import { $, $$, on } from './dom.js';
import { open } from './overlay.js';

const options = () => $$('#kq [role=option]');
const chosen = () => options().findIndex(option => option.ariaSelected === 'true');

const choose = index => {
  const all = options(), input = $('#lenh input');
  all.forEach((option, k) => { option.id ||= `kq-${k}`; option.setAttribute('aria-selected', k === index); });
  if (!all[index]) return input.removeAttribute('aria-activedescendant');
  input.setAttribute('aria-activedescendant', all[index].id);
  all[index].scrollIntoView({ block: 'nearest' });
};

const typing = target => target.closest?.('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]');

on('keydown', event => {
  if (event.key === '/' && !typing(event.target) && !event.ctrlKey && !event.altKey && $('#lenh')) {
    event.preventDefault();
    open('lenh');
  }
  if (!event.target.matches?.('#lenh input') || !['ArrowDown', 'ArrowUp', 'Enter'].includes(event.key)) return;
  event.preventDefault();
  const all = options(), at = chosen();
  if (event.key !== 'Enter') return all.length && choose((at + (event.key === 'ArrowDown' ? 1 : all.length - 1)) % all.length);
  if (!all[at]) return;
  if (event.ctrlKey || event.metaKey) window.open(all[at].href, '_blank', 'noopener');
  else location.assign(all[at].href);
});
on('htmx:afterSwap', event => { if (event.detail.target.id === 'kq') choose(0); });
on('khue:opened', event => {
  if (event.target.id !== 'lenh') return;
  const input = $('input', event.target);
  input.select();
  htmx.trigger(input, 'khue:opened', {});
}, { capture: true });
