import { main } from 'lecture-lab/cli/figure';

void main(process.argv.slice(2), [require.resolve('/work/main/test/figure/example.figures.ts')]).then((s) => {
  console.error('status', s);
});
