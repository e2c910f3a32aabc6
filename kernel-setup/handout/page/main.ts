// Compiled into one script that every page carries; it runs in browsers.
/// <reference lib="dom" />
import { Address } from './address';
import { computerOfPage, figuresOfPage } from './carried';
import { Figures } from './figures';
import { codeButton, themeButton } from './theme';

document.querySelector('.buttons')?.append(codeButton(), themeButton());
const address = new Address();
const figures = new Figures(figuresOfPage(), computerOfPage(), address.write);
figures.watch();
address.follow(figures);
