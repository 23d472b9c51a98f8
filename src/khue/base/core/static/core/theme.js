// Theme and density, remembered in cookies: the server writes them into the page, so that nothing flashes.
import { on } from './dom.js';

const root = document.documentElement;
const YEAR = 31536000;

const remember = (name, value) => {
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  document.cookie = `${name}=${value}; path=/; max-age=${value ? YEAR : 0}; samesite=lax`;
};

on('click', event => {
  const button = event.target.closest('[data-theme-set], [data-density-set]');
  if (!button) return;
  if ('themeSet' in button.dataset) return remember('theme', button.dataset.themeSet);
  const compact = root.dataset.density !== 'compact';
  remember('density', compact ? 'compact' : '');
  button.setAttribute('aria-pressed', compact);
});
