// The command line over the example figures instead of the library's own.
import { join } from 'node:path';
import { runProgram } from 'lecture-lab/cli/figure';

runProgram(process.argv.slice(2), [join(__dirname, '..', 'figure', 'example.figures.ts')]);
