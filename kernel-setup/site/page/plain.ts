// Compiled into the script of the site's pages that have nothing to search; it runs in browsers.
/// <reference lib="dom" />
import { themeButton } from '../../handout/page/theme';

document.querySelector('.buttons')?.append(themeButton());
