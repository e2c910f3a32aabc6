// Compiled into one script that every page carries; it runs in browsers.
/// <reference lib="dom" />
import { bringAllToLife } from './figures';
import { codeButton, themeButton } from './theme';

document.querySelector('.buttons')?.append(codeButton(), themeButton());
bringAllToLife();
