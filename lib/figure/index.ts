export {
  type Definition,
  defineFigure,
  type Evaluation,
  type Figure,
  isFigure,
  type Settings,
  type Source,
} from './define';
export { explore } from './explore';
export { type JudgedLandmark, type Landmark, landmarkText } from './landmark';
export { choice, flag, integer, number, numbers, type Schema, seed, type Values } from './parameters';
export { show } from './show';
export type { Cell, Drawing, Row, Spec, View } from './spec';
export { CATEGORIES, diverging, hoverPoints, linesBy, NEUTRAL, pointsBy, pointsOver, WIDTH } from './theme';
