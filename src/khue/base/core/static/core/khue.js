// Khuê in the browser: one entry, one module a concern. Every page works without it, except where a word says so.
import './theme.js';
import './send.js';
import './overlay.js';
import './command.js';
import './register.js';
import './drop.js';
import './progress.js';
import './mend.js';
import './pick.js';
