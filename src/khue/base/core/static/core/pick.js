// A select with data-search gets a box that finds choices without Vietnamese marks. The select stays and is what the form sends.
import { $, $$, each, icon, plain } from './dom.js';

const MOST = 60;
let serial = 0;

const build = select => {
  const box = document.createElement('div'), input = document.createElement('input'), list = document.createElement('ul');
  const number = ++serial;
  box.className = 'pick-box';
  list.id = `chon-${number}`;
  list.hidden = true;
  Object.assign(input, { type: 'text', className: 'in', autocomplete: 'off', id: `${select.id}-tim` });
  const attributes = { role: 'combobox', 'aria-expanded': 'false', 'aria-controls': list.id, 'aria-autocomplete': 'list', spellcheck: 'false' };
  Object.entries(attributes).forEach(([name, value]) => input.setAttribute(name, value));
  for (const name of ['aria-invalid', 'aria-describedby']) if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', select.labels?.[0]?.textContent.trim() ?? '');
  $$(`label[for="${CSS.escape(select.id)}"]`).forEach(label => { label.htmlFor = input.id; });
  select.before(box);
  const arrow = icon('chevron-down');
  arrow.classList.add('s');
  box.append(input, arrow, list, select);
  select.hidden = true;
  input.disabled = select.disabled;
  return { input, list };
};

each('select[data-search]', select => {
  if (select.closest('.pick-box')) return;
  const { input, list } = build(select), items = () => $$('[role=option]', list);
  const label = () => select.selectedOptions[0]?.value ? select.selectedOptions[0].text : '';
  const close = () => { list.hidden = true; input.setAttribute('aria-expanded', 'false'); input.removeAttribute('aria-activedescendant'); };
  const mark = index => { const all = items(); all.forEach((item, k) => item.setAttribute('aria-selected', k === index)); if (all[index]) { input.setAttribute('aria-activedescendant', all[index].id); all[index].scrollIntoView({ block: 'nearest' }); } };
  const show = query => {
    const words = plain(query).split(/\s+/).filter(Boolean), found = [...select.options].filter(option => words.every(word => plain(option.text).includes(word)));
    list.replaceChildren(...found.slice(0, MOST).map((option, k) => { const item = document.createElement('li'); item.id = `${list.id}-${k}`; item.setAttribute('role', 'option'); item.dataset.value = option.value; item.textContent = option.text || '–'; return item; }));
    if (!found.length) list.append(Object.assign(document.createElement('li'), { className: 'none', textContent: 'Không có mục nào khớp' }));
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    mark(0);
  };
  const take = item => { if (!item) return; select.value = item.dataset.value; input.value = label(); select.dispatchEvent(new Event('change', { bubbles: true })); close(); };
  input.value = label();
  input.addEventListener('focus', () => { input.select(); show(''); });
  input.addEventListener('input', () => show(input.value));
  input.addEventListener('blur', () => { input.value = label(); close(); });
  list.addEventListener('mousedown', event => { event.preventDefault(); take(event.target.closest('[role=option]')); });
  input.addEventListener('keydown', event => {
    const all = items(), at = all.findIndex(item => item.ariaSelected === 'true');
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') { event.preventDefault(); if (list.hidden) show(''); else if (all.length) mark((at + (event.key === 'ArrowDown' ? 1 : all.length - 1)) % all.length); }
    if (event.key === 'Enter' && !list.hidden) { event.preventDefault(); take(all[at]); }
    if (event.key === 'Escape' && !list.hidden) { event.preventDefault(); input.value = label(); close(); }
  });
});
