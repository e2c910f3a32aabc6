import { expInPlace } from 'lecture-lab/math/activation';
import { elementwise } from '../elementwise';
import { defineRow } from '../row';

export const row = defineRow(elementwise('exp', expInPlace));
