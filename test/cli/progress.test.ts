import { expect } from 'chai';
import { progressLine } from 'lecture-lab/cli/progress';

describe('the progress line', () => {
  let text: string;
  const terminal = (isTTY: boolean) => ({ isTTY, columns: 40, write: (part: string) => (text += part) });
  const longer = () => new Promise((resolve) => setTimeout(resolve, 520));
  beforeEach(() => {
    text = '';
  });

  it('shows a bar of one line once the work takes long, and clears it', async () => {
    const line = progressLine(terminal(true));
    line.report(0.1);
    expect(text, 'quick work').to.equal('');
    await longer();
    line.report(0.5, 'training with a note that is longer than the line');
    expect(text).to.equal('\r\u001b[K████████████░░░░░░░░░░░░ 50 %  training');
    text = '';
    line.clear();
    line.clear();
    expect(text).to.equal('\r\u001b[K');
  });

  it('is silent where there is no terminal', async () => {
    const line = progressLine(terminal(false));
    await longer();
    line.report(0.5);
    line.clear();
    expect(text).to.equal('');
  });
});
